"""Open, run, stop: the daemon from top to bottom."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from monitor.clock import KST, Now, utc_now
from monitor.daemon.wiring import newsroom, notifiers_of, open_store
from monitor.jobs.newsroom import Newsroom
from monitor.notify import Notifier
from monitor.settings import Settings
from monitor.store import Store

log = structlog.get_logger()

PATIENCE = timedelta(seconds=6)
"""An orderly stop ends within ten seconds (ACCEPTANCE D3): six for work in flight, the rest for closing."""
OUTBOX_TICK = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=10)
RETENTION_HOUR = 4  # in Korea, when least is published

Site = Callable[[Store, Newsroom], contextlib.AbstractAsyncContextManager[str]]
"""Opens the board on a store; yields its address. The doors hand it in, because the daemon knows no web."""


@dataclass(frozen=True, slots=True)
class Running:
    """What is open while the daemon runs."""

    settings: Settings
    store: Store
    room: Newsroom
    notifiers: dict[str, Notifier]
    address: str = ""


@asynccontextmanager
async def opened(settings: Settings, *, site: Site | None = None, now: Now = utc_now) -> AsyncIterator[Running]:
    """Open store, fetcher, channels and board; when one cannot be opened, those before it are closed again."""
    async with AsyncExitStack() as stack:
        store = await open_store(settings, lock=True)
        stack.push_async_callback(store.close)
        room = await stack.enter_async_context(newsroom(settings, store, now=now))
        notifiers = notifiers_of(settings, room.fetcher, now=now)
        for notifier in notifiers.values():
            stack.push_async_callback(notifier.aclose)
        address = await stack.enter_async_context(site(store, room)) if site else ""
        await store.sync_outlets(settings.outlets, now())
        yield Running(settings, store, room, notifiers, address)


async def run(
    settings: Settings, *, site: Site | None = None, on_ready: Callable[[Running], None] | None = None
) -> None:
    """Run until SIGTERM or SIGINT, then stop in order: no new work, work in flight finished, everything closed.

    Raises:
        ConfigError, StoreUnusable, Locked: nothing was started.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings, site=site) as running:
        work = Work(running)
        timers = work.timers()
        timers.start()
        log.info("daemon.ready", outlets=len(settings.outlets), board=running.address)
        if on_ready:
            on_ready(running)
        await stop.wait()
        log.info("daemon.stopping")
        timers.shutdown(wait=False)
        await work.close()


async def once(settings: Settings) -> tuple[int, int]:
    """Visit everything that is due, deliver what is owed, and stop (for cron).

    Returns:
        How many sources answered and how many failed.
    """
    async with opened(settings) as running:
        work = Work(running)
        while await work.visits.dispatch():
            await work.visits.drain()
        await work.deliver.poke()
        await work.close(timedelta(minutes=5))
        states = await running.store.sources()
        failed = sum(state.failures > 0 for state in states)
        return len(states) - failed, failed


class Work:
    """What the timers start."""

    def __init__(self, running: Running) -> None:
        room = running.room
        poll = running.settings.monitor.poll
        self.tick = poll.tick
        self.visits = Visits(
            poll.visits,
            lambda free: room.store.claim_hosts(room.now(), free, room.tempo.lease),
            partial(visit, room=room),
        )
        self.deliver = Errand("deliver", self._deliver(running))
        self.beat = Errand("heartbeat", lambda: room.store.heartbeat(room.now()))
        self.forget = Errand("retention", lambda: room.store.prune(room.now(), running.settings.monitor.keep.bodies))
        self._errands = (self.deliver, self.beat, self.forget)

    def _deliver(self, running: Running) -> Callable[[], Awaitable[object]]:
        return partial(deliver, store=running.store, notifiers=running.notifiers, now=running.room.now)

    def timers(self) -> AsyncIOScheduler:
        """Return the timers, not started. A tick that comes late runs late, and several missed ones run once."""
        timers = AsyncIOScheduler(
            timezone=KST, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        timers.add_job(self.visits.dispatch, "interval", seconds=self.tick.total_seconds(), id="dispatch")
        timers.add_job(self.deliver.poke, "interval", seconds=min(self.tick, OUTBOX_TICK).total_seconds(), id="outbox")
        timers.add_job(self.beat.poke, "interval", seconds=HEARTBEAT.total_seconds(), id="heartbeat")
        timers.add_job(self.forget.poke, "cron", hour=RETENTION_HOUR, id="retention")
        return timers

    async def close(self, patience: timedelta = PATIENCE) -> None:
        """Finish what is in flight."""
        await self.visits.close(patience)
        for errand in self._errands:
            await errand.close(patience)
