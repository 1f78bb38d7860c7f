"""The end of a visit, and what keeps it alive until then; many at once, because a fleet ends thousands a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.elements import ColumnElement

from monitor.store import tables as t
from monitor.store.dialect import POSTGRESQL, built, listed_names, names
from monitor.store.rows import Lease

_H = t.host.c


@dataclass(frozen=True, slots=True)
class Leave:
    """A lease that is given back."""

    lease: Lease
    ready_at: datetime
    hold_until: datetime | None


@dataclass(frozen=True, slots=True)
class Begin:
    """A lease that came through a queue."""

    lease: Lease
    now: datetime
    until: datetime


def begin_all(conn: Connection, begins: Sequence[Begin]) -> list[Lease | None]:
    """Make each lease a new one of the same host, if it is still the one given out, or if its time is over."""
    if conn.dialect.name != POSTGRESQL:
        return [_begin(conn, each) for each in begins]
    ordered = sorted({each.lease.host: each for each in begins}.values(), key=lambda each: each.lease.host)
    columns = {name: [_number(_asked(each)[name]) for each in ordered] for name in _NAMES}
    begun = {row.host: row.token for row in conn.execute(_BEGIN_ALL, columns)}
    answers = {id(each): Lease(each.lease.host, begun[each.lease.host], each.until)
               for each in ordered if each.lease.host in begun}  # fmt: skip
    return [answers.get(id(each)) for each in begins]


def _begin(conn: Connection, ask: Begin) -> Lease | None:
    token = conn.scalar(_BEGIN, _asked(ask))
    return None if token is None else Lease(ask.lease.host, token, ask.until)


def _asked(ask: Begin) -> dict[str, object]:
    return dict(zip(_NAMES, (ask.lease.host, ask.lease.token, ask.until, ask.now), strict=True))


def renew_all(conn: Connection, leases: Sequence[Lease], until: datetime) -> frozenset[Lease]:
    """Lengthen *leases*; return those that are still ours."""
    change = {"ready_at": until, "lease_until": until}
    return frozenset(each for each in leases if conn.execute(_held(each).values(change)).rowcount)


def release_all(conn: Connection, leaves: Sequence[Leave]) -> list[bool]:
    """Give every lease back; False for those that were no longer ours."""
    if conn.dialect.name != POSTGRESQL:
        if conn.execute(_RELEASE, [_values(each) for each in leaves]).rowcount == len(leaves):
            return [True] * len(leaves)
        asked = {"asked": names(conn, [each.lease.host for each in leaves])}
        held = {tuple(row) for row in conn.execute(built(conn, _tokens), asked)}
        return [(each.lease.host, each.lease.token) in held for each in leaves]
    ordered = sorted(leaves, key=lambda each: each.lease.host)  # two that release the same hosts must not cross
    columns = {name: [_number(_values(each)[name]) for each in ordered] for name in _NAMES}
    freed = {tuple(row) for row in conn.execute(_RELEASE_ALL, columns)}
    return [(each.lease.host, each.lease.token) in freed for each in leaves]


def next_dues(conn: Connection, hosts: Sequence[str]) -> list[datetime | None]:
    """Return when each host's next source or pending link is due; None when it has none."""
    asked = {"asked": names(conn, hosts)}
    found = {row[0]: _first(*row[1:]) for row in conn.execute(built(conn, _dues), asked)}
    return [found[host] for host in hosts]


def _first(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def _held(lease: Lease) -> Update:
    return update(t.host).where(_H.host == lease.host, _H.token == lease.token)


def _values(leave: Leave) -> dict[str, object]:
    at = (leave.lease.host, leave.lease.token, leave.ready_at, leave.hold_until)
    return dict(zip(_NAMES, at, strict=True))


def _number(value: object) -> object:
    return (value - t.EPOCH) // t.MICROSECOND if isinstance(value, datetime) else value


# ---- the statements, built once ----------------------------------------------------------------

_NAMES = ("at_host", "with_token", "to_ready_at", "to_hold_until")


def _change(ready_at: ColumnElement[datetime], hold_until: ColumnElement[datetime]) -> dict[str, object]:
    woken = _H.woken_at
    soonest = func.coalesce(hold_until, woken)
    early = case((soonest > woken, soonest), else_=woken)
    return {
        "ready_at": case((and_(woken.is_not(None), early < ready_at), early), else_=ready_at),
        "lease_until": None,
        "woken_at": None,
        "hold_until": hold_until,
    }


_RELEASE = (
    update(t.host)
    .where(_H.host == bindparam("at_host"), _H.token == bindparam("with_token"))
    .values(_change(bindparam("to_ready_at", type_=t.Instant), bindparam("to_hold_until", type_=t.Instant)))
)


def _left() -> FromClause:
    wires = (Text(), BigInteger(), BigInteger(), BigInteger())
    meant = (Text(), BigInteger(), t.Instant(), t.Instant())
    lists = [bindparam(name, type_=ARRAY(kind)) for name, kind in zip(_NAMES, wires, strict=True)]  # type: ignore[var-annotated,arg-type]
    columns = [column(name, kind) for name, kind in zip(_NAMES, meant, strict=True)]  # type: ignore[var-annotated,arg-type]
    return func.unnest(*lists).table_valued(*columns).render_derived(name="gone")


_LEFT = _left()


def _begun(
    at: ColumnElement[datetime], now: ColumnElement[datetime], token: ColumnElement[int]
) -> ReturningUpdate[int, str]:
    is_free = or_(_H.token == token, _H.lease_until <= now)
    mine = update(t.host).where(_H.lease_until.is_not(None), is_free)
    return mine.values(ready_at=at, lease_until=at, token=_H.token + 1).returning(_H.token, _H.host)


_BEGIN = _begun(
    bindparam("to_ready_at", type_=t.Instant), bindparam("to_hold_until", type_=t.Instant), bindparam("with_token")
).where(_H.host == bindparam("at_host"))
_BEGIN_ALL = _begun(_LEFT.c.to_ready_at, _LEFT.c.to_hold_until, _LEFT.c.with_token).where(_H.host == _LEFT.c.at_host)
_RELEASE_ALL = (
    update(t.host)
    .where(_H.host == _LEFT.c.at_host, _H.token == _LEFT.c.with_token)
    .values(_change(_LEFT.c.to_ready_at, _LEFT.c.to_hold_until))
    .returning(_H.host, _H.token)
)


def _first_times(host: ColumnElement[str]) -> tuple[ColumnElement[datetime | None], ColumnElement[datetime | None]]:
    source, link = t.source.c, t.link.c
    poll = select(func.min(source.next_poll_at)).where(source.host == host, source.retired_at.is_(None))
    fetch = select(func.min(link.next_try_at)).where(link.host == host, t.IS_PENDING)
    return poll.scalar_subquery(), fetch.scalar_subquery()


def _dues(conn: Connection) -> Select[str, datetime | None, datetime | None]:
    asked, host = listed_names(conn, "asked")
    return select(host, *_first_times(host)).select_from(asked)


def _tokens(conn: Connection) -> Select[str, int]:
    asked, host = listed_names(conn, "asked")
    return select(_H.host, _H.token).select_from(asked.join(t.host, _H.host == host))
