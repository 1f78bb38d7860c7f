"""What the jobs share: one store, one fetcher, one fence, one judge."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.clock import Now, utc_now
from monitor.fetch import Adviser, Fence, Fetcher
from monitor.jobs.judge import Judge
from monitor.model import Outlet, OutletId
from monitor.notify import Notifier
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often and how much: the limits of one visit and of the intervals between polls."""

    lease: timedelta = timedelta(seconds=120)
    links_per_visit: int = 40
    floor: timedelta = timedelta(minutes=1)
    ceiling: timedelta = timedelta(hours=6)
    robots: bool = True  # off only for a town of one's own


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who is asked about articles whose score lies between two bounds, and how often a Korean day."""

    adviser: Adviser
    above: float
    below: float
    a_day: int


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Everything a visit needs, opened once by the daemon and passed down."""

    store: Store
    fetcher: Fetcher
    fence: Fence
    judge: Judge
    outlets: Mapping[OutletId, Outlet]
    tempo: Tempo = Tempo()
    now: Now = utc_now
    chance: Callable[[], float] = field(default=random.random)  # in [0, 1): spreads polls and retries
    secrets: Mapping[OutletId, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # request headers
    notifiers: Mapping[str, Notifier] = field(default_factory=dict)  # by receiver, for what a reader presses
    consultation: Consultation | None = None  # None: nobody is asked
    bodiless: set[tuple[str, str]] = field(default_factory=set)  # sources whose last article had no body where it was
