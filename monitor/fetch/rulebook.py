"""What every host lets us read: its robots.txt, asked once a day and kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from monitor.errors import Throttled
from monitor.fetch.address import Target
from monitor.fetch.robotstxt import Robots

_KEPT_S = {"rules": 86_400.0, "no file": 86_400.0, "undetermined": 300.0}
"""Seconds a reading is used: a day as RFC 9309 says, five minutes when the host gave no answer."""
_HOSTS = 20_000


class Verdict(StrEnum):
    """What is known about asking for one address."""

    OPEN = "open"  # there is a robots.txt and it lets us
    NO_FILE = "no file"  # 4xx: nothing is forbidden
    BLOCKED = "blocked"
    UNDETERMINED = "undetermined"  # no answer or 5xx: RFC 9309 says to keep out for now


@dataclass(frozen=True, slots=True)
class Answer:
    """What robots.txt says about one address."""

    verdict: Verdict
    crawl_delay: timedelta | None = None
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read of a host, and until when it is used (the loop's clock)."""

    rules: Robots | Verdict
    until: float


class Rulebook:
    """The robots.txt of all hosts, each asked once and kept for a day."""

    def __init__(self, ask: Callable[[Target], Awaitable[Robots | Verdict]]) -> None:
        self._ask = ask
        self._read: dict[str, _Reading] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def answer(self, target: Target) -> Answer:
        """Return what the host's robots.txt says about *target*; many askers make one request.

        Raises:
            Throttled, Forbidden: as the request for robots.txt itself.
        """
        rules = self._known(target.origin)
        if rules is None:
            async with self._asking.setdefault(target.origin, asyncio.Lock()):
                try:
                    rules = self._known(target.origin) or await self._learn(target)
                finally:
                    self._asking.pop(target.origin, None)
        if isinstance(rules, Verdict):
            return Answer(rules)
        verdict = Verdict.OPEN if rules.allows(target.href) else Verdict.BLOCKED
        return Answer(verdict, rules.crawl_delay, rules.sitemaps)

    def _known(self, origin: str) -> Robots | Verdict | None:
        reading = self._read.get(origin)
        return reading.rules if reading and reading.until > asyncio.get_running_loop().time() else None

    async def _learn(self, target: Target) -> Robots | Verdict:
        try:
            rules = await self._ask(target)
        except Throttled:
            self._keep(target.origin, Verdict.UNDETERMINED)
            raise
        self._keep(target.origin, rules)
        return rules

    def _keep(self, origin: str, rules: Robots | Verdict) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._read) >= _HOSTS:
            self._read = {name: reading for name, reading in self._read.items() if reading.until > now}
        kind = rules.value if isinstance(rules, Verdict) else "rules"
        self._read[origin] = _Reading(rules, now + _KEPT_S[kind])
