"""A page whose own selector found nothing → the selector that would find its body now."""

import re

from selectolax.lexbor import LexborNode

from monitor.extract.document import open_document
from monitor.extract.generic import find_body
from monitor.model import Page

_PLAIN = re.compile(r"[A-Za-z][\w-]*\Z")
_COUNTED = re.compile(r"\d{3,}")  # ids and classes that hold the article's own number fit no other page


def propose_body(page: Page) -> str:
    """Return a CSS selector for the body of *page*, ``""`` when the generic reader finds none it can name.

    Example:
        >>> from datetime import UTC, datetime
        >>> words = "나주에 공장을 짓는 협약을 맺었다. " * 9
        >>> text = f"<html><body><div id=story><p>{words}</p></div></body></html>"
        >>> propose_body(Page("http://a.kr/1", "http://a.kr/1", 200, text, datetime(2026, 3, 4, tzinfo=UTC)))
        'div#story'
    """
    found = find_body(open_document(page.url, page.text, page.fetched_at))
    node = found.node if found else None
    while node is not None and node.tag not in {"body", "html"}:
        if named := _named(node):
            return named
        node = node.parent
    return ""


def _named(node: LexborNode) -> str:
    ident = (node.attributes.get("id") or "").strip()
    if _PLAIN.match(ident) and not _COUNTED.search(ident):
        return f"{node.tag}#{ident}"
    classes = [name for name in (node.attributes.get("class") or "").split() if _PLAIN.match(name)]
    steady = [name for name in classes if not _COUNTED.search(name)][:2]
    return ".".join((node.tag or "", *steady)) if steady else ""
