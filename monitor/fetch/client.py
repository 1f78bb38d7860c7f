"""One page for one address: hop by hop through the guard, read under caps, decoded once."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from monitor.clock import Now, utc_now
from monitor.errors import FetchError, Forbidden, Incomplete, Throttled, TooLarge, Unreachable
from monitor.fetch.address import Guard, Target
from monitor.fetch.answer import failure, fresh_for
from monitor.fetch.body import Known, Raw, Read, read_body
from monitor.fetch.errand import INLINE, Errand, Headers, Room, read_whole
from monitor.fetch.inflate import Cut, Overflow
from monitor.fetch.limits import Limits
from monitor.fetch.polite import Pace
from monitor.fetch.render import Allowance, Renderer
from monitor.fetch.robotstxt import Robots
from monitor.fetch.rulebook import Answer, Rulebook, Verdict
from monitor.fetch.session import open_session, was_flooded, was_refused
from monitor.model import Page

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LARGE = 2
"""Large pages in memory at once; each may stand for 45 MB while it is inflated and decoded."""
_ROBOTS_BYTES = 2 * 1024 * 1024
_ROBOTSINLINE = 64 * 1024  # 4 ms
_ROBOTS_HOPS = 5  # RFC 9309, 2.3.1.2
_ROBOTS_DEADLINE_S = 10
_PATIENCE = timedelta(seconds=60)
"""Longest turn that is waited for; beyond it the caller is told when to come back."""
_ASKED_FOR = (
    (
        "Accept",
        "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8",
    ),
    ("Accept-Language", "ko,en;q=0.5"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
)


class Fetcher:
    """Asks for pages. Use as an async context manager; one for the whole program."""

    def __init__(self, limits: Limits | None = None, *, now: Now = utc_now) -> None:
        self.limits = limits or Limits()
        self._now = now
        self._guard = Guard(self.limits.allow_private)
        self._pace = Pace()
        self._bench = asyncio.Lock()
        self._large = asyncio.Semaphore(_LARGE)
        self._known = Known()
        self._rulebook = Rulebook(self._ask_robots)
        self._renderer = Renderer(self.limits.browser, Allowance(self.limits.deadline, self.limits.max_bytes))
        self._token = self.limits.user_agent.partition("/")[0].strip()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = open_session(self._guard, self.limits.user_agent, self.limits.max_bytes)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._renderer.aclose()
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The guarded session, for webhooks and chat services: there is no other way out of this program."""
        if self._session is None:
            raise RuntimeError("the fetcher is used outside its context")
        return self._session

    async def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        digest: str = "",
        headers: Headers = (),
        robots: bool = True,
        waits: bool = True,
    ) -> Page:
        """Return the page at *url*, redirects followed.

        Args:
            url: http or https.
            etag: of the copy we have, to be told when it has not changed.
            last_modified: of the copy we have, as the server printed it.
            digest: of the copy we have: when its very bytes come again, they are not read.
            headers: secrets of this source (``("Authorization", …)``); they go to *url*'s own origin only.
            robots: whether robots.txt of each host on the way must allow it.
            waits: for its turn at the host; a part of a page belongs to its visit, and takes a later turn for itself.

        Returns:
            The decoded page; ``not_modified`` and no text when the server says that our copy is good, *digest* and no
            text when it sends the same bytes again.

        Raises:
            Throttled: the server asks to wait, or the host is taken for more than a minute by its crawl delay.
            Gone: the page is not there, or is no text (a picture, a PDF).
            Forbidden: robots.txt, the address guard, the scheme or the port refuse it.
            Blocked: the site refuses us.
            TooLarge: over ``max_bytes`` on the wire or inflated.
            Incomplete: the body was cut or its checksum is wrong.
            Unreachable: no answer within the deadline, a broken one, a server error, too many redirects.
        """
        conditions = _conditions(etag, last_modified)
        errand = Errand(
            asked=url,
            headers=(*_ASKED_FOR, *conditions),
            secrets=headers,
            hops=self.limits.redirects,
            cap=self.limits.max_bytes,
            obeys=robots,
            waits=waits,
            room=Room(self._large),
        )
        try:
            raw = await self._in_time(errand)
            if raw.status == 304 and conditions:  # noqa: PLR2004 - status codes are their own names
                return self._unchanged(raw, url, etag, last_modified)
            if error := failure(url, raw.status, raw.headers, self._now()):
                raise error
            if digest and (known := self._known.of(raw)) and known.digest == digest:
                return self._page(raw, url, known)
            read = await self._read(raw, errand)
            if digest:
                self._known.note(raw, read)
            return self._page(raw, url, read)
        finally:
            errand.room.leave()

    async def render(self, url: str, *, headers: Headers = (), robots: bool = True) -> Page:
        """Return the page at *url* as its scripts build it in a browser; each part it asks for is asked like a page.

        Args:
            url: http or https.
            headers: secrets of this source; parts of *url*'s own origin get them, too.
            robots: whether robots.txt must allow the page and its parts.

        Raises:
            FetchError: as ``get``; also ``Unreachable`` when there is no browser, ``TooLarge`` when too much is built.
            TooHostile: its scripts were stopped at their limit of time or memory.
        """
        home = self._admit(url, url).origin
        page = await self.get(url, headers=headers, robots=robots)

        async def part(address: str) -> Page:
            own = self._admit(address, address).origin == home
            return await self.get(address, headers=headers if own else (), robots=robots, waits=False)

        return await self._renderer.render(page, part)

    async def robots(self, url: str) -> Answer:
        """Return what robots.txt of *url*'s host says about it; asked at most once a day for each host.

        Raises:
            Forbidden: the address guard refuses the host.
            Throttled: the host asks to wait.
        """
        return await self._rulebook.answer(self._admit(url, url))

    def _admit(self, url: str, asked: str) -> Target:
        target = self._guard.judge(url)
        if isinstance(target, str):
            raise Forbidden(asked, target)
        return target

    async def _in_time(self, errand: Errand) -> Raw:
        seconds = self.limits.deadline.total_seconds()
        try:
            async with asyncio.timeout(seconds) as deadline:
                return await self._follow(errand, deadline)
        except TimeoutError as late:
            raise Unreachable(errand.asked, f"no whole answer within {seconds:g} s") from late

    async def _follow(self, errand: Errand, deadline: asyncio.Timeout | None) -> Raw:
        """Go from hop to hop; each is judged like the first, and secrets stay at home."""
        target = self._admit(errand.asked, errand.asked)
        secrets = errand.secrets
        if deadline:
            await self._take_turn(errand, target, deadline, known="")
        for _ in range(errand.hops + 1):
            raw = await self._ask(errand, target, secrets)
            location = raw.headers.get("Location")
            if raw.status not in _REDIRECTS or location is None:
                return raw
            onward = self._guard.onward(target, location)
            if isinstance(onward, str):
                raise Forbidden(errand.asked, f"redirected to an address that is refused: {onward.partition(';')[0]}")
            if onward.origin != target.origin:
                secrets = ()
            if deadline:
                await self._take_turn(errand, onward, deadline, known=target.host)
            target = onward
        raise Unreachable(errand.asked, f"more than {errand.hops} redirects")

    async def _take_turn(self, errand: Errand, target: Target, deadline: asyncio.Timeout, *, known: str) -> None:
        """Wait until *target*'s host may be asked; the wait is not counted against the deadline.

        A redirect inside one host (*known*) is the same visit: it takes a turn but does not wait for it.
        """
        gap = self.limits.gap
        if errand.obeys:
            gap = max(gap, await self._allowed(errand.asked, target))
        wait = self._pace.reserve(target.host, gap, at_most=_PATIENCE)
        if wait is None:
            back = self._now() + self._pace.wait_for(target.host)
            raise Throttled(errand.asked, f"{target.host} is asked once in {gap}", back)
        if wait and errand.waits and target.host != known:
            deadline.reschedule((deadline.when() or 0.0) + wait)
            await asyncio.sleep(wait)

    async def _allowed(self, asked: str, target: Target) -> timedelta:
        """Return the host's crawl delay, or raise when robots.txt keeps us out."""
        rules = await self._rulebook.answer(target)
        if rules.verdict is Verdict.BLOCKED:
            raise Forbidden(asked, f"robots.txt of {target.host} does not allow {target.href}")
        if rules.verdict is Verdict.UNDETERMINED:
            raise Unreachable(asked, f"robots.txt of {target.host} gave no answer")
        return rules.crawl_delay or timedelta(0)

    async def _ask(self, errand: Errand, target: Target, secrets: Headers) -> Raw:
        try:
            async with self.session.get(
                URL(target.href, encoded=True), headers=(*errand.headers, *secrets), allow_redirects=False
            ) as response:
                body = await read_whole(response, errand) if response.status in {200, 203} else b""
                return Raw(url=target.href, status=response.status, headers=response.headers, body=body)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _broken(error, errand.asked, target) from error

    async def _read(self, raw: Raw, errand: Errand) -> Read:
        """Inflate and decode; a small page at once, a large one where it cannot hold up the loop."""
        asked = errand.asked
        try:
            if len(raw.body) <= INLINE:
                with contextlib.suppress(Overflow):
                    async with self._bench:  # one page between two looks at the sockets, however many came at once
                        return read_body(raw, asked, min(INLINE, self.limits.max_bytes))
            await errand.room.take()
            return await asyncio.to_thread(read_body, raw, asked, self.limits.max_bytes)
        except Overflow as over:
            raise TooLarge(asked, f"more than {self.limits.max_bytes} bytes inflated") from over
        except Cut as cut:
            raise Incomplete(asked, str(cut)) from cut

    def _page(self, raw: Raw, asked: str, read: Read) -> Page:
        now = self._now()
        return Page(
            url=raw.url,
            asked=asked,
            status=raw.status,
            text=read.text,
            fetched_at=now,
            content_type=raw.headers.get("Content-Type", ""),
            encoding=read.encoding,
            etag=raw.headers.get("ETag", ""),
            last_modified=raw.headers.get("Last-Modified", ""),
            digest=read.digest,
            size=read.size,
            fresh_for=fresh_for(raw.headers, now),
        )

    def _unchanged(self, raw: Raw, asked: str, etag: str, last_modified: str) -> Page:
        page = self._page(raw, asked, Read(text="", encoding="", digest="", size=0))
        since = page.last_modified or last_modified
        return replace(page, not_modified=True, etag=page.etag or etag, last_modified=since)

    async def _ask_robots(self, origin: Target) -> Robots | Verdict:
        """Fetch robots.txt itself; what cannot be read is told by a verdict without rules."""
        url = f"{origin.href_root}robots.txt"
        room = Room(self._large)
        errand = Errand(url, _ASKED_FOR, secrets=(), hops=_ROBOTS_HOPS, cap=_ROBOTS_BYTES, obeys=False, room=room)
        try:
            async with asyncio.timeout(_ROBOTS_DEADLINE_S):
                raw = await self._follow(errand, None)
            if error := failure(url, raw.status, raw.headers, self._now()):
                raise error
            read = await self._read(raw, errand)
        except (Throttled, Forbidden):
            raise
        except (FetchError, TimeoutError) as error:
            status = error.status if isinstance(error, FetchError) else 0
            return Verdict.NO_FILE if 200 <= status < 500 else Verdict.UNDETERMINED  # noqa: PLR2004
        finally:
            room.leave()
        body = read.text.encode()
        if len(body) <= _ROBOTSINLINE:
            return Robots.parse(body, self._token)
        return await asyncio.to_thread(Robots.parse, body, self._token)


def _broken(error: Exception, asked: str, target: Target) -> FetchError:
    """Return what a request that did not end well means; the message names no header and no address but the host."""
    if was_refused(error):
        return Forbidden(asked, f"{target.host} is not a public address")
    if was_flooded():
        return TooLarge(asked, "an answer without end")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Incomplete(asked, "the connection ended inside the body")
    return Unreachable(asked, f"{type(error).__name__} at {target.host}")


def _conditions(etag: str, last_modified: str) -> Headers:
    told = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return tuple((name, value) for name, value in told if value and value.isprintable())
