"""Money as newsrooms write it: a grammar, because a plain pattern reads "232조 조치" as a fortune."""

import re
from typing import Final

from monitor.model import Money, Span
from monitor.text.numerals import DIGITS, NUMBER, matches, value_of

_DOLLARS: Final = {
    "홍콩": "HKD", "대만": "TWD", "싱가포르": "SGD", "싱가폴": "SGD", "호주": "AUD", "캐나다": "CAD", "뉴질랜드": "NZD",
}  # fmt: skip
_UNITS: Final = {
    "원": "KRW", "달러": "USD", "弗": "USD", "불": "USD", "유로": "EUR", "위안": "CNY", "엔": "JPY", "円": "JPY",
    "파운드": "GBP", "루피아": "IDR", "루피": "INR", "바트": "THB", "링깃": "MYR", "리얄": "SAR", "디르함": "AED",
    "루블": "RUB", "스위스프랑": "CHF", "페소": "PHP", "크로나": "SEK", "텡게": "KZT",
}  # fmt: skip
_SIGNS: Final = {
    "US$": "USD", "U$": "USD", "$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "JPY",
    "JPY": "JPY", "￥": "JPY", "₩": "KRW", "KRW": "KRW", "CNY": "CNY", "RMB": "CNY", "TWD": "TWD", "NT$": "TWD",
    "HK$": "HKD", "S$": "SGD", "A$": "AUD", "C$": "CAD",
}  # fmt: skip
_SCALES: Final = {"million": 10**6, "billion": 10**9, "trillion": 10**12}

