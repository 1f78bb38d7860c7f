"""Which of a page's titles is the article's headline?"""

import re
from collections.abc import Iterator

from monitor.extract.document import Document, plain
from monitor.extract.layout import Layout

_HEADINGS = "h1, h2, h3, h4, h5, h6, [class*=title], [class*=subject], [class*=headline], .tit"
# Titles of boards, menus and error pages; a headline is longer or says more.
_GENERIC = re.compile(
    r"^(?:보도\s?자료(?:\s?/\s?해명)?|공지\s?사항|새\s?소식|뉴스|기사\s?(?:본문|상세)|상세(?:\s?보기)?|목록|게시판|알림\s?마당|홈|메인|본문|"
    r"시정소식|Home|News|Article|untitled|제목\s?없음|\S{1,10}(?:[시군구도]청|누리집|홈페이지|신문|일보))$",
    re.IGNORECASE,
)
_MENU_PATH = re.compile(r"^[^<>]{1,20}(?:\s?>\s?[^<>]{1,20}){2,}$")
_TAIL = re.compile(r"\s*(?:\s[-–—|:<>]\s|\s?[|ㅣ]\s?|\s?::\s?|\s<\s?|\s-|-(?=[가-힣A-Za-z/]{1,12}ㅣ))")
# The words by which a tail is known as an outlet's or a menu's name when the page does not say its own.
_OUTLET_WORD = re.compile(
    r"(?:신문|일보|뉴스|저널|타임[스즈]|닷컴|방송|미디어|투데이|매일|경제|통신|헤럴드|와이어|데일리|조선|한겨레|"
    r"[시군구도청]청|특별시|광역시|홈페이지|누리집|위원회|기사본문|보도자료|News|Times|Journal|Herald|WORLD|WSJ|\.com|\.kr)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"\s*[-|<>:]\s?(?:정치|경제|사회|국제|문화|스포츠|오피니언|지역|전국|산업|증권|금융|부동산|연예|생활|과학|IT|사람|종합|뉴스|기업|정책)\S{0,4}$"
)
_DOUBT = re.compile(r"(?:\.{3}|…)$")


def read_headline(document: Document, layout: Layout | None, own: str = "") -> str:
    """The headline as one line, ``""`` when the page has none that can be believed.

    The order: the outlet file's selector, JSON-LD where the family keeps its plain headline there, the family's
    selectors, the printed heading with which the page's title begins, Open Graph without the outlet's name, JSON-LD,
    ``<title>``. Slogans, menu paths and names of boards are no headlines wherever they stand.
    """
    if own:
        return document.text_of((own,))
    for candidate in _candidates(document, layout):
        if candidate and not is_generic(candidate, document):
            return candidate
    return ""


def _candidates(document: Document, layout: Layout | None) -> Iterator[str]:
    head = document.head
    if layout is not None:
        if layout.headline_from_ld and not _DOUBT.search(head.claim.headline):
            yield head.claim.headline
        yield document.text_of(layout.headline, layout.printed)
    yield _printed(document)
    yield strip_outlet(head.meta("og:title"), document)
    yield head.claim.headline
    yield from _subjects(document)
    yield from _single(document, "h1")
    yield strip_outlet(head.meta("twitter:title", "title", "dc.title"), document)
    yield strip_outlet(head.title, document)
    yield from _single(document, "h2")
    yield from _single(document, "h3")


def _printed(document: Document) -> str:
    """The longest printed heading with which a claimed title begins: the title without the outlet's tail."""
    claims = [document.head.meta("og:title"), document.head.title, document.head.claim.headline]
    squashed = [_squash(claim) for claim in claims if claim]
    most = 2 * max(map(len, claims))  # boxes with a title's name and a whole list inside are none
    best = ""
    for node in document.tree.css(_HEADINGS)[:_MOST_HEADINGS]:
        text = node.text(separator=" ", strip=True)
        if len(text) > most:
            continue
        text = plain(node)
        short = _squash(text)
        if len(short) > max(_SHORTEST, len(_squash(best))) and any(
            claim.startswith(short) or (claim.endswith(short) and len(short) * 2 > len(claim)) for claim in squashed
        ):
            best = text
    return best


# A page of menus has some 200.
_MOST_HEADINGS = 500
# Korean headlines of fewer letters are names of menus.
_SHORTEST = 5


def _subjects(document: Document) -> Iterator[str]:
    """What boards without a layout of their own print as a title: a labelled cell, an element named so."""
    yield document.text_of(("=제목",))
    for node in document.tree.css("[class*=subject], [class*=title], [class*=tit], [id*=title]")[:_LOOKED_AT]:
        text = plain(node)
        if _SUBJECT[0] <= len(text) <= _SUBJECT[1] and node.css_first("a, input, ul") is None:
            yield text


# Letters of a headline where nothing else says that it is one; menus are shorter, leads are longer.
_SUBJECT = (12, 140)
_LOOKED_AT = 60


def _single(document: Document, tag: str) -> Iterator[str]:
    """The heading that is the only one of its rank."""
    nodes = document.tree.css(tag)[:_LOOKED_AT]
    found = [text for text in map(plain, nodes) if len(text) > _SHORTEST]
    if len(found) == 1:
        yield found[0]


def strip_outlet(title: str, document: Document) -> str:
    """*title* without the names of section and outlet that its tail, or its beginning, carries."""
    names = {_squash(name) for name in outlet_names(document)}
    stripped = False
    while True:
        cuts = list(_TAIL.finditer(title))
        if not cuts:
            break
        tail = title[cuts[-1].end() :]
        if not _is_outlet(tail, names) or cuts[-1].start() < _SHORTEST:
            break
        title = title[: cuts[-1].start()].rstrip()
        stripped = True
    if stripped:
        title = _SECTION.sub("", title)
    first = _TAIL.search(title)
    if first and _is_outlet(title[: first.start()], names) and "::" in first.group():
        title = title[first.end() :]
    return title.strip()


def outlet_names(document: Document) -> tuple[str, ...]:
    """The names under which the page says its outlet goes."""
    head = document.head
    found = (head.meta("og:site_name"), head.claim.publisher, head.meta("copyright"), head.meta("twitter:site"))
    return tuple(name.strip("@ ©") for name in found if name)


def _is_outlet(tail: str, names: set[str]) -> bool:
    squashed = _squash(tail)
    if not squashed or squashed in names:
        return True
    return len(tail) <= _LONGEST_NAME and _OUTLET_WORD.search(tail) is not None and not tail.endswith(("다", "다."))


# "전라남도 신안군청 홈페이지" has 14 letters, "Korea Real Time Korean - WSJ" is cut in two steps.
_LONGEST_NAME = 24


def is_generic(title: str, document: Document) -> bool:
    """Whether *title* names a board, a menu path or the outlet itself, and no article."""
    if _GENERIC.match(title) or _MENU_PATH.match(title):
        return True
    own = (*outlet_names(document), document.head.meta("author"), document.head.meta("keywords"))
    return _squash(title) in {"", *(_squash(name) for name in own)}


def _squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
