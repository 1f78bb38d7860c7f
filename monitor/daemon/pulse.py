"""The daemon's pulse: a note in the store, a ping to a dead man's switch, and one message after a long absence."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.daemon.wiring import Running
from monitor.errors import ConfigError, FetchError
from monitor.jobs.deliver import Teller
from monitor.settings import Secret

CATCHING_UP = timedelta(minutes=15)
"""The message after an absence waits for the first round over all sources, but not longer than this."""
_ABSENCE = "absence"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Absence:
    """Time in which nobody watched; ``stories`` is how many were known before."""

    since: datetime
    until: datetime
    stories: int

    def as_note(self) -> str:
        """Return it as the store keeps it."""
        return json.dumps({"since": self.since.isoformat(), "until": self.until.isoformat(), "stories": self.stories})

    @classmethod
    def from_note(cls, note: str) -> "Absence":
        """Read what ``as_note`` wrote."""
        told = json.loads(note)
        return cls(datetime.fromisoformat(told["since"]), datetime.fromisoformat(told["until"]), told["stories"])


class Pulse:
    """Beats while the daemon runs."""

    def __init__(self, running: Running, tell_ops: Teller) -> None:
        """Nothing is asked before ``begin``.

        Raises:
            ConfigError: the ping's address is named but cannot be read.
        """
        self._store = running.store
        self._room = running.room
        self._tell_ops = tell_ops
        self._chosen = running.settings.monitor.heartbeat
        self._ping = ping_address(running)
        self._ping_at: datetime | None = None
        self._absence: Absence | None = None

    async def begin(self) -> None:
        """Note how long nobody watched; an absence that an earlier start did not get to tell is told now."""
        now = self._room.now()
        note, last = await self._store.meta(_ABSENCE), await self._store.last_heartbeat()
        if note:
            self._absence = Absence.from_note(note)
        elif last and now - last >= self._chosen.away:
            self._absence = Absence(last, now, (await self._store.counts()).stories)
            await self._store.set_meta(_ABSENCE, self._absence.as_note())
        await self._store.heartbeat(now)

    async def beat(self) -> None:
        """Note that we live, say so outside when it is time, and tell of an absence once it is caught up."""
        now = self._room.now()
        await self._store.heartbeat(now)
        if self._absence and await self._has_caught_up(self._absence, now):
            await self._tell(self._absence)
        if self._ping and (self._ping_at is None or not timedelta(0) <= now - self._ping_at < self._chosen.every):
            self._ping_at = now
            await self._say_alive(self._ping)

    async def _say_alive(self, address: Secret) -> None:
        try:
            await self._room.fetcher.get(address.reveal(), robots=False)
        except FetchError as wrong:
            # The address is a secret (whoever knows it can keep us alive), so the error is told by its kind.
            log.warning("heartbeat.unheard", error=type(wrong).__name__, status=wrong.status)

    async def _has_caught_up(self, absence: Absence, now: datetime) -> bool:
        if now - absence.until >= CATCHING_UP:
            return True
        sources = await self._store.sources()
        if any(state.next_poll_at <= absence.until for state in sources):
            return False
        return not (await self._store.counts()).links_pending

    async def _tell(self, absence: Absence) -> None:
        stories = (await self._store.counts()).stories - absence.stories
        minutes = round((absence.until - absence.since) / timedelta(minutes=1))
        words = (
            f"봉수가 {minutes}분 만에 돌아왔습니다. 그동안의 이야기 {stories}건을 따라잡았습니다. · "
            f"back after {minutes} min, {stories} stories caught up"
        )
        await self._tell_ops(words, f"back {absence.until.isoformat()}")
        await self._store.set_meta(_ABSENCE, "")
        self._absence = None


def ping_address(running: Running) -> Secret | None:
    """Return the address of the dead man's switch; ``None`` without one.

    Raises:
        ConfigError: it is named but cannot be read.
    """
    try:
        return running.settings.secret(running.settings.monitor.heartbeat, "ping")
    except ConfigError as wrong:
        raise ConfigError(tuple(f"heartbeat: {mistake}" for mistake in wrong.mistakes)) from wrong
