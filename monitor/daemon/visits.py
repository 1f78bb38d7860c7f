"""Visits under way in one process: how many, at which servers, and kept alive by renewed leases."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog

from monitor.clock import Now
from monitor.errors import StoreError
from monitor.store import Lease, Store

log = structlog.get_logger()

ADDRESS_LIFE_S = 3600.0
"""How long a host's server address is believed: papers move to another hosting company about once a year."""

BRISK_S = 3.0
"""A visit that takes longer waits for its host and costs next to nothing: it does not keep others from starting. With
64 hosts that hardly answered, 24 places were taken for 20 s each, and sources that worked came 36 s late."""
MOST_VISITS = 500
"""Brisk and waiting ones together; each may hold one of the fetcher's 512 connections."""


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
