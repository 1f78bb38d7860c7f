"""The one way out: every HTTP request of this program leaves through ``open_session``.

The address is judged where the socket is made, on the number that is connected, so that redirects, rebinding names
and literal addresses all meet the same guard (the lesson of CVE-2026-21885: a check before the lookup is a guess).
"""

import asyncio
import functools
import socket
from contextvars import ContextVar
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from monitor.fetch.address import Guard
from monitor.fetch.limits import MAX_BYTES

_NAME_LIFE_S = 60
"""A name is looked up again after this, and a pooled connection is not used longer: names move."""
_CONNECT_S = 10
_CONNECTIONS = 512
_HEADER_BYTES = 16_384
"""Longest header line; Korean portals send 6 kB cookies."""

_FRAMING = 512 * 1024
"""Bytes beside the body that an answer may take: headers, chunk sizes, what comes before the last status line."""

_WINDOW = 256 * 1024
"""Bytes the kernel may hold for us unread; by itself it takes 6 MB of an endless body after we stopped reading."""

_asked: ContextVar[str] = ContextVar("asked")
_wire: ContextVar["_Wire"] = ContextVar("wire")


class Refused(OSError):
    """The guard does not let a socket connect there."""


def open_session(guard: Guard, user_agent: str, max_bytes: int = MAX_BYTES) -> aiohttp.ClientSession:
    """Return the session for all outbound HTTP: no cookies kept, no proxy from the environment, nothing inflated.

    For pages, robots.txt, webhooks and chat services alike. To be called inside a running loop and closed by the
    caller. A request to a refused address raises ``aiohttp.ClientError`` with ``Refused`` in its chain
    (``was_refused``); an answer of more than *max_bytes* and its framing is cut off (``was_flooded``).
    """
    return aiohttp.ClientSession(
        connector=_GuardedConnector(guard, max_bytes + _FRAMING),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
        # nothing is inflated here, so nothing may come packed unless the caller asks for it and undoes it
        headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
        max_line_size=_HEADER_BYTES,
        max_field_size=_HEADER_BYTES,
    )


def was_refused(error: BaseException | None) -> bool:
    """Return whether the guard is behind *error*."""
    while error is not None:
        if isinstance(error, Refused):
            return True
        error = error.__cause__ or error.__context__
    return False


def was_flooded() -> bool:
    """Return whether the last answer of this task was cut off because too many bytes came."""
    wire = _wire.get(None)
    return wire is not None and wire.is_flooded


class _Wire(ResponseHandler):
    """Counts what comes in before it is parsed.

    A body's own cap does not see the rest: endless chunk extensions, empty lines or early hints went on at 300 MB/s
    for as long as the deadline let them.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, cap: int) -> None:
        super().__init__(loop)
        self._cap = cap
        self._came = 0

    @property
    def is_flooded(self) -> bool:
        return self._came > self._cap

    def begin(self) -> None:
        """Count anew: a pooled connection is used for another request."""
        self._came = 0

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        if not self.is_flooded:
            super().data_received(data)
        elif isinstance(self.transport, asyncio.Transport):
            # said before the connection is lost, because aiohttp asks again after a mere loss
            self.set_exception(aiohttp.ClientPayloadError("an answer without end"))
            self.transport.abort()


class _GuardedResolver(AbstractResolver):
    """Refuses a name when any of its addresses is closed: a mixed answer is a rebinding attempt."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for record in found:
            if not self._guard.admits(host, record["host"], port):
                raise Refused(f"{host} has an address that is not public")
        return found

    async def close(self) -> None:
        await self._inner.close()


class _GuardedConnector(aiohttp.TCPConnector):
    """Judges the number a socket is made for, and again each time a pooled connection is taken."""

    def __init__(self, guard: Guard, cap: int) -> None:
        self._guard = guard
        self._born: WeakKeyDictionary[ResponseHandler, float] = WeakKeyDictionary()
        super().__init__(
            resolver=_GuardedResolver(guard),
            socket_factory=self._make_socket,
            ttl_dns_cache=_NAME_LIFE_S,
            limit=_CONNECTIONS,
        )
        self._factory = functools.partial(_Wire, self._loop, cap)  # type: ignore[assignment] # a partial is invariant

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - its signature
    ) -> Connection:
        host = (req.url.raw_host or "").strip("[]")
        mark = _asked.set(host)
        try:
            connection = await super().connect(req, traces, timeout)
            while self._is_stale(connection):
                connection.close()
                connection = await super().connect(req, traces, timeout)
        finally:
            _asked.reset(mark)
        if not isinstance(connection.protocol, _Wire):
            raise TypeError("aiohttp no longer makes its protocols by TCPConnector._factory")
        connection.protocol.begin()
        _wire.set(connection.protocol)
        peer = connection.transport.get_extra_info("peername") if connection.transport else None
        if not peer or not self._guard.admits(host, peer[0], peer[1]):
            connection.close()
            raise Refused(f"{host} is connected to an address that is not public")
        return connection

    def _is_stale(self, connection: Connection) -> bool:
        now = asyncio.get_running_loop().time()
        if connection.protocol is None:
            return False
        return now - self._born.setdefault(connection.protocol, now) > _NAME_LIFE_S

    def _make_socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, to = address
        ip, port = str(to[0]), int(to[1])
        if not self._guard.admits(_asked.get(""), ip, port):
            raise Refused(f"{ip} is not a public address")
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        return made
