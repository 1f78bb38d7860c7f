"""What the daemon keeps going: visits of due hosts, the post room, the heartbeat, forgetting."""

import asyncio
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.clock import KST
from monitor.daemon.errands import Errand
from monitor.daemon.fleet import executor_of
from monitor.daemon.letters import subscriptions_of
from monitor.daemon.listeners import listen, sockets_of
from monitor.daemon.pulse import Pulse
from monitor.daemon.wiring import Running
from monitor.jobs.deliver import Postroom, Teller
from monitor.jobs.digest import send_digests
from monitor.jobs.duty import Duty
from monitor.jobs.watch import Watch
from monitor.settings import Settings

PATIENCE = timedelta(seconds=6)
"""An orderly stop ends within ten seconds (ACCEPTANCE D3): six for work in flight, the rest for closing."""
DIGEST_TICK = timedelta(seconds=20)
WATCH_TICK = timedelta(minutes=5)
"""How often the states of sources are compared with what the operator was told: 0.4 s of CPU for 10,000 sources."""
HEARTBEAT = timedelta(seconds=10)
PRUNING = timedelta(hours=1)
"""How long the nightly forgetting belongs to one worker: it starts within a minute in all of them."""
INDEX_TICK = timedelta(seconds=5)
"""What was read is searchable within seconds; a batch holds the write lock for 0.14 s, so it is not done with each."""
RETENTION_HOUR = 4  # in Korea, when least is published


class Work:
    """What the timers start."""

    def __init__(self, running: Running) -> None:
        room = running.room
        self.tick = running.settings.monitor.poll.tick
        self.visits = executor_of(running)
        self.post = Postroom(
            store=running.store, notifiers=running.notifiers, now=room.now, ops=_operator(running.settings)
        )
        self.tell_ops = Teller(room.store, room.now, _operator(running.settings))
        self.pulse = Pulse(running, self.tell_ops)
        self.beat = Errand("heartbeat", self.pulse.beat)
        self.forget = Errand("retention", self._prune)
        self.digest = Errand("digest", self._send_digests)
        names = {outlet.id: outlet.name for outlet in running.settings.outlets}
        self._watch = Watch(room.store, room.now, self.tell_ops, names)
        self.watch = Errand("watch", self._look)
        self._pruning = Duty("retention", room.store, room.now, lasts=PRUNING)
        self._watching = Duty("watch", room.store, room.now, lasts=2 * WATCH_TICK)
        self.index = Errand("index", running.store.index_new)
        self._errands = (self.digest, self.beat, self.forget, self.watch, self.index)
        self._running = running
        self._subscriptions = subscriptions_of(running.settings, running.notifiers, running.pen)
        self._stop = asyncio.Event()
        self._lanes: asyncio.Task[None] | None = None
        self._sockets = sockets_of(running)

    def start(self) -> None:
        """Open the lanes of the post room, and the lines on which readers answer."""
        self._lanes = asyncio.create_task(self._talk(), name="post")

    async def _talk(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.post.run(self._stop))
            for socket in self._sockets:
                group.create_task(listen(socket, self._stop))

    async def _send_digests(self) -> None:
        """Post what is due; the ledger knows who has had which day's letter."""
        await send_digests(
            store=self._running.store,
            subscriptions=self._subscriptions,
            now=self._running.room.now,
            tell_ops=self.tell_ops,
        )

    async def _prune(self) -> None:
        """Forget what is old; one worker of a fleet does it."""
        if await self._pruning.is_ours():
            room = self._running.room
            await room.store.prune(room.now(), self._running.settings.monitor.keep.bodies)

    async def _look(self) -> None:
        """Tell the operator of sources that are not well; one worker of a fleet does it."""
        if await self._watching.is_ours():
            await self._watch.look()

    def timers(self) -> AsyncIOScheduler:
        """Return the timers, not started. A tick that comes late runs late, and several missed ones run once."""
        timers = AsyncIOScheduler(
            timezone=KST, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        timers.add_job(self.visits.dispatch, "interval", seconds=self.tick.total_seconds(), id="dispatch")
        at_once = self._running.room.now()  # a digest that fell due while nobody ran goes out at the start
        every = DIGEST_TICK.total_seconds()
        timers.add_job(self.digest.poke, "interval", seconds=every, id="digest", next_run_time=at_once)
        timers.add_job(self.beat.poke, "interval", seconds=HEARTBEAT.total_seconds(), id="heartbeat")
        timers.add_job(self.watch.poke, "interval", seconds=WATCH_TICK.total_seconds(), id="watch")
        timers.add_job(self.index.poke, "interval", seconds=INDEX_TICK.total_seconds(), id="index")
        timers.add_job(self.forget.poke, "cron", hour=RETENTION_HOUR, id="retention")
        return timers

    async def close(self, patience: timedelta = PATIENCE) -> None:
        """Finish what is in flight."""
        self._stop.set()
        await self.visits.close(patience)
        if self._lanes is not None:
            _, late = await asyncio.wait({self._lanes}, timeout=patience.total_seconds())
            for lanes in late:
                lanes.cancel()
            await asyncio.wait({self._lanes})
        for errand in self._errands:
            await errand.close(patience)


def _operator(settings: Settings) -> str:
    """Return the receiver that hears of trouble; it is never an alert channel unless the user says so."""
    return next((name for name, table in settings.receivers.items() if table.ops), "")