# "원" opens other words too: 원전 (a reactor), 원자재, 원칙. After a bare number it must end the word.
_AFTER_WON = r"(?!전(?!지)|자력|자재|유\s|칙|료|룸|도심|주시|천|어민)"
_WORD_END = (
    r"(?![가-힣])"
    r"|(?=을|이|의|에|대|으로|과|은|도|씩|짜리|어치|상당|규모|투자|가량|선|까지|부터|이상|안팎|내외|정도|여|권)"
)
_CURRENCY = (
    rf"(?:{'|'.join(_DOLLARS)})\s?달러|(?:미국?|美)?\s?달러|弗|불(?!법|안|만|편|리|과[하한할했합]|꽃|교|량)"
    rf"|유로(?!파|존|넥|피)"
    r"|위안(?!부)|엔(?!진|터|비|지|씨|트|드|저|젤)|円|파운드(?!리)|루피아|루피|바트|링깃|리얄|디르함|루블"
    r"|스위스프랑|페소|크로나|텡게"
    r"|USD|EUR|JPY|CNY|GBP|TWD"
)
_AMOUNT = re.compile(
    rf"(?P<number>{NUMBER})(?:\s?여?\s?(?:대?(?P<unit>{_CURRENCY})|(?P<won>원(?:{_AFTER_WON})))"
    rf"|(?<=[억조億兆만])(?P<bare>))"
)
_WORDED = re.compile(
    rf"(?P<words>{DIGITS})\s?(?P<scale>million|billion|trillion)\s(?P<unit>dollars|won|euros|yuan|yen)", re.IGNORECASE
)
_SIGNED = re.compile(
    rf"(?P<sign>US\$|NT\$|HK\$|[UASC]\$|[$€£¥￥₩]|(?:USD|EUR|GBP|JPY|CNY|RMB|KRW|TWD)(?![A-Z]))\s?"
    rf"(?P<number>{NUMBER})(?:\s?(?P<scale>million|billion|trillion)|(?P<letter>[MB]|[mb]n)(?![A-Za-z]))?"
)
_VAGUE = re.compile(r"[수몇](?<![가-힣\d].)\s?(?P<scale>[십백천]?[만억조])\s?(?P<unit>원|달러|위안|유로|엔)")
# "삼천만원", "이억 오천만 원": all in words, at the start of a word.
_SPELLED = re.compile(
    rf"(?=[일이삼사오육칠팔구])(?<![가-힣\d.,])(?!구조원)"
    rf"(?P<words>(?:(?:[일이삼사오육칠팔구]?[천백십]){{0,3}}+[일이삼사오육칠팔구]?[조억만]\s?){{1,3}}+)원{_AFTER_WON}"
    r"(?!\s[가-힣]{0,4}(?:위원장|장관|의원|대표|회장|사장|교수)(?![가-힣]{2}))"  # 이억원 is a man's name, too
)
_SPELLED_END = re.compile(r"[조억만](?<=[일이삼사오육칠팔구천백십].)\s?원")  # a cheap look before the dear one
_DIGIT_WORDS: Final = str.maketrans("일이삼사오육칠팔구", "123456789")
_WORD_UNITS: Final = {"dollars": "USD", "won": "KRW", "euros": "EUR", "yuan": "CNY", "yen": "JPY"}
_LETTERS: Final = {"M": 10**6, "B": 10**9, "mn": 10**6, "bn": 10**9}
_FOREIGN = re.compile(r"[$€£¥￥₩]|USD|EUR|GBP|JPY|CNY|RMB|KRW|TWD|illion|ILLION")  # a cheap look before the dear ones
_SMALL_WON = re.compile(_WORD_END)
# What may follow 억 or 조 without a currency. Counters (년, 뷰, 배럴, 톤, 명 …) are not money.
_BARE_OK = re.compile(
    r"여?\s?(?:$|[→…↑↓·,.(”’\"'」』)\]~∼–/+!?&-]|(?:을|를|이|의|에|은|는|으로|과|도|씩|짜리|만|까지"
    r"|부터)(?![가-힣])"
    r"|대(?![가-힣])|대의|대로?\s|규모|투자|투입|들[여인여]|유치|상당|어치|가량|이상|이하|미만|안팎|매출|수출"
    r"|수주|계약"
    r"|지원|기부|예산|돌파|확보|MOU|기금|펀드"
    r"|시장|시대|클럽|사업|공장|프로젝트|쏟|베팅|적자|흑자|손실|배상|과징금|보상|증액|증자|쓴다|푼다|썼|출자"
    r"|대출|빚|세금|국비|성금|손해|이익|순익|벌금|추징|자금\s|[가-힣]{2,4}\s투자[하를])"
)
_HUNDRED_MILLIONS = re.compile("[억조億兆]")
_LAW = re.compile(r"(?:법|제|조약|헌법|령|규칙)\s?$")
_BEFORE = re.compile(
    r"(?P<about>약|대략|최소|최대|어림|줄잡아|무려)\s*(?:미화\s*)?$|(?P<year>연간|연매출|매년|해마다|연\s?평균"
    r"|年)\s*(?:약\s*)?(?:매출\s*)?(?:미화\s*)?$|(?<![가-힣])연\s?$"
)
_AFTER = re.compile(
    r"\s?(?:여|대(?![만구전학])|가량|안팎|내외|정도|이상|남짓|쯤|상당의?\s?규모|선(?![가-힣])|미만|이하)"
)
_RANGE = re.compile(rf"(?<![\d.,가-힣])(?P<low>{NUMBER})(?P<sep>\s?[~∼–-]\s?)$")
_RANGE_REACH = 24  # characters before an amount in which the lower end of a range may stand


def amounts(text: str) -> tuple[Money, ...]:
    """Return every amount of money in *text* (normalized), in reading order; ``()`` when it names none.

    Values are in the currency's own unit and are never converted. ``approx`` is true for 약, 여, 안팎, 대, 이상
    and for both ends of a range; ``per`` is ``"year"`` after 연간 and 매년. ``수천억원`` is read as its least value.
    A sum in won without its currency ("593억 투자유치") counts where the words after it allow money.

    Example:
        >>> [(one.value, one.currency, one.text) for one in amounts("52억 달러(약 5조7천억원) 투자")]
        [(5200000000.0, 'USD', '52억 달러'), (5700000000000.0, 'KRW', '5조7천억원')]
    """
    found = [money for match in matches(_AMOUNT, text) for money in _suffixed(text, match)]
    found += [_vague(match) for match in _VAGUE.finditer(text)]
    if _SPELLED_END.search(text):
        found += [_spelled(match) for match in _SPELLED.finditer(text)]
    if _FOREIGN.search(text):
        found += [_signed(text, match) for match in _SIGNED.finditer(text)]
        found += [_worded(text, match) for match in matches(_WORDED, text)]
    return _apart(sorted(found, key=lambda money: (money.span.start, -money.span.end, not money.approx)))


