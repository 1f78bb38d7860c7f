"""From publication to alert: counted where a message is marked as sent, so every worker adds to one sum that lasts."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, select

from monitor.model import AlertKind, DeliveryId
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import insert_or_replace
from monitor.store.rows import Lags

LAG_EDGES = tuple(timedelta(minutes=each) for each in (1, 2, 3, 5, 10, 15, 30, 60, 180, 720))
"""Upper edges of what is counted together: minutes are promised, so minutes are told apart."""
_PREFIX = "lag "
_META = insert_or_replace(t.meta, ("value",))
_D, _A = t.delivery.c, t.article.c

_DATE_ONLY = _A.rest.like('%"date_only":true%')
"""A page that printed a day without a time: what can be measured there begins when it was first seen."""
_BEGAN = case((_DATE_ONLY, _A.seen_at), else_=_A.published_at)


class LagLedger(Desk):
    """How long readers waited."""

    async def lags(self) -> tuple[Lags, ...]:
        """Return, for each receiver that was told something, how long new stories took from publication to alert."""
        return await self._db.read(_lags)


def note_lag(conn: Connection, delivery: DeliveryId, sent_at: datetime) -> None:
    """Count a message that was sent, when it told a new story whose publication is known."""
    first = (
        select(_D.receiver, _BEGAN.label("began"))
        .join(t.article, _A.story_id == _D.story_id)
        .where(_D.id == delivery, _D.kind == AlertKind.NEW.value)
        .order_by(_A.n)
        .limit(1)
    )
    told = conn.execute(first).one_or_none()
    if told is None or told.began is None:
        return
    name = _PREFIX + told.receiver
    kept = conn.scalar(select(t.meta.c.value).where(t.meta.c.name == name).with_for_update())
    lags = _with(_read(told.receiver, kept or ""), max(sent_at - told.began, timedelta(0)))
    conn.execute(_META.on(conn), {"name": name, "value": json.dumps([lags.counts, lags.seconds])})


def _with(lags: Lags, lag: timedelta) -> Lags:
    place = sum(lag > edge for edge in LAG_EDGES)
    counts = tuple(count + (number == place) for number, count in enumerate(lags.counts))
    return Lags(lags.receiver, counts, lags.seconds + lag.total_seconds())


def _read(receiver: str, value: str) -> Lags:
    counts, seconds = json.loads(value) if value else ([0] * (len(LAG_EDGES) + 1), 0.0)
    return Lags(receiver, tuple(counts), seconds)


def _lags(conn: Connection) -> tuple[Lags, ...]:
    kept = select(t.meta).where(t.meta.c.name.startswith(_PREFIX)).order_by(t.meta.c.name)
    return tuple(_read(row.name.removeprefix(_PREFIX), row.value) for row in conn.execute(kept))
