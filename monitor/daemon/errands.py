"""Work that timers start and the daemon waits for: each errand runs one at a time and is finished before the end.

APScheduler's ``shutdown(wait=True)`` cancels coroutine jobs in the middle, and an alert cut between Slack's answer and
our note of it would be looked up at the next start. So timers only poke; the work itself stands here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

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
