"""Open, run, stop: the daemon from top to bottom."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from monitor.clock import Now, SteadyClock, utc_now
from monitor.daemon.calls import Calls, Chosen, watch
from monitor.daemon.letters import signing_key
from monitor.daemon.notify_socket import NotifySocket
from monitor.daemon.receivers import notifiers_of
from monitor.daemon.ticks import keep_on_time
from monitor.daemon.wiring import Running, Site, judge_of, limits_of, newsroom, open_store, unrendered
from monitor.daemon.work import Work
from monitor.errors import ConfigError, StoreError
from monitor.fetch import Fence, Fetcher
from monitor.notify import Pen
from monitor.settings import Settings, service_manager

SETTLE_TRIES = 3
log = structlog.get_logger()


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
        room = newsroom(settings, store, fetcher, fence, judge, now=now, notifiers=notifiers)
        address = await stack.enter_async_context(site(store, room)) if site else ""
        await store.sync_outlets(settings.outlets, now())
        await store.free_leases(now())
        yield Running(settings, store, room, notifiers, address, Pen(await signing_key(store)))


async def run(
    settings: Settings,
    *,
    site: Site | None = None,
    reread: Callable[[], Chosen] | None = None,
    on_ready: Callable[[Running], None] | None = None,
) -> None:
    """Run until SIGTERM or SIGINT, then stop in order: no new work, work in flight finished, everything closed.

    At SIGHUP ``reread`` is called for the configuration; a good one takes over in an orderly restart within this
    process, a broken one is told with every mistake and the old one stays.

    Raises:
        ConfigError, StoreUnusable, Locked: nothing was started.
    """
    calls = Calls(NotifySocket(service_manager().address), reread)
    chosen: Chosen | None = (settings, site)
    kept: Chosen | None = None
    while chosen:
        try:
            kept, chosen = chosen, await _run(chosen, calls, on_ready)
        except (ConfigError, StoreError) as wrong:
            if kept is None:
                raise
            # It was read without a mistake but cannot be opened: its port is taken, its database is not there.
            log.error("config.kept", mistakes=[str(wrong)])  # noqa: TRY400 - the mistakes are the message
            chosen, kept = kept, None


async def _run(chosen: Chosen, calls: Calls, on_ready: Callable[[Running], None] | None) -> Chosen | None:
    """Run one configuration; return the one that takes over, ``None`` at the end."""
    settings, site = chosen
    async with opened(settings, site=site, now=SteadyClock()) as running:
        work = Work(running)
        await work.pulse.begin()
        timers = work.timers()
        watch(timers, calls.service, service_manager().watchdog)
        work.start()
        for refused in running.room.judge.grader.refused:
            await work.tell_ops(f"꺼 둔 규칙 (rule switched off): {refused}", f"rule {refused}")
        if waiting := unrendered(settings):
            log.warning("outlets.unrendered", because=waiting)
            await work.tell_ops(waiting, waiting)
        timers.start()
        on_time = asyncio.create_task(keep_on_time(timers), name="timers")
        calls.service.ready(f"매체 {len(settings.outlets)}곳 · {running.address or 'no board'}")
        log.info("daemon.ready", outlets=len(settings.outlets), board=running.address)
        if on_ready:
            on_ready(running)
        following = await calls.next(work.tell_ops)
        log.info("daemon.stopping", reloading=following is not None)
        on_time.cancel()
        timers.shutdown(wait=False)
        await work.close()
    return following


async def _settle(work: Work, running: Running) -> None:
    """Deliver; wait for what is uncertain to be settled, because there is no next tick that would do it."""
    await work.post.tick()
    settles = [channel.manners.settle for channel in running.notifiers.values()]
    for _ in range(SETTLE_TRIES):
        if not any(each.uncertain for each in await running.store.outbox_depth()):
            return
        await asyncio.sleep(max(settles).total_seconds())
        await work.post.tick()


async def once(settings: Settings) -> tuple[int, int]:
    """Visit everything that is due, deliver what is owed, and stop (for cron).

    Returns:
        How many sources answered and how many failed.
    """
    async with opened(settings) as running:
        work = Work(running)
        while await work.visits.dispatch():
            await work.visits.drain()
        await _settle(work, running)
        while await running.store.index_new():
            pass
        states = await running.store.sources()
        failed = sum(state.failures > 0 for state in states)
        return len(states) - failed, failed
