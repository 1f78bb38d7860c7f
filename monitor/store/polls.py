"""What a poll changes at its source: when it was asked, what came of it, when it is asked again.

The statements are built once and take many polls: built for each poll, they cost more than the database took for them.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Integer, bindparam, case, func, select, update

from monitor.store import tables as t
from monitor.store.codec import storable
from monitor.store.dialect import insert_or_replace
from monitor.store.rows import PollResult

REQUESTS_KEPT = 20
"""Length of the request log of a source: a day of a busy outlet, enough to see a pattern."""


def note_polls(conn: Connection, polls: Sequence[PollResult], *, new: int = 0) -> None:
    """Note what came of each poll; *new* links came from each."""
    for statement, is_ok in ((_WORKED, True), (_FAILED, False)):
        rows = [_source_row(each, new) for each in polls if each.ok is is_ok]
        if rows:
            conn.execute(statement, rows)
    if polls:
        _REQUEST.run(conn, [_request_row(each, new) for each in polls])


def _source_row(result: PollResult, new: int) -> dict[str, object]:
    row: dict[str, object] = {
        "outlet": result.outlet_id,
        "address": result.source_url,
        "to_next_poll_at": result.next_poll_at,
        "to_at": result.at,
        "to_error": storable(result.error),
    }
    if not result.ok:
        return row
    learnt = {f"to_{name}": storable(getattr(result, name)) for name in _LEARNT}
    return row | learnt | {"to_probe_at": result.probe_at, "to_new": new}


def _request_row(result: PollResult, new: int) -> dict[str, object]:
    return {
        "outlet_id": result.outlet_id,
        "source_url": result.source_url,
        "of_outlet": result.outlet_id,
        "of_address": result.source_url,
        "at": result.at,
        "status": result.status,
        "size": result.size,
        "ms": result.ms,
        "new": new,
        "error": storable(result.error),
    }


# ---- the statements, built once ----------------------------------------------------------------

_LEARNT = ("etag", "last_modified", "digest", "rhythm")
_S = t.source.c
_AT = bindparam("to_at", type_=t.Instant)
_NEW = bindparam("to_new", type_=Integer)
_ASKED = (
    update(t.source)
    .where(_S.outlet_id == bindparam("outlet"), _S.url == bindparam("address"))
    .values(
        next_poll_at=bindparam("to_next_poll_at", type_=t.Instant),
        last_checked_at=_AT,
        error=bindparam("to_error"),
        polls=_S.polls + 1,
    )
)
_FAILED = _ASKED.values(failures=_S.failures + 1)
_WORKED = _ASKED.values(
    **{name: bindparam(f"to_{name}") for name in _LEARNT},
    probe_at=bindparam("to_probe_at", type_=t.Instant),
    failures=0,
    last_ok_at=_AT,
    first_polled_at=func.coalesce(_S.first_polled_at, _AT),
    last_new_at=case((_NEW > 0, _AT), else_=_S.last_new_at),
    found=_S.found + _NEW,
)
_POLLS = select(_S.polls).where(_S.outlet_id == bindparam("of_outlet"), _S.url == bindparam("of_address"))
_REQUEST = insert_or_replace(
    t.request,
    ("at", "status", "size", "ms", "new", "error"),
    slot=func.coalesce(_POLLS.scalar_subquery(), 0) % REQUESTS_KEPT,
)
