"""What does one part of a page say, line by line, with captions apart?"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from monitor import text as korean  # its normalize is also the name of a module behind the door
from monitor.extract.chaff import DEAD_TAGS, is_caption, is_chaff, names_of

_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "img", "-text", "td", "th",
))  # fmt: skip
# Cells of one row belong to one line, but their words do not touch.
_CELLS = frozenset(("td", "th"))
_PICTURED = frozenset((
    "table", "div", "p", "figure", "td", "dl", "center", "span",
))  # fmt: skip
_NO_CAPTION = "p, h1, h2, h3, h4, h5, h6, li, input"
# Controls stand inside captions too: "enlarge the picture".
_CONTROLS = "button, script, style, noscript"
# Boxes of an article that need a look inside; the most met was 31.
_MOST_LOOKS = 400
# Longest caption met in 30 pages of Korean papers and boards: 184 letters.
_CAPTION_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``linked`` is how many of its letters are inside links."""

    text: str
    linked: int = 0

    @property
    def link_share(self) -> float:
        """Share of the letters that are links, in [0, 1]."""
        return min(1.0, self.linked / len(self.text)) if self.text else 0.0


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines in reading order and the captions that stood between them."""

    lines: tuple[Line, ...] = ()
    captions: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Letters in all lines."""
        return sum(len(line.text) for line in self.lines)


@dataclass(slots=True)
class _Writer:
    strict: bool
    leaves_out: Callable[[str], bool]
    spared: frozenset[int]
    lines: list[Line] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    pictured: set[int] = field(default_factory=set)
    looks: int = _MOST_LOOKS

    def look_into(self, node: LexborNode) -> str:
        """The text below *node*; after too many looks ``""``, because boxes in boxes would cost their square."""
        self.looks -= 1
        return node.text(separator=" ") if self.looks >= 0 else ""

    def write(self, text: str, *, linked: bool) -> None:
        self.parts.append(text)
        if linked:
            self.linked += len(text.strip())

    def end_line(self) -> None:
        if not self.parts:
            return
        text = " ".join(korean.normalize("".join(self.parts)).split())
        if text:
            self.lines.append(Line(text, self.linked))
        self.parts.clear()
        self.linked = 0

    def caption(self, text: str) -> None:
        text = " ".join(korean.normalize(text).split())
        if text and text not in self.captions:
            self.captions.append(text)


def read_prose(
    nodes: Iterable[LexborNode],
    *,
    captions: str = "",
    drop: str = "",
    strict: bool = False,
    leaves_out: Callable[[str], bool] = is_chaff,
    spared: frozenset[int] = frozenset(),
) -> Prose:
    """Read the text below *nodes*.

    Args:
        nodes: pieces of one body, in page order, none inside another.
        captions: CSS of elements whose text describes a picture.
        drop: CSS of elements to leave out.
        strict: the nodes are a known body, so that what has a name of chaff but much text stays.
        leaves_out: which names are chaff.
        spared: ids of elements that stay whatever they are called.

    Selected elements are taken out of the tree. One walk, no recursion: depth costs nothing.
    """
    writer = _Writer(strict, leaves_out, spared)
    for root in nodes:
        _take_out(root, captions, drop, writer)
        _take_out_summary(root)
        writer.pictured |= _pictured(root)
        _walk(root, writer)
        writer.end_line()
    return Prose(tuple(writer.lines), tuple(writer.captions))


def _take_out(root: LexborNode, captions: str, drop: str, writer: _Writer) -> None:
    for selector, keep in ((_CONTROLS, False), (captions, True), (drop, False)):
        if not selector:
            continue
        for node in root.css(selector):
            if node.mem_id == root.mem_id:
                continue
            if keep:
                writer.caption(node.text(separator=" "))
            node.decompose()


def _take_out_summary(root: LexborNode) -> None:
    """Drop the box in which a machine sums the article up: the smallest one around its heading."""
    if "요약" not in root.text():
        return
    for heading in root.css(_SUMMARY_HEADINGS)[:_MOST_HEADINGS]:
        if not _SUMMARY.match(heading.text(separator=" ", strip=True)) or heading.mem_id == root.mem_id:
            continue
        box = heading.parent
        if box is not None and box.mem_id != root.mem_id and len(box.text()) <= _SUMMARY_LENGTH:
            box.decompose()
            return
        heading.decompose()
        return


