"""How are the sources, how much is there, and is the daemon alive?"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from monitor.model import DeliveryState
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import insert_or_replace
from monitor.store.links import REFUSED
from monitor.store.rows import Counts, Request, SourceHealth
from monitor.store.schedule import source_state

_META = insert_or_replace(t.meta, ("value",))
_HEARTBEAT = "heartbeat"


class Health(Desk):
    """Numbers for a status page, for metrics, for a watchdog."""

    async def health(self, outlet_id: str = "", *, with_requests: bool = True) -> tuple[SourceHealth, ...]:
        """Return the health of every source that is not retired (of one outlet), by outlet.

        The last requests of 300 sources are 6,000 rows: a list of all outlets leaves them out.
        """
        return await self._db.read(lambda conn: _health(conn, outlet_id, with_requests=with_requests))

    async def counts(self) -> Counts:
        """Return how many rows there are of everything."""
        return await self._db.read(_counts)

    async def heartbeat(self, at: datetime) -> None:
        """Note that the daemon was alive."""
        await self.set_meta(_HEARTBEAT, at.isoformat())

    async def last_heartbeat(self) -> datetime | None:
        """Return when a daemon was last alive; None when none ever was."""
        value = await self.meta(_HEARTBEAT)
        return datetime.fromisoformat(value) if value else None

    async def meta(self, name: str) -> str:
        """Return a note kept under *name*; "" when there is none."""
        kept = select(t.meta.c.value).where(t.meta.c.name == name)
        return await self._db.read(lambda conn: conn.scalar(kept) or "")

    async def metas(self, prefix: str) -> dict[str, str]:
        """Return all notes whose name begins with *prefix*."""
        kept = select(t.meta.c.name, t.meta.c.value).where(t.meta.c.name.startswith(prefix, autoescape=True))
        return await self._db.read(lambda conn: {row[0]: row[1] for row in conn.execute(kept)})

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a note under *name*."""
        await self._db.write(lambda conn: conn.execute(_META.on(conn), {"name": name, "value": value}) and None)


def _health(conn: Connection, outlet_id: str, *, with_requests: bool) -> tuple[SourceHealth, ...]:
    rows = select(t.source, t.outlet.c.name.label("outlet_name"), t.outlet.c.region).join(t.outlet)
    rows = rows.where(t.source.c.retired_at.is_(None)).order_by(t.source.c.outlet_id, t.source.c.url)
    if outlet_id:
        rows = rows.where(t.source.c.outlet_id == outlet_id)
    pending, requests = _pending(conn), _requests(conn, outlet_id) if with_requests else {}
    return tuple(
        SourceHealth(
            state=source_state(row),
            outlet_name=row["outlet_name"],
            region=row["region"],
            pending=pending.get((row["outlet_id"], row["url"]), 0),
            requests=tuple(requests.get((row["outlet_id"], row["url"]), ())),
        )
        for row in conn.execute(rows).mappings()
    )


def _pending(conn: Connection) -> dict[tuple[str, str], int]:
    link = t.link.c
    waiting = select(link.outlet_id, link.source_url, func.count()).where(t.IS_PENDING)
    return {(row[0], row[1]): row[2] for row in conn.execute(waiting.group_by(link.outlet_id, link.source_url))}


def _requests(conn: Connection, outlet_id: str) -> dict[tuple[str, str], list[Request]]:
    rows = select(t.request).order_by(t.request.c.at.desc())
    if outlet_id:
        rows = rows.where(t.request.c.outlet_id == outlet_id)
    found: dict[tuple[str, str], list[Request]] = {}
    for row in conn.execute(rows).mappings():
        told = Request(**{name: row[name] for name in Request.__slots__})
        found.setdefault((row["outlet_id"], row["source_url"]), []).append(told)
    return found


def _counts(conn: Connection) -> Counts:
    live = t.source.c.retired_at.is_(None)
    link = t.link.c.state
    states = dict.fromkeys((each.value for each in DeliveryState), 0)
    delivery = t.delivery.c.state
    states |= {row[0]: row[1] for row in conn.execute(select(delivery, func.count()).group_by(delivery))}
    return Counts(
        outlets=_rows(conn, t.outlet, t.outlet.c.retired_at.is_(None)),
        sources=_rows(conn, t.source, live),
        hosts=_rows(conn, t.host),
        links_pending=_rows(conn, t.link, t.IS_PENDING),
        links_refused=_rows(conn, t.link, link == REFUSED),
        seen=_rows(conn, t.seen),
        articles=_rows(conn, t.article),
        stories=_rows(conn, t.story, t.story.c.joined_into.is_(None)),
        deals=_rows(conn, t.deal),
        owed=states[DeliveryState.OWED] + states[DeliveryState.SENDING],
        sent=states[DeliveryState.SENT],
        uncertain=states[DeliveryState.UNCERTAIN],
        failed=states[DeliveryState.FAILED],
    )


def _rows(conn: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return conn.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
