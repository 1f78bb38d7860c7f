"""The beginning and the end of a visit: what there is to do, and what is noted when it is over.

Visits begin and end by the dozen, so what is asked or told while a transaction runs shares the next one. An unchanged
poll thereby costs the store two places in a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, exists, select

from monitor.store import tables as t
from monitor.store.database import Database, Desk
from monitor.store.dialect import built, listed_names, names
from monitor.store.leaving import Leave, next_dues, release_all
from monitor.store.polls import note_polls
from monitor.store.rows import Agenda, Lease, PollResult, SourceState
from monitor.store.schedule import source_state
from monitor.store.together import Together

SOURCE_NOTES = "source "
"""Names of the notes about sources: ``source <outlet> <address>``."""

_Rows = Select[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class _Begun:
    host: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _Ended:
    lease: Lease
    hold_until: datetime
    idle_until: datetime
    polls: tuple[PollResult, ...]


class Visits(Desk):
    """What a visit asks and tells."""

    def __init__(self, database: Database, instance: str) -> None:
        super().__init__(database, instance)
        self._opening = Together[_Begun, Agenda](self._agendas)
        self._ending = Together[_Ended, datetime | None](self._end_all)

    async def begin_visit(self, host: str, now: datetime) -> Agenda:
        """Return what is due at *host*, whose lease is held."""
        return await self._opening(_Begun(host, now))

    async def end_visit(
        self, lease: Lease, *, hold_until: datetime, idle_until: datetime, polls: Sequence[PollResult] = ()
    ) -> datetime | None:
        """Note *polls* that brought no links, and give the host back until something is due there.

        Args:
            lease: of the visit.
            hold_until: the host is not due before, whatever is: our own gap, or a pause it asked for.
            idle_until: when it is due if nothing is.
            polls: without links; others go through ``record_poll``, which tells how many were new.

        Returns:
            When the host is due again; None when the lease was no longer ours: then the polls alone are noted.
        """
        return await self._ending(_Ended(lease, hold_until, idle_until, tuple(polls)))

    async def _agendas(self, begun: Sequence[_Begun]) -> Sequence[Agenda]:
        return await self._db.read(lambda conn: _agendas(conn, begun))

    async def _end_all(self, ended: Sequence[_Ended]) -> Sequence[datetime | None]:
        return await self._db.write(lambda conn: _end_all(conn, ended))


def _agendas(conn: Connection, begun: Sequence[_Begun]) -> list[Agenda]:
    """Answer for the latest instant that is asked for: those who share a transaction came within milliseconds."""
    asked = {"asked": names(conn, [each.host for each in begun]), "now": max(each.now for each in begun)}
    sources: dict[str, list[SourceState]] = {}
    for row in conn.execute(built(conn, _due_sources), asked).mappings():
        sources.setdefault(row["host"], []).append(source_state(row, row["noted"] or ""))
    waiting = frozenset(conn.scalars(built(conn, _hosts_with_links), asked))
    return [Agenda(tuple(sources.get(each.host, ())), each.host in waiting) for each in begun]


def _end_all(conn: Connection, ended: Sequence[_Ended]) -> list[datetime | None]:
    note_polls(conn, [poll for each in ended for poll in each.polls])
    dues = next_dues(conn, [each.lease.host for each in ended])
    leaves = [
        Leave(each.lease, max(each.hold_until, due or each.idle_until), each.hold_until)
        for each, due in zip(ended, dues, strict=True)
    ]
    freed = release_all(conn, leaves)
    return [leave.ready_at if is_free else None for leave, is_free in zip(leaves, freed, strict=True)]


_NOW = bindparam("now", type_=t.Instant)


def _due_sources(conn: Connection) -> _Rows:
    asked, host = listed_names(conn, "asked")
    source, kept = t.source.c, t.meta.c
    is_noted = kept.name == SOURCE_NOTES + source.outlet_id + " " + source.url
    return (
        select(t.source, kept.value.label("noted"))
        .select_from(asked.join(t.source, source.host == host).outerjoin(t.meta, is_noted))
        .where(source.next_poll_at <= _NOW, source.retired_at.is_(None))
        .order_by(source.next_poll_at)
    )


def _hosts_with_links(conn: Connection) -> Select[str]:
    asked, host = listed_names(conn, "asked")
    link = t.link.c
    return (
        select(host).select_from(asked).where(exists().where(link.host == host, t.IS_PENDING, link.next_try_at <= _NOW))
    )
