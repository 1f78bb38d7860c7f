"""Firms without any mark: those that a headline names and the body confirms, those in a list beside known firms."""

import re
from collections.abc import Iterator

from monitor.deals.firmhood import is_firm
from monitor.model import Span
from monitor.text import Named, Place, firm_like, split_particle

_WORD = re.compile(r"(?<![A-Za-z]-)[가-힣A-Za-z0-9&＆]{2,20}")
_TAGS = re.compile(r"(?:\s*[\[【<(][^\]】>)]{1,14}[\]】>)])*\s*[‘’“”'\"]*")
_JOINT = "–‧·ㆍ∙&×-"  # "하늘셀-나주시": who signs with whom
_NEXT = re.compile(
    rf"\s?[,，{_JOINT}]|\s(?:신?공장|본사|연구소|연구센터|물류센터|데이터센터|투자|유치|입주|이전|증설|신설|착공|준공)"
)
_DEALS = re.compile(r"투자|협약|MOU|공장|유치|착공|준공|건립|신설|증설|입주|이전|수주|계약|맞손|손\s?잡|들어서|짓|기공")
_LINE = 160  # characters after a list in which its sentence says what was done
_SIGNS = re.compile(r"협약|MOU|양해각서|컨소시엄|체결|참여|공동|선정")
_LEFT = re.compile(r"(?<![가-힣A-Za-z0-9&·])(?P<name>[가-힣A-Za-z0-9&＆]{2,20})(?:\([^)]{1,12}\))?(?:,\s|[·ㆍ])㈜?$")
_RIGHT = re.compile(
    r"㈜?(?:\([^)]{1,12}\))?(?:,\s(?P<name>[가-힣A-Za-z0-9&＆]{2,20})(?=\s등|,|\()"
    r"|[·ㆍ](?P<last>[가-힣A-Za-z0-9&＆]{2,20})(?=\s등)|[과와]\s(?P<other>[가-힣A-Za-z0-9&＆]{2,18}?)(?=[이가은는]\s))"
)
_CLAUSE = re.compile(r"(?:며|고|면서|지만|는데|물론|총장|소장|사로|으로)$")
_WIDEST = 36  # characters of a name in a list with its bracket
_PARTICLE = re.compile(r"(?:\([^)]{1,24}\))?(은|는|이|가|과|와)(?=[\s,])")
_IN_WORD = re.compile(r"[가-힣A-Za-z0-9&]")
_LATIN = re.compile(r"[A-Za-z0-9]")
_LAST_WORD = re.compile(r"[가-힣A-Za-z0-9&]+ $")
_DESCRIBES = re.compile(r"(?:기업|업체|회사|스타트업|전문|플랫폼|[에인의은는이가]|[시도군구])\s$")
_LOOKED_AT = 2_500  # characters of the body in which a release says who its subject is
# What a firm does in the sentence whose subject it is, and what is done with it.
_DOES = re.compile(
    r"[^.\n]{0,140}?(?:투자(?:한다|했|하[기며고]|해|를|협약|양해|금|액|규모)|협약|MOU|양해각서|체결|맺[었고]|손(?:을\s)?\s?잡"
    r"|공장(?:을|의|\s)|짓[는고기]|건립|신설|증설|이전[하한할]|입주[하한할]|착공|준공|공급\s?계약|수주|들여)"
)
_WITH = re.compile(r"[^.\n]{0,60}?(?:협약|MOU|양해각서|계약)")
# Whoever else opens headlines about deals: roles, crowds, countries, things.
_ROLE = re.compile(
    r"(?:업계|재계|여당|야당|노조|노사|주민|시민|도민|군민|시민단체|지자체|정부|당국|업체|기업|회사|대표|시장|군수|지사|의원|총리"
    r"|대통령|장관|총재|회장|사장|후보자?|교육감|청년|농가|농민|상인|소상공인|투자자|주택자|개미|외국인|기관|연구팀|전담팀|팀"
    r"|전문가|대학|학교|공장|산단|단지|사업|센터|시설|산업|협약|투자|유치|계약|공급|수출|지역|지방|도시|마을|아파트|주택|건물"
    r"|집무실|의사당|사무국|어린이집|도서관|수련원|교육원|연수원|서비스원|학과|컨소시엄|프로젝트|부문|펀드|코스피|코스닥|증시|주가"
    r"|금리|환율|부동산|반도체|배터리|자동차|전기차|자율주행|운전자|로봇|에너지|태양광|풍력|원전|수소|바이오|조선|철강|방산|항공|데이터|AI|기술"
    r"|인재|공항|항만|철도|도로|대교|호텔|경찰|검찰|법원|연맹|연대회의|유니온|코리아|연준|한은|미국|중국|일본|영국|독일|프랑스"
    r"|인도|베트남|캐나다|호주|대만|사우디|러시아|트럼프|[가-힣]면|[가-힣]점)$"
)


