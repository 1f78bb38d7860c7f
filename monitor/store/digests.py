"""Which digest of which Korean day has each subscriber had? The ledger is a row, so a restart sends none twice."""

import datetime as dt
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, func, select, update

from monitor.model import DeliveryState, Story, StoryId
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import insert_new
from monitor.store.outbox import SETTLE_TIME
from monitor.store.rows import Digest
from monitor.store.stories import load_story

OWED, SENDING, SENT, UNCERTAIN, FAILED = (each.value for each in DeliveryState)
_NEW_DIGEST = insert_new(t.digest)
_D = t.digest.c


class Digests(Desk):
    """The ledger of daily mails."""

    async def claim_digest(self, receiver: str, subscriber: str, day: dt.date, now: datetime) -> Digest | None:
        """Take the right to send one subscriber's digest of one day; None when it is sent, given up, or not due.

        The value has the state it was found in: ``owed`` → send it; ``uncertain`` → it may have been sent (a process
        died while sending, or the channel gave no answer): look first, or repeat where a copy is the lesser evil.
        """
        row = {"receiver": receiver, "subscriber": subscriber, "day": day}
        return await self._db.write(lambda conn: self._claim_day(conn, row, now), durable=True)

    async def mark_digest_sent(self, digest: Digest, message_id: str, at: datetime) -> bool:
        """Note that the digest was accepted."""
        return await self._decide(digest, {"state": SENT, "message_id": message_id, "sent_at": at, "error": ""})

    async def mark_digest_uncertain(self, digest: Digest, error: str, look_at: datetime) -> bool:
        """Note that it may have been sent; it is handed out again, as ``uncertain``, at *look_at*."""
        return await self._decide(digest, {"state": UNCERTAIN, "error": error, "next_try_at": look_at})

    async def retry_digest(self, digest: Digest, error: str, next_try_at: datetime) -> bool:
        """Owe it again at *next_try_at*: it was certainly not sent."""
        return await self._decide(digest, {"state": OWED, "error": error, "next_try_at": next_try_at})

    async def fail_digest(self, digest: Digest, error: str) -> bool:
        """Give up on this day's digest."""
        return await self._decide(digest, {"state": FAILED, "error": error})

    async def last_digest(self, receiver: str, subscriber: str) -> Digest | None:
        """Return the newest digest that was sent to a subscriber."""
        sent = (
            select(t.digest)
            .where(_D.receiver == receiver, _D.subscriber == subscriber, _D.state == SENT)
            .order_by(_D.day.desc())
            .limit(1)
        )
        return await self._db.read(lambda conn: _one(conn.execute(sent).mappings().first()))

    async def digest_stories(self, receiver: str, since: datetime, until: datetime) -> tuple[Story, ...]:
        """Return the stories owed to a receiver with ``since <= decided < until``, best grade first, then oldest.

        From the same alerts as the immediate messages, so that the two cannot disagree.
        """
        return await self._db.read(lambda conn: _stories(conn, receiver, since, until))

    def _claim_day(self, conn: Connection, row: dict[str, object], now: datetime) -> Digest | None:
        conn.execute(_NEW_DIGEST.on(conn), row | {"state": OWED, "next_try_at": now, "tries": 0})
        mine = and_(_D.receiver == row["receiver"], _D.subscriber == row["subscriber"], _D.day == row["day"])
        found = conn.execute(select(t.digest).where(mine).with_for_update()).mappings().one()
        if not self._is_due(found, now):
            return None
        change = {"state": SENDING, "claimed_at": now, "claimed_by": self._instance, "tries": _D.tries + 1}
        conn.execute(update(t.digest).where(mine).values(change))
        taken = as_digest(found)
        return taken if found["state"] == OWED else replace(taken, state=UNCERTAIN)

    def _is_due(self, row: RowMapping, now: datetime) -> bool:
        if row["state"] == SENDING:
            is_left = self._db.is_exclusive and row["claimed_by"] != self._instance
            return bool(is_left or row["claimed_at"] <= now - SETTLE_TIME)
        return row["state"] in (OWED, UNCERTAIN) and row["next_try_at"] <= now

    async def _decide(self, digest: Digest, change: dict[str, object]) -> bool:
        mine = and_(
            _D.receiver == digest.receiver,
            _D.subscriber == digest.subscriber,
            _D.day == digest.day,
            _D.state == SENDING,
        )
        if change["state"] != SENT:  # what was sent was sent, whoever holds the row now
            mine = and_(mine, _D.claimed_by == self._instance)
        changed = update(t.digest).where(mine).values(change)
        return await self._db.write(lambda conn: bool(conn.execute(changed).rowcount), durable=True)


def as_digest(row: RowMapping) -> Digest:
    """Return a row of the ledger as a value."""
    return Digest(**{name: row[name] for name in Digest.__slots__})


def _one(row: RowMapping | None) -> Digest | None:
    return as_digest(row) if row else None


def _stories(conn: Connection, receiver: str, since: datetime, until: datetime) -> tuple[Story, ...]:
    owed = (
        select(t.alert.c.story_id, func.min(t.alert.c.at).label("first"))
        .where(t.alert.c.receiver == receiver, t.alert.c.at >= since, t.alert.c.at < until)
        .group_by(t.alert.c.story_id)
        .order_by("first", t.alert.c.story_id)
    )
    loaded = (load_story(conn, StoryId(row.story_id)) for row in conn.execute(owed))
    stories = {story.id: story for story in loaded if story is not None}
    return tuple(sorted(stories.values(), key=lambda story: -story.grade))
