"""Due hosts become visits: in this process, or through a queue that all workers share.

Only the way from a lease to its visit differs. The host row stays the truth: whatever a queue loses, repeats or
delays, a host is due again when its lease ends, and a visit that has lost its lease ends and stores nothing under it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from monitor.clock import Now
from monitor.daemon.wiring import Running
from monitor.errors import ConfigError, StoreError
from monitor.jobs.visit import visit
from monitor.store import Lease, Store

log = structlog.get_logger()

ADDRESS_LIFE_S = 3600.0
"""How long a host's server address is believed: papers move to another hosting company about once a year."""


BRISK_S = 3.0
"""A visit that takes longer waits for its host and costs next to nothing: it does not keep others from starting. With
64 hosts that hardly answered, 24 places were taken for 20 s each, and sources that worked came 36 s late."""
MOST_VISITS = 500
"""Brisk and waiting ones together; each may hold one of the fetcher's 512 connections."""


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


async def address_of(host: str) -> str:
    """Return the address of the server that answers for *host* (``name[:port]``); "" when its name has none.

    Also "" for this very machine: nobody else's server has to be spared there.
    """
    name = urlsplit(f"//{host}").hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, 80)
    except (OSError, UnicodeError):
        return ""
    address = min(str(each[4][0]) for each in found)
    return "" if ip_address(address.partition("%")[0]).is_loopback else address


@dataclass(frozen=True, slots=True)
class Crew:
    """What an executor works with."""

    store: Store
    now: Now
    visit: Callable[[Lease], Awaitable[bool]]  # whether the host has more at once
    limit: int = 24  # visits at a time in this process
    lease: timedelta = timedelta(seconds=12)
    per_address: int = 4  # visits at a time at one server address, of all workers together; 0: no limit
    locate: Callable[[str], Awaitable[str]] = address_of


class Visits:
    """Visits under way in this process: kept alive by renewed leases, ended when a lease was lost."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.is_closed = False
        self._running: dict[asyncio.Task[bool], Lease] = {}
        self._began: dict[asyncio.Task[bool], float] = {}
        self._located: dict[str, float] = {}
        self._keeping: asyncio.Task[None] | None = None

    @property
    def free(self) -> int:
        """How many more visits may begin."""
        if self.is_closed:
            return 0
        now = asyncio.get_running_loop().time()
        brisk = sum(now - began < BRISK_S for began in self._began.values())
        return max(0, min(self.crew.limit - brisk, MOST_VISITS - len(self._running)))

    def start(self, lease: Lease) -> asyncio.Task[bool]:
        """Begin a visit; its task tells whether the host has more at once and never fails."""
        task = asyncio.create_task(self._guarded(lease))
        self._running[task] = lease
        self._began[task] = asyncio.get_running_loop().time()
        task.add_done_callback(self._forget)
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_alive())
        return task

    def _forget(self, task: asyncio.Task[bool]) -> None:
        self._running.pop(task, None)
        self._began.pop(task, None)

    async def _guarded(self, lease: Lease) -> bool:
        if self.crew.per_address:
            await self._locate(lease.host)
        try:
            return await self.crew.visit(lease)
        except StoreError as wrong:  # the lease ends by itself, and the host is visited again
            log.error("visit.store", host=lease.host, error=str(wrong))  # noqa: TRY400 - the reason is the message
        except Exception:
            log.exception("visit.failed", lease=str(lease))
        return False

    async def _locate(self, host: str) -> None:
        """Tell the store which server answers for *host*, so that the next claim counts it."""
        clock = asyncio.get_running_loop().time()
        if clock - self._located.get(host, -ADDRESS_LIFE_S) < ADDRESS_LIFE_S:
            return
        self._located[host] = clock
        address = await self.crew.locate(host)
        if address:
            await self.crew.store.note_address(host, address)

    async def _keep_alive(self) -> None:
        """Renew every lease three times in its life; one that was lost ends its visit."""
        while self._running:
            await asyncio.wait(set(self._running), timeout=self.crew.lease.total_seconds() / 3)
            leases = tuple(self._running.values())
            try:
                ours = await self.crew.store.renew_all(leases, self.crew.now() + self.crew.lease) if leases else ()
            except StoreError as wrong:
                log.warning("leases.store", error=str(wrong))
                continue
            for task, lease in list(self._running.items()):
                if lease in leases and lease not in ours and not task.done():
                    log.warning("lease.lost", host=lease.host)
                    task.cancel()

    async def drain(self) -> None:
        """Wait until no visit runs."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def close(self, patience: timedelta) -> None:
        """Let visits finish for *patience*, then cancel them; each gives its lease back."""
        self.is_closed = True
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=patience.total_seconds())
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})


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
