"""How alike two tellings are: a row of measures, and one score of them.

The measures are shares of rare pairs of letters (weighted by ``rarity``), of sampled text and of numbers; the score
is a logistic regression of them, fitted on candidate pairs of labelled real articles with events kept together.
"""

import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from monitor.dedup.blob import Kept, chosen, codes, sampled
from monitor.dedup.grams import Short
from monitor.dedup.rarity import WEIGHTS
from monitor.dedup.reading import Reading
from monitor.dedup.slots import Kind, kind_of, same_series

Flags: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]

_WEIGHT = WEIGHTS.astype(np.float64) - 1.0
_DULL = {Kind.DAY, Kind.YEAR, Kind.SMALL}
_A_DAY = 24.0  # a notice days before and a report days after name the day of the event
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
    other_name: bool  # digits of names ("한빛7" against "한빛8") on both sides that the other does not tell
    other_day: bool  # each title marks a day that the other article does not
    hours: float
    same_date: bool  # both tell one date
    tiny: bool
    shared: int
    other_place: bool  # each title names a town that the other article does not
    strange_names: float  # weight of names in each title (repeated in its body) that the other does not tell
    figures: float  # share of the fewer large numbers that both tell, 1 when there are none


WEIGHTS_OF = {
    "always": -5.82,
    "titles": 1.40,
    "best_title": 1.50,
    "title_told": 1.95,
    "title_known": 2.77,
    "lead_told": 1.10,
    "lead_known": 1.63,
    "text": 0.32,
    "sums": 0.75,
    "title_numbers": 1.66,
    "hours": -1.10,
    "tiny": 1.00,
    "shared": 2.02,
    "other_place": -0.81,
}
"""Logistic regression on 6,800 candidate pairs of 647 labelled articles (375 events), with 210 likely and 5,000
unlikely pairs of 1,055 others at a weight of 0.6; ridge 2. With events kept apart in five folds, and a threshold of
-0.25: pairs P 0.992, R 0.983, B-cubed F1 0.993."""


def row(alike: Likeness) -> tuple[float, ...]:
    """The measures as the regression sees them, in the order of ``WEIGHTS_OF``."""
    hours = min(alike.hours, _A_DAY) if alike.same_date else alike.hours
    return (
        1.0, alike.titles, alike.best_title, alike.title_told, alike.title_known, alike.lead_told, alike.lead_known,
        alike.text, min(alike.sums, 2), min(alike.title_numbers, 2), math.log1p(hours / 6), alike.tiny,
        math.log1p(alike.shared), alike.other_place,
    )  # fmt: skip


def score(alike: Likeness) -> float:
    """Log-odds that two tellings tell one story."""
    return sum(weight * value for weight, value in zip(WEIGHTS_OF.values(), row(alike), strict=True))


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
    kept_lead = np.concatenate(chosen(reading))
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
        numbers=sum(kind not in _DULL for kind in kinds),
        sums=sum(kind is Kind.MONEY for kind in kinds),
        title_numbers=int(new.in_title_numbers[old.title_numbers].sum()),
        strange_numbers=min(len(mine), len(theirs)),
        other_turn=any(same_series(one, other) for one in mine for other in theirs if kind_of(one) is Kind.ORDINAL),
        other_name=_both(Kind.NAMED, mine, theirs),
        other_day=_both(Kind.DAY, mine, theirs),
        hours=hours,
        same_date=Kind.DAY in kinds,
        tiny=few,
        shared=shared,
        other_place=_other_place(new, old),
        strange_names=min(
            _sum(old.named[~new.in_body[old.named]]), _sum(np.setdiff1d(new.reading.named, known, assume_unique=True))
        ),
        figures=_figures(new, old_numbers),
    )


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
        mine = sampled(new.reading, old.step)
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


def _both(kind: Kind, mine: list[int], theirs: list[int]) -> bool:
    return kind in map(kind_of, mine) and kind in map(kind_of, theirs)


def _other_place(new: Subject, old: Kept) -> bool:
    mine, theirs = new.reading.title_places, old.title_places
    if not len(mine) or not len(theirs):
        return False
    known = {*theirs.tolist(), *old.body_places.tolist()}
    told = set(new.reading.body_places.tolist())
    return known.isdisjoint(mine.tolist()) and told.isdisjoint(theirs.tolist())


def _figures(new: Subject, old_numbers: Short) -> float:
    mine = [slot.code for slot in new.reading.body_numbers if slot.kind not in _DULL]
    theirs = [code for code in old_numbers.tolist() if kind_of(code) not in _DULL]
    fewer = min(len(mine), len(theirs))
    return len(set(mine) & set(theirs)) / fewer if fewer else 1.0
