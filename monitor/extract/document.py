"""One page, parsed once, with what its head claims."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor import text as korean  # its normalize is also the name of a module behind the door
from monitor.errors import ExtractError
from monitor.extract.jsonld import Claim, read_claim

# The other metas speak to browsers and search engines.
_SPOKEN = (
    "og:", "article:", "twitter:", "dable:", "dc.", "title", "author", "byl", "copyright", "date", "pub", "parsely",
    "sailthru", "keywords", "headline",
)  # fmt: skip

_MOST_LABELS = 300
# Cells that name their neighbour: <th>제목</th><td>…</td>, <dt>…</dt><dd>…</dd>.
_LABELS = "th, dt, td.tit, td.label, td.th, .dt, span.tit, b.tit-txt, strong.tit"


@dataclass(frozen=True, slots=True)
class Head:
    """What ``<head>`` says. Every value is a claim of the page, not a fact."""

    title: str
    metas: tuple[tuple[str, str], ...]
    canonical: str
    claim: Claim

    def meta(self, *names: str) -> str:
        """The content of the first of *names* that is there and not empty, else ``""``."""
        for name in names:
            for key, content in self.metas:
                if key == name and content:
                    return _line(content)
        return ""

    def every(self, *names: str) -> tuple[str, ...]:
        """Every content that is not empty of *names*, name by name."""
        return tuple(_line(content) for name in names for key, content in self.metas if key == name and content)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page; ``url`` is ``""`` for a file without address, ``now`` is the moment it was fetched.

    ``source`` is UTF-8: a string is found in bytes in half the time that it takes in Korean text.
    """

    url: str
    host: str
    source: bytes
    tree: LexborHTMLParser
    head: Head
    now: datetime
    looked: dict[str, list[LexborNode]] = field(default_factory=dict)

    def select(self, selector: str) -> Iterator[LexborNode]:
        """Every node of a CSS selector, or the cell after a label of ``=label`` or ``=label|other label``.

        Raises:
            ExtractError: the selector is no CSS (an outlet file may hold any string).
        """
        if selector.startswith("="):
            yield from self._after_label(selector[1:])
            return
        try:
            yield from self.tree.css(selector)
        except SelectolaxError as error:
            raise ExtractError(self.url, f"valid selector: {selector!r}") from error

    def groups(self, selectors: tuple[str, ...], among: tuple[str, ...] = ()) -> Iterator[Iterable[LexborNode]]:
        """The nodes of each of *selectors*, in order.

        *among* are selectors that hold *selectors* and more of the same page: all are looked for in one walk through
        the tree, where each would cost a quarter of parsing it. Nodes must not be taken out of the tree afterwards.
        """
        css = [one for one in among or selectors if not one.startswith("=")]
        if len(css) < 2:  # noqa: PLR2004 - one selector is one walk
            yield from map(self.select, selectors)
            return
        query = ", ".join(css)
        if query not in self.looked:
            self.looked[query] = self.tree.css(query)
        found = self.looked[query]
        for selector in selectors:
            if selector.startswith("=") or len(found) > _MANY:
                yield self.select(selector)
            else:
                yield (node for node in found if _is(node, selector))

    def text_of(self, selectors: tuple[str, ...], among: tuple[str, ...] = ()) -> str:
        """The text of the first node, in order of *selectors*, that has any; one line. *among* as in ``groups``."""
        for nodes in self.groups(selectors, among):
            for node in nodes:
                text = plain(node)
                if text:
                    return text
        return ""

    def absolute(self, url: str) -> str:
        """*url* as an absolute http(s) address, ``""`` when it is none."""
        try:
            joined = urljoin(self.url, url.strip())
            return joined if urlsplit(joined).scheme in ("http", "https") else ""
        except ValueError:
            return ""

    def _after_label(self, labels: str) -> Iterator[LexborNode]:
        wanted = labels.split("|")
        for node in self.tree.css(_LABELS)[:_MOST_LABELS]:
            if plain(node).strip(" :") in wanted:
                neighbour = node.next
                while neighbour is not None and not neighbour.is_element_node:
                    neighbour = neighbour.next
                if neighbour is not None:
                    yield neighbour


# Of more nodes a walk for each selector is cheaper than a look at each node.
_MANY = 40


def _is(node: LexborNode, selector: str) -> bool:
    """Whether *selector* holds for this very node."""
    around = node.parent or node
    return any(one.mem_id == node.mem_id for one in around.css(selector))


def plain(node: LexborNode) -> str:
    """The text of *node* as one line."""
    return _line(node.text(separator=" "))


def _line(text: str) -> str:
    return " ".join(korean.normalize(text).split())


def open_document(url: str, html: str, now: datetime) -> Document:
    """Parse *html* and read its head."""
    # A parser turns NUL into U+FFFD and so splits a word; nothing is printed where it stands.
    source = html.encode(errors="ignore")
    if b"\0" in source:
        source = source.replace(b"\0", b"")
    tree = LexborHTMLParser(source)
    head = _read_head(tree, source)
    # A saved file has no address of its own; then the one it claims tells at least whose page it is.
    host = _host(url) or _host(head.canonical) or _host(head.meta("og:url"))
    return Document(url, host, source, tree, head, now)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _read_head(tree: LexborHTMLParser, source: bytes) -> Head:
    """Look into ``<head>``, and into the whole page only when it must: that costs a quarter of parsing it."""
    head = tree.head
    metas = tuple(_metas(head)) if head is not None else ()
    where: LexborHTMLParser | LexborNode = tree
    if head is not None and len(metas) >= _FEW:
        where = head
    else:
        metas = tuple(_metas(tree))
    title, canonical = where.css_first("title"), where.css_first("link[rel=canonical]")
    scripts = head.css(_JSON_LD) if head is not None else []
    if not scripts and b"ld+json" in source:
        scripts = tree.css(_JSON_LD)
    return Head(
        title=plain(title) if title is not None else "",
        metas=metas,
        canonical=(canonical.attributes.get("href") or "") if canonical is not None else "",
        claim=read_claim(node.text() for node in scripts),
    )


_JSON_LD = 'script[type="application/ld+json"]'
# Papers whose head is torn by a stray tag have their metas in the body.
_FEW = 3


def _metas(tree: LexborHTMLParser | LexborNode) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta[content]"):
        found = node.attributes
        name = (found.get("property") or found.get("name") or found.get("itemprop") or "").lower()
        if name.startswith(_SPOKEN):
            yield name, (found.get("content") or "").strip()
