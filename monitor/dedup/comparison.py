"""A new article beside its neighbours: measured together, while what costs more is asked of few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from monitor.dedup.batch import batch
from monitor.dedup.blob import readable, unpack
from monitor.dedup.kinship import WINDOW, is_event_of, speaks_of_deal
from monitor.dedup.likeness import Likeness, likeness
from monitor.dedup.lookalike import apart
from monitor.dedup.measures import Floats, Measures, measures
from monitor.dedup.reading import Reading, read
from monitor.dedup.subject import Subject, subject
from monitor.model import Article, Neighbour

_ANNOUNCED = 2.0
"""Log-odds, at least, of an event after its notice: the notice has other words and other figures."""
_RETOLD = 0.4
"""Share of text from which a notice and its event are copies, or one form filled in twice: compared as any others."""
_UNDATED_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row a neighbour."""

    new: Subject
    neighbours: tuple[Neighbour, ...]
    measured: Measures
    announced: frozenset[int]  # rows of notices whose event the new article tells

    def scores(self, factors: Floats) -> tuple[float, ...]:
        """Log-odds that each neighbour tells the new article's story; *factors* as in ``Measures.scores``."""
        scores = self.measured.scores(factors)
        notices = list(self.announced)
        scores[notices] = np.maximum(scores[notices], _ANNOUNCED)
        return tuple(scores.tolist())

    def alike(self, at: int) -> Likeness:
        """What the new article and neighbour *at* share beyond their measures."""
        return likeness(self.new, unpack(self.neighbours[at].blob), self.measured, at)

    def parted(self, at: int) -> bool:
        """Whether a person told the two apart, or they only look alike."""
        return self.neighbours[at].told_apart or (at not in self.announced and apart(self.alike(at)))

    def same_day(self) -> list[int]:
        """Rows that tell the same date within two days and that no person told apart."""
        near = np.flatnonzero(self.measured.same_date & (self.measured.hours <= WINDOW))
        return [at for at in near.tolist() if not self.neighbours[at].told_apart]


def compare(article: Article, neighbours: Sequence[Neighbour]) -> Comparison | None:
    """Measure *article* against those *neighbours* whose blobs can be read; ``None`` when there are none."""
    known = tuple(each for each in neighbours if readable(each.blob))
    if not known:
        return None
    reading = read(article)
    new = subject(reading)
    measured = measures(
        new,
        batch([each.blob for each in known]),
        np.array([_hours(article.published_at, each) for each in known]),
        np.array([each.shared for each in known]),
        np.array([each.outlet == article.outlet for each in known]),
    )
    return Comparison(new, known, measured, frozenset(_announced(reading, article.published_at, known, measured)))


def _announced(
    reading: Reading, published_at: datetime | None, known: tuple[Neighbour, ...], measured: Measures
) -> list[int]:
    if not speaks_of_deal(reading):
        return []
    dated = [(at, known[at]) for at in np.flatnonzero(measured.same_date & (measured.text < _RETOLD)).tolist()]
    return [at for at, each in dated if is_event_of(reading, published_at, unpack(each.blob), each.published_at)]


def _hours(published: datetime | None, neighbour: Neighbour) -> float:
    if published is None or neighbour.published_at is None:
        return _UNDATED_HOURS
    return abs((published - neighbour.published_at).total_seconds()) / 3600
