"""Numbers as event slots: what stays the same when a story is told in other words.

A slot is 16 bits: its kind, and a hash of its value (and of its unit, for ordinals). Money is compared by its first
three figures and without its currency, so that "52억5000만 달러", "52.5억弗" and "52억5천만불" are one slot.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from monitor.dedup.grams import key

_TIMES = {"조": 10**12, "억": 10**8, "만": 10**4, "천": 10**3, "백": 10**2, "십": 10}
_TERM = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?([천백십]?)([조억만]?)")
_NUMBER = re.compile(
    r"(?P<joined>(?<=[가-힣a-z])-?)?"
    r"(?P<number>\d[\d,]*(?:\.\d+)?(?:\s?(?:[천백십][조억만]|[조억만천백])(?:\s?\d[\d,]*(?:\.\d+)?\s?[천백십]?[조억만천])*)?)"
    r"(?P<gap>\s?)(?P<unit>[가-힣%㎡弗社]{0,3})"
)
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
_ORDINAL_LIMIT = 3000  # "2,000호 공급" and "5만회 재생" are counts; nobody numbers meetings so high


class Kind(IntEnum):
    """What a number counts."""

    MONEY = 1
    ORDINAL = 2
    DAY = 3
    COUNT = 4
    NAMED = 5  # digits that belong to a name: "한빛7"
    PERCENT = 6
    YEAR = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """One number of a text."""

    kind: Kind
    code: int  # 16 bits, never 0
    value: float


def numbers(text: str) -> tuple[Slot, ...]:
    """Every number of *text* in reading order, each slot once.

    Args:
        text: Normalised lower-case prose.

    Example:
        >>> [slot.kind.name for slot in numbers("12차 회의서 5조7천억원")]
        ['ORDINAL', 'MONEY']
        >>> numbers("52억5000만 달러")[0].code == numbers("52.5억弗")[0].code
        True
    """
    found: dict[int, Slot] = {}
    for match in _NUMBER.finditer(text):
        slot = _slot(match["number"], match["gap"], match["unit"], joined=match["joined"] is not None)
        found.setdefault(slot.code, slot)
    return tuple(found.values())


def kind_of(code: int) -> Kind:
    """The kind that a slot's code holds."""
    return Kind(code >> 13)


def same_series(one: int, other: int) -> bool:
    """Whether two ordinals count the same thing ("12차" and "13차", not "2호")."""
    return one >> 8 == other >> 8


def _slot(number: str, gap: str, unit: str, *, joined: bool) -> Slot:
    value, scaled = _value(number)
    kind, counted = _kind(value, unit, scaled=scaled, near=not gap)
    if joined and kind is Kind.COUNT:
        kind = Kind.NAMED
    figures = f"{value:.2e}" if kind is Kind.MONEY else f"{value:g}"
    if kind is Kind.ORDINAL:
        code = kind << 13 | (key(counted) & 31) << 8 | (key(figures) & 255)
    else:
        code = kind << 13 | (key(figures) & 0x1FFF)
    return Slot(kind, code, value)


def _value(number: str) -> tuple[float, bool]:
    """Value of a printed number and whether it is written with 만, 억 or 조."""
    total, scaled = 0.0, False
    for digits, small, big in _TERM.findall(number):
        plain = digits.replace(",", "")
        total += float(plain) * _TIMES.get(small, 1) * _TIMES.get(big, 1)
        scaled = scaled or bool(big)
    return total, scaled


def _kind(value: float, unit: str, *, scaled: bool, near: bool) -> tuple[Kind, str]:
    for word in _ORDINAL:
        if near and unit.startswith(word) and value <= _ORDINAL_LIMIT:
            return Kind.ORDINAL, word
    if unit.startswith("%"):
        return Kind.PERCENT, ""
    if unit.startswith("일") and near:
        return Kind.DAY, ""
    if unit.startswith("년") and near:
        return Kind.YEAR, ""
    money = unit.startswith(_MONEY) or (scaled and value >= _TIMES["억"])
    return (Kind.MONEY if money else Kind.COUNT), ""
