"""Who signs: firms on one side, regions and public bodies on the other."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from monitor.deals.firmhood import is_firm
from monitor.deals.passage import Passage, Telling
from monitor.text import Named, firm_like

_MOST = 12  # firms, or authorities, told for one deal
_BODY = re.compile(
    r"(?<![가-힣A-Za-z])(?P<name>[가-힣A-Za-z]{2,16}(?:경제자유구역청|개발청|진흥원|금융원|진흥공단"
    r"|공사(?<!(?:건축|건설|보수|토목|조성|설치|토건|전기)공사)|공단"
    r"|테크노파크|상공회의소"
    r"|대학교|교육청|연구원|연구소|기술원|과학원|개발원|보증기금|보증재단|우정청|벤처투자|중앙회|상의|진흥재단|문화재단|벤처센터)"
    r"|코트라|KOTRA|중진공|산단공|소진공|(?:산업통상|산업통상자원|기후에너지환경|과학기술정보통신|국토교통|중소벤처기업|해양수산"
    r"|농림축산식품|문화체육관광)부)"
    r"(?=[^가-힣\s]|[은는이가을를와과의][^가-힣]|$|\s(?:등|및|간|업무협약|투자협약|협약|MOU|양해각서)|\s[가-힣]+(?:본부|연수원|지사|지회)(?:[은는이가와과]|\s))"
)
_REGION = re.compile(r"(?:특별자치도|특별자치시|특별시|광역시|특례시|시|도|군|구)$")
_DEALS = re.compile(
    r"체결|협약|MOU|양해각서|맺|손\s?잡|맞손|투자(?!유치설명회)|들여|투입|건립|신설|증설|이전|공장|착공|기공"
    r"|준공|들어서|입주|계약|수주|공급|참여|컨소시엄|유치|선정"
    r"|조성|구축|건설|만든다|짓[는고기]|세운다|착수|가동|상업\s?운전|개소|출범|합류|출자|개발\s?사업|발주|시공|개점|개장|오픈|바꿔\s열"
)
# "새봄그룹 계열사인 새봄전자": the house is told, the other one signs.
_STANDS_ASIDE = re.compile(
    r"(?:은|는|의)?\s계열사|(?:[과와,·]\s?[^\s,]{2,14}){0,2}에\s이어|[이가]\s?(?:철수|떠난|매각)|\s?(?:호텔|연회장|컨벤션|에서|제공|은행\s?제공|=|기자"
    r"|본점|강당|사옥|플라자|빌딩)|[^.]{0,24}?에(?:게|도)?\s[^.,]{0,18}(?:납품|공급하고\s?있|공급해\s?온)"
)
_HOUSE_END = re.compile(r"(?<=..)(?:금융지주|금융그룹|금융|그룹)$")
_BRANCH = re.compile(r"(?<=..)코리아$")  # 하늘파워코리아 is how papers say 하늘파워 here
_LIST = 3  # firms in one sentence
_UNITS = 2  # firms of a group that sign in its stead
_SHORT = 4  # signs of a short form that are no chance
# Short names that the bodies themselves use.
_OFFICIAL: Final = {
    "코트라": "대한무역투자진흥공사", "KOTRA": "대한무역투자진흥공사", "중진공": "중소벤처기업진흥공단",
    "산단공": "한국산업단지공단", "소진공": "소상공인시장진흥공단",
}  # fmt: skip
_FULL: Final = {"현대차": "현대자동차", "AWS": "아마존웹서비스"}


def firms(telling: Telling, passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """Return the firms that sign or invest, in reading order, without ㈜; one form for each, the fullest.

    A firm with a legal mark counts anywhere but in the background; another one where the sentence tells the deal.
    """
    weights: defaultdict[str, float] = defaultdict(float)
    order: list[str] = []
    for passage in passages:
        tells = bool(_DEALS.search(passage.text)) or _lists_partners(telling, passage)
        for named in passage.firms:
            weight = _weight(telling, passage, named, tells=tells)
            if weight > 0:
                weights[named.name] += weight
                order.append(named.name)
    kept = [name for name in dict.fromkeys(order) if weights[name] >= 1.0]
    return _without_house(_one_form_each(kept))[:_MOST]


def _lists_partners(telling: Telling, passage: Passage) -> bool:
    """Return whether a sentence of the head lists those of whom the headline says what they do."""
    return passage.is_head and len(passage.firms) >= _LIST and bool(_DEALS.search(telling.title.text))


def _without_house(names: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out a financial or other group where two of its own firms sign."""
    houses = {name: _HOUSE_END.sub("", name) for name in names if _HOUSE_END.search(name)}
    units = {name: sum(one.startswith(house) and one != name for one in names) for name, house in houses.items()}
    return tuple(name for name in names if units.get(name, 0) < _UNITS)


