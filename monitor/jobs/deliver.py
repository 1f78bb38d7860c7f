"""What is owed is shown: one ordered lane for each receiver, side by side; in a fleet each lane is one worker's.

A tick does all that is due and returns; ``Postroom.run`` keeps the lanes open until it is told to stop.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from monitor.clock import Now, utc_now
from monitor.errors import StoreError
from monitor.jobs.lane import Lane
from monitor.notify import Notifier
from monitor.store import Store

IDLE_SECONDS = 1.0
"""How often a lane looks into the outbox when nobody wakes it."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """One receiver's channel for a status page; ``since`` is when trouble began, ``None`` when all is well."""

    receiver: str
    reason: str
    remedy: str
    since: datetime | None
    ready_at: datetime


class Postroom:
    """All lanes; it remembers paces and outages between ticks."""

    def __init__(self, *, store: Store, notifiers: Mapping[str, Notifier], now: Now = utc_now, ops: str = "") -> None:
        """``ops`` names the receiver that hears of channels that a person has to mend; "" tells only the log."""
        self._store = store
        self._now = now
        self._ops = ops if ops in notifiers else ""
        self._lanes = {
            name: Lane(name, notifier, store=store, now=now, tell_ops=self._teller(name))
            for name, notifier in notifiers.items()
        }
        self._wake = asyncio.Event()

    def _teller(self, about: str) -> "Teller":
        return Teller(self._store, self._now, "" if self._ops == about else self._ops)

    async def tick(self) -> int:
        """Do all that is due in every lane, to its end, and return how many messages were shown."""
        before = self._shown()
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes.values():
                group.create_task(self._guarded(lane, group))
        return self._shown() - before

    def _shown(self) -> int:
        return sum(lane.shown for lane in self._lanes.values())

    async def run(self, stop: asyncio.Event) -> None:
        """Keep every lane going until ``stop``; what is being sent then is finished, within the time of one call."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes.values():
                group.create_task(self._keep(lane, stop))

    def wake(self) -> None:
        """Say that something is owed, so that no lane sleeps out its second."""
        self._wake.set()

    def health(self) -> tuple[ChannelHealth, ...]:
        """Return how every channel is doing."""
        return tuple(
            ChannelHealth(name, lane.health.reason, lane.health.remedy, lane.health.since, lane.health.ready_at)
            for name, lane in self._lanes.items()
        )

    async def _keep(self, lane: Lane, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                self._wake.clear()
                await self._guarded(lane, group, stop)
                await self._rest(stop)
        with suppress(StoreError):  # another worker takes over all the same, a few seconds later
            await lane.leave()

    async def _rest(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            waits = {group.create_task(event.wait()) for event in (stop, self._wake)}
            _, left = await asyncio.wait(waits, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for waiting in left:
                waiting.cancel()

    async def _guarded(self, lane: Lane, group: asyncio.TaskGroup, stop: asyncio.Event | None = None) -> None:
        """Drain a lane; a store that cannot be used now is tried again at the next tick."""
        try:
            await lane.drain(group, stop)
        except StoreError as error:
            _log.error("delivery.store", error=str(error))


class Teller:
    """Owes a message to the receiver for operations; told channel by channel, never through the broken one."""

    def __init__(self, store: Store, now: Now, ops: str) -> None:
        """``ops`` is "" when nobody but the log is told."""
        self._store = store
        self._now = now
        self._ops = ops

    async def __call__(self, text: str, subject: str = "") -> None:
        """Owe ``text``; the same ``subject`` is told once for ever."""
        _log.warning("ops", text=text)
        if self._ops:
            await self._store.owe(self._ops, "ops", text, self._now(), subject=subject)


async def deliver(*, store: Store, notifiers: Mapping[str, Notifier], now: Now = utc_now, ops: str = "") -> int:
    """Do one tick over the outbox and return how many messages were shown.

    Paces and outages are forgotten between calls: a daemon keeps one ``Postroom``.
    """
    return await Postroom(store=store, notifiers=notifiers, now=now, ops=ops).tick()
