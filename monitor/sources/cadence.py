"""When to look again: the outlet's own rhythm, a budget of polls, and patience with those that fail."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from monitor.model import Link

_KST = timezone(timedelta(hours=9))
HOURS = 168  # of a Korean week; hour 0 is Monday 00:00 KST

FLOOR = timedelta(minutes=1)
CEILING = timedelta(hours=6)
# A server may ask for any wait; beyond a day it is asked anyway, because sources come back (ACCEPTANCE D9, W14).
_LONGEST_WAIT = timedelta(days=1)
_FIRST_BACKOFF = timedelta(minutes=1)
_BUDGET = 96.0  # polls a day for an outlet of usual size: one in a quarter of an hour on average
# Publications a day of an outlet of usual size. Over many outlets the mean wait is least when polls are shared out by
# the square root of what each publishes; on 19 recorded outlets that alone took a third off the wait (bench/cadence.py).
_USUAL_RATE = 24.0
_LEAST_BUDGET, _MOST_BUDGET = 0.25, 4.0  # times the budget: a silent board is still looked at every hour of its day
# Between 5 and 22 of 100 articles of 18 recorded outlets are stamped with the full hour, three to thirteen times as
# many as with another minute: they were scheduled. A poll that falls near the hour is made just after it.
_AFTER_THE_HOUR = timedelta(seconds=70)
_NEAR = 0.4  # of the step, before or after

# Weight of a publication halves in four weeks: a paper that changes its hours is followed within a month.
_HALF_LIFE = timedelta(days=28)
_MEMORY = timedelta(days=200)  # after seven half-lives nothing is left of a publication
# What is believed before anything is known: newsrooms and press offices work 08–19 on weekdays. Worth this many
# publications, so that a few dozen observed ones outweigh it.
_PRIOR_WEIGHT = 24.0


def _prior() -> tuple[float, ...]:
    day = [0.4] * 6 + [0.6, 0.9] + [1.4] * 11 + [0.8, 0.7, 0.6, 0.5, 0.4]
    weekend = [0.5 * weight for weight in day]
    week = day * 5 + weekend * 2
    return tuple(weight / sum(week) for weight in week)


PRIOR = _prior()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often one outlet publishes in each hour of the week, and how many polls it may cost.

    ``counts`` are publications by hour, decayed to ``as_of``; ``since`` is when the first of them appeared (both in
    seconds since 1970, UTC); ``budget`` is polls a day for an outlet that publishes as much as most.
    """

    counts: tuple[float, ...] = (0.0,) * HOURS
    as_of: float = 0.0
    budget: float = _BUDGET
    since: float = 0.0

    def to_json(self) -> str:
        """Return the rhythm as a short JSON text; ``from_json`` reads it back."""
        counts = [round(count, 3) for count in self.counts]
        return json.dumps({"c": counts, "t": round(self.as_of), "b": self.budget, "s": round(self.since)})

    @classmethod
    def from_json(cls, text: str) -> "Rhythm":
        """Read what ``to_json`` wrote; an empty, foreign or damaged text is a rhythm that knows nothing yet."""
        try:
            read = json.loads(text) if text else {}
            counts = tuple(float(count) for count in read["c"])
            rhythm = cls(counts, float(read["t"]), float(read["b"]), float(read["s"]))
        except (KeyError, TypeError, ValueError):
            return cls()
        return rhythm if len(counts) == HOURS and all(math.isfinite(count) for count in counts) else cls()

    def learnt(self, published: Iterable[datetime], now: datetime) -> "Rhythm":
        """Return the rhythm with new publications added. Give each publication once, when it is first seen."""
        moment = now.timestamp()
        fade = 0.5 ** (max(0.0, moment - self.as_of) / _HALF_LIFE.total_seconds()) if self.as_of else 0.0
        counts, since = [count * fade for count in self.counts], self.since or moment
        for at in published:
            since = min(since, at.timestamp())
            age = max(0.0, moment - at.timestamp())
            counts[hour_of_week(at)] += 0.5 ** (age / _HALF_LIFE.total_seconds())
        return replace(self, counts=tuple(counts), as_of=moment, since=max(since, moment - _MEMORY.total_seconds()))

    def polls_a_day(self) -> float:
        """Return what the outlet may cost: its budget, times the square root of how much more it publishes than most."""
        if not self.since:
            return self.budget
        half = _HALF_LIFE / timedelta(days=1)
        age = max(1.0, (self.as_of - self.since) / 86_400)
        rate = sum(self.counts) / (half / math.log(2) * (1 - 0.5 ** (age / half)))
        return self.budget * min(max(math.sqrt(rate / _USUAL_RATE), _LEAST_BUDGET), _MOST_BUDGET)

    def weights(self) -> tuple[float, ...]:
        """Return the expected share of publications in each hour of the week; the shares add up to 1.

        Neighbouring hours lend each other a little, and so does the same hour of other weekdays, because a week of a
        small paper has fewer publications than hours.
        """
        total = sum(self.counts)
        smooth = [self._smooth(hour) for hour in range(HOURS)]
        whole = sum(smooth) or 1.0
        trust = total / (total + _PRIOR_WEIGHT)
        return tuple(trust * s / whole + (1 - trust) * p for s, p in zip(smooth, PRIOR, strict=True))

    def _smooth(self, hour: int) -> float:
        near = 0.6 * self.counts[hour] + 0.2 * (self.counts[hour - 1] + self.counts[(hour + 1) % HOURS])
        first = 0 if hour < 120 else 120
        alike = [self.counts[first + 24 * day + hour % 24] for day in range(5 if not first else 2)]
        return 0.5 * near + 0.5 * sum(alike) / len(alike)


