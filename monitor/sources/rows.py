"""One row of a list → headline, stamps, summary."""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from monitor.model import Selectors
from monitor.sources.titles import headline, plain

_ROW = {"tr", "li", "dl", "article"}
_BLOCK = {"p", "div", "span", "strong", "em", "b", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "td", "font"}
_HEADING = (
    "h1, h2, h3, h4, h5, h6, dt, strong, b,"
    " [class*=tit], [class*=subject], [class*=sbj], [class*=headline], [class*=news-tl]"
)
_HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "dt"}
_TITLE_LIKE = 8  # letters: a shorter text of a link is a button or a number
_STAMP_LIKE = 8  # letters: a shorter stamp has no year
_LEAST_WORDS = 2
_HEADING_NAME = re.compile(r"tit|subject|sbj|headline|tl\b", re.IGNORECASE)
# Stamps as rows print them: a full date with or without a time, a short one with a time, or how long ago.
STAMP = re.compile(
    r"(?:19|20)\d\d\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}\s?일?\.?(?:\s*[(\[]?[월화수목금토일][)\]]?)?(?:[\sT]*(?:오전|오후)?\s*\[?\d{1,2}\s?[:시]\s?\d{2}(?::\d{2}|분)?\]?)?"
    r"|(?<!\d)\d{2}[-./]\d{2}[-./]\d{2}(?!\d)(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?<![\d./-])\d{1,2}[-./]\d{1,2}\s+\d{1,2}:\d{2}"
    r"|\b[A-Z][a-z]{2,8}\.?\s\d{1,2},?\s20\d\d(?:\s\d{1,2}:\d{2})?|\b\d{1,2}\s[A-Z][a-z]{2,8}\.?\s20\d\d(?:\s\d{1,2}:\d{2})?"
    r"|(?<!\d)\d{1,3}\s?(?:초|분|시간|일)\s?전|방금\s?전?|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])"
)
_LEADING_STAMP = re.compile(r"\A\s*(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}\.?(?:\s+\d{1,2}:\d{2})?\s+")
_REVISED = re.compile(
    r"(?:최종\s?)?(?:수정|변경|업데이트|갱신)\S{0,4}\s*[:：]?\s*$|(?:마감|종료|까지)\S{0,4}\s*[:：]?\s*$|~\s*$"
)
_LEADING = ("href", "onclick", "data-href", "data-url", "data-link")
_CLIMB = 8
_MOST_NODES = 400
_BESIDE = 3  # following siblings that may belong to a row
_LONGEST_ROW = 3000


@dataclass(frozen=True, slots=True)
class Row:
    """What a row prints; stamps in order of trust."""

    url: str
    title: str
    stamps: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link on a list page, with the row it stands in where the outlet names rows."""

    url: str
    node: LexborNode
    row: LexborNode | None = None
    heading: str = ""  # a headline that stands beside the link, not in it

    def words(self) -> str:
        """Return the link's text, or its ``title`` when it shows only a picture."""
        shown = self.heading or plain(self.node.text(separator=" ", strip=True))
        return shown or (self.node.attributes.get("title") or "")

    def headed(self) -> "Anchor":
        """Return the link with the headline of its row: cards print it beside a picture or a "more" that is linked."""
        row = row_of(self.node)
        found = next((text for node in row.css(_HEADING) if len(text := node.text(strip=True)) >= _TITLE_LIKE), "")
        return replace(self, row=row, heading=found)

    def in_dated_row(self) -> bool:
        """Tell whether something like a date stands beside the link."""
        return bool(STAMP.search(_around(self.row or row_of(self.node))))


def _around(row: LexborNode) -> str:
    return row.text(separator=" ", strip=True)[:_LONGEST_ROW]


def row_of(node: LexborNode) -> LexborNode:
    """Return the row *node* stands in: the widest block around it that holds no other link with a text of its own."""
    mine = _leads(node)
    best, block = node, node.parent
    for _ in range(_CLIMB):
        if block is None or block.tag in {"body", "ul", "ol", "tbody", "table"} or _has_other(block, mine):
            break
        best = block
        if block.tag in _ROW:
            break
        block = block.parent
    return best


def _leads(node: LexborNode) -> str | None:
    """What of an element says where it leads, unread."""
    attributes = node.attributes
    return next((value for name in _LEADING if (value := attributes.get(name))), None)


