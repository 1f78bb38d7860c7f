"""Which of the amounts an article names is the deal's own?"""

import itertools
import math
import re
from dataclasses import dataclass

from monitor.deals.passage import Passage, Telling
from monitor.model import Money

_INVESTS = re.compile(
    r"\s?(?:여\s?)?(?:\([^)]{0,24}\))?\s?(?:을|를|이|가|의|가량|상당의?|이상의?|안팎의?|대의?|원?\s?규모(?:의"
    r"|로|인)?)?\s?(?:[가-힣]{2,8}\s){0,3}(?:신규\s?|추가\s?|대규모\s?|민간\s?)?(?:투자|투입|들여|들인|출자|자금\s?공급|MOU"
    r"|양해각서|협약|계약|(?:수출|수주|유치)(?!\s?(?:성과|실적))|외자|프로젝트)"
)
# "21조원을 신규 투자하기로 결정했다": what is new is the deal, whatever the project comes to with it.
_DECIDED = re.compile(
    r"[^.\d]{0,24}?(?:신규|추가)[^.\d]{0,16}?(?:투자|투입|출자|집행)[^.\d]{0,10}?(?:결정|하기로|확정|한다)"
)
_SIZED = re.compile(r"\s?(?:여\s?)?(?:\([^)]{0,24}\))?\s?(?:상당|규모)")
_TOTAL = re.compile(
    r"(?:\d건에|총|모두|전체|합계|(?:총\s?)?(?:사업비|투자비|투자액|투자금액?|투자\s?규모|공사비|계약금액|매매가격|매매대금|인수가격?|인수대금"
    r"|사업\s?규모)(?:은|는|가|만|로)?)\s?(?:약\s?)?$"
)
_PROJECT = re.compile(r"총\s?(?:사업비|투자(?:비|액|금액|규모)|공사비)(?:은|는|가|만)?\s?(?:약\s?)?$")
_OTHER = re.compile(
    r"매출|생산\s?유발|부가가치|파급|경제적?\s?효과|유발\s?효과|(?:시장|산업)\s?규모|시가총액|예산|지원금|보조금|융자|대출|모태펀드|펀드|기금|자본금|순이익|영업이익|수출액|소득|임금|연봉"
    r"|장학금|성금|기부|기탁"
    r"|상담액|상담\s?실적|수출\s?상담|피해|손실|과징금|벌금|세금|지방세|세수|분양대금|분양가|공시지가|보증금|포스트밸류"
    r"|기업가치|자산|운용|예치|한도|사용료|수수료|절감|인건비|연구비|R&D\s?과제"
)
_SHARE = re.compile(r"(?:국비|도비|시비|군비|구비|지방비)\s?(?:약\s?)?$")
_RUNNING = re.compile(
    r"누적|누계|민선|지금까지|현재까지|올\s?들어|올해\s?들어|올\s?한\s?해|그동안|역대(?!\s?최[대고])|최근\s?\d+년|지난해|작년"
    r"|최근\s?[가-힣\d]+년간|\d+년\s?연속|이래|합산|합치면|합하면|더하면|더해|돌파|목표(?!로\s)"
)
_AIM = re.compile(
    r"[^.]{0,28}(?:유치|투자|창출)[^.]{0,14}(?:목표|할\s?계획)|[^.]{0,20}(?:수주|수출|유치)\s?(?:성과|실적)"
)
_ASIDE = re.compile(r"^\s?한편|이미\s|에만\s?")
_SIGNS = re.compile(r"체결|협약|MOU|양해각서|계약|맺")
_EACH = re.compile(r"각각\s?$")
_NATION = re.compile(r"국내에?\s|전국|중장기|그룹\s?차원|정부(?:는|가)|5년간|향후\s?\d+년")
_PAREN = re.compile(r"[(（]\s?(?:약\s?|한화\s?|미화\s?|우리\s?돈\s?|원화\s?)*$")
_IN_BRACKETS = re.compile(r"\s?\([^)]{0,24}\)")
_VAGUE = re.compile(r"^수\s?[십백천]?[만억조]")
_REACH = 18
_ROUNDED = 0.03  # a headline's "13조원" for 12조8000억원
_MOST_SUMS = 120  # amounts weighed in an article; the deal's own is told early, and a table of figures costs no more
_MOST_KRW = 5e13  # a sum above it is a nation's or a group's programme over years, not one region's deal
_LARGE = 1e10  # in any currency: such a sum that stands alone needs no word that calls it an investment
_LEAST_KRW = 5e7  # a smaller sum in won is a fee or a prize, not an investment

