"""When to look again: where the next publication is expected, with patience for sources that fail."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model import Link
from monitor.sources.rhythm import HOURS, Rhythm, hour_of_week

FLOOR = timedelta(minutes=1)
CEILING = timedelta(hours=6)
# A server may ask for any wait; beyond a day it is asked anyway, because sources come back (ACCEPTANCE D9, W14).
_LONGEST_WAIT = timedelta(days=1)
_FIRST_BACKOFF = timedelta(minutes=1)
# Between 5 and 22 of 100 articles of 18 recorded outlets are stamped with the full hour, three to thirteen times as
# many as with another minute: they were scheduled. A poll that falls near the hour is made just after it.
_AFTER_THE_HOUR = timedelta(seconds=70)
_NEAR = 0.5  # of the step, before or after


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
    square roots is used up, sooner while news comes faster than usual and later while it comes slower.

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
    share = sum(density) / (7 * max(rhythm.polls_a_day(), 4.0)) / rhythm.lift(now)
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
