"""When is which host visited next? One host row is timer, lock, politeness clock, lease and circuit breaker."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, Update, and_, bindparam, case, func, literal, null, or_, select, update

from monitor.model import Outlet, OutletId, SourceKind
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import insert_new, insert_or_replace
from monitor.store.rows import Lease, SourceState

_NEW_HOST = insert_new(t.host)
_OUTLET = insert_or_replace(t.outlet, ("name", "region", "kind", "home", "retired_at"))
_SOURCE = insert_or_replace(t.source, ("kind", "host", "retired_at"))
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

    async def sync_outlets(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Make the timetable match *outlets*: new sources are due at once, vanished or disabled ones retire.

        Nothing is deleted: a retired source keeps its memory and goes on where it was when it comes back.
        """
        await self._db.write(lambda conn: _sync(conn, outlets, now))

    async def claim_hosts(self, now: datetime, limit: int, lease: timedelta) -> tuple[Lease, ...]:
        """Take up to *limit* hosts that are due, longest waiting first; nobody else gets them before the lease ends."""
        ask = _Claim(now, limit, now + lease, uuid.uuid4().hex)
        tries = count()
        return await self._db.write(lambda conn: _claim_again(conn, ask) if next(tries) else _claim(conn, ask))

    async def renew(self, lease: Lease, until: datetime) -> bool:
        """Lengthen a lease. False: it is no longer ours, stop the visit."""
        change = {"ready_at": until, "lease_until": until}
        return await self._db.write(lambda conn: bool(conn.execute(_held(lease).values(change)).rowcount))

    async def release(self, lease: Lease, ready_at: datetime, *, hold_until: datetime | None = None) -> bool:
        """End a visit; the host is due again at *ready_at*. False: the lease was no longer ours, nothing changed.

        Links that other hosts found here during the visit make the host due earlier, but never before *hold_until*:
        pass now + gap for politeness, or the end of a penalty (Retry-After, circuit breaker).
        """
        return await self._db.write(lambda conn: _release(conn, lease, ready_at, hold_until))

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
        return await self._db.read(lambda conn: _next_due(conn, host))

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


@dataclass(frozen=True, slots=True)
class _Claim:
    now: datetime
    limit: int
    until: datetime
    name: str


def _claim_again(conn: Connection, ask: _Claim) -> tuple[Lease, ...]:
    """Claim after a lost connection: the first attempt may have been committed, and nobody else knows its leases."""
    held = conn.execute(select(t.host.c.host, t.host.c.token).where(t.host.c.claim == ask.name)).all()
    return tuple(Lease(row.host, row.token, ask.until) for row in held) or _claim(conn, ask)


def _claim(conn: Connection, ask: _Claim) -> tuple[Lease, ...]:
    due = (
        select(t.host.c.host)
        .where(t.host.c.ready_at <= ask.now)
        .order_by(t.host.c.ready_at)
        .limit(ask.limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(t.host)
        .where(t.host.c.host.in_(due))
        .values(
            ready_at=literal(ask.until, t.Instant), lease_until=literal(ask.until, t.Instant),
            token=t.host.c.token + 1, claim=ask.name, woken_at=null(),
        )
        .returning(t.host.c.host, t.host.c.token)
    )  # fmt: skip
    return tuple(Lease(row.host, row.token, ask.until) for row in conn.execute(taken))


def _held(lease: Lease) -> Update:
    return update(t.host).where(t.host.c.host == lease.host, t.host.c.token == lease.token)


def _release(conn: Connection, lease: Lease, ready_at: datetime, hold_until: datetime | None) -> bool:
    woken = t.host.c.woken_at
    soonest = func.coalesce(literal(hold_until, t.Instant), woken)
    early = case((soonest > woken, soonest), else_=woken)
    at = literal(ready_at, t.Instant)
    change = {
        "ready_at": case((and_(woken.is_not(None), early < at), early), else_=at),
        "lease_until": None,
        "woken_at": None,
        "hold_until": hold_until,
    }
    return bool(conn.execute(_held(lease).values(change)).rowcount)


def _next_due(conn: Connection, host: str) -> datetime | None:
    poll = select(func.min(t.source.c.next_poll_at)).where(t.source.c.host == host, t.source.c.retired_at.is_(None))
    fetch = select(func.min(t.link.c.next_try_at)).where(t.link.c.host == host, t.IS_PENDING)
    times = [at for at in (conn.scalar(poll), conn.scalar(fetch)) if at is not None]
    return min(times, default=None)


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


def source_state(row: RowMapping) -> SourceState:
    """Return a row of the table of sources as a value."""
    told = {name: row[name] for name in SourceState.__slots__}
    return SourceState(**(told | {"kind": SourceKind(row["kind"])}))


def _poll_now(conn: Connection, outlet_id: OutletId, now: datetime) -> int:
    mine = and_(t.source.c.outlet_id == outlet_id, t.source.c.retired_at.is_(None))
    hosts = conn.scalars(update(t.source).where(mine).values(next_poll_at=now).returning(t.source.c.host)).all()
    wake(conn, hosts, now)
    return len(hosts)
