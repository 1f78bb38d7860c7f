"""One page, parsed once, with what its head claims."""

from collections.abc import Iterator
from dataclasses import dataclass
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
    """A parsed page; ``url`` is ``""`` for a file without address, ``now`` is the moment it was fetched."""

    url: str
    host: str
    html: str
    tree: LexborHTMLParser
    head: Head
    now: datetime

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

    def text_of(self, selectors: tuple[str, ...]) -> str:
        """The text of the first node, in order of *selectors*, that has any; one line."""
        for selector in selectors:
            for node in self.select(selector):
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


def plain(node: LexborNode) -> str:
    """The text of *node* as one line."""
    return _line(node.text(separator=" "))


def _line(text: str) -> str:
    return " ".join(korean.normalize(text).split())


def open_document(url: str, html: str, now: datetime) -> Document:
    """Parse *html* and read its head."""
    # A parser turns NUL into U+FFFD and so splits a word; nothing is printed where it stands.
    html = html.replace("\0", "")
    tree = LexborHTMLParser(html)
    head = _read_head(tree)
    # A saved file has no address of its own; then the one it claims tells at least whose page it is.
    host = _host(url) or _host(head.canonical) or _host(head.meta("og:url"))
    return Document(url, host, html, tree, head, now)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _read_head(tree: LexborHTMLParser) -> Head:
    """Look into ``<head>`` first: a search of the whole page costs a tenth of parsing it."""
    head = tree.head
    title = _first(tree, "title")
    canonical = _first(tree, "link[rel=canonical]")
    metas = tuple(_metas(head)) if head is not None else ()
    scripts = head.css(_JSON_LD) if head is not None else []
    return Head(
        title=plain(title) if title is not None else "",
        metas=metas if len(metas) >= _FEW else tuple(_metas(tree)),
        canonical=(canonical.attributes.get("href") or "") if canonical is not None else "",
        claim=read_claim(node.text() for node in scripts or tree.css(_JSON_LD)),
    )


_JSON_LD = 'script[type="application/ld+json"]'
# Papers whose head is torn by a stray tag have their metas in the body.
_FEW = 3


def _first(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    found = tree.head.css_first(selector) if tree.head is not None else None
    return found if found is not None else tree.css_first(selector)


def _metas(tree: LexborHTMLParser | LexborNode) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta[content]"):
        found = node.attributes
        name = (found.get("property") or found.get("name") or found.get("itemprop") or "").lower()
        if name.startswith(_SPOKEN):
            yield name, (found.get("content") or "").strip()
