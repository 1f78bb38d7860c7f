"""Due hosts become visits: in this process, or through a queue that all workers share.

Only the way from a lease to its visit differs. The host row stays the truth: whatever a queue loses, repeats or
delays, a host is due again when its lease ends, and a visit that has lost its lease ends and stores nothing under it.
"""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from monitor.daemon.visits import Crew, Visits
from monitor.daemon.wiring import Running
from monitor.errors import ConfigError, StoreError
from monitor.jobs.visit import visit

log = structlog.get_logger()


class Executor(Protocol):
    """How the leases of due hosts become visits."""

    async def dispatch(self) -> int:
        """Claim as many due hosts as there is room for and submit them; returns how many."""
        ...

    async def drain(self) -> None:
        """Wait until nothing that was submitted here is left."""
        ...

    async def close(self, patience: timedelta) -> None:
        """Let visits finish for *patience*, then cancel them; each gives its lease back."""
        ...


class InlineExecutor:
    """Visits are tasks of the process that claimed their hosts; on one SQLite file or with many workers alike."""

    def __init__(self, crew: Crew) -> None:
        """Nothing is claimed before ``dispatch``."""
        self._crew = crew
        self._visits = Visits(crew)

    async def dispatch(self) -> int:
        """Claim as many due hosts as there is room for and start their visits; returns how many."""
        crew, free = self._crew, self._visits.free
        if free <= 0:
            return 0
        leases = await crew.store.claim_hosts(crew.now(), free, crew.lease, per_address=crew.per_address)
        for lease in leases:
            self._visits.start(lease).add_done_callback(self._goes_on)
        return len(leases)

    def _goes_on(self, done: asyncio.Task[bool]) -> None:
        """Ask again at once when a host has more: the next tick would be a pause that nobody asked for."""
        if not done.cancelled() and done.result() and self._visits.free > 0:
            self._more = asyncio.create_task(self._dispatch_more())

    async def _dispatch_more(self) -> None:
        try:
            await self.dispatch()
        except StoreError as wrong:
            log.warning("dispatch.store", error=str(wrong))

    async def drain(self) -> None:
        """Wait until no visit runs."""
        await self._visits.drain()

    async def close(self, patience: timedelta) -> None:
        """Let visits finish for *patience*, then cancel them."""
        await self._visits.close(patience)


def crew_of(running: Running) -> Crew:
    """Return what the settings say about visits."""
    room, settings = running.room, running.settings.monitor
    return Crew(
        store=room.store,
        now=room.now,
        visit=partial(visit, room=room),
        limit=settings.poll.visits,
        lease=settings.poll.lease,
        per_address=settings.fleet.per_address,
    )


def executor_of(running: Running) -> Executor:
    """Return the executor that the settings choose.

    Raises:
        ConfigError: PgQueuer is chosen, but not installed, or the store is not on PostgreSQL.
    """
    if running.settings.monitor.fleet.executor == "inline":
        return InlineExecutor(crew_of(running))
    if not running.settings.store_url.startswith("postgresql"):
        raise ConfigError(('fleet.executor = "pgqueuer" needs a [store] url on PostgreSQL; bongsu db move --to URL',))
    try:
        from monitor.daemon.queued import PgQueuerExecutor  # noqa: PLC0415 - of the extra "fleet"
    except ModuleNotFoundError as missing:
        raise ConfigError(('fleet.executor = "pgqueuer" needs: pip install "bongsu[fleet]"',)) from missing
    return PgQueuerExecutor(crew_of(running))
