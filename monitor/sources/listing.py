"""A list page → Links: papers' article lists, press boards, search results.

No selector per newspaper: links of one list have addresses of one shape, sit in rows of one shape and have headlines.
The group of links that looks most like that is the list. An outlet file may name its own selectors instead.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.errors import NotAList
from monitor.model import Link, Outlet, Page, Selectors
from monitor.sources.embedded import embedded
from monitor.sources.rows import Anchor, read_row
from monitor.sources.stamps import stamp
from monitor.sources.targets import surroundings

_MOST_ANCHORS = 5000  # a list page has hundreds; a trap of 150,000 links is cut here
_SHORTEST_TITLE = 6
_LONG_TITLE = 40
_SAMPLE = 20
_MOST_HEADED = 300
_CANDIDATES = 4  # groups whose rows are looked at
# Labels of menus on eight real boards are 2 to 9 letters long in the mean, their headlines 19 to 45 (2026-11).
_LABEL = 11
_MOST_DATED = 0.5
_NUMBER = re.compile(r"\d{2,}")
# A post's own number beside a view page is worth more than a menu that is twice as long.
_VIEW_FACTOR = 4.0
_VIEW = re.compile(
    r"(?:board\w*view|bbsnttview|articleview|sub_read|newsread|pressreleaseview|[/_]view|[/_]read|detail)\b.*\d{3,}"
    r"|[?&](?:act|mode|cmd)=(?:view|read)\b|[?&](?:ntt(?:no|id)|list_no|ntatcseq|datasid|articleid|idxno|newsid|seq)=\d{2,}",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:gnb|lnb|snb|nav\w*|menu\w*|header|footer|foot|aside|banner\w*|sitemap|breadcrumb\w*|paging|paginat\w*|pagination"
    r"|family\w*|skip\w*|sns\w*|quick\w*|login\w*|util\w*|ranking?|popular|best|hit|most\w*|recommend\w*|related?)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_NOT_AN_ARTICLE = re.compile(
    r"/(?:login|logout|join|member|user|account|search|rss|sitemap|privacy|policy|about|company|subscri\w*|tag|category|author"
    r"|com/|customer|boardDown|fileDown|download|preview)\b|/(?:articleList|boardList|list)(?:\.\w+)?/?$"
    r"|\.(?:jpg|jpeg|png|gif|svg|css|js|xml|zip|pdf|hwp|hwpx|docx?|xlsx?|pptx?|mp4|ico)$",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"로그인(?:이|을|\s?후|\s?하|\s?필요|$)|접근\s?(?:이\s?)?(?:제한|거부|차단|권한)|차단(?:되|된)|점검\s?중|오류|에러"
    r"|찾을 수 없|존재하지 않|만료|페이지를 표시할 수|forbidden|access denied|not found|error|unauthori[sz]ed|log\s?in"
    r"|sign\s?in|captcha|checking your browser|just a moment|robot",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What addresses of one list share: host, path and names of parameters, numbers left out."""

    host: str
    path: str
    names: tuple[str, ...]


def parse_listing(page: Page, outlet: Outlet) -> tuple[Link, ...]:
    """Return the links of the list page *page*, in page order, each address once.

    Raises:
        NotAList: a login page, an error page or no web page at all. A list without rows gives ``()``.
    """
    tree = LexborHTMLParser(page.text)
    anchors = _custom(tree, page, outlet.selectors) if outlet.selectors.item else _found(_anchors(tree, page))
    if not anchors and (carried := embedded(tree, page)):
        return carried
    if not anchors and (reason := refusal(tree)):
        raise NotAList(page.url, reason)
    rows = [read_row(group, outlet.selectors) for group in _by_address(anchors)]
    links = (_link(row.url, row.title, row.stamps, row.summary, page.fetched_at) for row in rows if row.title)
    return tuple(links)


def _link(url: str, title: str, stamps: tuple[str, ...], summary: str, now: datetime) -> Link:
    published = stamp(stamps, now)
    return Link(url=url, title=title, published_at=published.at, summary=summary, flags=published.flags)


def refusal(tree: LexborHTMLParser) -> str:
    """Return why a page without links is no list (login, error, challenge); ``""`` when it may be an empty list."""
    body = tree.body
    if body is None or not body.text(strip=True):
        return "an empty page"
    if tree.css_first("input[type=password]"):
        return "a login page"
    title = tree.css_first("title")
    words = (title.text() if title else "") + " " + body.text(separator=" ", strip=True)[:600]
    found = _REFUSAL.search(words)
    return f"a page that says {found.group().strip()!r}" if found else ""


