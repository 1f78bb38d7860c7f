"""A feed → Links: RSS 0.9–2.0, RDF, Atom 0.3 and 1.0, JSON Feed."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from lxml import etree

from monitor.errors import NotAList
from monitor.model import Link, Page
from monitor.sources.addresses import absolute
from monitor.sources.jsonlist import json_entries, named
from monitor.sources.stamps import stamp
from monitor.sources.titles import headline, plain
from monitor.sources.tolerant import is_bounded, parse_tolerantly
from monitor.sources.tree import local, read_xml, words

# Media Cloud's poller stops at 2,000 stories a feed; the longest Korean feed in the catalogue's sources has 1,000.
_MOST = 20_000
_LONGEST_SUMMARY = 600
_ENTRY_TAG = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)
# Media RSS and iTunes repeat titles and texts of pictures and episodes under the same names.
_FOREIGN = re.compile(r"\{[^}]*(?:mrss|itunes|podcast)[^}]*\}")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# First publication beats revision (Atom: published, RSS: pubDate), so revisions come last.
_FIRST = ("pubdate", "published", "date", "issued", "created")
_REVISED = ("updated", "modified", "lastbuilddate")
_TEXT = ("description", "summary", "encoded", "content")

NO_ADDRESS = "no address"


def parse_feed(page: Page) -> tuple[Link, ...]:
    """Return the entries of the feed *page*, in its order, each address once.

    An entry without an address of its own keeps its words: its ``url`` is the feed's with its guid as a fragment, and
    it is flagged, because there is nothing to fetch.

    Raises:
        NotAList: the page is no feed (a login page, an error page, another kind of XML).
    """
    text = page.text.lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return parse_json(text, page)
    if re.match(r"<!doctype\s+html|<html", text, re.IGNORECASE):
        raise NotAList(page.url, "a web page where a feed should be")
    root = read_xml(text, page.url)
    if local(root) not in {"rss", "rdf", "feed", "channel", "entry"}:
        return _unique(_records(root, page))
    return _unique(_xml_links(root, page)) or _unique(_tolerant_links(text, page))


def _records(root: etree._Element, page: Page) -> Iterator[Link]:
    """Titled addresses in XML of a vocabulary of its own, as interfaces of public bodies answer.

    Raises:
        NotAList: there are none.
    """
    given = (
        {local(field): words(field).strip() for field in record if not len(field)}
        for record in root.iter("{*}*")
        if len(record)
    )
    found = [fields for record in given if {"title", "link"} <= (fields := named(record)).keys()]
    if not found:
        raise NotAList(page.url, f"<{local(root)[:40]}> where a feed should be")
    return (_link(fields, page.url, page) for fields in found)


def _tolerant_links(text: str, page: Page) -> Iterator[Link]:
    """Entries that the mended XML has lost, for instance behind a tag that never ends."""
    body = text.encode(errors="replace")
    if _ENTRY_TAG.search(text) and is_bounded(body):
        for entry in parse_tolerantly(body, {"content-type": "text/xml; charset=utf-8"})["entries"]:
            yield _link({str(name): value for name, value in entry.items() if isinstance(value, str)}, page.url, page)


def _unique(links: Iterator[Link]) -> tuple[Link, ...]:
    seen: dict[str, Link] = {}
    for link in links:
        seen.setdefault(link.url, link)
        if len(seen) == _MOST:
            break
    return tuple(seen.values())


# ---- RSS and Atom ------------------------------------------------------------------------------


def _xml_links(root: etree._Element, page: Page) -> Iterator[Link]:
    base = absolute(page.url, root.get(_XML_BASE, "")) or page.url
    for entry in root.iter("{*}item", "{*}entry"):
        yield _entry(entry, absolute(base, entry.get(_XML_BASE, "")) or base, page)


def _entry(entry: etree._Element, base: str, page: Page) -> Link:
    fields: dict[str, str] = {}
    for child in entry:
        name = local(child)
        if not name or (name in fields and name != "link") or _is_foreign(child):
            continue
        if name == "link":
            _note_link(child, fields)
        elif child.text or len(child):
            fields[name] = words(child)
            if name == "guid":
                fields["permalink"] = child.get("isPermaLink", child.get("ispermalink", "true")).strip().lower()
    return _link(fields, base, page)


def _is_foreign(child: etree._Element) -> bool:
    tag = child.tag
    return tag[0] == "{" and bool(_FOREIGN.match(tag))


def _note_link(child: etree._Element, fields: dict[str, str]) -> None:
    """RSS writes the address as text, Atom as ``href`` with a relation; ``alternate`` is the article."""
    href = child.get("href") or (child.text or "").strip()
    if not href:
        return
    relation = (child.get("rel") or "alternate").rpartition("/")[2].lower()
    if relation == "alternate" and not fields.get("html"):
        fields["link"] = fields["link"] if "link" in fields and not _is_html(child) else href
        fields["html"] = "yes" if _is_html(child) else ""


def _is_html(child: etree._Element) -> bool:
    return "html" in (child.get("type") or "html")


def _link(fields: dict[str, str], base: str, page: Page) -> Link:
    guid = (fields.get("guid") or fields.get("id") or "").strip()
    url = absolute(base, (fields.get("origlink") or fields.get("link") or "").strip()) or _permalink(fields, guid)
    flags: tuple[str, ...] = ()
    if not url:
        url = f"{page.url.partition('#')[0]}#guid={quote(guid or fields.get('title', ''), safe='')[:200]}"
        flags = (NO_ADDRESS,)
    published = stamp(_stamps(fields), page.fetched_at)
    return Link(
        url=url,
        title=headline(fields.get("title", "")),
        published_at=published.at,
        summary=_summary(fields),
        guid=guid[:500],
        flags=flags + published.flags,
    )


def _permalink(fields: dict[str, str], guid: str) -> str:
    if fields.get("permalink") == "false" or not guid.lower().startswith(("http://", "https://")):
        return ""
    return absolute(guid, guid) or ""


def _stamps(fields: dict[str, str]) -> list[str]:
    return [fields[name] for name in (*_FIRST, *_REVISED) if name in fields]


def _summary(fields: dict[str, str]) -> str:
    return next((plain(fields[name], _LONGEST_SUMMARY) for name in _TEXT if fields.get(name, "").strip()), "")


# ---- JSON --------------------------------------------------------------------------------------


def parse_json(text: str, page: Page) -> tuple[Link, ...]:
    """Return the links of the JSON *text* found at *page*, in its order, each address once.

    Raises:
        NotAList: broken JSON, or nothing in it is a list of titled addresses.
    """
    return _unique(_link(fields, page.url, page) for fields in json_entries(text, page.url))