def _weight(telling: Telling, passage: Passage, named: Named, *, tells: bool) -> float:
    if not signs_itself(telling, named) or (passage.past and passage.index and not named.sure):
        return 0.0
    after = telling.text[named.span.end : named.span.end + 8]
    if named.sure:
        return 1.5
    if passage.index == 0:
        return 1.2
    if not tells:
        return 0.2
    acts = re.match(r"(?:이|가|은|는|와|과|,|·|\s등|\s및|을\s비롯|를\s비롯|\s?㈜|\s?\()", after)
    return 1.0 if passage.is_head or acts else 0.5


def signs_itself(telling: Telling, named: Named) -> bool:
    """Return whether a mention is a firm's and no venue's, photographer's or parent house's."""
    start, end = named.span.start, named.span.end
    aside = _STANDS_ASIDE.match(telling.text, end) or telling.text.endswith("(현 ", 0, start)
    return tells_firm(named) and not aside


def tells_firm(named: Named) -> bool:
    """Return whether a mention is a firm's: a legal mark settles it."""
    return named.sure or is_firm(named.name)


def _one_form_each(names: list[str]) -> tuple[str, ...]:
    """Merge 현대차 with 현대자동차그룹: the first form stays unless a later one is it and more."""
    kept: list[str] = []
    for name in _unglued(names):
        same = next((at for at, other in enumerate(kept) if _same_house(name, other)), None)
        if same is None:
            kept.append(name)
        elif len(name) > len(kept[same]) and name.endswith("그룹") >= kept[same].endswith("그룹"):
            kept[same] = name
    return tuple(kept)


def _unglued(names: list[str]) -> Iterator[str]:
    """Leave out "공급새빛전자" beside "새빛전자": a page glues the last word of one line to the next."""
    for name in names:
        if not any(
            name != other and name.endswith(other) and not firm_like(name.removesuffix(other)) for other in names
        ):
            yield name


def _same_house(one: str, other: str) -> bool:
    """Return whether one name is the other, its beginning (한화, 한화시스템) or its short form (HDC현산)."""
    short, full = sorted((_BRANCH.sub("", key_of(name)) for name in (one, other)), key=len)
    if len(short) <= 1:
        return short == full
    return full.startswith(short) or (len(short) >= _SHORT and short[:2] == full[:2] and _is_spelled_in(short, full))


def _is_spelled_in(short: str, full: str) -> bool:
    signs = iter(full)
    return all(sign in signs for sign in short)


def key_of(name: str) -> str:
    """Return the form of a firm's name in which its variants are equal."""
    name = re.sub(r"\(.*?\)|그룹$|[\s·.\-&＆]", "", name)
    for short, full in _FULL.items():
        if name.startswith(short):
            name = full + name.removeprefix(short)
    return name.casefold()


def authorities(telling: Telling, passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """Return the regions and public bodies that act in the title, the head and the signing sentences.

    A region is told by its full name, however the paper prints it.
    """
    found: dict[str, None] = {}
    for passage in passages:
        if passage.past or not (passage.is_head or _DEALS.search(passage.text)):
            continue
        for _, name in sorted((*_regions_in(telling, passage), *_bodies_in(passage))):
            found.setdefault(name)
    return tuple(name for name in found if not any(name != other and other.endswith(name) for other in found))[:_MOST]


def _regions_in(telling: Telling, passage: Passage) -> Iterator[tuple[int, str]]:
    for place in passage.places:
        if _region_acts(telling, passage, place.span.end, place.name):
            yield place.span.start, place.name


def _bodies_in(passage: Passage) -> Iterator[tuple[int, str]]:
    for match in _BODY.finditer(passage.text):
        yield passage.span.start + match.start(), _OFFICIAL.get(match["name"], match["name"])


def _region_acts(telling: Telling, passage: Passage, end: int, name: str) -> bool:
    after = telling.text[end : min(passage.span.end, end + 8)]
    return bool(_REGION.search(name)) and bool(
        re.match(
            r"(?:특례시|시|도|군|구)?(?:는|은|와|과|가|이|\(시장|\(군수|\(도지사|,|·|\s(?:등|간|및)"
            r"|[시군구도]?청(?:장)?[은는이가과와])|\s?시장|\s?군수|\s?도지사|\s?지사|\s?구청장",
            after,
        )
    )
