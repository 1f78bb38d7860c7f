"""When may a receiver's next message begin, and how many of the alerts that wait does it tell?"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from monitor.clock import Now
from monitor.jobs.compose import FOLDED
from monitor.model import Delivery, DeliveryId
from monitor.notify import LIST_STORIES, Manners

HOUR = timedelta(hours=1)
BURST_WINDOW = timedelta(minutes=1)
BURST_PATIENCE = timedelta(seconds=8)
"""How long alerts of a burst are collected into one list; with the poll it stays below the promised ten seconds."""


class Pace:
    """What one receiver was shown lately, held against how it wants to be spoken to."""

    def __init__(self, manners: Manners, now: Now) -> None:
        """Nothing was shown yet."""
        self.is_folding = False
        self.alone: set[DeliveryId] = set()  # a list with these was refused: each goes by itself
        self._manners = manners
        self._now = now
        self._slot = 0.0
        self._shown_at: deque[datetime] = deque(maxlen=max(100, manners.budget))

    def recall(self, shown_at: Iterable[datetime]) -> None:
        """Take over what others, or we before a restart, have shown in the last hour."""
        self._shown_at.clear()
        self._shown_at.extend(shown_at)

    def note(self, at: datetime) -> None:
        """Note that a message was shown."""
        self._shown_at.append(at)

    async def wait(self) -> None:
        """Wait for the next slot, and take it."""
        clock = asyncio.get_running_loop().time
        if self._slot > clock():
            await asyncio.sleep(self._slot - clock())
        self._slot = clock() + self._manners.pace.total_seconds()

    def together(self, waiting: Sequence[Delivery], *, is_well: bool) -> int:
        """Return how many of the waiting deliveries go into the next message; 0 to wait for more, or for the morning.

        While the channel is not well each goes alone, so that a failure says something about one message.
        """
        if waiting and self._rests(waiting[0]):
            return 0
        run = [*takewhile(lambda row: row.kind in FOLDED and row.id not in self.alone, waiting)][:LIST_STORIES]
        if not is_well:
            return min(1, len(waiting))
        if len(run) <= 1 and not self._is_burst():
            self.is_folding = False
            return min(1, len(waiting))
        return self._folded(waiting, run)

    def _folded(self, waiting: Sequence[Delivery], run: Sequence[Delivery]) -> int:
        is_backlog = self.is_folding or len(waiting) > self._manners.fold
        self.is_folding = (bool(self._manners.fold) and is_backlog) or self._rested(run)
        if self.is_folding or not run:
            return len(run) or min(1, len(waiting))
        if not self._is_burst():
            return 1
        return len(run) if self._now() - run[0].created_at >= BURST_PATIENCE else 0

    def _rests(self, row: Delivery) -> bool:
        """Return whether an alert waits: these are quiet hours, or this hour has had its messages."""
        if row.kind not in FOLDED:
            return False
        quiet, now = self._manners.quiet, self._now()
        return (quiet is not None and quiet.covers(now)) or self._is_over_budget(now)

    def _is_over_budget(self, now: datetime) -> bool:
        return bool(self._manners.budget) and sum(at > now - HOUR for at in self._shown_at) >= self._manners.budget

    def _rested(self, run: Sequence[Delivery]) -> bool:
        """Return whether several alerts have waited for the end of quiet hours or of a full hour."""
        quiet, now = self._manners.quiet, self._now()
        kept_quiet = quiet is not None and any(quiet.covers(row.created_at) for row in run)
        kept_back = bool(self._manners.budget) and any(now - row.created_at > BURST_WINDOW for row in run)
        return kept_quiet or kept_back

    def _is_burst(self) -> bool:
        since = self._now() - BURST_WINDOW
        recent = sum(at > since for at in self._shown_at)
        return bool(self._manners.burst) and recent >= self._manners.burst