WEIGHTS = {
    "title": 1.8, "head": 0.8, "signs": 0.7, "invests": 1.8, "decided": 2.8, "sized": 0.6, "total": 1.2, "project": 0.8,
    "repeat": 0.8, "biggest": 0.7, "sole": 0.5, "other": -2.4, "running": -2.2, "past": -1.6, "each": -1.0,
    "share": -1.4, "beside": -1.2, "yearly": -0.6, "paren": -2.0, "vague": -6.0, "small": -2.5, "nation": -1.0,
    "huge": -4.0, "aim": -1.5, "aside": -1.6, "bias": -1.7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """An amount with what speaks for and against it."""

    money: Money
    passage: Passage
    signs: frozenset[str]

    @property
    def score(self) -> float:
        """Return the log-odds-like sum of the weights of its signs, the same to the last bit in every process."""
        return math.fsum((WEIGHTS["bias"], *(WEIGHTS[sign] for sign in self.signs)))


def candidates(telling: Telling) -> list[Candidate]:
    """Return every amount of the article with its signs, in reading order."""
    pairs = [(money, passage) for passage in telling.passages for money in passage.amounts][:_MOST_SUMS]
    everything = [money for money, _ in pairs]
    rivals = [money for money, passage in pairs if not _speaks_of_else(telling.text, passage, money)]
    return [Candidate(money, passage, _signs(telling, passage, money, everything, rivals)) for money, passage in pairs]


def deal_sum(found: list[Candidate]) -> Candidate | None:
    """Return the best candidate that has more for it than against it; the exact form of a rounded headline sum."""
    best = max(found, key=lambda one: one.score, default=None)
    if best is None or best.score <= 0:
        return None
    return _exact(best, found)


def _exact(best: Candidate, found: list[Candidate]) -> Candidate:
    """Return the body's "5090억" for the headline's "5000억 이상", its "90억달러(약 12조8000억원)" for "13조원"."""
    foreign = _foreign(best, found) if best.passage.index == 0 else None
    if foreign:
        return foreign
    if not best.money.approx:
        return best
    near = [
        one
        for one in found
        if not one.money.approx
        and one.score > 0
        and one.money.currency == best.money.currency
        and best.money.value <= one.money.value <= 1.1 * best.money.value
    ]
    return max(near, key=lambda one: one.score, default=best)


def _foreign(titled: Candidate, found: list[Candidate]) -> Candidate | None:
    """Return the sum in another currency of which a bracket gives the headline's sum in won."""
    for one, equal in itertools.pairwise(found):
        near = abs(equal.money.value - titled.money.value) <= _ROUNDED * titled.money.value
        if "paren" in equal.signs and near and equal.money.currency == titled.money.currency and one.score > 0:
            return one
    return None


def _signs(
    telling: Telling, passage: Passage, money: Money, everything: list[Money], rivals: list[Money]
) -> frozenset[str]:
    text = telling.text
    marks = _where(passage) | _said_before(text, passage, money) | _said_after(text, passage, money) | _worth(money)
    same = [one for one in everything if _same(money, one)]
    most = max((one.value for one in rivals if one.currency == money.currency), default=0.0)
    marks |= {
        "other": _speaks_of_else(text, passage, money),
        "repeat": len(same) > 1,
        "biggest": money.value >= most,
        "sole": money.value >= _LARGE and all(_same(money, one) for one in rivals),
    }
    marks["beside"] = passage.index > 0 and _is_titled(telling, money)
    marks["paren"] = marks["paren"] and _is_equivalent(money, everything)
    marks["huge"] = money.currency == "KRW" and money.value > _MOST_KRW and not _is_a_works(passage, marks)
    return frozenset(sign for sign, holds in marks.items() if holds)


def _where(passage: Passage) -> dict[str, bool]:
    return {
        "title": passage.index == 0,
        "head": passage.is_head and passage.index > 0,
        "past": passage.past and passage.index > 0,
        "signs": not passage.past and bool(_SIGNS.search(passage.text)),
    }


def _said_before(text: str, passage: Passage, money: Money) -> dict[str, bool]:
    start = money.span.start
    sentence = text[passage.span.start : start]
    near, far = sentence[-_REACH:], sentence[-2 * _REACH :]
    return {
        "total": bool(_TOTAL.search(near)),
        "project": bool(_PROJECT.search(near)),
        "share": bool(_SHARE.search(near)),
        "each": bool(_EACH.search(near)),
        "paren": bool(_PAREN.search(near)),
        "nation": bool(_NATION.search(near)),
        "running": bool(_RUNNING.search(far) or _RUNNING.search(text[money.span.end : money.span.end + 8])),
        "aside": bool(_ASIDE.search(sentence)),
    }


def _said_after(text: str, passage: Passage, money: Money) -> dict[str, bool]:
    after = text[money.span.end : min(passage.span.end, money.span.end + 3 * _REACH)]
    return {
        "invests": bool(_INVESTS.match(after[: 2 * _REACH])),
        "decided": bool(_DECIDED.match(after)),
        "sized": bool(_SIZED.match(after[:_REACH])),
        "aim": bool(_AIM.match(after)),
    }


def _is_a_works(passage: Passage, marks: dict[str, bool]) -> bool:
    """Return whether one firm invests in one place: such works may cost more than a nation's programme."""
    return marks["invests"] and not marks["nation"] and len(passage.firms) == len(passage.places) == 1


def _worth(money: Money) -> dict[str, bool]:
    won = money.currency == "KRW"
    return {
        "yearly": money.per == "year",
        "vague": bool(_VAGUE.match(money.text)),
        "small": won and money.value < _LEAST_KRW,
    }


def _speaks_of_else(text: str, passage: Passage, money: Money) -> bool:
    """Return whether the words beside an amount say sales, effects, budgets or another thing than the deal's sum."""
    start, end = money.span.start, money.span.end
    aside = _IN_BRACKETS.match(text, end)
    end = aside.end() if aside else end
    beside = [one.span for one in passage.amounts if one.span != money.span]
    first = max((one.end for one in beside if one.end <= start), default=passage.span.start)
    last = min((one.start for one in beside if one.start >= end), default=passage.span.end)
    after = text[end : min(last, end + 11)].split("(", maxsplit=1)[0]
    return bool(_OTHER.search(text[max(first, start - 14) : start]) or _OTHER.search(after))


def _is_equivalent(money: Money, everything: list[Money]) -> bool:
    return any(one.currency != money.currency and 0 <= money.span.start - one.span.end <= 8 for one in everything)  # noqa: PLR2004 "(약 "


def _is_titled(telling: Telling, money: Money) -> bool:
    """Return whether the headline names what is invested and this is another sum: the whole project's, say."""
    titled = [
        one for one in telling.title.amounts if _INVESTS.match(telling.text, one.span.end, telling.title.span.end)
    ]
    near = [one for one in titled if abs(one.value - money.value) <= 0.1 * max(one.value, money.value)]
    return bool(titled) and titled[0].currency == money.currency and not near


def _same(one: Money, other: Money) -> bool:
    return one.currency == other.currency and abs(one.value - other.value) <= 0.005 * max(one.value, other.value)
