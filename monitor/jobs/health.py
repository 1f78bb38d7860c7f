"""How a receiver's channel is doing, and how long to leave it alone when it is not well."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FORGIVEN = 3
"""Failures in a row that cost no pause: one call in four fails by chance in our chaos runs, four in a row are rare."""
LONGEST_OUTAGE_WAIT = timedelta(seconds=45)
"""With ten seconds for a call that hangs, recovery is noticed within a minute and an hour's outage costs 90 calls."""
FIRST_DOWN_WAIT = timedelta(minutes=1)
LONGEST_DOWN_WAIT = timedelta(minutes=3)
"""A refused token is tried five times in ten minutes at most; the fix is noticed within three minutes."""
LONGEST_WAIT = timedelta(minutes=15)
INSISTING = timedelta(minutes=1)
"""Asked twice in a row to wait this long or longer, we wait ten times as long."""


def outage_wait(failures: int) -> timedelta:
    """Return how long to leave a channel alone after so many failures in a row.

    Example:
        >>> [outage_wait(count).total_seconds() for count in (1, 3, 4, 5, 6, 10, 99)]
        [0.0, 0.0, 1.0, 2.0, 4.0, 45.0, 45.0]
    """
    if failures <= FORGIVEN:
        return timedelta(0)
    return min(LONGEST_OUTAGE_WAIT, timedelta(seconds=1 << min(failures - FORGIVEN - 1, 10)))


def down_wait(refusals: int) -> timedelta:
    """Return how long to leave a channel alone that a person has to mend.

    Example:
        >>> [down_wait(count).seconds for count in (1, 2, 3, 9)]
        [60, 120, 180, 180]
    """
    return min(LONGEST_DOWN_WAIT, FIRST_DOWN_WAIT * refusals)


@dataclass(slots=True)
class Health:
    """What is known of one channel; kept in memory, because after a restart the first call tells it again."""

    failures: int = 0
    refusals: int = 0
    waits: int = 0
    ready_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    reason: str = ""
    remedy: str = ""
    since: datetime | None = None

    @property
    def is_well(self) -> bool:
        """Whether the last call got through."""
        return not (self.failures or self.refusals or self.waits)

    def works(self) -> bool:
        """Note a call that got through; return whether a person had been told that it does not."""
        was_down = bool(self.refusals)
        self.failures = self.refusals = self.waits = 0
        self.reason = self.remedy = ""
        self.since = None
        return was_down

    def fails(self, now: datetime, reason: str, retry_at: datetime | None = None) -> None:
        """Note a call without success; ``retry_at`` is what the channel asked for."""
        self.failures += 1
        self._begin(now, reason)
        wait = outage_wait(self.failures)
        if retry_at and retry_at > now:
            self.waits += 1
            asked = retry_at - now
            wait = max(wait, asked * 10 if self.waits > 1 and asked >= INSISTING else asked)
        self.ready_at = max(self.ready_at, now + min(wait, LONGEST_WAIT))

    def refuses(self, now: datetime, reason: str, remedy: str) -> bool:
        """Note that a person is needed; return whether this is news."""
        is_news = not self.refusals or remedy != self.remedy
        self.refusals += 1
        self.remedy = remedy
        self._begin(now, reason)
        self.ready_at = now + down_wait(self.refusals)
        return is_news

    def _begin(self, now: datetime, reason: str) -> None:
        self.reason = reason
        self.since = self.since or now
