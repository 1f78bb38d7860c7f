"""How alike two tellings are: a row of measures, and one score of them.

The measures are shares of rare pairs of letters (weighted by ``rarity``), of sampled text and of numbers; the score
is a logistic regression of them, fitted on candidate pairs of labelled real articles with events kept together.
"""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from monitor.dedup.fingerprint import Kept, Reading, rarest, sampled_short
from monitor.dedup.grams import Short
from monitor.dedup.rarity import WEIGHTS
from monitor.dedup.slots import Kind, Slot, kind_of, same_series

Flags: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]

_WEIGHT = WEIGHTS.astype(np.float64) - 1.0
_FEW = 8  # sampled runs below which a share of text says little


@dataclass(frozen=True, slots=True)
class Likeness:
    """Measures of two tellings; shares are in [0, 1]."""

    titles: float  # of one title's weight in the other, mean of both ways
    best_title: float  # the better way
    title_told: float  # of the earlier title's weight told anywhere in the new article
    title_known: float  # of the new title's weight told in what is kept of the earlier article
    lead_told: float
    lead_known: float
    text: float  # of the shorter text's runs that the other holds
    numbers: int  # numbers both tell, days and years left out
    sums: int  # amounts of money both tell
    title_numbers: int  # numbers in both titles
    strange_numbers: int  # title numbers on both sides that the other article does not tell
    other_turn: bool  # "12차" against "13차" in the titles
    other_day: bool  # each title marks a day that the other article does not
    hours: float
    tiny: bool
    shared: int


NAMES = (
    "always", "titles", "best_title", "title_told", "title_known", "lead_told", "lead_known", "text", "numbers", "sums",
    "title_numbers", "strange_numbers", "other_turn", "other_day", "hours", "tiny", "shared",
)  # fmt: skip


def row(alike: Likeness) -> tuple[float, ...]:
    """The measures as the regression sees them, in the order of ``NAMES``."""
    return (
        1.0, alike.titles, alike.best_title, alike.title_told, alike.title_known, alike.lead_told, alike.lead_known,
        alike.text, min(alike.numbers, 3), min(alike.sums, 2), min(alike.title_numbers, 2),
        min(alike.strange_numbers, 2), alike.other_turn, alike.other_day, math.log1p(alike.hours / 6), alike.tiny,
        math.log1p(alike.shared),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """A new article prepared for many comparisons: sets as tables of 65,536 flags."""

    reading: Reading
    in_title: Flags
    in_body: Flags
    in_numbers: Flags
    in_title_numbers: Flags
    title_weight: float
    lead_weight: float
    lead: Flags
    by_step: dict[int, tuple[Flags, int]] = field(default_factory=dict)


def subject(reading: Reading) -> Subject:
    """Prepare *reading* for comparisons."""
    kept_lead = rarest(reading)
    return Subject(
        reading=reading,
        in_title=_flags(reading.title),
        in_body=_flags(reading.body),
        in_numbers=_flags(codes(reading.body_numbers)),
        in_title_numbers=_flags(codes(reading.title_numbers)),
        title_weight=_sum(reading.title),
        lead_weight=_sum(kept_lead),
        lead=_flags(kept_lead),
    )


def likeness(new: Subject, old: Kept, *, hours: float, shared: int) -> Likeness:
    """Measure a new article against what is kept of an earlier one, *hours* apart, *shared* index keys."""
    known = np.concatenate((old.title, old.body))
    old_title = _sum(old.title)
    both_titles = _sum(old.title[new.in_title[old.title]])
    ways = _share(both_titles, old_title), _share(both_titles, new.title_weight)
    old_numbers = np.concatenate((old.title_numbers, old.body_numbers))
    told = old_numbers[new.in_numbers[old_numbers]]
    kinds = [kind_of(int(code)) for code in told]
    mine, theirs = _strange(new, old, old_numbers)
    text, few = _text(new, old)
    return Likeness(
        titles=sum(ways) / 2,
        best_title=max(ways),
        title_told=_share(_sum(old.title[new.in_body[old.title]]), old_title),
        title_known=_share(_sum(known[new.in_title[known]]), new.title_weight),
        lead_told=_share(_sum(old.body[new.in_body[old.body]]), _sum(old.body)),
        lead_known=_share(_sum(known[new.lead[known]]), new.lead_weight),
        text=text,
        numbers=sum(kind not in {Kind.DAY, Kind.YEAR} for kind in kinds),
        sums=sum(kind is Kind.MONEY for kind in kinds),
        title_numbers=int(new.in_title_numbers[old.title_numbers].sum()),
        strange_numbers=min(len(mine), len(theirs)),
        other_turn=_other_turn(new, old),
        other_day=Kind.DAY in map(kind_of, mine) and Kind.DAY in map(kind_of, theirs),
        hours=hours,
        tiny=few,
        shared=shared,
    )


def codes(slots: tuple[Slot, ...]) -> Short:
    """Codes of *slots* as an array."""
    return np.array([slot.code for slot in slots], dtype=np.uint16)


def _flags(hashes: Short) -> Flags:
    table = np.zeros(1 << 16, dtype=bool)
    table[hashes] = True
    return table


def _sum(hashes: Short) -> float:
    return float(_WEIGHT[hashes].sum())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _text(new: Subject, old: Kept) -> tuple[float, bool]:
    """Share of the shorter text's sampled runs in the other, and whether they are too few to say much."""
    if old.step not in new.by_step:
        mine = sampled_short(new.reading, old.step)
        new.by_step[old.step] = _flags(mine), len(mine)
    table, n_mine = new.by_step[old.step]
    shorter = min(n_mine, len(old.runs))
    return min(1.0, int(table[old.runs].sum()) / max(_FEW, shorter)), shorter < _FEW


def _strange(new: Subject, old: Kept, old_numbers: Short) -> tuple[list[int], list[int]]:
    """Numbers of each title that the other article does not tell."""
    known = set(old_numbers.tolist())
    mine = [slot.code for slot in new.reading.title_numbers if slot.code not in known]
    theirs = [int(code) for code in old.title_numbers if not new.in_numbers[code]]
    return mine, theirs


def _other_turn(new: Subject, old: Kept) -> bool:
    mine = [slot.code for slot in new.reading.title_numbers if slot.kind is Kind.ORDINAL]
    theirs = [int(code) for code in old.title_numbers if kind_of(int(code)) is Kind.ORDINAL]
    return any(one != other and same_series(one, other) for one in mine for other in theirs)
