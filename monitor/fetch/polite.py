"""How often one host is asked."""

import asyncio
from datetime import timedelta

_HOSTS = 20_000


class Pace:
    """Keeps the starts of two requests to one host apart, by the loop's clock (wall time may jump)."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def reserve(self, host: str, gap: timedelta, *, at_most: timedelta) -> float | None:
        """Take the next turn at *host* and return the seconds until it, or ``None`` when that is over *at_most*.

        Turns are given in the order of asking. Nothing is reserved when ``None`` is returned.
        """
        now = asyncio.get_running_loop().time()
        start = max(now, self._free_at.get(host, now))
        if start - now > at_most.total_seconds():
            return None
        if gap:
            if len(self._free_at) > _HOSTS:
                self._free_at = {name: at for name, at in self._free_at.items() if at > now}
            self._free_at[host] = start + gap.total_seconds()
        return start - now

    def wait_for(self, host: str) -> timedelta:
        """Return how long *host* is taken already."""
        now = asyncio.get_running_loop().time()
        return timedelta(seconds=max(0.0, self._free_at.get(host, now) - now))
