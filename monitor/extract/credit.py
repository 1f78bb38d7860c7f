"""Who wrote it, who released it, in which section, with which picture?"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from monitor.extract.document import Document
from monitor.extract.headline import outlet_names
from monitor.extract.layout import Layout
from monitor.model import Outlet

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAMED = re.compile(
    r"(?:^|[\s=/·,(\[|])([가-힣]{2,4}(?:[·,]\s?[가-힣]{2,4}){0,3})\s?((?:선임|수습|인턴|전문|객원)?기자|특파원|통신원|논설위원|앵커)"
)
_LEAD = re.compile(r"[=\s/\]]([가-힣]{2,4}(?:·[가-힣]{2,4})?)\s?(기자|특파원|통신원)\s?[\])=]")
_NO_NAME = re.compile(r"^(?:https?:|www\.|@)|네이버$|[시군구도]청$|관리자|admin|webmaster", re.IGNORECASE)
_LOGO = re.compile(r"logo|default|noimage|no_image|blank|icon|profile|og_img_default|sns_image|symbol", re.IGNORECASE)
_DIGITS = re.compile(r"\d{3,}")
_LONGEST_NAME = 60


def read_byline(document: Document, layout: Layout | None, signatures: Sequence[str], first: str) -> str:
    """The reporters, as printed and without addresses; ``""`` when the page names none."""
    head = document.head
    candidates = (
        document.text_of(layout.byline, layout.printed) if layout else "",
        *signatures[-1:],
        head.claim.author,
        *head.every("dable:author", "og:article:author", "article:author", "author", "byl"),
    )
    outlets = outlet_names(document)
    for candidate in candidates:
        name = _MAIL.sub("", candidate).strip(" /=|()[]<>,:·입력")
        if name and name not in outlets and len(name) <= _LONGEST_NAME and not _NO_NAME.search(name):
            found = _NAMED.search(" " + name)
            return found.group().strip(" =/·,([|") if found else name
    found = _LEAD.search(first[:80])
    return f"{found[1]} {found[2]}" if found else ""


def read_outlet_name(document: Document, outlet: Outlet | None) -> str:
    """The outlet's name: its file's, else the one the page claims."""
    if outlet is not None:
        return outlet.name
    return document.head.meta("og:site_name") or document.head.claim.publisher or document.head.meta("copyright")


def read_releaser(document: Document, layout: Layout | None, outlet_name: str) -> str:
    """Who released an original release, ``""`` for a paper's own article."""
    if layout is None or not layout.original:
        return ""
    author = document.head.meta("author").strip()
    if layout.family == "newswire":
        return author
    return outlet_name or author


def read_section(document: Document, layout: Layout | None) -> str:
    """The section under which the outlet filed the article."""
    printed = document.text_of(layout.section, layout.printed) if layout and layout.section else ""
    return printed or document.head.meta("article:section") or document.head.claim.section


def read_image(document: Document) -> str:
    """The lead picture as an absolute address; logos are none."""
    for claim in (document.head.meta("og:image", "twitter:image", "twitter:image:src"), document.head.claim.image):
        url = document.absolute(claim) if claim else ""
        if url and not _LOGO.search(url):
            return url
    return ""


def read_address(document: Document) -> str:
    """The page's canonical address where it may be believed, else the one it was fetched from.

    Public bodies point the canonical of every page at their home page, papers at the mobile twin. Believed is an
    address on the same site that has a path and names the same number as the fetched one. A saved file without
    address has the one it claims, when that names a number at all.
    """
    claim = document.absolute(document.head.canonical) if document.head.canonical else ""
    if not document.url:
        claims = (claim, document.absolute(document.head.meta("og:url")))
        return next((url for url in claims if _DIGITS.search(urlsplit(url).path + urlsplit(url).query)), "")
    if not claim:
        return document.url
    said, asked = urlsplit(claim), urlsplit(document.url)
    if _site(said.hostname) != _site(asked.hostname) or (said.path.strip("/") == "" and not said.query):
        return document.url
    wanted = set(_DIGITS.findall(asked.path)) | {v for vs in parse_qs(asked.query).values() for v in vs if v.isdigit()}
    told = set(_DIGITS.findall(said.path)) | {v for vs in parse_qs(said.query).values() for v in vs if v.isdigit()}
    return claim if (told & wanted or (not wanted and said.path == asked.path)) else document.url


def _site(host: str | None) -> str:
    return re.sub(r"^(?:www|m|mobile|news)\.", "", host or "")