def headlined(text: str, title_end: int, places: tuple[Place, ...], known: tuple[Named, ...]) -> tuple[Named, ...]:
    """Return every mention of the firms that only the headline's shape and the body's subject give away.

    Args:
        text: the whole article, headline first.
        title_end: where the headline ends.
        places: regions of the text; none of them is a firm.
        known: the firms found by their marks; what lies in one of them is left out.
    """
    if not places or not _DEALS.search(text, 0, title_end):
        return ()  # a deal without a region is nobody's here
    spans = [*(place.span for place in places), *(named.span for named in known)]
    taken = [(span.start, span.end) for span in spans]
    found = {word[0]: word.start() for word in _candidates(text, title_end, taken)}
    names = [name for name, at in found.items() if _confirmed(text, title_end, name, _word_before(text, at))]
    return tuple(one for name in names for one in _mentions(text, name, taken))


def listed(text: str, title_end: int, places: tuple[Place, ...], known: tuple[Named, ...]) -> tuple[Named, ...]:
    """Return the words of the body that stand in one list with a known firm, where the sentence signs.

    Of "군산시, 하늘셀, ㈜새봄과 협약을" this is 하늘셀. A headline's comma parts who acts from what is done.
    """
    found: dict[int, Named] = {}
    for firm in known:
        if firm.span.start < title_end:
            continue
        for start, end in _beside(text, title_end, firm.span):
            if not _signs_after(text, firm.span.end):
                continue
            spans = [*(place.span for place in places), *(named.span for named in known)]
            taken = [(span.start, span.end) for span in spans]
            if not _touches(start, end, taken) and _may_be_firm(text[start:end]):
                found[start] = Named(text[start:end], Span(start, end))
    return tuple(found[start] for start in sorted(found))


def _signs_after(text: str, at: int) -> bool:
    line_end = text.find("다.", at, at + _LINE)
    return bool(_SIGNS.search(text, at, line_end if line_end > 0 else at + _LINE))


def _beside(text: str, title_end: int, firm: Span) -> Iterator[tuple[int, int]]:
    before = _LEFT.search(text, max(title_end, firm.start - _WIDEST), firm.start)
    if before and not _CLAUSE.search(before["name"]):
        yield before.span("name")
    after = _RIGHT.match(text, firm.end)
    if after and not _CLAUSE.search(after[after.lastgroup or 0]):
        yield after.span(after.lastgroup or 0)


def _candidates(text: str, title_end: int, taken: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the headline's words that stand where it names who acts: first, joined, or before the plant."""
    tags = _TAGS.match(text, 0, title_end)
    opening = tags.end() if tags else 0
    for word in _WORD.finditer(text, opening, title_end):
        stands = word.start() == opening or text[word.start() - 1] in _JOINT or _NEXT.match(text, word.end(), title_end)
        if stands and not _touches(word.start(), word.end(), taken) and _may_be_firm(word[0]):
            yield word


def _may_be_firm(word: str) -> bool:
    return firm_like(word) and not _ROLE.search(word) and is_firm(word)


def _word_before(text: str, at: int) -> str:
    """Return the word that a space parts from the one at *at*: the LG of "LG CNS", which is no firm without it."""
    before = _LAST_WORD.search(text, max(0, at - 16), at)
    return before[0] if before else ""


def _confirmed(text: str, title_end: int, name: str, before: str) -> bool:
    """Return whether the body makes *name* the subject of a deal's verb, not as the second word of a longer name."""
    body_end = min(len(text), title_end + _LOOKED_AT)
    for start in _starts(text, name, title_end, body_end):
        subject = _PARTICLE.match(text, start + len(name), body_end)
        if subject is None or split_particle(name + subject[1]) != (name, subject[1]):
            continue
        does = _WITH if subject[1] in "과와" else _DOES
        if not _part_of_name(text, start, before) and does.match(text, subject.end(), body_end):
            return True
    return False


def _starts(text: str, name: str, start: int, end: int) -> Iterator[int]:
    """Yield where *name* begins a word; a pattern for each name would cost its compilation."""
    at = text.find(name, start, end)
    while at >= 0:
        if at == 0 or not _IN_WORD.match(text, at - 1):
            yield at
        at = text.find(name, at + len(name), end)


def _part_of_name(text: str, at: int, before: str) -> bool:
    return bool(before) and not _DESCRIBES.search(before) and text.endswith(before, 0, at)


def _mentions(text: str, name: str, taken: list[tuple[int, int]]) -> Iterator[Named]:
    for start in _starts(text, name, 0, len(text)):
        end = start + len(name)
        if not _touches(start, end, taken) and not _LATIN.match(text, end):
            yield Named(name, Span(start, end))


def _touches(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in taken)
