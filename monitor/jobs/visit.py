"""Visit one host: its due sources, then the articles they promised, one request at a time."""

import asyncio
from datetime import datetime, timedelta

from monitor.errors import FetchError
from monitor.jobs.allowance import LONGEST, Allowance
from monitor.jobs.newsroom import Newsroom
from monitor.jobs.poll import poll
from monitor.jobs.read import read, settle
from monitor.store import Lease, PollResult, SourceState, Unsettled

IDLE = timedelta(hours=1)
"""A host with nothing due is looked at again after this long, in case its rows were changed by hand."""
BATCH = 4
"""Articles that one visit brings to a transaction at most; what other visits bring at the same time shares it."""
SLOW = timedelta(seconds=5)
"""A failing source that took this long ends the visit: what else this host has goes first again in the next one."""
LONGEST_HOLD = timedelta(minutes=15)
"""A host that asks for a longer pause is asked for its other pages by then; the page it spoke of waits as long as
it said."""


async def visit(lease: Lease, room: Newsroom) -> bool:
    """Do what is due at one host and give the lease back, also when the daemon stops in the middle.

    Sources that work come first, then the articles they promised, then sources that failed before: a page that hangs
    holds up nothing but others like it. The lease is renewed while requests go on; when it was lost (the process
    slept), the visit ends at once, because somebody else asks this host now.

    Returns:
        Whether the host has more that may be asked at once: this visit ended because it was long.
    """
    allowance = Allowance(room.now() + LONGEST)
    work = _Visit(lease, room, allowance)
    try:
        await work.run()
    finally:
        goes_on = await work.leave()
    return goes_on


class _Visit:
    """One visit under way: what it read is stored while the next page is asked for."""

    def __init__(self, lease: Lease, room: Newsroom, allowance: Allowance) -> None:
        self._lease = lease
        self._room = room
        self._allowance = allowance
        self._read: list[Unsettled] = []
        self._unchanged: list[PollResult] = []
        self._has_links = False
        self._settling: asyncio.Task[None] | None = None
        self._asked = ""

    async def run(self) -> None:
        """Do what is due, within the allowance."""
        agenda = await self._room.store.begin_visit(self._lease.host, self._room.now())
        self._has_links = agenda.has_links
        for source in agenda.sources:
            if not source.failures and not await self._poll(source):
                break
        if self._has_links:
            await self._read_articles()
        for source in agenda.sources:
            if source.failures and not await self._poll(source):
                break

    async def leave(self) -> bool:
        """Store what was read and give the host back, not before it may be asked again; True when that is now."""
        room, lease = self._room, self._lease
        try:
            if self._settling is not None:
                await self._settling
        finally:
            now = room.now()
            held = {"hold_until": await self._held_until(now), "idle_until": now + IDLE}
            ready_at = await room.store.end_visit(lease, **held, polls=self._unchanged)
        return ready_at is not None and ready_at <= now

    async def _poll(self, source: SourceState) -> bool:
        if not await self._may_ask(source.url):
            return False
        began = self._room.now()
        self._has_links |= await poll(source, self._room, self._allowance, self._unchanged) > 0
        return not source.failures or self._room.now() - began < SLOW

    async def _read_articles(self) -> None:
        room = self._room
        for pending in await room.store.pending_links(self._lease.host, room.now(), room.tempo.links_per_visit):
            if not await self._may_ask(pending.link.url):
                return
            unsettled = await read(pending, room, self._allowance)
            if unsettled is not None:
                self._settle(unsettled)

    async def _may_ask(self, url: str) -> bool:
        self._asked = url
        if self._settling is not None and self._settling.done():
            self._settling.result()
        return self._allowance.spend(self._room.now()) and await self._is_still_ours()

    async def _is_still_ours(self) -> bool:
        """Renew the lease once half of it is used; a visit that stays within the first half costs no write."""
        now = self._room.now()
        if now < self._lease.until - self._room.tempo.lease / 2:
            return True
        return await self._room.store.renew(self._lease, now + self._room.tempo.lease)

    def _settle(self, unsettled: Unsettled) -> None:
        """Store at once, while the next page is on its way; what comes meanwhile shares the next transaction."""
        self._read.append(unsettled)
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle_all())

    async def _settle_all(self) -> None:
        while self._read:
            batch, self._read = tuple(self._read[:BATCH]), self._read[BATCH:]
            await settle(batch, self._room)

    async def _held_until(self, now: datetime) -> datetime:
        """Return when this host may be asked again: our own gap, its crawl delay, or the pause it asked for."""
        gap = self._room.fetcher.limits.gap
        if self._room.tempo.robots and self._asked and self._allowance.hold_until is None:
            gap = max(gap, await self._crawl_delay())
        asked = min(self._allowance.hold_until or now, now + LONGEST_HOLD)
        return max(now + gap, asked)

    async def _crawl_delay(self) -> timedelta:
        """Return the delay robots.txt asks for; it was read during the visit, so this asks nothing."""
        try:
            return (await self._room.fetcher.robots(self._asked)).crawl_delay or timedelta(0)
        except FetchError:
            return timedelta(0)
