"""What one visit may still cost the host it visits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_FETCHES = 50
"""Requests a visit. A host whose pages never end (a calendar, a list of 150,000 links) costs no more than this before
all others have had their turn; a feed of usual length with all its articles fits into one visit."""
LONGEST = timedelta(seconds=30)
"""A visit ends by then, so that hundreds of hosts share a few dozen visits: at 2 s a request it makes fifteen."""


@dataclass(slots=True)
class Allowance:
    """Requests and time left; ``hold_until`` is set when the host asked to be left alone."""

    ends_at: datetime
    fetches: int = MOST_FETCHES
    hold_until: datetime | None = None

    def spend(self, now: datetime) -> bool:
        """Take one request out of what is left; False when the visit has to end."""
        if self.fetches <= 0 or now >= self.ends_at or self.hold_until is not None:
            return False
        self.fetches -= 1
        return True

    def hold(self, until: datetime) -> None:
        """Ask nothing more of this host before *until* (Retry-After, a crawl delay)."""
        self.hold_until = max(until, self.hold_until or until)
