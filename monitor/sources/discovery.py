"""What does this source list now?"""

import re

from monitor.errors import NotAList
from monitor.model import Link, Outlet, Page, Source, SourceKind
from monitor.sources.feed import parse_feed
from monitor.sources.listing import parse_listing
from monitor.sources.sitemap import parse_sitemap

_XML = re.compile(
    r"(?:<\?xml|<!doctype\s+(?!html)|<(?:\w+:)?(?:rss|rdf|feed|channel|urlset|sitemapindex)\b)", re.IGNORECASE
)
_LEADING = re.compile(r"\A(?:[\ufeff\s]|<!--(?:(?!-->).){0,5000}-->)+", re.DOTALL)
_SITEMAP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)


def discover(source: Source, outlet: Outlet, page: Page) -> tuple[Link, ...]:
    """Return the links *page* lists, in page order, each address once.

    What the page is decides how it is read, because outlets put a sitemap where a feed was; only a web page where a
    feed should be is refused.

    Args:
        source: what was asked.
        outlet: whose it is; its selectors read a list of a shape of its own.
        page: the answer; ``page.fetched_at`` is "now" for relative and future dates.

    Returns:
        Absolute http(s) addresses. ``()`` is an honest empty list: a feed without entries, a board without posts.

    Raises:
        NotAList: a login page, an error page, a challenge, broken XML or something else entirely. It is never ``()``.
    """
    text = _LEADING.sub("", page.text, count=1)
    if not text:
        raise NotAList(page.url, "an empty answer")
    if _XML.match(text) and not re.match(r"<\?xml[^>]*>\s*(?:<!doctype html|<html)", text, re.IGNORECASE):
        return parse_sitemap(page) if _SITEMAP.search(text, 0, 4096) else parse_feed(page)
    if source.kind is not SourceKind.LIST or text.startswith(("{", "[")):
        return parse_feed(page)
    return parse_listing(page, outlet)
