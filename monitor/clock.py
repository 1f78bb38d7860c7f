"""The only reader of wall time: everything else is handed ``now``."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""Korea has had no daylight saving time since 1988, so a fixed offset is exact for news."""

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


class SteadyClock:
    """Wall time for a daemon's plans: it never runs back, and a clock that is set under it does not throw it off.

    It goes on with the machine's monotonic clock. A wall clock that differs is believed once it has done so for
    ``PATIENCE`` (a machine that slept, or whose first time was wrong): one that is ahead at once, one that is behind by
    going at half speed until it is met.
    """

    PATIENCE = timedelta(minutes=2)
    """A clock that is set and set back within it, as by a person or a bad server, changes nothing."""
    CLOSE = timedelta(seconds=2)
    """NTP slews by less than that between two readings; so much is followed at once."""

    def __init__(self, wall: Now = utc_now, elapsed: Callable[[], float] = time.monotonic) -> None:
        """``elapsed`` counts seconds from any start."""
        self._wall = wall
        self._elapsed = elapsed
        self._told = wall()
        self._read_at = elapsed()
        self._apart_since: float | None = None

    def __call__(self) -> datetime:
        """Return the present instant, aware, in UTC; never before one that was returned earlier."""
        read_at = self._elapsed()
        passed = timedelta(seconds=max(0.0, read_at - self._read_at))
        self._read_at = read_at
        gap = self._wall() - (self._told + passed)
        if self._is_believed(gap, read_at):
            passed = passed + gap if gap > timedelta(0) else max(passed + gap, passed / 2)
        self._told += passed
        return self._told

    def _is_believed(self, gap: timedelta, read_at: float) -> bool:
        if abs(gap) <= self.CLOSE:
            self._apart_since = None
            return True
        if self._apart_since is None:
            self._apart_since = read_at
        return read_at - self._apart_since >= self.PATIENCE.total_seconds()