# ---- anchors -----------------------------------------------------------------------------------


def _anchors(tree: LexborHTMLParser, page: Page) -> list[Anchor]:
    around = surroundings(tree, page)
    found: list[Anchor] = []
    for node in tree.css("a, [onclick], [data-url], [data-href], [data-link]")[:_MOST_ANCHORS]:
        url = around.target(node)
        if url and url != around.url:
            found.append(Anchor(url, node))
    return found


def _custom(tree: LexborHTMLParser, page: Page, selectors: Selectors) -> list[Anchor]:
    """Rows by the outlet's own selectors; the link is the row's first unless one is named."""
    around = surroundings(tree, page)
    found: list[Anchor] = []
    for row in tree.css(selectors.item)[:_MOST_ANCHORS]:
        node = row if row.tag == "a" and not selectors.link else row.css_first(selectors.link or "a")
        url = around.target(node) if node else None
        if node and url:
            found.append(Anchor(url, node, row))
    return found


# ---- which of them are the list ----------------------------------------------------------------


def _by_address(anchors: Iterable[Anchor]) -> list[list[Anchor]]:
    groups: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        groups.setdefault(anchor.url, []).append(anchor)
    return list(groups.values())


def _found(anchors: list[Anchor]) -> list[Anchor]:
    """Headlines are links in nearly every list; only where none are is it asked what stands beside the links."""
    able = [
        anchor
        for anchor in anchors
        if not _NOT_AN_ARTICLE.search(anchor.url.partition("?")[0]) and not _is_furniture(anchor.node)
    ]
    return _main_group(able) or _main_group([anchor.headed() for anchor in able[:_MOST_HEADED]])


def _main_group(anchors: list[Anchor]) -> list[Anchor]:
    groups: dict[_Shape, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        groups[_shape(anchor.url)].append(anchor)
    likeliest = sorted(groups.values(), key=_promise, reverse=True)[:_CANDIDATES]
    scored = [(_likeness(group), number) for number, group in enumerate(likeliest)]
    best, number = max(scored, key=lambda pair: pair[0], default=(0.0, 0))
    return likeliest[number] if best > 0 else []


def _shape(url: str) -> _Shape:
    head, _, query = url.partition("?")
    host, _, path = head.partition("://")[2].partition("/")
    path = (
        re.sub(r"[^/]*\d[^/]*|[^/]{12,}|[^/]*(?:-[^/]*){2,}|[^/]*%[^/]*", "*", path)
        if not query
        else re.sub(r"\d+", "*", path)
    )
    names = sorted(pair.partition("=")[0] for pair in query.split("&") if re.search(r"=.*\d", pair))
    return _Shape(host, path, tuple(names))


def _is_furniture(node: LexborNode) -> bool:
    """Menus, footers and rankings hold links of an article's shape too, but they are not the list."""
    parent = node.parent
    for _ in range(8):
        if parent is None or parent.tag in {"body", "main", "article"}:
            return False
        marks = f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}"
        if parent.tag in {"nav", "header", "footer", "aside"} or _FURNITURE.search(marks):
            return True
        parent = parent.parent
    return False


def _promise(group: list[Anchor]) -> float:
    """How much a group looks like a list by its addresses and texts alone: many, unique, long, numbered."""
    texts: dict[str, int] = {}
    for anchor in group:
        texts[anchor.url] = max(texts.get(anchor.url, 0), len(anchor.words()))
    numbered = sum(1 for url in texts if _NUMBER.search(url.partition("://")[2].partition("/")[2]))
    long = [min(size, _LONG_TITLE) for size in texts.values() if size >= _SHORTEST_TITLE]
    if not long or (len(long) == 1 and not numbered):
        return 0.0
    view = _VIEW_FACTOR if _VIEW.search(group[0].url) else 1.0
    return sum(long) * len(long) / len(texts) * (1 + numbered / len(texts)) * view


def _likeness(group: list[Anchor]) -> float:
    """Its promise, thrice as much when dates stand beside; labels of a menu without dates are no list."""
    dated = sum(1 for anchor in group[:_SAMPLE] if anchor.in_dated_row()) / min(len(group), _SAMPLE)
    sizes = [size for anchor in group if (size := len(anchor.words())) >= _SHORTEST_TITLE]
    if not sizes or (sum(sizes) / len(sizes) < _LABEL and dated < _MOST_DATED):
        return 0.0
    return _promise(group) * (1 + 2 * dated)