_SUMMARY_HEADINGS = "h2, h3, h4, h5, h6, strong, b, em, dt, summary, span, p"
_SUMMARY = re.compile(
    r"^\W{0,3}(?:(?:AI|인공지능|기사|뉴스|본문|핵심|[3세]\s?줄|한\s?줄)\s?){1,3}요약\s?(?:보기|봇|문|\W){0,3}$"
)
_SUMMARY_LENGTH = 700
_MOST_HEADINGS = 200


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Visit every node below *root* in order; a link's depth is counted, blocks end lines on both sides."""
    node: LexborNode | None = root.child
    links = 0
    while node is not None:
        descend = _enter(node, writer, links)
        if descend and node.child is not None:
            links += node.tag == "a"
            node = node.child
            continue
        while node is not None and node.next is None:
            node = node.parent
            if node is None or node.mem_id == root.mem_id:
                return
            links -= node.tag == "a"
            _leave(node.tag or "", writer)
        node = node.next if node is not None else None


def _enter(node: LexborNode, writer: _Writer, links: int) -> bool:
    """Write a node's own text; return whether to go inside."""
    tag = node.tag or ""
    if tag == "-text":
        writer.write(node.text_content or "", linked=links > 0)
        return False
    if tag in DEAD_TAGS:
        return False
    if tag not in _INLINE:
        writer.end_line()
    elif tag in _CELLS:
        writer.write(" ", linked=False)
    if tag in ("br", "hr", "img"):
        return False
    return not _apart(node, tag, writer)


def _apart(node: LexborNode, tag: str, writer: _Writer) -> bool:
    """Whether the element is a caption (then it is kept as one) or no part of the article."""
    names = names_of(node)
    if tag in ("figure", "figcaption") or (names and is_caption(names)) or node.mem_id in writer.pictured:
        text = writer.look_into(node)
        if len(text) <= _CAPTION_LENGTH * 2:
            writer.caption(text)
            return True
    if tag == "article" and _is_teaser(node, writer):
        return True
    if not names or not writer.leaves_out(names) or (tag in _INLINE and not _stands_alone(node, writer)):
        return False
    if node.mem_id in writer.spared:
        return False
    return not ((writer.strict or tag in _INLINE) and len(writer.look_into(node)) > _CAPTION_LENGTH)


def _is_teaser(node: LexborNode, writer: _Writer) -> bool:
    """Whether an article inside an article is short and leads elsewhere."""
    around = node.parent
    while around is not None and around.tag != "article":
        around = around.parent
    return around is not None and 0 < len(writer.look_into(node)) <= _CAPTION_LENGTH and node.css_first("a") is not None


def _stands_alone(node: LexborNode, writer: _Writer) -> bool:
    """Whether an inline element has no text beside it; a word inside a sentence is prose, whatever its class."""
    beside = node.next
    follows = beside is not None and beside.tag == "-text" and (beside.text_content or "").strip()
    return not follows and not "".join(writer.parts).strip()


def _pictured(root: LexborNode) -> set[int]:
    """The elements that are a picture with a few words: the captions of papers without ``<figure>``."""
    found = set()
    for picture in root.css("img")[:_MOST_PICTURES]:
        caption, node = None, picture.parent
        for _ in range(_CAPTION_DEPTH):
            if node is None or node.mem_id == root.mem_id or not _may_caption(node):
                break
            caption = node if node.tag in _PICTURED and node.text(strip=True) else caption
            node = node.parent
        if caption is not None:
            found.add(caption.mem_id)
    return found


# Pictures looked at, and levels between a picture and the box it shares with its caption (tables in tables: nine).
_MOST_PICTURES = 200
_CAPTION_DEPTH = 9


def _may_caption(node: LexborNode) -> bool:
    """Whether an element's text is short and unbroken: no paragraph, no heading, at most three line breaks."""
    text = node.text(separator=" ", strip=True)
    if len(text) > _CAPTION_LENGTH or len(node.css("br")) > _MOST_BREAKS:
        return False
    # A paragraph with a picture is prose, unless it says itself that it describes the picture.
    inside = [one for one in node.css(_NO_CAPTION) if one.mem_id != node.mem_id]
    return not inside and (node.tag != "p" or _DESCRIBES.search(text) is not None)


_MOST_BREAKS = 3
_DESCRIBES = re.compile(r"^\W{0,3}[▲△▼◀]|^\W{0,3}사진|[\[(<]\s?(?:사진|이미지|자료)\s?[=:제출]|[ⓒ©]|사진\s?제공")


def _leave(tag: str, writer: _Writer) -> None:
    if tag not in _INLINE:
        writer.end_line()