def _apart(found: list[Money]) -> tuple[Money, ...]:
    """Drop what lies inside the amount before it: the "5억 달러" of "US$ 5억 달러"."""
    kept: list[Money] = []
    for money in found:
        if not kept or money.span.start >= kept[-1].span.end:
            kept.append(money)
    return tuple(kept)


def _suffixed(text: str, match: re.Match[str]) -> list[Money]:
    number = match["number"]
    if match["unit"]:
        currency = _currency(match["unit"])
    elif match["won"]:
        if not re.search("[만억조億兆]", number) and not _SMALL_WON.match(text, match.end()):
            return []
        currency = "KRW"
    elif _bare_money(text, match):
        currency = "KRW"
    else:
        return []
    value = float(value_of(number))
    if not value:
        return []
    low = _lower_end(text, match, currency)
    money = _money(text, match.span(), value, currency, approx=bool(low))
    return [*low, money]


def _bare_money(text: str, match: re.Match[str]) -> bool:
    if not _BARE_OK.match(text, match.end()):
        return False
    number = match["number"]
    if number[-1] == "만":
        return bool(_HUNDRED_MILLIONS.search(number))
    if number[-1] == "조" and "." not in number and text.startswith("(", match.end()):
        return False  # "232조(관세)" is an article of a law
    return number[-1] != "조" or "." in number or not _LAW.search(text, max(0, match.start() - 3), match.start())


def _currency(unit: str) -> str:
    unit = unit.replace(" ", "")
    if unit.endswith("달러"):
        return _DOLLARS.get(unit.removesuffix("달러"), "USD")
    return _UNITS.get(unit, unit.upper())


def _lower_end(text: str, match: re.Match[str], currency: str) -> list[Money]:
    """Read the "5" of "5~10억 원": it shares the unit of the upper end."""
    low = _RANGE.search(text, max(0, match.start() - _RANGE_REACH), match.start())
    if low is None:
        return []
    value = value_of(low["low"])
    upper = match["number"].rstrip()
    if not re.search("[만억조億兆]", low["low"]) and upper[-1] in "만억조億兆":
        value *= value_of(upper[-1])
    if not value or value > value_of(upper):
        return []
    span = (low.start("low"), low.end("low"))
    return [_money(text, span, float(value), currency, approx=True)]


def _signed(text: str, match: re.Match[str]) -> Money:
    value = value_of(match["number"])
    if match["scale"]:
        value *= _SCALES[match["scale"]]
    elif match["letter"]:
        value *= _LETTERS[match["letter"]]
    return _money(text, match.span(), float(value), _SIGNS[match["sign"]])


def _worded(text: str, match: re.Match[str]) -> Money:
    value = float(value_of(match["words"]) * _SCALES[match["scale"].lower()])
    return _money(text, match.span(), value, _WORD_UNITS[match["unit"].lower()])


def _spelled(match: re.Match[str]) -> Money:
    value = float(value_of(match["words"].translate(_DIGIT_WORDS)))
    return Money(value, "KRW", match.group(), span=Span(*match.span()))


def _vague(match: re.Match[str]) -> Money:
    value = float(value_of(match["scale"]))
    return Money(value, _UNITS[match["unit"]], match.group(), approx=True, span=Span(*match.span()))


def _money(text: str, span: tuple[int, int], value: float, currency: str, *, approx: bool = False) -> Money:
    start, end = span
    before = _BEFORE.search(text, max(0, start - 12), start)
    printed = text[start:end]
    about = approx or "여" in printed or bool(_AFTER.match(text, end)) or bool(before and before["about"])
    per = "year" if before and not before["about"] else ""
    return Money(value, currency, printed.strip(), about, per, Span(start, end))
