"""When does this outlet publish? Learnt from its own publications, by hour of the Korean week."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, timezone

_KST = timezone(timedelta(hours=9))
HOURS = 168  # of a Korean week; hour 0 is Monday 00:00 KST

_BUDGET = 96.0  # polls a day for an outlet of usual size: one in a quarter of an hour on average
# Publications a day of an outlet of usual size. Over many outlets the mean wait is least when polls are shared out by
# the square root of what each publishes; bench/cadence.py measures it.
_USUAL_RATE = 24.0
_LEAST_BUDGET, _MOST_BUDGET = 0.25, 4.0  # times the budget: a silent board is still looked at every hour of its day
# Weight of a publication halves in four weeks: a paper that changes its hours is followed within a month.
_HALF_LIFE = timedelta(days=28)
_MEMORY = timedelta(days=200)  # after seven half-lives nothing is left of a publication
# What is believed before anything is known: newsrooms and press offices work 08–19 on weekdays. Worth this many
# publications, so that a few dozen observed ones outweigh it.
_PRIOR_WEIGHT = 24.0
# Silence is measured in publications that should have come. If they came at random, one silence in twenty would last
# longer than three of them (e^-3); papers publish in bursts, so the outlet's own figure is followed from there.
_USUAL_GAP = 3.0
_LONGEST_GAP = 200.0
_PACE = 0.2
# News comes in bursts: after more than usual, more is to come. Two memories of what came lately, by their half-lives in
# hours; the weight of a usual amount; and how far the density of polls follows (the square root law would say 0.5 for a
# lasting change, and bursts are over sooner). Found on two recorded streams: mean waits fell by 7 and 5 per cent.
_LATELY = ((0.15, 2.0, 0.4), (2.0, 5.0, 0.25))
_WEEKEND = 120  # the hour of the week at which Saturday begins


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
    seconds since 1970, UTC); ``budget`` is polls a day for an outlet that publishes as much as most; ``gap`` is the
    95th percentile of its silences, in publications that were expected meanwhile; ``lately`` are publications by their
    age at ``as_of``, faded by the two half-lives of bursts.
    """

    counts: tuple[float, ...] = (0.0,) * HOURS
    as_of: float = 0.0
    budget: float = _BUDGET
    since: float = 0.0
    gap: float = _USUAL_GAP
    lately: tuple[float, ...] = (0.0,) * len(_LATELY)

    def to_json(self) -> str:
        """Return the rhythm as a short JSON text; ``from_json`` reads it back."""
        counts = [round(count, 3) for count in self.counts]
        numbers = {"t": round(self.as_of), "b": self.budget, "s": round(self.since), "g": round(self.gap, 3)}
        return json.dumps({"c": counts, **numbers, "l": [round(count, 3) for count in self.lately]})

    @classmethod
    def from_json(cls, text: str) -> "Rhythm":
        """Read what ``to_json`` wrote; an empty, foreign or damaged text is a rhythm that knows nothing yet."""
        try:
            read = json.loads(text) if text else {}
            counts = tuple(map(float, read["c"]))
            rest = [float(read[name]) for name in ("t", "b", "s", "g")]
            lately = tuple(float(count) for count in read.get("l", cls().lately))
        except (KeyError, TypeError, ValueError):
            return cls()
        numbers = (*counts, *rest, *lately)
        shapes = (len(counts), len(lately)) == (HOURS, len(_LATELY))
        if not shapes or not all(map(math.isfinite, numbers)) or min(numbers) < 0:
            return cls()
        as_of, budget, since, gap = rest
        return cls(counts, as_of, budget, since, gap, lately)

    def learnt(self, published: Iterable[datetime], now: datetime) -> "Rhythm":
        """Return the rhythm with new publications added. Give each publication once, when it is first seen."""
        moment = now.timestamp()
        fade = 0.5 ** (max(0.0, moment - self.as_of) / _HALF_LIFE.total_seconds()) if self.as_of else 0.0
        counts, since = [count * fade for count in self.counts], self.since or moment
        recent = sorted(at for at in published if now - at < _HALF_LIFE)
        for at in recent:
            since = min(since, at.timestamp())
            _count(counts, at, now)
        since = max(since, moment - _MEMORY.total_seconds())
        rhythm = replace(self, counts=tuple(counts), as_of=moment, since=since, lately=self._lately(recent, now))
        return rhythm._with_gap(recent, self.as_of)  # noqa: SLF001 - its own

    def _with_gap(self, recent: list[datetime], seen_at: float) -> "Rhythm":
        """Move the gap towards the 95th percentile of the gaps between looks that brought something."""
        if not recent or not seen_at:
            return self
        silent = self.expected(datetime.fromtimestamp(seen_at, UTC), datetime.fromtimestamp(self.as_of, UTC))
        pace = _PACE * (0.95 if silent > self.gap else -0.05)
        return replace(self, gap=min(max(self.gap * math.exp(pace), 1.0), _LONGEST_GAP))

    def _lately(self, recent: list[datetime], now: datetime) -> tuple[float, ...]:
        ages = [(now - at) / timedelta(hours=1) for at in recent]
        passed = (now.timestamp() - self.as_of) / 3600
        return tuple(
            count * _faded(passed, half) + sum(_faded(age, half) for age in ages)
            for count, (half, _, _) in zip(self.lately, _LATELY, strict=True)
        )

    def lift(self, now: datetime) -> float:
        """Return how many times the usual density of polls is worth it now: over 1 in a burst, under 1 in a lull."""
        if not self.since:
            return 1.0
        hourly = 7 * self.rate() * self.weights()[hour_of_week(now)]
        passed, lift = (now.timestamp() - self.as_of) / 3600, 1.0
        for count, (half, usual, follow) in zip(self.lately, _LATELY, strict=True):
            expected = hourly * half / math.log(2)
            lift *= ((count * _faded(passed, half) + usual) / (expected + usual)) ** follow
        return lift

    def rate(self) -> float:
        """Return publications a day, as of the last one."""
        half = _HALF_LIFE / timedelta(days=1)
        age = max(1.0, (self.as_of - self.since) / 86_400)
        days: float = half / math.log(2) * (1 - 0.5 ** (age / half))
        return sum(self.counts) / days

    def polls_a_day(self) -> float:
        """Return what the outlet may cost: its budget, times the square root of its size."""
        if not self.since:
            return self.budget
        return self.budget * min(max(math.sqrt(self.rate() / _USUAL_RATE), _LEAST_BUDGET), _MOST_BUDGET)

    def expected(self, start: datetime, end: datetime) -> float:
        """Return how many publications are usual between two instants; nights and weekends count as they are."""
        weights, hours = self.weights(), max(0.0, (end - start) / timedelta(hours=1))
        weeks, rest = divmod(hours, HOURS)
        first = hour_of_week(start)
        share = weeks + sum(weights[(first + hour) % HOURS] for hour in range(int(rest)))
        return 7 * self.rate() * (share + weights[(first + int(rest)) % HOURS] * (rest % 1))

    def weights(self) -> tuple[float, ...]:
        """Return the expected share of publications in each hour of the week; the shares add up to 1.

        Neighbouring hours lend each other a little, and so does the same hour of other weekdays, because a week of a
        small paper has fewer publications than hours.
        """
        total = sum(self.counts)
        smooth = self._smooth()
        whole = sum(smooth) or 1.0
        trust = total / (total + _PRIOR_WEIGHT)
        return tuple(trust * s / whole + (1 - trust) * p for s, p in zip(smooth, PRIOR, strict=True))

    def _smooth(self) -> list[float]:
        """Every poll asks, so what the hours of a day share is added up once a day and not once an hour."""
        counts, weekend = self.counts[:_WEEKEND], self.counts[_WEEKEND:]
        alike = [0.5 * sum(counts[hour::24]) / 5 for hour in range(24)] * 5
        alike += [0.5 * sum(weekend[hour::24]) / 2 for hour in range(24)] * 2
        beside = zip(self.counts[-1:] + self.counts, self.counts[1:] + self.counts[:1], strict=False)
        near = (
            0.6 * count + 0.2 * (before + after) for count, (before, after) in zip(self.counts, beside, strict=True)
        )
        return [0.5 * own + shared for own, shared in zip(near, alike, strict=True)]


def _faded(hours: float, half_life: float) -> float:
    faded: float = 0.5 ** (max(0.0, hours) / half_life)
    return faded


def _count(counts: list[float], at: datetime, now: datetime) -> None:
    """Boards print a day without a time: such a post is counted when it was seen, an older one over its whole day."""
    worth = 0.5 ** (max(timedelta(0), now - at) / _HALF_LIFE)
    hour = hour_of_week(at)
    if at.astimezone(_KST).time() != time.min:
        counts[hour] += worth
    elif now - at < timedelta(days=1):
        counts[hour_of_week(now)] += worth
    else:
        day = PRIOR[hour : hour + 24]
        for later, share in enumerate(day):
            counts[hour + later] += worth * share / sum(day)


def hour_of_week(at: datetime) -> int:
    """Return the hour of the Korean week in 0..167; Monday 00:00–00:59 KST is 0."""
    local = at.astimezone(_KST)
    return local.weekday() * 24 + local.hour
