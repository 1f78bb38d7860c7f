"""Has this story been told before, and which one is it?"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from monitor.dedup.batch import batch
from monitor.dedup.blob import readable, unpack
from monitor.dedup.kinship import WINDOW, is_event_of, is_part, is_summary, is_whole, speaks_of_deal
from monitor.dedup.likeness import Likeness, likeness
from monitor.dedup.lookalike import apart
from monitor.dedup.measures import Measures, measures
from monitor.dedup.reading import Reading, read
from monitor.dedup.subject import Subject, subject
from monitor.model import Article, ArticleKey, Facts, Fingerprint, Match, Neighbour, StoryId

_ENOUGH = -0.25
"""Log-odds from which two articles are one story: half of its best telling, half of the mean of its tellings. The mean
keeps a story from growing through its odd members (measured: pair precision 0.91 to 0.99 at the same recall)."""
_OWN_PAGES = 1.15
"""Log-odds off when one outlet's two articles share little: it seldom rewrites its own story, and a town's press board
names its town and its mayor in every release."""
_ANNOUNCED = 2.0
"""Log-odds, at least, of an event after its notice: the notice has other words and other figures."""
_SAME_TEXT = 0.9
_OWN_TEXT, _OWN_TITLE = 0.5, 0.7
_UNDATED_HOURS = 24.0


def story_id(key: ArticleKey) -> StoryId:
    """Name the story that the article *key* tells first; the first letter is the version of the hash."""
    return StoryId("s" + hashlib.blake2b(key.encode(), digest_size=10).hexdigest())


@dataclass(frozen=True, slots=True)
class _Table:
    """A new article and its neighbours, measured together; what costs more is asked of few."""

    new: Subject
    neighbours: tuple[Neighbour, ...]
    measured: Measures
    announced: frozenset[int]  # rows of notices whose event the new article tells
    scores: tuple[float, ...]

    def alike(self, at: int) -> Likeness:
        return likeness(self.new, unpack(self.neighbours[at].blob), self.measured, at)

    def parted(self, at: int) -> bool:
        return self.neighbours[at].told_apart or (at not in self.announced and apart(self.alike(at)))

    def same_day(self) -> list[int]:
        """Rows that tell the same date within two days and that no person told apart."""
        near = np.flatnonzero(self.measured.same_date & (self.measured.hours <= WINDOW))
        return [at for at in near.tolist() if not self.neighbours[at].told_apart]


def same_story(
    article: Article, facts: Facts, fingerprint: Fingerprint, neighbours: Sequence[Neighbour]
) -> Match | None:
    """Find the story that *article* retells.

    Args:
        article: The new article.
        facts: What it names; ``Facts()`` is valid.
        fingerprint: Its own fingerprint.
        neighbours: Known articles that share index keys, any order; 24 are enough.

    Returns:
        The best story with the reason in Korean; with ``is_part`` the bigger story that a new one is a part of; or
        ``None`` when the story is new.
    """
    del fingerprint
    reading = read(article)
    table = _table(reading, article, neighbours)
    if table is None:
        return None
    ranked = max(_strengths(table), default=None)
    return _part(table, reading, facts) if ranked is None else _match(ranked[0], table, ranked[2])


def parts(article: Article, neighbours: Sequence[Neighbour]) -> tuple[StoryId, ...]:
    """Stories told earlier that are parts of what *article* announces for a whole province, each once.

    Args:
        article: The new article.
        neighbours: As for ``same_story``.
    """
    reading = read(article)
    table = _table(reading, article, neighbours) if is_summary(reading) else None
    if table is None:
        return ()
    rows = [table.neighbours[at] for at in table.same_day()]
    return tuple(dict.fromkeys(each.story for each in rows if is_whole(reading, unpack(each.blob))))


def _table(reading: Reading, article: Article, neighbours: Sequence[Neighbour]) -> _Table | None:
    known = tuple(each for each in neighbours if readable(each.blob))
    if not known:
        return None
    new = subject(reading)
    hours = np.array([_hours(article.published_at, each) for each in known])
    measured = measures(new, batch([each.blob for each in known]), hours, np.array([each.shared for each in known]))
    own = np.array([each.outlet == article.outlet for each in known])
    loose = (measured.text < _OWN_TEXT) & (measured.titles < _OWN_TITLE)
    scores = measured.scores() - _OWN_PAGES * (own & loose)
    announced = _announced(reading, article.published_at, known, measured)
    scores[announced] = np.maximum(scores[announced], _ANNOUNCED)
    return _Table(new, known, measured, frozenset(announced), tuple(scores.tolist()))


def _announced(
    reading: Reading, published_at: datetime | None, known: tuple[Neighbour, ...], measured: Measures
) -> list[int]:
    if not speaks_of_deal(reading):
        return []
    dated = [(at, known[at]) for at in np.flatnonzero(measured.same_date).tolist()]
    return [at for at, each in dated if is_event_of(reading, published_at, unpack(each.blob), each.published_at)]


def _strengths(table: _Table) -> Iterator[tuple[float, StoryId, int]]:
    """Each story that is strong enough: its strength, its name, and the row of its best telling that is not apart.

    Half of the strength is the best telling, so tellings are looked at from the best down and only while they could
    still be enough: few of the neighbours are ever asked whether they are look-alikes.
    """
    rows: dict[StoryId, list[int]] = {}
    for at in sorted(range(len(table.scores)), key=lambda at: -table.scores[at]):
        rows.setdefault(table.neighbours[at].story, []).append(at)
    for story, tellings in rows.items():
        mean = sum(table.scores[at] for at in sorted(tellings)) / len(tellings)
        for at in tellings:
            strength = table.scores[at] / 2 + mean / 2
            if strength <= _ENOUGH:
                break
            if not table.parted(at):
                yield strength, story, at
                break


def _part(table: _Table, reading: Reading, facts: Facts) -> Match | None:
    if not speaks_of_deal(reading):
        return None
    wholes = [at for at in table.same_day() if is_part(reading, facts, unpack(table.neighbours[at].blob))]
    if not wholes:
        return None
    best = max(wholes, key=table.scores.__getitem__)
    whole = table.neighbours[best]
    because = f"같은 날 광역 단위 발표의 일부: {whole.title}"
    return Match(whole.story, because, 1 / (1 + math.exp(-table.scores[best])), is_part=True)


def _hours(published: datetime | None, neighbour: Neighbour) -> float:
    if published is None or neighbour.published_at is None:
        return _UNDATED_HOURS
    return abs((published - neighbour.published_at).total_seconds()) / 3600


def _match(strength: float, table: _Table, best: int) -> Match:
    alike, neighbour = table.alike(best), table.neighbours[best]
    copied = alike.text >= _SAME_TEXT and not alike.tiny
    chance = 1 / (1 + math.exp(-strength))
    return Match(neighbour.story, _because(alike, neighbour.title, copied=copied), chance, is_copy=copied)


def _because(alike: Likeness, title: str, *, copied: bool) -> str:
    if copied:
        return f"본문이 거의 같음 ({alike.text:.0%}): {title}"
    said = [f"제목 어휘 {alike.titles:.0%}", f"본문 {alike.text:.0%}"]
    if alike.sums:
        said.append("같은 금액")
    if alike.numbers > alike.sums:
        said.append(f"같은 수치 {alike.numbers - alike.sums}개")
    if alike.same_date:
        said.append("같은 날짜")
    return f"{' · '.join(said)} 일치: {title}"
