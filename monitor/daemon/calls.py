"""What the operating system says to a running daemon: stop, read the configuration anew."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.daemon.letters import subscriptions_of
from monitor.daemon.notify_socket import NotifySocket
from monitor.daemon.receivers import notifiers_of
from monitor.daemon.wiring import Site, judge_of, limits_of
from monitor.errors import ConfigError
from monitor.fetch import Fetcher
from monitor.jobs.deliver import Teller
from monitor.settings import Settings

Chosen = tuple[Settings, Site | None]
"""A configuration and the board that it asks for."""

log = structlog.get_logger()


class Calls:
    """SIGTERM and SIGINT end, SIGHUP reads the configuration anew."""

    def __init__(self, service: NotifySocket, reread: Callable[[], Chosen] | None) -> None:
        """Listen from now on; needs a running loop. Without ``reread`` SIGHUP ends, as it does by default."""
        self.service = service
        self._reread = reread
        self._stop = asyncio.Event()
        self._again = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        if reread:
            loop.add_signal_handler(signal.SIGHUP, self._again.set)

    async def next(self, tell_ops: Teller) -> Chosen | None:
        """Wait for what follows: a configuration that can be run, or ``None``, the end."""
        while not await self._is_over():
            if following := await self._read_anew(tell_ops):
                return following
        self.service.stopping()
        return None

    async def _is_over(self) -> bool:
        """Wait for either call; whether it is the end."""
        waits = {asyncio.ensure_future(event.wait()) for event in (self._stop, self._again)}
        _, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for waiting in left:
            waiting.cancel()
        self._again.clear()
        return self._stop.is_set()

    async def _read_anew(self, tell_ops: Teller) -> Chosen | None:
        if self._reread is None:
            return None
        self.service.reloading()
        try:
            chosen = await asyncio.to_thread(self._reread)
            await rehearse(chosen[0])
        except ConfigError as wrong:
            log.error("config.kept", mistakes=list(wrong.mistakes))  # noqa: TRY400 - the mistakes are the message
            self.service.ready("새 설정에 잘못이 있어 옛 설정으로 계속합니다 · kept the old configuration")
            await tell_ops(f"새 설정에 잘못이 있어 옛 설정으로 계속합니다 (kept the old configuration): {wrong}")
            return None
        log.info("config.read", folder=str(chosen[0].folder))
        return chosen


async def rehearse(settings: Settings) -> None:
    """Build everything that *settings* ask for and let it go: rules, weights, secrets, channels.

    Raises:
        ConfigError: with every mistake that a start would meet before it opens the store.
    """
    await asyncio.to_thread(judge_of, settings)
    settings.secret(settings.monitor.heartbeat, "ping")
    async with Fetcher(limits_of(settings)) as fetcher:
        notifiers = notifiers_of(settings, fetcher)
        subscriptions_of(settings, notifiers)
        for notifier in notifiers.values():
            await notifier.aclose()


def watch(timers: AsyncIOScheduler, service: NotifySocket, watchdog: timedelta | None) -> None:
    """Pet the service manager's watchdog twice in its time: from the loop itself, so that a stuck loop is noticed."""
    if watchdog:
        timers.add_job(_pet, "interval", seconds=watchdog.total_seconds() / 2, args=[service], id="watchdog")


async def _pet(service: NotifySocket) -> None:
    service.alive()
