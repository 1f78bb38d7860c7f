"""What two tellings share and what parts them, beyond the measures of their score: numbers, places, names."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.dedup.blob import Codes, Kept
from monitor.dedup.measures import WEIGHT, Measures
from monitor.dedup.slots import KIND_AT, Kind, is_mark, kind_of, same_series
from monitor.dedup.subject import Subject

_WEIGHT = WEIGHT.tobytes()
_DULL = {Kind.DAY, Kind.YEAR, Kind.SMALL}


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two tellings compared; shares are in [0, 1]."""

    titles: float  # as in ``Measures``
    lead: float  # the better share of one title and lead in the other
    lead_alone: float  # the same of one lead without its title
    text: float
    tiny: bool
    title_numbers: int
    hours: float
    same_date: bool
    numbers: int  # numbers both tell, days and years left out
    sums: int  # amounts of money both tell
    strange_numbers: int  # title numbers on both sides that the other article does not tell
    other_sums: bool  # both tell amounts of money, none in common
    other_reading: bool  # prices, indices or shares in both titles that the other does not tell
    other_turn: bool  # "12차" against "13차" in the titles
    other_name: bool  # digits of names ("한빛7" against "한빛8") on both sides that the other does not tell
    other_series: bool  # only one is marked [특징주], [인사], [사설] …
    other_day: bool  # each title marks a day that the other article does not
    other_place: bool  # each title names a town that the other article does not
    strange_names: int  # weight of names in each title (repeated in its body) that the other does not tell
    figures: float  # share of the fewer large numbers that both tell, 1 when there are none


def likeness(new: Subject, old: Kept, measured: Measures, at: int) -> Likeness:
    """Compare a new article with what is kept of an earlier one, whose measures stand in row *at*."""
    old_numbers = old.title_numbers + old.body_numbers
    told = new.told.intersection(old_numbers)
    kinds = [code >> KIND_AT for code in told]
    mine, theirs = _strange(new, old, old_numbers)
    return Likeness(
        titles=float(measured.titles[at]),
        lead=float(max(measured.lead_told[at], measured.lead_known[at])),
        lead_alone=float(max(measured.lead_told[at], measured.lead_alone[at])),
        text=float(measured.text[at]),
        tiny=bool(measured.tiny[at]),
        title_numbers=int(measured.title_numbers[at]),
        hours=float(measured.hours[at]),
        same_date=bool(measured.same_date[at]),
        numbers=_large(told),
        sums=kinds.count(Kind.MONEY),
        strange_numbers=min(len(mine), len(theirs)),
        other_sums=Kind.MONEY not in kinds and _both(Kind.MONEY, new.numbers, old_numbers),
        other_reading=bool(mine and theirs) and _reads(mine) and _reads(theirs),
        other_turn=any(same_series(one, other) for one in mine for other in theirs if kind_of(one) is Kind.ORDINAL),
        other_name=_both(Kind.NAMED, mine, theirs),
        other_series=_marks(new.title_numbers) != _marks(old.title_numbers),
        other_day=_both(Kind.DAY, mine, theirs),
        other_place=_other_place(new, old),
        strange_names=_strange_names(new, old),
        figures=_figures(new, old_numbers, told),
    )


def _sum(hashes: Iterable[int]) -> int:
    return sum(map(_WEIGHT.__getitem__, hashes))


def _large(numbers: Iterable[int]) -> int:
    """How many of *numbers* say something: no day, no year, no count below ten."""
    return sum([code >> KIND_AT not in _DULL for code in numbers])


def _reads(numbers: Iterable[int]) -> bool:
    return any(code >> KIND_AT != Kind.MONEY for code in numbers)


def _strange(new: Subject, old: Kept, old_numbers: Codes) -> tuple[list[int], list[int]]:
    """Numbers of each title that the other article does not tell."""
    mine = [code for code in new.title_numbers if code not in old_numbers and code >> KIND_AT]
    theirs = [code for code in old.title_numbers if code not in new.told and code >> KIND_AT]
    return mine, theirs


def _both(kind: Kind, mine: Iterable[int], theirs: Iterable[int]) -> bool:
    return kind in [code >> KIND_AT for code in mine] and kind in [code >> KIND_AT for code in theirs]


def _marks(title_numbers: Codes) -> set[int]:
    return {code for code in title_numbers if is_mark(code)}


def _other_place(new: Subject, old: Kept) -> bool:
    if not new.title_places or not old.title_places:
        return False
    return new.title_places.isdisjoint(old.title_places + old.body_places) and new.places.isdisjoint(old.title_places)


def _strange_names(new: Subject, old: Kept) -> int:
    theirs = _sum([one for one in old.named if one not in new.in_body])
    return min(theirs, _sum(set(new.reading.named.tolist()).difference(old.title, old.body))) if theirs else 0


def _figures(new: Subject, old_numbers: Codes, told: Iterable[int]) -> float:
    fewer = min(_large(new.numbers), _large(old_numbers))
    return _large(told) / fewer if fewer else 1.0
