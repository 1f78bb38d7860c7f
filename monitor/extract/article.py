"""One page in, one article out, or the name of what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from monitor.errors import ExtractError, NotAnArticle
from monitor.extract import boards, breaknews, credit, dailies, naver, ndsoft, newswire, streamed, yonhap
from monitor.extract.chaff import names_of
from monitor.extract.document import Document, open_document
from monitor.extract.fallback import ask_again
from monitor.extract.generic import find_body
from monitor.extract.headline import read_headline
from monitor.extract.layout import Layout
from monitor.extract.lines import Sorted, sort_lines
from monitor.extract.prose import Line, Prose, read_prose
from monitor.extract.published import Published, read_published
from monitor.extract.sanity import refuse_interruption, refuse_other
from monitor.extract.stamp import KST
from monitor.extract.translated import split_translation
from monitor.model import Article, ArticleKey, Outlet, OutletKind, Page, Selectors

LAYOUTS: tuple[Layout, ...] = (
    *ndsoft.LAYOUTS,
    *breaknews.LAYOUTS,
    *newswire.LAYOUTS,
    *naver.LAYOUTS,
    *yonhap.LAYOUTS,
    *dailies.LAYOUTS,
    *boards.LAYOUTS,
)

# A body of fewer letters is what is left of a page that keeps its text elsewhere.
_SHORTEST_BODY = 12


def family(page: Page) -> str:
    """The publishing system that *page* comes from, ``""`` when it is none we know."""
    found = next(_layouts(open_document(page.url, page.text, page.fetched_at), None), None)
    return found.family if found else ""


def read_article(page: Page, outlet: Outlet | None = None, *, key: ArticleKey | None = None) -> Article:
    """Read the article that *page* carries.

    Args:
        page: decoded text; ``page.fetched_at`` is "now" for stamps and chooses between versions of a layout.
        outlet: its file's selectors win over everything, its ``layout`` over what the page looks like.
        key: the article's key; without it ``ArticleKey("")``, for the caller to replace.

    Returns:
        ``text`` has one paragraph a line and nothing but the article; captions and a machine-translated tail are in
        their own fields. ``published_at`` is UTC; ``date_only`` when the page printed no time. ``layout`` is
        ``family@version``, ``"own"`` for the outlet's selectors or ``"generic"``.

    Raises:
        NotAnArticle: an error page, a login, a challenge, a list of links.
        ExtractError: ``missing`` is ``title`` or ``body``: the site was redesigned.
    """
    refuse_interruption(page.url, page.text)
    document = open_document(page.url, page.text, page.fetched_at)
    if streamed.is_folded(document.source):
        document = open_document(page.url, streamed.unfold(page.text), page.fetched_at)
    own = outlet.selectors if outlet is not None else Selectors()
    likely, layout, prose = _body(document, _layouts(document, outlet), own.body)
    title = read_headline(document, likely, own.headline)
    published = read_published(document, likely, title, own.published)
    refuse_other(document, title, prose)
    if not title:
        raise ExtractError(page.url, "title")
    kept = sort_lines(prose.lines, title)
    text, translated = split_translation(kept.prose)
    if len("".join(text)) < _SHORTEST_BODY:
        raise ExtractError(page.url, "body")
    article = _article(
        document,
        outlet,
        layout=layout,
        title=title,
        published=published,
        kept=kept,
        captions=(*prose.captions, *kept.captions),
    )
    return replace(
        article,
        key=key or ArticleKey(""),
        text="\n".join(text),
        translated=translated,
        layout="own" if own.body else layout.name if layout else "generic",
        warnings=_warnings(likely, layout, published, own),
    )


def _article(
    document: Document,
    outlet: Outlet | None,
    *,
    layout: Layout | None,
    title: str,
    published: Published | None,
    captions: Sequence[str],
    kept: Sorted,
) -> Article:
    """Everything but the text."""
    name = credit.read_outlet_name(document, outlet)
    return Article(
        key=ArticleKey(""),
        url=credit.read_address(document),
        outlet=outlet.id if outlet is not None else name,
        title=title,
        text="",
        published_at=published.at if published else None,
        outlet_name=name,
        outlet_kind=outlet.kind if outlet is not None else layout.kind if layout else OutletKind.OTHER,
        byline=credit.read_byline(document, layout, kept.signatures, kept.prose[0] if kept.prose else ""),
        image=credit.read_image(document),
        captions=tuple(dict.fromkeys(captions)),
        release_of=credit.read_releaser(document, layout, name),
        section=credit.read_section(document, layout),
        date_only=published is not None and not published.timed,
    )


def _layouts(document: Document, outlet: Outlet | None) -> Iterator[Layout]:
    """The layouts the page may have, likeliest first; looked for only as far as they are asked for.

    An outlet file names a family, one version of it, or a kin of families (``board`` for every ``board-…``), whose
    pages still have to show which one they are.
    """
    if outlet is not None and (named := [one for one in LAYOUTS if outlet.layout in (one.family, one.name)]):
        yield from named
        return
    day = document.now.astimezone(KST).date()
    served = _served(document.host)
    yield from (layout for layout in served if not layout.ended(day))
    shown = _shown(document)
    late = [layout for layout in served if layout.ended(day)]
    for layout in shown:
        if layout.marks_are_in(document.source) and layout not in served:
            if layout.ended(day):
                late.append(layout)
            else:
                yield layout
    yield from late


def _shown(document: Document) -> Iterator[Layout]:
    """The layouts with marks that are worth a look at the page's source, the likelier kind first."""
    if document.host.endswith(".go.kr"):
        yield from _shown_boards(document)
        yield from _PAPERS
    else:
        yield from _PAPERS
        yield from _shown_boards(document)


