"""Who visits which host? One statement takes what is due, and nobody is handed the same host."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.util import await_only

from monitor.errors import StoreUnusable
from monitor.store import tables as t
from monitor.store.dialect import POSTGRESQL
from monitor.store.rows import Lease

CLAIMING = 0x626F6E69
"""PostgreSQL: claims that count visits by address go one after another; two at once would not see each other's."""

Submit = Callable[[object, Sequence[Lease]], Awaitable[frozenset[str]]]
"""Hands leases to a queue on the driver's connection; returns the hosts that it took."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked for; ``name`` finds the leases again when the answer to a COMMIT is lost."""

    now: datetime
    limit: int
    until: datetime
    name: str
    per_address: int = 0
    submit: Submit | None = None


def claim_again(conn: Connection, ask: Claim) -> tuple[Lease, ...]:
    """Claim after a lost connection: the first attempt may have been committed, and nobody else knows its leases."""
    held = conn.execute(select(t.host.c.host, t.host.c.token).where(t.host.c.claim == ask.name)).all()
    return tuple(Lease(row.host, row.token, ask.until) for row in held) or claim(conn, ask)


def claim(conn: Connection, ask: Claim) -> tuple[Lease, ...]:
    """Take the hosts that are due."""
    values = {"now": ask.now, "limit": ask.limit, "until": ask.until, "name": ask.name, "cap": ask.per_address}
    if ask.per_address and conn.dialect.name == POSTGRESQL:
        conn.execute(text("SELECT pg_advisory_xact_lock(:claiming)"), {"claiming": CLAIMING})
    if ask.submit is None:
        statements = _CLAIM_BY_ADDRESS if ask.per_address else _CLAIM
        taken = conn.execute(statements[conn.dialect.name], values)
        return tuple(Lease(row.host, row.token, ask.until) for row in taken)
    return _submitted(conn, ask, values)


def _submitted(conn: Connection, ask: Claim, values: dict[str, object]) -> tuple[Lease, ...]:
    """Look, hand over, and only then take: a host whose job is still in the queue stays due."""
    if conn.dialect.name != POSTGRESQL or ask.submit is None:
        raise StoreUnusable("a queue needs PostgreSQL", "use the inline executor")
    due = conn.execute(_LOOK_BY_ADDRESS if ask.per_address else _LOOK, values).all()
    if not due:
        return ()
    leases = [Lease(row.host, row.token + 1, ask.until) for row in due]
    accepted = await_only(ask.submit(conn.connection.driver_connection, leases))
    taken = conn.execute(_TAKE, values | {"asked": sorted(accepted)}) if accepted else ()
    return tuple(Lease(row.host, row.token, ask.until) for row in taken)


# ---- the statements, built once ----------------------------------------------------------------

_H = t.host.c
_NOW = bindparam("now", type_=t.Instant)


def _due(*conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    return (
        select(_H.host)
        .where(_H.ready_at <= _NOW, *conditions)
        .order_by(_H.ready_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


def _taken(hosts: ColumnElement[bool]) -> ReturningUpdate[tuple[str, int]]:
    until = bindparam("until", type_=t.Instant)
    change = {"ready_at": until, "lease_until": until, "token": _H.token + 1, "claim": bindparam("name"),
              "woken_at": null()}  # fmt: skip
    return update(t.host).where(hosts).values(change).returning(_H.host, _H.token)


def _busy() -> CTE:
    """Return how many hosts of each address are being visited."""
    leased = (_H.lease_until.is_not(None), _H.lease_until > _NOW)
    counted = select(t.server.c.address, func.count().label("visits")).join(t.host, _H.host == t.server.c.host)
    return counted.where(*leased).group_by(t.server.c.address).cte("busy")


def _spread() -> Select[tuple[str]]:
    """Return the hosts due whose address has room, counting those of this very claim."""
    busy = _busy()
    cap: ColumnElement[int] = bindparam("cap", type_=Integer)
    full = exists().where(t.server.c.host == _H.host, t.server.c.address == busy.c.address, busy.c.visits >= cap)
    due = _due(~full).add_columns(_H.ready_at).cte("due")
    address = func.coalesce(t.server.c.address, due.c.host)
    place = func.row_number().over(partition_by=address, order_by=due.c.ready_at).label("place")
    ranked = (
        select(due.c.host, t.server.c.address, place).outerjoin_from(due, t.server, t.server.c.host == due.c.host)
    ).cte("ranked")
    has_room = or_(ranked.c.address.is_(None), ranked.c.place + func.coalesce(busy.c.visits, 0) <= cap)
    return select(ranked.c.host).outerjoin_from(ranked, busy, busy.c.address == ranked.c.address).where(has_room)


def _among(hosts: Select[tuple[str]], *, on_server: bool) -> ColumnElement[bool]:
    """Return that the host is one of *hosts*, in the form whose plan is good for any length.

    PostgreSQL guesses that LIMIT $1 is a tenth of all hosts and reads the whole table to join them; an array is few.
    """
    if not on_server:
        return _H.host.in_(hosts.scalar_subquery())
    return _H.host == func.any(func.array(hosts.scalar_subquery()))


_ASKED = _H.host.in_(bindparam("asked", expanding=True))
_CLAIM = {name: _taken(_among(_due(), on_server=name == POSTGRESQL)) for name in (POSTGRESQL, "sqlite")}
_CLAIM_BY_ADDRESS = {name: _taken(_among(_spread(), on_server=name == POSTGRESQL)) for name in (POSTGRESQL, "sqlite")}
_LOOK = _due().add_columns(_H.token)
_LOOK_BY_ADDRESS = select(_H.host, _H.token).where(_among(_spread(), on_server=True)).order_by(_H.ready_at)
_TAKE = _taken(_ASKED)
