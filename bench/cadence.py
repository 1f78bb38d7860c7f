"""How long does a publication wait for a poll? Our rhythm against fixed intervals and Miniflux's entry frequency.

    python -m bench.cadence STREAM.jsonl.gz [--days 8] [--json]

A stream holds one article a line with ``published_at`` and ``outlet``. All three strategies make the same number of
polls: ours first, then the fixed interval and the factor of entry frequency are set to cost the same.
"""

import argparse
import bisect
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

from monitor.sources import Rhythm, next_poll

Step = Callable[[datetime, list[datetime]], datetime]
LEAST_KNOWN = 50
WINDOW = 20
"""Entries of a feed."""


@dataclass(frozen=True)
class Trial:
    polls: int
    waits: list[float]  # minutes
    turned: int = 0  # polls that met a feed of WINDOW entries without one known: the daemon reads on then
    scrolled: int = 0  # articles that such a feed no longer showed


def streams(path: Path) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("published_at") and row.get("outlet"):
                at = datetime.fromisoformat(row["published_at"])
                found[row["outlet"]].append(at if at.tzinfo else at.replace(tzinfo=UTC))
    return {outlet: sorted(times) for outlet, times in found.items() if len(times) >= LEAST_KNOWN}


def run(times: list[datetime], start: datetime, end: datetime, step: Step) -> Trial:
    now, polls, waits, new = start, 0, list[float](), list[datetime]()
    turned = scrolled = 0
    seen = bisect.bisect(times, start)
    while (now := step(now, new)) < end:
        polls += 1
        upto = bisect.bisect(times, now)
        new = times[seen:upto]
        waits += [(now - at).total_seconds() / 60 for at in new]
        turned += len(new) >= WINDOW
        scrolled += max(0, len(new) - WINDOW)
        seen = upto
    return Trial(polls, waits, turned, scrolled)


def ours(times: list[datetime], start: datetime) -> Step:
    rhythm = [Rhythm().learnt([at for at in times if at < start], start)]
    chance = random.Random(1)

    def step(now: datetime, new: list[datetime]) -> datetime:
        if new:
            rhythm[0] = rhythm[0].learnt(new, now)
        return next_poll(rhythm[0], now, rng=chance.random())

    return step


def every(interval: timedelta) -> Step:
    return lambda now, _: now + interval


def entry_frequency(times: list[datetime], factor: float) -> Step:
    """Miniflux: a week divided by the entries of the last week, times a factor, within 5 minutes and a day."""

    def step(now: datetime, _: list[datetime]) -> datetime:
        count = bisect.bisect(times, now) - bisect.bisect(times, now - timedelta(days=7))
        interval = timedelta(days=7) / max(count, 1) * factor
        return now + min(max(interval, timedelta(minutes=5)), timedelta(days=1))

    return step


def compare(found: dict[str, list[datetime]], days: float) -> dict[str, float]:
    end = max(times[int(len(times) * 0.99)] for times in found.values())
    start = end - timedelta(days=days)
    live = [times for times in found.values() if times[0] < start < end <= times[-1] + timedelta(days=2)]
    trials = [run(times, start, end, ours(times, start)) for times in live]
    polls = sum(trial.polls for trial in trials)
    interval = (end - start) * len(live) / polls
    fixed = [run(times, start, end, every(interval)) for times in live]
    low, high = 0.01, 1000.0
    for _ in range(25):
        factor = (low * high) ** 0.5
        frequency = [run(times, start, end, entry_frequency(times, factor)) for times in live]
        low, high = (factor, high) if sum(trial.polls for trial in frequency) > polls else (low, factor)
    waits = {"ours": trials, "fixed": fixed, "entry_frequency": frequency}
    means = {name: fmean(wait for trial in runs for wait in trial.waits) for name, runs in waits.items()}
    return {
        "outlets": len(live),
        "polls_a_day": round(polls / days / len(live), 1),
        "polls_entry_frequency": round(sum(trial.polls for trial in frequency) / days / len(live), 1),
        **{f"wait_min_{name}": round(mean, 2) for name, mean in means.items()},
        "lists_turned_over": sum(trial.turned for trial in trials),
        "scrolled_off_unless_read_back": sum(trial.scrolled for trial in trials),
        "scrolled_off_fixed": sum(trial.scrolled for trial in fixed),
        "to_fixed": round(means["ours"] / means["fixed"], 3),
        "to_entry_frequency": round(means["ours"] / means["entry_frequency"], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", type=Path)
    parser.add_argument("--days", type=float, default=8.0)
    given = parser.parse_args()
    print(json.dumps({"stream": given.stream.name, **compare(streams(given.stream), given.days)}))


if __name__ == "__main__":
    main()
