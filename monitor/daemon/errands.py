"""Work that timers start and the daemon waits for: each errand runs one at a time and is finished before the end.

APScheduler's ``shutdown(wait=True)`` cancels coroutine jobs in the middle, and an alert cut between Slack's answer and
our note of it would be looked up at the next start. So timers only poke; the work itself stands here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from monitor.store import Lease

log = structlog.get_logger()


class Errand:
    """One kind of work; poking it while it runs makes it run once more afterwards."""

    def __init__(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self._work = work
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._is_closed = False

    async def poke(self) -> None:
        """Start the work unless it runs already."""
        if self._is_closed:
            return
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def _run(self) -> None:
        self._again = True
        while self._again and not self._is_closed:
            self._again = False
            try:
                await self._work()
            except Exception:
                # The next poke tries again: whatever was owed is still a row.
                log.exception("errand.failed", errand=self.name)
                return

    async def close(self, patience: timedelta) -> None:
        """Let the work finish, at most for *patience*; then cancel it and wait until it has tidied up."""
        self._is_closed = True
        if self._task is None or self._task.done():
            return
        done, _ = await asyncio.wait({self._task}, timeout=patience.total_seconds())
        if not done:
            self._task.cancel()
            await asyncio.wait({self._task})


class Visits:
    """Visits of due hosts, at most ``limit`` at a time, each a task of its own."""

    def __init__(
        self,
        limit: int,
        claim: Callable[[int], Awaitable[tuple[Lease, ...]]],
        visit: Callable[[Lease], Awaitable[bool]],
    ) -> None:
        self._limit = limit
        self._claim = claim
        self._visit = visit
        self._running: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def dispatch(self) -> int:
        """Claim as many due hosts as there is room for and start their visits; returns how many."""
        free = self._limit - len(self._running)
        if free <= 0:
            return 0
        leases = await self._claim(free)
        for lease in leases:
            task = asyncio.create_task(self._guarded(lease))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(leases)

    async def _guarded(self, lease: Lease) -> None:
        try:
            goes_on = await self._visit(lease)
        except Exception:
            log.exception("visit.failed", lease=str(lease))
            return
        if goes_on and not self._is_closed:
            await self.dispatch()  # its host has more: the next tick would be a pause that nobody asked for

    async def drain(self) -> None:
        """Wait until no visit runs."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def close(self, patience: timedelta) -> None:
        """Let visits finish for *patience*, then cancel them; each gives its lease back."""
        self._is_closed = True
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=patience.total_seconds())
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
