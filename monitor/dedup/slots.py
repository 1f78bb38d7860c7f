"""Numbers as event slots: what stays the same when a story is told in other words.

A slot is 16 bits: its kind, and a hash of its value (and of its unit, for ordinals). Money is compared by its first
four figures and without its currency, so that "52억5000만 달러", "52.5억弗" and "52억5천만불" are one slot.
"""

import datetime as dt
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from monitor.dedup.grams import bits

_TIMES = {"조": 10**12, "억": 10**8, "만": 10**4, "천": 10**3, "백": 10**2, "십": 10}
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_TERM = re.compile(rf"({_DIGITS})([천백십]?)\s?([조억만]?)")
_SCALE = r"(?:[천백십]?\s?[조억만]|[천백](?![가-힣]{2}))"
_NUMBER = re.compile(
    r"(?P<joined>(?<=[가-힣a-z])-?)?"
    rf"(?P<number>{_DIGITS}(?:{_SCALE}(?:\s?{_DIGITS}{_SCALE})*)?)"
    r"(?P<gap>\s?)(?P<unit>[가-힣%㎡弗社]{0,3})"
)
_MONTH = re.compile(r"(\d{1,2})월\s?$")
_KST = dt.timezone(timedelta(hours=9))
_NEAR = 16  # days: "23일" is the nearest 23rd, before or after the publication
_MONEY = ("원", "달러", "弗", "불", "유로", "엔", "위안", "파운드", "동")
_ORDINAL = (
    "차",
    "호",
    "기",
    "회",
    "번째",
    "단계",
    "공장",
    "일차",
    "분기",
    "라운드",
    "탄",
    "편",
    "구역",
    "지구",
    "블록",
)
_SPANS = ("일간", "일째", "일차", "일치")
_LAST_DAY = 31
_YEARS = range(1900, 2101)
_SMALL = 10
_PRICE = 10**6  # below it money is a price, a rate of exchange, a quotation: a count, not a sum
_ORDINAL_LIMIT = 3000  # "2,000호 공급" and "5만회 재생" are counts; nobody numbers meetings so high


class Kind(IntEnum):
    """What a number counts."""

    SMALL = 0  # a count below ten: says nothing
    MONEY = 1
    ORDINAL = 2
    DAY = 3
    COUNT = 4
    NAMED = 5  # digits that belong to a name: "한빛7"
    PERCENT = 6
    YEAR = 7


KIND_AT = 13
"""A code's kind stands above so many bits; ``code >> KIND_AT`` is its number, ``Kind.SMALL`` is 0."""
_KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Slot:
    """One number of a text."""

    kind: Kind
    code: int  # 16 bits, never 0
    value: float


def numbers(text: str, published: datetime | None = None) -> tuple[Slot, ...]:
    """Every number of *text* in reading order, each slot once.

    Args:
        text: Normalised lower-case prose.
        published: When it was published; days ("오는 23일") become dates near it.

    Example:
        >>> [slot.kind.name for slot in numbers("12차 회의서 5조7천억원")]
        ['ORDINAL', 'MONEY']
        >>> numbers("52억5000만 달러")[0].code == numbers("52.5억弗")[0].code
        True
    """
    found: dict[int, Slot] = {}
    today = korean_day(published) if published else None
    for match in _NUMBER.finditer(text):
        slot = _slot(match["number"], match["gap"], match["unit"], joined=match["joined"] is not None)
        if slot.kind is Kind.DAY:
            slot = _dated(slot, text[max(0, match.start() - 4) : match.start()], today)
        found.setdefault(slot.code, slot)
    return tuple(found.values())


def mark_code(series: str) -> int:
    """A slot for the kind of column a title is marked with; among the numbers that say nothing."""
    return Kind.SMALL << 13 | 0x1000 | bits(series, 12)


def is_mark(code: int) -> bool:
    """Whether a slot is a column's mark."""
    return code >> 12 == 1


def day_code(day: dt.date) -> int:
    """The code of a date."""
    return Kind.DAY << 13 | bits(f"{day.month}-{day.day}", 13)


def korean_day(at: datetime) -> dt.date:
    """The day of *at* in Korea."""
    return at.astimezone(_KST).date()


def _dated(slot: Slot, before: str, today: dt.date | None) -> Slot:
    month = _MONTH.search(before)
    if month:
        return Slot(Kind.DAY, Kind.DAY << 13 | bits(f"{int(month[1])}-{slot.value:g}", 13), slot.value)
    if today is None:
        return slot
    for gap in range(_NEAR):
        for day in (today - timedelta(days=gap), today + timedelta(days=gap)):
            if day.day == slot.value:
                return Slot(Kind.DAY, day_code(day), slot.value)
    return slot


def kind_of(code: int) -> Kind:
    """The kind that a slot's code holds."""
    return _KINDS[code >> KIND_AT]


def same_series(one: int, other: int) -> bool:
    """Whether two ordinals count the same thing ("12차" and "13차", not "2호")."""
    return one >> 8 == other >> 8


def _slot(number: str, gap: str, unit: str, *, joined: bool) -> Slot:
    value, scaled = _value(number)
    kind, counted = _kind(value, unit, scaled=scaled, near=not gap)
    if joined and kind in {Kind.COUNT, Kind.SMALL}:
        kind = Kind.NAMED
    figures = f"{value:.3e}" if kind is Kind.MONEY else f"{value:g}"
    if kind is Kind.ORDINAL:
        code = kind << 13 | bits(counted, 5) << 8 | bits(figures, 8)
    else:
        code = kind << 13 | bits(figures, 12 if kind is Kind.SMALL else 13)
    return Slot(kind, code, value)


def _value(number: str) -> tuple[float, bool]:
    """Value of a printed number ("1조 2천5백억") and whether it is written with 만, 억 or 조."""
    total, part, scaled = 0.0, 0.0, False
    for digits, small, big in _TERM.findall(number):
        part += float(digits.replace(",", "")) * _TIMES.get(small, 1)
        if big:
            total, part, scaled = total + part * _TIMES[big], 0.0, True
    return total + part, scaled


def _kind(value: float, unit: str, *, scaled: bool, near: bool) -> tuple[Kind, str]:
    for word in _ORDINAL:
        if near and unit.startswith(word) and value <= _ORDINAL_LIMIT:
            return Kind.ORDINAL, word
    if unit.startswith("%"):
        return Kind.PERCENT, ""
    if unit.startswith("일") and near and not unit.startswith(_SPANS) and value <= _LAST_DAY:
        return Kind.DAY, ""
    if (unit.startswith("년") and near) or (not unit and value in _YEARS):
        return Kind.YEAR, ""
    money = (unit.startswith(_MONEY) and value >= _PRICE) or (scaled and (not unit or value >= _TIMES["억"]))
    if money:
        return Kind.MONEY, ""
    return (Kind.COUNT if value >= _SMALL else Kind.SMALL), ""
