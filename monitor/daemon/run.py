"""Open, run, stop: the daemon from top to bottom."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from monitor.clock import Now, utc_now
from monitor.daemon.receivers import notifiers_of
from monitor.daemon.wiring import Running, judge_of, limits_of, newsroom, open_store
from monitor.daemon.work import Work
from monitor.fetch import Fence, Fetcher
from monitor.jobs.newsroom import Newsroom
from monitor.settings import Settings
from monitor.store import Store

log = structlog.get_logger()


Site = Callable[[Store, Newsroom], contextlib.AbstractAsyncContextManager[str]]
"""Opens the board on a store; yields its address. The doors hand it in, because the daemon knows no web."""


@asynccontextmanager
async def opened(settings: Settings, *, site: Site | None = None, now: Now = utc_now) -> AsyncIterator[Running]:
    """Open everything; when one thing cannot be opened, those before it are closed again.

    What the user wrote comes first (rules, secrets), then the store, then the board: a mistake makes no database.
    """
    judge = judge_of(settings)
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(Fetcher(limits_of(settings), now=now))
        fence = await stack.enter_async_context(Fence())
        notifiers = notifiers_of(settings, fetcher, now=now)
        for notifier in notifiers.values():
            stack.push_async_callback(notifier.aclose)
        store = await open_store(settings, lock=True)
        stack.push_async_callback(store.close)
        room = newsroom(settings, store, fetcher, fence, judge, now=now)
        address = await stack.enter_async_context(site(store, room)) if site else ""
        await store.sync_outlets(settings.outlets, now())
        await store.free_leases(now())
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
        work.start()
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
        await work.post.tick()
        states = await running.store.sources()
        failed = sum(state.failures > 0 for state in states)
        return len(states) - failed, failed
