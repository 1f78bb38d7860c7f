"""How alike a new article and each of its neighbours are: a row of measures each, and one score of the row.

The measures are shares of rare pairs of letters (weighted by ``rarity``), of sampled text and of numbers; the score is
a logistic regression of them. All neighbours are measured together: one array for 24 costs less than 24 loops.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from monitor.dedup.batch import Batch, Ints, Part
from monitor.dedup.blob import LIMITS
from monitor.dedup.grams import Flags
from monitor.dedup.rarity import WEIGHTS
from monitor.dedup.reading import Reading
from monitor.dedup.slots import KIND_AT, Kind
from monitor.dedup.subject import Subject

Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
Bits: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint8]]

WEIGHT = WEIGHTS - np.uint8(1)
"""What a pair of letters weighs in a comparison: 1 to 7."""
_CODES = 1 << 16
_IN_TITLE, _IN_BODY, _IN_LEAD, _NAMED, _ALONE, _TOLD, _IN_TITLE_NUMBERS = (1 << bit for bit in range(7))
_SETS = 5
_FIELD, _FIELD_BITS = 0x3FF, 10
"""Six sums share one integer, 10 bits each (an article's are below 400): one running sum costs what six would."""
_FIELDS = np.array(
    [
        sum((bits >> each & 1) << _FIELD_BITS * each for each in range(_SETS)) | 1 << _FIELD_BITS * _SETS
        for bits in range(1 << _SETS)
    ]
)
_A_DAY = 24.0  # a notice days before and a report days after name the day of the event
_FEW = 8  # sampled runs below which a share of text says little
_OWN_TEXT, _OWN_TITLE = 0.5, 0.7  # an outlet that tells more of its own article again rewrites it
_NAMES = 30  # weight of four or five rare pairs of letters: two names
WEIGHTS_OF = {
    "always": -3.34,
    "titles": 0.53,
    "title_told": 1.55,
    "title_known": 1.42,
    "both": 1.12,
    "common": 1.61,
    "lead_told": 1.47,
    "lead_known": 1.80,
    "text": 0.57,
    "title_numbers": 0.83,
    "hours": -0.97,
    "tiny": 0.05,
    "shared": 0.23,
    "other_party": -3.52,
    "own_pages": -1.01,
    "untold": -0.37,
}
"""Logistic regression on the candidate pairs of 647 labelled articles (375 events) and on 183 pairs near the border,
judged by reading, of a stream of 20,000 others; ``tools/train_stories.py`` fits and measures them. With events kept
apart in five folds: pair precision 0.991, recall 0.955, B cubed 0.991, 1.06 alerts for a told story; fitted on all:
0.998, 0.980, 0.993, 1.05."""
FACTORS = np.array(list(WEIGHTS_OF.values()))


@dataclass(frozen=True, slots=True)
class Measures:
    """One row a neighbour; shares are in [0, 1]."""

    titles: Floats  # of one title's weight in the other, mean of both ways
    title_told: Floats  # of the earlier title's weight told anywhere in the new article
    title_known: Floats  # of the new title's weight told in what is kept of the earlier article
    common: Ints  # weight of the pairs in both titles
    lead_told: Floats
    lead_known: Floats
    lead_alone: Floats  # as ``lead_known``, the new title's pairs left out
    text: Floats  # of the shorter text's runs that the other holds
    tiny: Flags  # too few runs to say much
    title_numbers: Ints  # numbers in both titles
    hours: Floats
    same_date: Flags  # both tell one date
    shared: Ints  # index keys
    other_party: Flags  # each title opens with a party that the other article does not tell
    own_pages: Flags  # of the new article's outlet, and little in common
    untold: Ints  # weight of names in the new title that the earlier article does not tell

    def scores(self, factors: Floats) -> Floats:
        """Log-odds that the new article and each neighbour tell one story; *factors* in the order of ``WEIGHTS_OF``."""
        scores: Floats = np.column_stack(self.columns()).astype(np.float64) @ factors
        return scores

    def columns(self) -> tuple[Floats | Ints | Flags, ...]:
        """The measures as the regression sees them, in the order of ``WEIGHTS_OF``."""
        hours = np.where(self.same_date, np.minimum(self.hours, _A_DAY), self.hours)
        return (
            np.ones(len(hours)), self.titles, self.title_told, self.title_known,
            np.minimum(self.title_told, self.title_known), np.log1p(self.common / 10), self.lead_told, self.lead_known,
            self.text, np.minimum(self.title_numbers, 2), np.log1p(hours / 6), self.tiny, np.log1p(self.shared),
            self.other_party, self.own_pages, np.minimum(self.untold / _NAMES, 2),
        )  # fmt: skip


def measures(new: Subject, old: Batch, hours: Floats, shared: Ints, own: Flags) -> Measures:
    """Measure *new* against each of *old*, *hours* apart, with *shared* index keys; *own* are its outlet's."""
    where = _marked(new)
    flags = where[old.codes]
    weights = old.running(_FIELDS[flags & (1 << _SETS) - 1] * WEIGHT[old.codes])
    in_title, told, kept, named, alone, title = _fields(old.between(weights, Part.NAMED, Part.BODY))
    in_lead, lead, more, named_too, alone_too, body = _fields(old.between(weights, Part.BODY, Part.TITLE_NUMBERS))
    new_title = int(WEIGHT[new.reading.title].sum(dtype=np.int64))
    dates = (flags & _TOLD > 0) & (old.codes >> KIND_AT == Kind.DAY)
    text, tiny = _text(new.reading, old)
    titles = (_share(in_title, title) + _share(in_title, new_title)) / 2
    return Measures(
        titles=titles,
        title_told=_share(told, title),
        title_known=_share(in_title + in_lead, new_title),
        common=in_title,
        lead_told=_share(lead, body),
        lead_known=_share(kept + more, int(WEIGHT[new.lead].sum(dtype=np.int64))),
        lead_alone=_share(alone + alone_too, int(WEIGHT[new.lead_alone].sum(dtype=np.int64))),
        text=text,
        tiny=tiny,
        title_numbers=old.total(flags & _IN_TITLE_NUMBERS > 0, Part.TITLE_NUMBERS, Part.BODY_NUMBERS),
        hours=hours,
        same_date=old.total(dates, Part.TITLE_NUMBERS, Part.TITLE_PLACES) > 0,
        shared=shared,
        other_party=_other_party(new.reading.party, old, where),
        own_pages=own & (text < _OWN_TEXT) & (titles < _OWN_TITLE),
        untold=int(WEIGHT[new.reading.named].sum(dtype=np.int64)) - named - named_too,
    )


def _fields(sums: Ints) -> tuple[Ints, ...]:
    """The packed *sums* apart: in the new title, in its title and body, kept lead, names, lead alone; of all."""
    return tuple(sums >> _FIELD_BITS * each & _FIELD for each in range(_SETS + 1))


def _marked(new: Subject) -> Bits:
    """For every code in which of the sets of *new* it stands."""
    where = np.zeros(_CODES, dtype=np.uint8)
    where[new.reading.body] = _IN_BODY
    where[new.lead] |= _IN_LEAD
    where[new.reading.title] |= _IN_TITLE
    where[new.reading.named] |= _NAMED
    where[new.lead_alone] |= _ALONE
    where[list(new.told)] |= _TOLD
    where[list(new.title_numbers)] |= _IN_TITLE_NUMBERS
    return where


def _share(part: Ints, whole: Ints | int) -> Floats:
    return part / np.maximum(whole, 1)


def _other_party(mine: int, old: Batch, where: Bits) -> Flags:
    theirs = old.parties
    if not mine:
        return np.zeros(len(theirs), dtype=bool)
    strange = (theirs != 0) & (theirs != mine) & (where[theirs] & _IN_BODY == 0)
    other: Flags = strange & (old.total(old.codes == mine, Part.NAMED, Part.TITLE_NUMBERS) == 0)
    return other


def _text(new: Reading, old: Batch) -> tuple[Floats, Flags]:
    """Share of the shorter text's sampled runs in the other, and whether they are too few to say much.

    A run of the new article is marked with the number of the neighbours' thresholds that it passes.
    """
    steps = sorted(set(old.steps.tolist()))
    place = {step: at for at, step in enumerate(steps)}
    rank = np.array([place[step] for step in old.steps.tolist()])
    passed = np.searchsorted(new.runs, LIMITS[steps])
    marks = np.zeros(len(new.runs), dtype=np.uint8)
    for count in passed.tolist():
        marks[:count] += 1
    marked = np.zeros(_CODES, dtype=np.uint8)
    marked[new.runs[::-1].astype(np.uint16)] = marks[::-1]  # of two runs with one code the lower one passes more
    held = old.total(marked[old.codes] > np.repeat(rank, old.lengths), Part.RUNS, Part.END)
    shorter = np.minimum(passed[rank], old.count(Part.RUNS, Part.END))
    return np.minimum(1.0, held / np.maximum(_FEW, shorter)), shorter < _FEW
