"""A sitemap → Links; a sitemap index → the addresses of its newest parts."""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from monitor.errors import NotAList
from monitor.model import Link, Page
from monitor.sources.addresses import absolute
from monitor.sources.stamps import stamp
from monitor.sources.titles import headline
from monitor.sources.tree import local, read_xml, words

_MOST = 50_000  # the protocol's own limit of addresses in one file (sitemaps.org)
PART = "sitemap part"


def parse_sitemap(page: Page) -> tuple[Link, ...]:
    """Return the addresses of a sitemap, newest first where all are dated, else in its order.

    A news sitemap gives headlines and publication dates; a plain one gives ``lastmod``. The parts of a sitemap index
    are links flagged ``"sitemap part"``: they are to be asked, not read as articles.

    Raises:
        NotAList: the page is no sitemap.
    """
    root = read_xml(page.text, page.url)
    name = local(root)
    if name not in {"urlset", "sitemapindex"}:
        raise NotAList(page.url, f"<{name[:40]}> where a sitemap should be")
    links = [link for link in islice(_links(root, page), _MOST) if link.url]
    if all(link.published_at for link in links):
        links.sort(key=lambda link: link.published_at or page.fetched_at, reverse=True)
    return tuple({link.url: link for link in links}.values())


def _links(root: etree._Element, page: Page) -> Iterator[Link]:
    for entry in root:
        if local(entry) in {"url", "sitemap"}:
            yield _link(entry, page)


def _link(entry: etree._Element, page: Page) -> Link:
    fields: dict[str, str] = {}
    for element in entry.iter():
        if not len(element):
            fields.setdefault(local(element), words(element).strip())
    published = stamp([fields.get("publication_date", ""), fields.get("lastmod", "")], page.fetched_at)
    part = (PART,) if local(entry) == "sitemap" else ()
    return Link(
        url=absolute(page.url, fields.get("loc", "")) or "",
        title=headline(fields.get("title", "")),
        published_at=published.at,
        flags=part + published.flags,
    )
