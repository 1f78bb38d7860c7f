"""What only one process of a fleet does at a time: whose turn is it?"""

from datetime import datetime, timedelta

from monitor.clock import Now
from monitor.store import Store

LASTS = timedelta(seconds=12)
"""How long the work of a worker that died lies still; it is renewed three times in that time."""


class Duty:
    """A piece of work that is ours while nobody else holds it."""

    def __init__(self, name: str, store: Store, now: Now, *, lasts: timedelta = LASTS) -> None:
        """Nothing is held before ``is_ours``."""
        self._name = name
        self._store = store
        self._now = now
        self._lasts = lasts
        self._asked_at: datetime | None = None

    async def is_ours(self) -> bool:
        """Take or keep it; False while another process has it. Asks the store only when a third of its time is over."""
        now = self._now()
        if self._asked_at is not None and timedelta(0) <= now - self._asked_at < self._lasts / 3:
            return True
        is_held = await self._store.hold_duty(self._name, now, now + self._lasts)
        self._asked_at = now if is_held else None
        return is_held

    async def drop(self) -> None:
        """Let another process have it at once."""
        if self._asked_at is not None:
            self._asked_at = None
            await self._store.drop_duty(self._name, self._now())
