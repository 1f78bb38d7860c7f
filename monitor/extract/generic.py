"""Where is the article on a page of a site nobody described?"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from monitor.extract.chaff import DEAD_TAGS, is_chaff
from monitor.extract.document import Document

_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_PROSE = re.compile(
    r"(?:^|[\s_-])(?:article|body|content|contents|cont|entry|hentry|main|news|page|post|text|txt|story|view|detail|read)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# A paragraph of fewer letters is a label or a menu entry.
_SHORTEST = 20
# Korean says in one letter what English says in 2.3 (translations of the same release compared).
_KOREAN = 2.3
# A parent is the body when it holds this much more prose than its best child: a body in several boxes. With less,
# comments below a short article (1.36 times its prose on a page of the Wall Street Journal) would win.
_CLIMB = 1.8


@dataclass(slots=True)
class _Tally:
    """The page as parallel lists in document order; children come after their parents."""

    by_name: bool  # elements with a name of chaff are left out
    nodes: list[LexborNode] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)  # of its own and of inline elements inside
    linked: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # commas and ends of sentences


@dataclass(frozen=True, slots=True)
class Found:
    """The node that holds the body; ``sure`` is false where another reader should be asked."""

    node: LexborNode
    sure: bool


def find_body(document: Document) -> Found | None:
    """The node with the densest prose, ``None`` on a page without text.

    One traversal counts letters, letters inside links and sentence marks of every block; paragraphs then vote for
    their parents and, by half, for their grandparents, as in Readability. Names of elements weigh, links weigh
    against. The winner gives way to a parent that holds clearly more prose. Names may lie ("page two-sidebars"), so
    that a page that has next to no prose outside the elements they condemn is counted again without them.
    """
    root = document.tree.body
    if root is None:
        return None
    tally = _count(root, by_name=True)
    if sum(_paragraphs(tally)) < _SURE_LETTERS:
        tally = _count(root, by_name=False)
    scores = _vote(tally)
    if not any(scores):
        return _only_text(root, tally)
    totals = _totals(tally.letters, tally.parents)
    links = _totals(tally.linked, tally.parents)
    rated = [
        score * tally.weights[at] * (1 - min(1.0, links[at] / totals[at])) if score > 0 else 0.0
        for at, score in enumerate(scores)
    ]
    best = max(range(len(rated)), key=rated.__getitem__)
    best = _climb(best, tally, _totals(_paragraphs(tally), tally.parents))
    sure = totals[best] >= _SURE_LETTERS or totals[best] * 2 > totals[0]
    return Found(tally.nodes[best], sure=sure and links[best] * 3 < totals[best])


# Below this many letters on a page that has more elsewhere, the winner may be a teaser.
_SURE_LETTERS = 180


def _only_text(root: LexborNode, tally: _Tally) -> Found | None:
    total = sum(tally.letters)
    return Found(root, sure=total < _SURE_LETTERS) if total else None


def _count(root: LexborNode, *, by_name: bool) -> _Tally:
    tally = _Tally(by_name)
    _open(tally, root, -1, "body")
    node: LexborNode | None = root.child
    blocks = [0]  # the chain of open blocks
    links = 0
    while node is not None:
        tag = node.tag or ""
        inside = _visit(node, tag, tally, blocks, links)
        if inside and node.child is not None:
            links += tag == "a"
            node = node.child
            continue
        if inside and tag not in _INLINE:
            blocks.pop()
        while node is not None and node.next is None:
            node = node.parent
            if node is None or node.mem_id == root.mem_id:
                return tally
            if node.tag == "a":
                links -= 1
            elif node.tag not in _INLINE:
                blocks.pop()
        node = node.next if node is not None else None
    return tally


def _visit(node: LexborNode, tag: str, tally: _Tally, blocks: list[int], links: int) -> bool:
    """Count a node; return whether its children count too. A counted block is pushed on *blocks*."""
    if tag == "-text":
        text = (node.text_content or "").strip()
        if text:
            _letters(tally, blocks[-1], text, linked=links > 0)
        return False
    if tag in DEAD_TAGS:
        return False
    if tag in _INLINE:
        return True
    found = node.attributes
    names = f"{found.get('class') or ''} {found.get('id') or ''}".strip()
    if tally.by_name and names and is_chaff(names):
        return False
    _open(tally, node, blocks[-1], tag, names, body=found.get("itemprop") == "articleBody")
    blocks.append(len(tally.nodes) - 1)
    return True


def _letters(tally: _Tally, at: int, text: str, *, linked: bool) -> None:
    tally.letters[at] += len(text)
    if linked:
        tally.linked[at] += len(text)
    tally.marks[at] += text.count(",") + text.count("다.") + text.count(". ")


def _open(tally: _Tally, node: LexborNode, parent: int, tag: str, names: str = "", *, body: bool = False) -> None:
    tally.nodes.append(node)
    tally.parents.append(parent)
    tally.letters.append(0)
    tally.linked.append(0)
    tally.marks.append(0)
    tally.weights.append(_weight(tag, names, body=body))


def _weight(tag: str, names: str, *, body: bool) -> float:
    weight = 4.0 if body else 1.0
    if tag == "article":
        weight *= 1.5
    elif tag in ("li", "ul", "ol", "dl", "dd", "h1", "h2", "h3", "th"):
        weight *= 0.5
    return weight * 1.25 if names and _PROSE.search(names) else weight


def _paragraphs(tally: _Tally) -> list[int]:
    """Letters of each block's own prose, links apart; 0 for labels and menus."""
    return [
        own - linked if own >= _SHORTEST and linked * 2 < own else 0
        for own, linked in zip(tally.letters, tally.linked, strict=True)
    ]


def _vote(tally: _Tally) -> list[float]:
    scores = [0.0] * len(tally.nodes)
    for at, prose in enumerate(_paragraphs(tally)):
        if not prose:
            continue
        worth = 1.0 + tally.marks[at] + min(prose * _KOREAN / 100, 6.0)
        # A block with line breaks for paragraphs is its own body; a paragraph is one of its parent's.
        scores[at] += worth * (1.0 if prose > _LONG else 0.3)
        parent = tally.parents[at]
        if parent >= 0:
            scores[parent] += worth
            if tally.parents[parent] >= 0:
                scores[tally.parents[parent]] += worth / 2
    return scores


# A block of more letters than the longest paragraph of a paper holds several, parted by <br>.
_LONG = 400


def _totals(own: list[int], parents: list[int]) -> list[int]:
    totals = list(own)
    for at in range(len(totals) - 1, 0, -1):
        totals[parents[at]] += totals[at]
    return totals


def _climb(best: int, tally: _Tally, prose: list[int]) -> int:
    """Go up while a parent holds clearly more prose: the winner was one box of several."""
    at = tally.parents[best]
    while at >= 0:
        if prose[at] > prose[best] * _CLIMB:
            best = at
        at = tally.parents[at]
    return best