def hour_of_week(at: datetime) -> int:
    """Return the hour of the Korean week in 0..167; Monday 00:00–00:59 KST is 0."""
    local = at.astimezone(_KST)
    return local.weekday() * 24 + local.hour


def next_poll(
    rhythm: Rhythm,
    now: datetime,
    *,
    every: timedelta | None = None,
    failures: int = 0,
    retry_at: datetime | None = None,
    rng: float = 0.5,
    floor: timedelta = FLOOR,
    ceiling: timedelta = CEILING,
) -> datetime:
    """Return when to ask again.

    Polls are spent where news is expected: for a rate that changes slowly, the mean wait of a publication is least when
    the density of polls follows the square root of the rate. A step therefore lasts until its share of the week's
    square roots is used up.

    Args:
        rhythm: learnt from the outlet; its ``budget`` is how many polls a day may cost on average.
        now: when the last poll ended.
        every: a fixed interval asked for by a person; it replaces the rhythm.
        failures: polls in a row that gave nothing readable.
        retry_at: what the server asked for; believed, at most a day.
        rng: a number in [0, 1) that spreads sources over time.
        floor, ceiling: the least and the longest step of a source that works.
        floor: the least interval, whatever the rhythm says.
        ceiling: the longest.

    Returns:
        Not before ``now + floor``, not after ``now + ceiling`` unless the server asked for a longer wait.
    """
    if failures > 0:
        at = now + backoff(failures, rng)
    else:
        step = every or _step(rhythm, now)
        at = now + min(max(step * (0.95 + 0.1 * rng), floor), ceiling)
        at = at if every else _after_the_hour(at, step, now + floor)
    if retry_at is not None:
        at = max(at, min(retry_at, now + _LONGEST_WAIT))
    return at


def _step(rhythm: Rhythm, now: datetime) -> timedelta:
    density = [math.sqrt(weight) for weight in rhythm.weights()]
    share = sum(density) / (7 * max(rhythm.polls_a_day(), 4.0))
    hour, left = hour_of_week(now), 1 - (now.minute * 60 + now.second) / 3600
    passed = 0.0
    for _ in range(int(CEILING / timedelta(hours=1)) + 1):
        if density[hour] * left >= share:
            return timedelta(hours=passed + share / density[hour])
        share -= density[hour] * left
        passed, hour, left = passed + left, (hour + 1) % HOURS, 1.0
    return CEILING


def _after_the_hour(at: datetime, step: timedelta, earliest: datetime) -> datetime:
    hour = at.replace(minute=0, second=0, microsecond=0) + _AFTER_THE_HOUR
    best = min((hour, hour + timedelta(hours=1)), key=lambda moment: abs(moment - at))
    return best if abs(best - at) <= step * _NEAR and best >= earliest else at


def backoff(failures: int, rng: float) -> timedelta:
    """Return how long to leave a source alone after *failures* polls in a row that failed.

    ``min(2^(failures-1) minutes, 6 h)``, spread by a quarter up and down with *rng* in [0, 1). It never gives up: a
    source dead for a year is still asked four times a day, and every hour at the most from the seventh failure on.
    """
    doubled = _FIRST_BACKOFF * 2 ** min(max(failures, 1) - 1, 9)
    wait: timedelta = min(doubled, CEILING) * (0.75 + 0.5 * rng)
    return wait


def overlaps(known: Sequence[bool], links: Sequence[Link]) -> bool:
    """Tell whether a list reaches back to what was known, so that nothing can have slipped between two polls.

    Args:
        known: for each of *links*, whether its article was known before this poll.
        links: of all pages read so far; an empty list overlaps, because there is nothing to page back through.
    """
    return not links or any(known)
