"""Where is the article on a page of a site nobody described?"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from monitor.extract.chaff import DEAD_TAGS, is_chaff, is_never_prose
from monitor.extract.document import Document

_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_EMPTY = frozenset(("img", "hr", "link", "meta", "source", "input", "col"))
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


Names = Callable[[str], bool]


@dataclass(slots=True)
class _Tally:
    """The page as parallel lists in document order; children come after their parents."""

    leaves_out: Names
    spared: frozenset[int]  # by their ids: elements that are no chaff whatever they are called
    nodes: list[LexborNode] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)  # of its own and of inline elements inside
    linked: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # commas and ends of sentences
    breaks: list[int] = field(default_factory=list)  # lines that end inside

    def prose(self) -> list[int]:
        """Letters of each block's own prose, links apart; 0 for labels and menus."""
        return [
            own - linked if own >= _SHORTEST and linked * 2 < own else 0
            for own, linked in zip(self.letters, self.linked, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """The node that holds the body.

    ``before`` are paragraphs of it that stand outside, in page order. ``sure`` is false where another reader should be
    asked. ``leaves_out`` tells which names inside are no prose, ``spared`` (ids) what is prose for all its name.
    ``letters`` are those of the densest prose.
    """

    node: LexborNode
    sure: bool
    letters: int
    leaves_out: Names = is_chaff
    spared: frozenset[int] = frozenset()
    before: tuple[LexborNode, ...] = ()


def find_body(document: Document) -> Found | None:
    """The node with the densest prose, ``None`` on a page without text.

    One traversal counts letters, letters inside links and sentence marks of every block; paragraphs then vote for
    their parents and, by half, for their grandparents, as in Readability. Names of elements weigh, links weigh
    against. The winner gives way to a parent that holds clearly more prose. Names may lie ("page two-sidebars"): what
    holds the headline is never left out, and a page with little prose outside the elements they condemn is counted
    again, first without regard to the names that boxes around an article have, too, then without regard to any.
    """
    root = document.tree.body
    if root is None:
        return None
    spared = _around_headlines(document)
    best: Found | None = None
    for leaves_out, few in ((is_chaff, _FEW), (is_never_prose, 1), (_no_name, 0)):
        found = _densest(root, leaves_out, spared)
        if found is not None and (best is None or found.letters > best.letters * _CLEARLY_MORE):
            best = found
        if best is not None and best.letters >= few:
            break
    return best


# A body of fewer letters may be what the names of chaff left over: so it was on one English page in ten.
_FEW = 600
# So many times as much must be found by another look: it finds comments and teasers, too.
_CLEARLY_MORE = 3
# Below this many letters on a page that has more elsewhere, the winner may be a teaser.
_SURE_LETTERS = 180


def _around_headlines(document: Document) -> frozenset[int]:
    """The ids of all elements around the page's first headings of the first rank."""
    found = set()
    for node in document.tree.css("h1")[:_HEADLINES]:
        around = node.parent
        while around is not None and around.mem_id not in found:
            found.add(around.mem_id)
            around = around.parent
    return frozenset(found)


# The outlet's name in the page's header, the headline, and one to spare.
_HEADLINES = 3


def _no_name(_names: str) -> bool:
    return False


def _densest(root: LexborNode, leaves_out: Names, spared: frozenset[int]) -> Found | None:
    tally = _count(root, leaves_out, spared)
    prose = tally.prose()
    scores = _vote(tally, prose)
    total = sum(tally.letters)
    if not any(scores):
        return Found(root, total < _SURE_LETTERS, 0) if total else None
    totals, links = _totals(tally.letters, tally.parents), _totals(tally.linked, tally.parents)
    rated = [
        score * tally.weights[at] * (1 - min(1.0, links[at] / totals[at])) if score > 0 else 0.0
        for at, score in enumerate(scores)
    ]
    inside = _totals(prose, tally.parents)
    densest = max(range(len(rated)), key=rated.__getitem__)
    best = _climb(densest, tally, inside)
    sure = (totals[best] >= _SURE_LETTERS or totals[best] * 2 > total) and links[best] * 3 < totals[best]
    inner = is_chaff if leaves_out is _no_name else leaves_out
    return Found(tally.nodes[best], sure, inside[densest], inner, spared, _before(best, tally, prose))


def _count(root: LexborNode, leaves_out: Names, spared: frozenset[int]) -> _Tally:
    tally = _Tally(leaves_out, spared)
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
    if tag == "br":
        tally.breaks[blocks[-1]] += 1
        return False
    if tag in DEAD_TAGS or tag in _EMPTY:
        return False
    if tag in _INLINE:
        return True
    found = node.attributes
    names = f"{found.get('class') or ''} {found.get('id') or ''}".strip()
    if names and tally.leaves_out(names) and node.mem_id not in tally.spared:
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
    tally.tags.append(tag)
    tally.parents.append(parent)
    tally.letters.append(0)
    tally.linked.append(0)
    tally.marks.append(0)
    tally.breaks.append(0)
    tally.weights.append(_weight(tag, names) * (4.0 if body else 1.0))


@lru_cache(maxsize=8192)
def _weight(tag: str, names: str) -> float:
    weight = 1.0
    if tag == "article":
        weight = 1.5
    elif tag in ("li", "ul", "ol", "dl", "dd", "h1", "h2", "h3", "th"):
        weight = 0.5
    return weight * 1.25 if names and _PROSE.search(names) else weight


def _vote(tally: _Tally, prose: list[int]) -> list[float]:
    scores = [0.0] * len(tally.nodes)
    for at, letters in enumerate(prose):
        if not letters:
            continue
        worth = 1.0 + tally.marks[at] + min(letters * _KOREAN / 100, 6.0)
        # A block with line breaks for paragraphs is its own body; a paragraph is one of its parent's.
        scores[at] += worth * (1.0 if letters > _LONG or tally.breaks[at] >= _BROKEN else 0.3)
        parent = tally.parents[at]
        if parent >= 0:
            scores[parent] += worth
            if tally.parents[parent] >= 0:
                scores[tally.parents[parent]] += worth / 2
    return scores


# A block of more letters than the longest paragraph of a paper holds several, parted by <br>.
_LONG = 400
_BROKEN = 3


def _totals(own: list[int], parents: list[int]) -> list[int]:
    totals = list(own)
    for at in range(len(totals) - 1, 0, -1):
        totals[parents[at]] += totals[at]
    return totals


def _climb(best: int, tally: _Tally, prose: list[int]) -> int:
    """Go up while a parent holds clearly more prose: the winner was one box of several.

    Not out of an ``<article>`` that has enough: what lies beside it are other articles, below this one's end.
    """
    at = best
    while at >= 0:
        if prose[at] > prose[best] * _CLIMB:
            best = at
        if tally.tags[at] == "article" and prose[at] >= _FEW:
            break
        at = tally.parents[at]
    return best


def _before(best: int, tally: _Tally, prose: list[int]) -> tuple[LexborNode, ...]:
    """The paragraphs of which *best*, or a box around it, is the last: "read more" folds away what follows them."""
    around, at = set(), tally.parents[best]
    for _ in range(_LEVELS):
        if at < 0:
            break
        around.add(at)
        at = tally.parents[at]
    found = [at for at in range(best) if prose[at] and tally.tags[at] == "p" and tally.parents[at] in around]
    if sum(prose[at] for at in found) < _WORTH_JOINING:
        return ()
    return tuple(tally.nodes[at] for at in found)


# Boxes between the first paragraphs and the box of the others: two on the pages of an Australian paper.
_LEVELS = 3
# A line or two above a body are a standfirst or a credit.
_WORTH_JOINING = 150
