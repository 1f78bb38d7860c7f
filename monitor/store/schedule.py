"""When is which host visited next? One host row is timer, lock, politeness clock, lease and circuit breaker."""

import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, and_, bindparam, case, or_, select, update

from monitor.model import Outlet, OutletId, SourceKind
from monitor.store import tables as t
from monitor.store.claiming import Claim, Submit, claim, claim_again
from monitor.store.database import Database, Desk, ServerDatabase
from monitor.store.dialect import insert_new, insert_or_replace
from monitor.store.leaving import Begin, Leave, begin_all, next_dues, release_all, renew_all
from monitor.store.rows import Lease, SourceState
from monitor.store.together import Together

_NEW_HOST = insert_new(t.host)
_OUTLET = insert_or_replace(t.outlet, ("name", "region", "kind", "home", "retired_at"))
_SOURCE = insert_or_replace(t.source, ("kind", "host", "retired_at"))
_SERVER = insert_or_replace(t.server, ("address",))
_COMMON_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """Return the host that a visit to *url* asks: lower case, with the port where it is an unusual one.

    Example:
        >>> host_of("https://News.Example.kr:443/rss"), host_of("http://127.0.0.1:8080/")
        ('news.example.kr', '127.0.0.1:8080')
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    port = parts.port
    return name if port is None or port == _COMMON_PORTS.get(parts.scheme) else f"{name}:{port}"


class Schedule(Desk):
    """The timetable of hosts and sources."""

    def __init__(self, database: Database, instance: str) -> None:
        super().__init__(database, instance)
        self._releasing = Together[Leave, bool](self._release_all)
        self._beginning = Together[Begin, Lease | None](self._begin_all)
        self._asking = Together[str, datetime | None](self._next_dues)

    async def _release_all(self, leaves: Sequence[Leave]) -> Sequence[bool]:
        return await self._db.write(lambda conn: release_all(conn, leaves))

    async def _begin_all(self, begins: Sequence[Begin]) -> Sequence[Lease | None]:
        return await self._db.write(lambda conn: begin_all(conn, begins))

    async def _next_dues(self, hosts: Sequence[str]) -> Sequence[datetime | None]:
        return await self._db.read(lambda conn: next_dues(conn, hosts))

    async def sync_outlets(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Make the timetable match *outlets*: new sources are due at once, vanished or disabled ones retire.

        Nothing is deleted: a retired source keeps its memory and goes on where it was when it comes back.
        """
        await self._db.write(lambda conn: _sync(conn, outlets, now))

    async def claim_hosts(
        self, now: datetime, limit: int, lease: timedelta, *, per_address: int = 0, submit: Submit | None = None
    ) -> tuple[Lease, ...]:
        """Take up to *limit* hosts that are due, longest waiting first; nobody else gets them before the lease ends.

        Args:
            now: what is due by then is due.
            limit: hosts at most.
            lease: how long they are ours without being renewed.
            per_address: hosts of one server address (``note_address``) that may be visited at a time; 0: no limit.
            submit: hands the leases to a queue within this transaction, with the driver's own connection; the hosts
                that it does not return stay as they were, due. PostgreSQL only.
        """
        ask = Claim(now, limit, now + lease, uuid.uuid4().hex, per_address, submit)
        tries = count()
        return await self._db.write(lambda conn: claim_again(conn, ask) if next(tries) else claim(conn, ask))

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[object]:
        """Yield a connection of PostgreSQL's driver for a queue that listens; None where there is no server."""
        if isinstance(self._db, ServerDatabase):
            async with self._db.driver() as connection:
                yield connection
        else:
            yield None

    async def begin(self, lease: Lease, now: datetime, until: datetime) -> Lease | None:
        """Start a visit that came through a queue; the lease gets a new token, so that a job told twice starts once.

        None: somebody else visits the host or has visited it since; there is nothing to do.
        """
        return await self._beginning(Begin(lease, now, until))

    async def renew(self, lease: Lease, until: datetime) -> bool:
        """Lengthen a lease. False: it is no longer ours, stop the visit."""
        return lease in await self.renew_all((lease,), until)

    async def renew_all(self, leases: Sequence[Lease], until: datetime) -> frozenset[Lease]:
        """Lengthen several leases at once and return those that are still ours."""
        return await self._db.write(lambda conn: renew_all(conn, leases, until))

    async def release(self, lease: Lease, ready_at: datetime, *, hold_until: datetime | None = None) -> bool:
        """End a visit; the host is due again at *ready_at*. False: the lease was no longer ours, nothing changed.

        Links that other hosts found here during the visit make the host due earlier, but never before *hold_until*:
        pass now + gap for politeness, or the end of a penalty (Retry-After, circuit breaker).
        """
        return await self._releasing(Leave(lease, ready_at, hold_until))

    async def note_address(self, host: str, address: str) -> None:
        """Remember which server answers for *host*, for ``claim_hosts(per_address=…)``."""
        row = {"host": host, "address": address}
        await self._db.write(lambda conn: conn.execute(_SERVER.on(conn), row) and None)

    async def free_leases(self, now: datetime) -> int:
        """End every lease at *now* when no other process can hold one; returns how many.

        A daemon that was killed leaves its leases behind, and the one that comes next would wait them out. Only the
        holder of the store's lock may do this; for a shared store it does nothing and returns 0.
        """
        if not self._db.is_exclusive:
            return 0
        left = update(t.host).where(t.host.c.lease_until.is_not(None)).values(ready_at=now, lease_until=None)
        return await self._db.write(lambda conn: conn.execute(left).rowcount)

    async def next_due(self, host: str) -> datetime | None:
        """Return when the host's next source or pending link is due; None when it has none."""
        return await self._asking(host)

    async def due_sources(self, host: str, now: datetime) -> tuple[SourceState, ...]:
        """Return the host's sources whose time has come, longest waiting first."""
        return await self._db.read(lambda conn: _due_sources(conn, host, now))

    async def sources(self) -> tuple[SourceState, ...]:
        """Return every source that is not retired, by outlet."""
        return await self._db.read(_sources)

    async def poll_now(self, outlet_id: OutletId, now: datetime) -> int:
        """Make all sources of an outlet due at once (a person asked); returns how many."""
        return await self._db.write(lambda conn: _poll_now(conn, outlet_id, now))