def _has_other(block: LexborNode, mine: str | None) -> bool:
    """Walked lazily: the first headline of another row ends it, and so does a block too big for a row."""
    for count, link in enumerate(block.traverse()):
        if count > _MOST_NODES:
            return True
        leads = _leads(link)
        is_other = leads != mine and (link.tag == "a" or leads is not None)
        if is_other and len(link.text(strip=True)) >= _TITLE_LIKE:
            return True
    return False


def read_row(anchors: list[Anchor], selectors: Selectors) -> Row:
    """Read the row of one address; *anchors* are all links to it, in page order."""
    first = anchors[0]
    row = first.row or max((row_of(anchor.node) for anchor in anchors), key=lambda block: len(_around(block)))
    title = _chosen(row, selectors.title) or _title(anchors)
    text = _chosen(row, selectors.date) or _marked(row) + _around(row)
    if not selectors.date and not STAMP.search(text.replace(title, " ", 1)):
        text += " " + _beside(row)
    return Row(first.url, title, _stamps(text, title), _summary(row, title))


def _marked(row: LexborNode) -> str:
    """What ``<time datetime="…">`` says for machines."""
    found = row.css_first("time[datetime]")
    return f"{(found.attributes.get('datetime') or '').replace('T', ' ')[:16]} " if found else ""


def _beside(row: LexborNode) -> str:
    """What follows a link before the next one: ``<dd>`` after ``<dt>``, a date after a flat link."""
    pieces: list[str] = []
    following = row.next
    while following is not None and len(pieces) < _BESIDE:
        if following.tag == "a" or following.css_first("a") is not None:
            break
        pieces.append(following.text(separator=" ", strip=True)[:200])
        following = following.next
    return " ".join(pieces)


def _chosen(row: LexborNode, selector: str) -> str:
    found = row.css_first(selector) if selector else None
    return headline(found.text(separator=" ", strip=True)) if found else ""


def _title(anchors: list[Anchor]) -> str:
    """A heading in or around a link is its headline; else the first link with words."""
    best = max(anchors, key=_headingness)
    if best.heading:
        return headline(best.heading)
    shown = headline(_LEADING_STAMP.sub("", _shown(best.node)))
    full = headline(best.node.attributes.get("title") or "")
    cut = shown.rstrip(".… ")
    return full if full and (not shown or (cut and len(full) > len(shown) and full.startswith(cut))) else shown


def _headingness(anchor: Anchor) -> int:
    """2 for a headline by its markup, 1 for a text, 0 for a picture or a button."""
    node, parent = anchor.node, anchor.node.parent
    if len(anchor.words()) < _LEAST_WORDS:
        return 0
    outer = parent is not None and (parent.tag in _HEADING_TAGS or _names_heading(parent))
    return 2 if outer or node.css_first(_HEADING) or _names_heading(node) else 1


def _names_heading(node: LexborNode) -> bool:
    return bool(_HEADING_NAME.search(node.attributes.get("class") or ""))


def _shown(node: LexborNode) -> str:
    """The heading inside a link, else its first block, else all of it: leads and captions are often inside the link."""
    inner = next(
        (found for found in node.css(_HEADING) if found != node and len(found.text(strip=True)) >= _TITLE_LIKE / 2),
        None,
    )
    if inner is not None:
        return inner.text(separator=" ", strip=True)
    blocks = [child for child in node.iter() if child.tag in _BLOCK and len(child.text(strip=True)) >= _TITLE_LIKE]
    if len(blocks) > 1:
        return blocks[0].text(separator=" ", strip=True)
    return node.text(separator=" ", strip=True)


def _stamps(text: str, title: str) -> tuple[str, ...]:
    """Stamps of the row outside its headline: first publication first, revisions and closing dates last."""
    outside = text.replace(title, " ", 1) if title else text
    first: list[str] = []
    later: list[str] = []
    for found in STAMP.finditer(outside):
        before = outside[max(0, found.start() - 16) : found.start()]
        (later if _REVISED.search(before) else first).append(found.group().strip())
    full = [text for text in first if len(text) >= _STAMP_LIKE]
    return tuple((full or first) + later)


def _summary(row: LexborNode, title: str) -> str:
    text = plain(_around(row), 600)
    return text.partition(title)[2].strip()[:400] if title and title in text else ""
