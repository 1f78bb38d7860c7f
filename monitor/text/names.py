"""Names of firms and of people in Korean news prose, read by their marks: no dictionary of firms is kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.model import Span
from monitor.text.firmwords import COMMON, ENDINGS, HOUSES, SURNAMES
from monitor.text.particles import split_particle
from monitor.text.trie import pattern_of


@dataclass(frozen=True, slots=True)
class Named:
    """A name without its mark or particle; ``sure`` when a legal mark (㈜) stands at it."""

    name: str
    span: Span
    sure: bool = False


_PARTICLE = r"(?:은|는|이|가|을|를|과|와|의|에|도|로|으로|에서|에게|등|측|만|이다|이며|인)"
_WORD_END = rf"(?={_PARTICLE}?(?:[^가-힣A-Za-z0-9&＆]|$))"
_LEGAL = re.compile(r"㈜|\( ?주 ?\)|（주）|주식회사|유한회사|\(유\)|유한책임회사")
_DESCRIBED = re.compile(r"(?:기업|업체|회사)$")  # "제조업체㈜새빛": the name comes after
_FORM = re.compile(r"\s?(?:농업회사법인|영농조합법인)?\s?")
_WORD = re.compile(r"[가-힣A-Za-z0-9&＆](?:[가-힣A-Za-z0-9&＆]|[.\-](?=[가-힣A-Za-z0-9])){1,29}")
_ENDING = re.compile(rf"(?:{pattern_of(ENDINGS)}){_WORD_END}")
_HOUSE = re.compile(
    rf"(?:{pattern_of(HOUSES, not_after='[가-힣A-Za-z0-9]')})(?:\s?[C][&＆]C|\s?E&[AS]|\s(?:CNS|SDS|DX)(?![A-Za-z])"
    rf"|(?<=SK)\s(?:AX|온|하이닉스|이노베이션))?(?:(?<=[A-Za-z])(?![a-zA-Z])|(?<=[가-힣]))[가-힣]{{0,10}}(?:DX|SDS|CNS|E&[AS])?"
)
# "씨제이(CJ)올리브": a house in both scripts, then what it does.
_BOTH = re.compile(r"\((?:CJ|LG|SK|GS|KT|LS|DL|HD|KG|KB|NH|BNK|DB|JB|HL|LX|LIG|SPC)\)[가-힣]{2,12}")
_KIND = re.compile(
    r"(?=[가강개계글기다물벤부상생선설소유장전제중향])(?:(?:전문|제조|생산|부품|소재|개발|유통|가공|설비|장비|기자재|벤처|강소|향토|중견|상장|다국적|물류|선도"
    r"|글로벌)\s?(?:기업|업체|회사)(?:인)?\s|계열사(?:인)?\s)[‘'“]?(?=[가-힣A-Za-z])"
)
_HEAD = re.compile(r"대표(?:이사)?(?![가-힣]{2})")
_HEADED = re.compile(r"(?:\([^)]{1,16}\))?(?:\s(?:공동|각자)?\s?|\()$")
_AMONG = re.compile(r"(?:등|비롯[한해])\s?(?:총\s)?\d{1,3}\s?개\s?(?:기업|사(?![가-힣]{2})|업체|투자)")
_ACTS = re.compile(
    r"[이가은는](?<=[가-힣A-Za-z].)\s(?:약\s)?(?=\d[\d,만천 ]{0,12}(?:㎡|m²)"
    r"|\d[\d,.만천억조 ]{0,14}(?:여\s?)?원?[을를]?\s?"
    r"(?:규모[를의]?\s?)?(?:(?:신규|추가)\s?)?(?:투자|들여|들인|투입))"
)
_PARTNER = re.compile(r"[과와](?<=[A-Za-z].)\s(?=[^.,]{0,40}?(?:협약|MOU|양해각서|계약)(?:을|를|\(MOU\)))")
# "하늘건설(35%), 새론토건(5%)", "하늘파워 컨소시엄", "하늘운용이 발주하고": who has a share, leads or orders.
_HOLDS = re.compile(
    r"%\)(?=[,을를이가과와]|\s등|\s?$)|컨소시엄(?![가-힣]{2})|발주[하한를]|시공[하한를]|조성\s중인|건설\s중인|개발\s중인"
)
_HOLD_WORDS = ("%)", "컨소시엄", "발주", "시공", "중인")  # a cheap look before the dear one
_HOLDER = re.compile(r"\(\d{1,2}(?:\.\d{1,2})?$|[이가]?\s$")
_EFFORT = re.compile(
    r"(?:화|사업|개발|구축|조성|운영|지원|연구|실증|참여|공동|민간|국제|글로벌)$"
)  # an effort's consortium
_INITIAL = re.compile(r"(?:^|[^가-힣A-Za-z0-9])[가-힣A-Za-z0-9]{1,2}$")  # "에스.디.엠", "D.E"; not "했다.한빛"
_THING = re.compile(  # what has a firm's ending and is a thing or a kind of firm
    r"(?:관리|관제|통합|여과|순환|증폭|지원|보조|운영|제어|정보|예측|처리|저장|사육|양식|재배|양계|축사|공급|교통|생산|연구|운송|결제|감시|경보|안전|방재"
    r"|인증|추진|유통|발전|무기|방공|스마트|플랫폼)시스템$"
    r"|(?:토큰|계약|유가|수익|채무|지분|대형|중소형)증권$|(?:주거래|지역|국책|시중|지방|투자|상업|협력|인터넷|저축|중심)은행$|은행장$"
    r"|(?:송|배|급|가공|지중|고압)전선$|^K(?:건설|전자|푸드|바이오|식품|자동차|제약)$"
)
# "하늘파워사는 연료전지를 만드는 기업으로": so are foreign firms introduced.
_CALLED = re.compile(r"사는\s(?=[^.\n]{0,90}?(?:기업|회사|업체)(?:으로|로|이다|이며|인\s))")
_APART = frozenset(("코리아", "일렉트릭", "로지스틱스", "테크놀로지", "에너지솔루션", "에어로스페이스"))
_LIST_GAP = re.compile(r"(?:,|·|ㆍ|、|와|과)\s?$")
_LONGEST = 24
_TITLE = re.compile(
    r"\s(?<=[가-힣].)(?:전\s)?(?:대통령|국무총리|장관|차관|시장|도지사|지사|군수|구청장|청장|의원|의장|부시장"
    r"|부지사|부군수|대표이사|대표|회장|부회장|사장|부사장"
    r"|원장|총장|이사장|본부장|단장|센터장|위원장|국장|실장|과장|교수|총영사|대사|박사|상무|전무|이사"
    r"|소장)(?![가-힣]{2})"
)
_OFFICE = re.compile(
    r"(?:시|도|군|구|부|처|청|사|원|회|단|소|국|과|실|팀|장|교|업|룹|터|행|당|관|대)$|^(?:공동|각자|신임|전임"
    r"|현직|당시|직무|권한|부산|서울|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남"
    r"|제주)"
)
_NAMED_FIRM: Final = 4  # signs of a name before 사: shorter ones are kinds of firms (증권사, 운용사)
_PERSON: Final = 3  # syllables of most Korean names: surname and two


def companies(text: str) -> tuple[Named, ...]:
    """Return the firms that *text* (normalized) names, in reading order, repeats included, without ㈜ and (주).

    Read by legal marks, by well-known houses, by the endings that firms have, and by "부품업체 X", "X 대표",
    "X 등 3개 기업", "X가 500억".
    """
    found: dict[int, Named] = {}
    for name in (*_marked(text), *_houses(text), *_ended(text), *_placed(text)):
        if name.span.start not in found and (name.sure or firm_like(name.name)):
            found[name.span.start] = name
    return _apart([found[start] for start in sorted(found)])


def _apart(names: list[Named]) -> tuple[Named, ...]:
    """Drop a name that lies inside the one before it."""
    kept: list[Named] = []
    for name in names:
        if not kept or name.span.start >= kept[-1].span.end:
            kept.append(name)
    return tuple(kept)


def _marked(text: str) -> Iterator[Named]:
    for mark in _LEGAL.finditer(text):
        start = _word_start(text, mark.start())
        before = text[start : mark.start()]
        if len(before) > 1 and before not in COMMON and not _DESCRIBED.search(before):
            yield Named(before, Span(start, mark.start()), sure=True)
            continue
        form = _FORM.match(text, mark.end())
        after = _WORD.match(text, form.end() if form else mark.end())
        if after:
            name = _noun(text, after)
            yield Named(name, Span(after.start(), after.start() + len(name)), sure=True)


def _noun(text: str, word: re.Match[str]) -> str:
    """Return a marked name without its particle; before a comma or a bracket stands no particle: "㈜보람은, "."""
    ends_in_list = text[word.end() : word.end() + 1] in {",", "(", ")", "·", "㈜", "/", "’", "'"}
    if ends_in_list:
        return word[0]
    noun, particle = split_particle(word[0], least=1)
    if noun.endswith("사") and noun[:-1].isascii():
        return noun[:-1]  # "ABC사" is how papers say "the firm ABC"
    short = len(noun) == 1 and particle not in {"은", "는", "과", "와", "을", "를"}  # "㈜솔과", but "㈜이도"
    return word[0] if short else noun


def _houses(text: str) -> Iterator[Named]:
    for match in _BOTH.finditer(text):
        start = _word_start(text, match.start())
        if start < match.start():
            name = split_particle(text[start : match.end()])[0]
            yield Named(name, Span(start, start + len(name)))
    for match in _HOUSE.finditer(text):
        name = split_particle(match[0])[0]
        yield Named(name, Span(match.start(), match.start() + len(name)))


def _ended(text: str) -> Iterator[Named]:
    for match in _ENDING.finditer(text):
        start = _word_start(text, match.start())
        if match.end() - start > 2 and start < match.start():  # noqa: PLR2004 켄텍 is a school, 바이오 a field
            yield Named(text[start : match.end()], Span(start, match.end()))
        elif start == match.start() and match[0] in _APART:
            yield from _two_words(text, match)


def _two_words(text: str, ending: re.Match[str]) -> Iterator[Named]:
    """Yield "하늘파워 코리아": branches of foreign firms are printed in two words."""
    start = (
        _word_start(text, ending.start() - 1) if text[ending.start() - 1 : ending.start()] == " " else ending.start()
    )
    first = text[start : ending.start() - 1]
    if len(first) > 1 and firm_like(first) and not split_particle(first)[1]:
        yield Named(text[start : ending.end()], Span(start, ending.end()))


def _placed(text: str) -> Iterator[Named]:
    """Yield the words that stand where firms are named."""
    for match in _KIND.finditer(text):
        word = _WORD.match(text, match.end())
        if word and split_particle(word[0])[1] in {"이", "가", "은", "는", "과", "와"}:
            name = split_particle(word[0])[0]
            yield Named(name, Span(word.start(), word.start() + len(name)))
    for match in _HEAD.finditer(text):
        headed = _HEADED.search(text, max(0, match.start() - _LONGEST), match.start())
        if headed:
            yield from _before(text, headed.start(), title=True)
    for match in (*_ACTS.finditer(text), *_PARTNER.finditer(text)):
        yield from _before(text, match.start())
    yield from _holding(text)
    for match in _CALLED.finditer(text):
        yield from (one for one in _before(text, match.start()) if len(one.name) >= _NAMED_FIRM)
    for match in _AMONG.finditer(text):
        end = len(text[: match.start()].rstrip()) if text[match.start() - 1] == " " else match.start()
        yield from _listed(text, end - (text[end - 1] in "을를"))


def _holding(text: str) -> Iterator[Named]:
    """Yield who has a share of a consortium, leads one, orders works or has them built."""
    if not any(word in text for word in _HOLD_WORDS):
        return
    shares = "컨소시엄" in text or "지분" in text  # else "(70%)" is a mark, a rate or a vote
    for match in _HOLDS.finditer(text):
        holder = _HOLDER.search(text, max(0, match.start() - 6), match.start())
        if holder and (shares or match[0] != "%)") and (match[0] == "컨소시엄") == (holder[0] == " "):
            yield from (one for one in _before(text, holder.start()) if _holds(one.name))


def _holds(name: str) -> bool:
    """Return whether a word before 컨소시엄 is a name: no effort, and no "새론과" that forms one."""
    return not _EFFORT.search(name) and split_particle(name)[1] not in {"은", "는", "을", "를", "과", "와"}


def _before(text: str, end: int, *, title: bool = False) -> Iterator[Named]:
    start = _word_start(text, end)
    name = text[start:end]
    person = len(name) == _PERSON and name[0] in SURNAMES
    described = split_particle(name)[1] in {"의", "에", "에서", "로", "으로", "까지"}
    if len(name) > 1 and not (title and person) and not described:
        yield Named(name, Span(start, end))


def _listed(text: str, end: int) -> Iterator[Named]:
    """Yield each of "A, B·C 등 3개 기업"."""
    while True:
        start = _word_start(text, end)
        if end - start > 1:
            yield Named(text[start:end], Span(start, end))
        gap = _LIST_GAP.search(text, max(0, start - 2), start)
        if gap is None or gap.start() == 0:
            return
        end = gap.start()


def _word_start(text: str, end: int) -> int:
    start = end
    while start > 0 and end - start < _LONGEST and _in_word(text, start - 1):
        start -= 1
    while start < end and text[start] == ".":
        start += 1
    return start


def _in_word(text: str, at: int) -> bool:
    """Return whether a sign belongs to the name on its right: "에스.디.엠", "A-Mart", but not "했다.한빛"."""
    sign = text[at]
    if sign == ".":
        return bool(_INITIAL.search(text, max(0, at - 3), at))
    if sign == "ㆍ":
        return False
    if sign == "-":
        return text[at - 1 : at].isascii() and text[at + 1 : at + 2].isascii()
    return sign.isalnum() or sign in "&＆"


def firm_like(name: str) -> bool:
    """Return whether *name* is no common noun and no number."""
    return name not in COMMON and not name[0].isdigit() and not _THING.search(name)


def people(text: str) -> tuple[Named, ...]:
    """Return the people whom *text* (normalized) names with a title, in reading order, repeats included."""
    found = []
    for match in _TITLE.finditer(text):
        start = _word_start(text, match.start())
        name = text[start : match.start()]
        if 2 <= len(name) <= 4 and name[0] in SURNAMES and not _OFFICE.search(name):  # noqa: PLR2004 syllables of a name
            found.append(Named(name, Span(start, match.start())))
    return tuple(found)