def _shown_boards(document: Document) -> Iterator[Layout]:
    """The boards whose body has a name that one of the page's elements bears.

    One walk through the tree for all of them: to look for every mark in the source took as long as to parse it.
    """
    names: set[str] = set()
    for node in document.tree.css(_BODIES):
        names.update(names_of(node).split())
    for layout, wanted in _BOARDS:
        if not wanted or not names.isdisjoint(wanted):
            yield layout


_PAPERS = tuple(layout for layout in LAYOUTS if layout.marks and layout.kind is not OutletKind.BOARD)
_BOARDS = tuple((one, one.body_names) for one in LAYOUTS if one.marks and one.kind is OutletKind.BOARD)
_BODIES = ", ".join(sorted({selector for layout, _ in _BOARDS for selector in layout.body}))
_BY_HOST = {host: [layout for layout in LAYOUTS if host in layout.hosts] for one in LAYOUTS for host in one.hosts}


def _served(host: str) -> list[Layout]:
    """The layouts of the nearest known domain at or above *host*."""
    while host:
        if host in _BY_HOST:
            return _BY_HOST[host]
        host = host.partition(".")[2]
    return []


def _body(document: Document, layouts: Iterator[Layout], own: str) -> tuple[Layout | None, Layout | None, Prose]:
    """The likeliest layout, the one whose body was found, and the body."""
    if own:
        likely = next(layouts, None)
        return likely, None, _chosen(document, own, likely)
    likely = None
    for layout in layouts:
        likely = likely or layout
        prose = _known(document, layout)
        if prose.length >= _SHORTEST_BODY:
            return layout, layout, prose
    return likely, None, _unknown(document)


def _chosen(document: Document, selector: str, likely: Layout | None) -> Prose:
    """What an outlet file's own selector finds: one box, or paragraphs side by side, never the next story's box."""
    captions, drop = (likely.captions, likely.drop) if likely else ("", "")
    nodes = _outermost(list(document.select(selector)))
    beside = [node for node in nodes if _parent_id(node) == _parent_id(nodes[0])]
    for wanted in (beside if nodes and nodes[0].tag == "p" else nodes[:1], *([node] for node in nodes[1:_TRIED])):
        prose = read_prose(wanted, captions=captions, drop=drop, strict=True)
        if prose.length >= _SHORTEST_BODY:
            return prose
    raise ExtractError(document.url, "body")


def _parent_id(node: LexborNode) -> int:
    return node.parent.mem_id if node.parent is not None else 0


def _known(document: Document, layout: Layout) -> Prose:
    for selector in layout.body:
        nodes = list(document.select(selector))
        for wanted in [_outermost(nodes)] if layout.join else [[node] for node in nodes[:_TRIED]]:
            prose = read_prose(wanted, captions=layout.captions, drop=layout.drop, strict=True)
            if prose.length >= _SHORTEST_BODY:
                return prose
    return Prose()


# A page may hold empty twins of its body: for a player, for a script to fill.
_TRIED = 4


def _unknown(document: Document) -> Prose:
    found = find_body(document)
    if found is None:
        raise NotAnArticle(document.url, "a page without text")
    prose = read_prose((*found.before, found.node), leaves_out=found.leaves_out, spared=found.spared)
    if found.sure or not _claims_article(document):
        return prose
    claimed = Prose(tuple(Line(line.strip()) for line in document.head.claim.body.splitlines() if line.strip()))
    for second in (claimed, ask_again(document.source.decode())):
        if second.length > prose.length * _CLEARLY_MORE:
            return second
    return prose


# A second opinion that finds less than this many times as much would trade a clean teaser for its surroundings.
_CLEARLY_MORE = 2


def _claims_article(document: Document) -> bool:
    return document.head.claim.is_article or document.head.meta("og:type").lower() == "article"


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """*nodes* without those inside another one."""
    ids = {node.mem_id for node in nodes}
    kept = []
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in ids:
            parent = parent.parent
        if parent is None:
            kept.append(node)
    return kept


def _warnings(
    likely: Layout | None, layout: Layout | None, published: Published | None, own: Selectors
) -> tuple[str, ...]:
    found = []
    if likely is not None and layout is None and not own.body:
        found.append(f"looks like {likely.name}, but its body was not found: redesign?")
    if published is None:
        found.append("no date of publication")
    return tuple(found)