def wake(conn: Connection, hosts: Iterable[str], now: datetime, *, visiting: str = "") -> None:
    """Make *hosts* due at *now* (later when held back); one that is being visited is woken on release.

    The host *visiting* is not: its visit is the caller, and asks for what is pending before it ends.
    """
    names = sorted(set(hosts))
    if names:
        conn.execute(_NEW_HOST.on(conn), [{"host": name, "ready_at": now, "token": 0} for name in names])
        conn.execute(_WAKE, [{"asked": name, "now": now, "visiting": visiting} for name in names])


_NOW = bindparam("now", type_=t.Instant)
_IS_FREE = or_(t.host.c.lease_until.is_(None), t.host.c.lease_until <= _NOW)
_EARLIEST = case((t.host.c.hold_until > _NOW, t.host.c.hold_until), else_=_NOW)
_WAKE = (
    update(t.host)
    .where(t.host.c.host == bindparam("asked"))
    .values(
        ready_at=case((and_(_IS_FREE, t.host.c.ready_at > _EARLIEST), _EARLIEST), else_=t.host.c.ready_at),
        woken_at=case((or_(_IS_FREE, t.host.c.host == bindparam("visiting")), t.host.c.woken_at), else_=_NOW),
    )
)


def _sync(conn: Connection, outlets: Sequence[Outlet], now: datetime) -> None:
    live = [each for each in outlets if each.enabled]
    rows = {
        each.id: {
            "id": each.id, "name": each.name, "region": each.region, "kind": each.kind.value, "home": each.home,
            "retired_at": None,
        }
        for each in live
    }  # fmt: skip
    known = {row["id"]: dict(row) for row in conn.execute(select(t.outlet)).mappings()}
    changed = [row for key, row in rows.items() if known.get(key) != row]
    if changed:
        conn.execute(_OUTLET.on(conn), changed)
    _retire(conn, [key for key, row in known.items() if key not in rows and row["retired_at"] is None], now)
    _sync_sources(conn, live, now)


def _retire(conn: Connection, outlet_ids: list[str], now: datetime) -> None:
    if outlet_ids:
        conn.execute(
            update(t.outlet).where(t.outlet.c.id == bindparam("gone")).values(retired_at=now),
            [{"gone": each} for each in outlet_ids],
        )


def _sync_sources(conn: Connection, live: list[Outlet], now: datetime) -> None:
    columns = ("outlet_id", "url", "kind", "host", "retired_at")
    rows = {
        (outlet.id, source.url): (outlet.id, source.url, source.kind.value, host_of(source.url), None)
        for outlet in live
        for source in outlet.sources
    }
    known = {(row[0], row[1]): tuple(row) for row in conn.execute(select(*(t.source.c[each] for each in columns)))}
    changed = [row for key, row in rows.items() if known.get((str(key[0]), key[1])) != row]
    if changed:
        conn.execute(
            _SOURCE.on(conn), [dict(zip(columns, row, strict=True)) | {"next_poll_at": now} for row in changed]
        )
    gone = [key for key, row in known.items() if key not in rows and row[4] is None]
    if gone:
        conn.execute(
            update(t.source)
            .where(t.source.c.outlet_id == bindparam("outlet"), t.source.c.url == bindparam("address"))
            .values(retired_at=now),
            [{"outlet": outlet_id, "address": url} for outlet_id, url in gone],
        )
    wake(conn, (str(row[3]) for row in changed), now)


def _due_sources(conn: Connection, host: str, now: datetime) -> tuple[SourceState, ...]:
    due = (
        select(t.source)
        .where(t.source.c.host == host, t.source.c.next_poll_at <= now, t.source.c.retired_at.is_(None))
        .order_by(t.source.c.next_poll_at)
    )
    return tuple(map(source_state, conn.execute(due).mappings()))


def _sources(conn: Connection) -> tuple[SourceState, ...]:
    live = select(t.source).where(t.source.c.retired_at.is_(None)).order_by(t.source.c.outlet_id, t.source.c.url)
    return tuple(map(source_state, conn.execute(live).mappings()))


def source_state(row: RowMapping, noted: str = "") -> SourceState:
    """Return a row of the table of sources as a value."""
    told = {name: row[name] for name in _STATE}
    return SourceState(**(told | {"kind": SourceKind(row["kind"]), "noted": noted}))


_STATE = tuple(name for name in SourceState.__slots__ if name != "noted")


def _poll_now(conn: Connection, outlet_id: OutletId, now: datetime) -> int:
    mine = and_(t.source.c.outlet_id == outlet_id, t.source.c.retired_at.is_(None))
    hosts = conn.scalars(update(t.source).where(mine).values(next_poll_at=now).returning(t.source.c.host)).all()
    wake(conn, hosts, now)
    return len(hosts)
