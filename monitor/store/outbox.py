"""What is owed to whom, what was sent, and what may have been sent? A retry is a row, not a loop."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    RowMapping,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from monitor.model import Delivery, DeliveryId, DeliveryState, Stage, StoryId
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import insert_new
from monitor.store.lags import note_lag
from monitor.store.owing import EDIT_AFTER, LIVING_KINDS, OUTLETS, STORY_KINDS, delivery_id
from monitor.store.rows import OutboxDepth

SETTLE_TIME = timedelta(seconds=45)
"""A message that has been on its way for longer was left by a dead process: no channel waits longer than 30 s."""
PATIENCE = 8
"""A message that was put off this many times no longer holds up those behind it: it is the message, not the channel."""

RECENT = 5_000
"""Rows of the ledger among which the last hour's messages are counted: 3 ms, once for each start of a lane."""
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Before every receiver's own quiet time."""

OWED, SENDING, SENT, UNCERTAIN, FAILED = (each.value for each in DeliveryState)
_UNDECIDED = (SENDING, UNCERTAIN)
_NEW_DELIVERY = insert_new(t.delivery)
_COLUMNS = tuple(name for name in Delivery.__slots__ if name not in ("state", "stage", "story"))
_D = t.delivery.c


class Outbox(Desk):
    """The ledger of messages. Every change of state waits for the disk."""

    async def owed(self, now: datetime, receiver: str | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return what is due to be sent, oldest first; nothing is claimed."""
        return await self._db.read(lambda conn: _owed(conn, now, receiver, limit))

    async def owed_receivers(self, now: datetime) -> tuple[str, ...]:
        """Return the receivers to whom something is due."""
        return await self._db.read(lambda conn: _receivers(conn, now))

    async def claim_delivery(self, receiver: str, now: datetime) -> Delivery | None:
        """Take the receiver's oldest owed message: it is ``sending`` from now on, and only we may send it.

        Order is kept: while the oldest waits for its next try, nothing behind it is handed out (until it was put off
        ``PATIENCE`` times). None when nothing is due.
        """
        claim = uuid.uuid4().hex
        return await self._db.write(lambda conn: self._claim_head(conn, receiver, now, claim), durable=True)

    async def mark_sent(
        self, delivery: DeliveryId, channel: str, message_id: str, at: datetime, *, revision: int | None = None
    ) -> bool:
        """Note that the channel has accepted the message; a story that grew meanwhile is edited soon.

        *revision* is that of the story as it was rendered; without it, that of the moment of claiming.
        False: it was marked as sent before.
        """
        change = {"state": SENT, "channel": channel, "message_id": message_id, "sent_at": at, "error": ""}
        return await self._db.write(lambda conn: _mark_sent(conn, delivery, change, at, revision), durable=True)

    async def shown_since(self, receiver: str, since: datetime) -> tuple[datetime, ...]:
        """Return when each message was shown to a receiver since then, oldest first; a list is one message.

        The list of outlets below another message is none, because nobody is notified of it. Only the newest ``RECENT``
        rows of the ledger are looked at: no channel takes so many in an hour.
        """
        return await self._db.read(lambda conn: tuple(conn.scalars(_shown(receiver, since))))

    async def mark_uncertain(self, delivery: DeliveryId, error: str, look_at: datetime) -> bool:
        """Note that it may have been delivered: look in the channel at *look_at* before anything is repeated."""
        change = {"state": UNCERTAIN, "error": error, "next_try_at": look_at}
        return await self._undecided(delivery, change)

    async def retry_delivery(self, delivery: DeliveryId, error: str, next_try_at: datetime) -> bool:
        """Owe it again: it was certainly not delivered. False when it is not ours to decide any more."""
        change = {"state": OWED, "error": error, "next_try_at": next_try_at, "claimed_at": None, "claimed_by": ""}
        return await self._undecided(delivery, change)

    async def fail_delivery(self, delivery: DeliveryId, error: str) -> bool:
        """Give up on this message: the channel refuses it for good."""
        return await self._undecided(delivery, {"state": FAILED, "error": error})

    async def revive_failed(self, receiver: str, now: datetime) -> int:
        """Owe all failed messages of a receiver again (a person has repaired the channel); returns how many."""
        change = {"state": OWED, "next_try_at": now, "tries": 0}
        failed = update(t.delivery).where(_D.receiver == receiver, _D.state == FAILED).values(change)
        return await self._db.write(lambda conn: conn.execute(failed).rowcount, durable=True)

    async def uncertain(self, now: datetime, limit: int = 20, *, receiver: str | None = None) -> tuple[Delivery, ...]:
        """Take the messages of which nobody knows whether they arrived, to look for them in their channel.

        These are the ``uncertain`` ones whose time to look has come, and those left ``sending`` by a dead process: at
        once when we hold the store's lock, else after ``SETTLE_TIME``. Each is ours for that long, so that two
        daemons do not both look and both repeat. Answer with mark_sent, retry_delivery or mark_uncertain.
        *receiver* takes only those of one receiver. Without any, nothing is written: an idle tick costs one look.
        """
        if not await self._db.read(lambda conn: conn.scalar(select(self._takes(now, receiver).exists()))):
            return ()
        return await self._db.write(lambda conn: self._take_uncertain(conn, now, limit, receiver), durable=True)

    async def outbox_depth(self) -> tuple[OutboxDepth, ...]:
        """Return how many messages wait, by receiver; only receivers with any that are not sent."""
        return await self._db.read(_depth)

    async def due_edits(self, now: datetime, limit: int = 50, *, receiver: str | None = None) -> tuple[Delivery, ...]:
        """Return sent messages whose story has grown since and whose quiet time is over."""
        return await self._db.read(lambda conn: _due_edits(conn, now, limit, receiver))

    async def mark_edited(self, delivery: DeliveryId, revision: int, at: datetime) -> None:
        """Note that the message now shows *revision* of its story; a story that grew again is edited again."""
        await self._db.write(lambda conn: _mark_edited(conn, delivery, revision, at))

    async def edit_now(self, story: StoryId) -> int:
        """Let the sent messages of a story be drawn anew at once (a reader pressed a button); returns how many."""
        shown = (_D.story_id == story, _D.state == SENT, _D.kind.in_(STORY_KINDS))
        change = update(t.delivery).where(*shown).values(edit_at=AT_ONCE)
        return await self._db.write(lambda conn: conn.execute(change).rowcount)

    async def retry_edit(self, delivery: DeliveryId, next_try_at: datetime | None) -> None:
        """Try the edit again at *next_try_at*; None: never (the message is gone)."""
        change = update(t.delivery).where(_D.id == delivery).values(edit_at=next_try_at)
        await self._db.write(lambda conn: conn.execute(change) and None)

    async def owe(
        self, receiver: str, kind: str, payload: str, at: datetime, *, subject: str = "", story: StoryId | None = None
    ) -> DeliveryId:
        """Owe a message that is not a story's alert (``ops``, ``note``, ``outlets``), once.

        Its id comes from receiver, kind and *subject*, or from *payload* and *at* when there is no subject: the same
        subject is owed once for ever, so put the day or the incident into it.
        """
        key = delivery_id(receiver, kind, subject or f"{at.isoformat()} {payload}")
        row = {"id": key, "receiver": receiver, "kind": kind, "state": OWED, "created_at": at, "next_try_at": at,
               "payload": payload, "story_id": story, "tries": 0, "revision": 0}  # fmt: skip
        await self._db.write(lambda conn: conn.execute(_NEW_DELIVERY.on(conn), row) and None, durable=True)
        return key

    async def restore_sent(self, lost: Sequence[Delivery]) -> int:
        """Note that messages were sent which the ledger does not know as sent; returns how many those were.

        One that is in the ledger is marked; one that is not (a backup was restored) is added, so that the same alert,
        decided again, is not owed again. They were sent when they were created; ``state`` and ``tries`` do not count.
        """
        return await self._db.write(lambda conn: sum(_restore(conn, one) for one in lost), durable=True)

    async def delivery(self, delivery: DeliveryId) -> Delivery | None:
        """Return one row of the ledger."""
        return await self._db.read(lambda conn: _one(conn, select(t.delivery).where(_D.id == delivery)))

    async def find_message(self, channel: str, message_id: str) -> Delivery | None:
        """Return the delivery that a channel knows under *message_id* (a button was pressed there)."""
        sent = select(t.delivery).where(_D.message_id == message_id, _D.channel == channel)
        return await self._db.read(lambda conn: _one(conn, sent))

    async def earlier_message(self, delivery: Delivery) -> Delivery | None:
        """Return the message that told the receiver an earlier stage of a deal that this story moves; None if none."""
        return await self._db.read(lambda conn: _one(conn, _earlier(delivery)))

    async def deliveries(self, story: StoryId) -> tuple[Delivery, ...]:
        """Return the ledger's rows of one story."""
        return await self._db.read(lambda conn: deliveries_of(conn, story))

    def _claim_head(self, conn: Connection, receiver: str, now: datetime, claim: str) -> Delivery | None:
        taken = _one(conn, select(t.delivery).where(_D.receiver == receiver, _D.state == SENDING, _D.claim == claim))
        if taken is not None:
            return taken  # the answer to our COMMIT was lost; it had been done
        head = conn.execute(_head(receiver, now)).one_or_none()
        if head is None or head.next_try_at > now:
            return None
        change = {"state": SENDING, "claimed_at": now, "claimed_by": self._instance, "claim": claim,
                  "tries": _D.tries + 1, "revision": func.coalesce(_REVISION, 0)}  # fmt: skip
        claimed = update(t.delivery).where(_D.n == head.n, _D.state == OWED).values(change).returning(*t.delivery.c)
        return _one(conn, claimed)

    async def _undecided(self, delivery: DeliveryId, change: dict[str, object]) -> bool:
        mine = and_(_D.id == delivery, _D.state.in_(_UNDECIDED), _D.claimed_by == self._instance)
        return await self._db.write(
            lambda conn: bool(conn.execute(update(t.delivery).where(mine).values(change)).rowcount), durable=True
        )

    def _takes(self, now: datetime, receiver: str | None) -> Select[tuple[int]]:
        left = _D.claimed_at <= now - SETTLE_TIME
        is_time = or_(_D.state == SENDING, _D.next_try_at <= now)
        if self._db.is_exclusive:  # whoever else held it is dead, and what it waited for may be looked at again
            left = or_(left, _D.claimed_by != self._instance)
            is_time = or_(is_time, _D.claimed_by != self._instance)
        is_free = or_(left, and_(_D.state == UNCERTAIN, _D.claimed_by == self._instance))
        to_them = () if receiver is None else (_D.receiver == receiver,)
        return select(_D.n).where(_D.state.in_(_UNDECIDED), is_free, is_time, *to_them)

    def _take_uncertain(
        self, conn: Connection, now: datetime, limit: int, receiver: str | None
    ) -> tuple[Delivery, ...]:
        found = self._takes(now, receiver).order_by(_D.n).limit(limit).with_for_update(skip_locked=True)
        change = {"state": UNCERTAIN, "claimed_at": now, "claimed_by": self._instance, "next_try_at": now + SETTLE_TIME}
        taken = update(t.delivery).where(_D.n.in_(found.scalar_subquery())).values(change).returning(*t.delivery.c)
        return tuple(sorted(map(as_delivery, conn.execute(taken).mappings()), key=lambda each: each.created_at))


_REVISION = select(t.story.c.revision).where(t.story.c.id == _D.story_id).scalar_subquery()
"""The present revision of a delivery's story."""


def _head(receiver: str, now: datetime) -> Select[tuple[int, datetime]]:
    waits = or_(_D.next_try_at <= now, _D.tries < PATIENCE)
    return (
        select(_D.n, _D.next_try_at)
        .where(_D.receiver == receiver, t.IS_OWED, waits)
        .order_by(_D.n)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _earlier(delivery: Delivery) -> Select[tuple[object, ...]]:
    moved = (
        select(t.deal.c.story_id)
        .join(t.deal_step, t.deal_step.c.deal_id == t.deal.c.id)
        .join(t.article, t.article.c.key == t.deal_step.c.article_key)
        .where(t.article.c.story_id == delivery.story)
    )
    sent = (_D.receiver == delivery.receiver, _D.state == SENT, _D.id != delivery.id, _D.kind.in_(STORY_KINDS))
    return select(t.delivery).where(_D.story_id.in_(moved), *sent).order_by(_D.n.desc()).limit(1)


def _owed(conn: Connection, now: datetime, receiver: str | None, limit: int) -> tuple[Delivery, ...]:
    due = [t.IS_OWED, _D.next_try_at <= now]
    if receiver is not None:
        due.append(_D.receiver == receiver)
    return _many(conn, select(t.delivery).where(*due).order_by(_D.n).limit(limit))


def _receivers(conn: Connection, now: datetime) -> tuple[str, ...]:
    due = select(_D.receiver).where(t.IS_OWED, _D.next_try_at <= now).distinct().order_by(_D.receiver)
    return tuple(conn.scalars(due))


def _mark_sent(
    conn: Connection, delivery: DeliveryId, change: dict[str, object], at: datetime, revision: int | None
) -> bool:
    shown: ColumnElement[int] | int = _D.revision if revision is None else revision
    has_grown = and_(_D.kind.in_(LIVING_KINDS), shown < _REVISION)
    grown = case((has_grown, literal(at + EDIT_AFTER, t.Instant)), else_=None)
    unsent = update(t.delivery).where(_D.id == delivery, _D.state != SENT)
    is_news = bool(conn.execute(unsent.values(change | {"revision": shown, "edit_at": grown})).rowcount)
    if is_news:
        note_lag(conn, delivery, at)
    return is_news


def _mark_edited(conn: Connection, delivery: DeliveryId, revision: int, at: datetime) -> None:
    grown = case((revision < _REVISION, literal(at + EDIT_AFTER, t.Instant)), else_=None)
    conn.execute(update(t.delivery).where(_D.id == delivery).values(revision=revision, edit_at=grown))


def _due_edits(conn: Connection, now: datetime, limit: int, receiver: str | None) -> tuple[Delivery, ...]:
    due = select(t.delivery).where(_D.edit_at <= now, _D.state == SENT).order_by(_D.edit_at).limit(limit)
    return _many(conn, due if receiver is None else due.where(_D.receiver == receiver))


def _restore(conn: Connection, lost: Delivery) -> bool:
    shown = {"channel": lost.channel, "message_id": lost.message_id, "sent_at": lost.created_at}
    sent = {"state": SENT, "error": "", **shown}
    if conn.execute(update(t.delivery).where(_D.id == lost.id, _D.state != SENT).values(sent)).rowcount:
        return True
    named = {"id": lost.id, "receiver": lost.receiver, "kind": lost.kind, "story_id": lost.story, "tries": 1}
    times = {"created_at": lost.created_at, "next_try_at": lost.created_at, "revision": lost.revision}
    return bool(conn.execute(_NEW_DELIVERY.on(conn), sent | named | times).rowcount)


def _shown(receiver: str, since: datetime) -> Select[tuple[datetime]]:
    newest = select(func.coalesce(func.max(_D.n), 0)).scalar_subquery()
    message = case((_D.message_id == "", _D.id), else_=_D.message_id)  # a webhook's messages have no names
    at = func.min(_D.sent_at).label("at")
    mine = (_D.n > newest - RECENT, _D.receiver == receiver, _D.sent_at > since, _D.kind != OUTLETS)
    return select(at).where(*mine).group_by(_D.channel, message).order_by(at)


def _depth(conn: Connection) -> tuple[OutboxDepth, ...]:
    def number(state: str) -> ColumnElement[int]:
        return func.sum(case((_D.state == state, 1), else_=0)).label(state)

    waiting = case((_D.state == OWED, _D.created_at), else_=None)
    rows = conn.execute(
        select(_D.receiver, *map(number, (OWED, SENDING, UNCERTAIN, FAILED)), func.min(waiting).label("oldest"))
        .where(_D.state != SENT)
        .group_by(_D.receiver)
        .order_by(_D.receiver)
    ).mappings()
    return tuple(OutboxDepth(**dict(row)) for row in rows)


def deliveries_of(conn: Connection, story: StoryId) -> tuple[Delivery, ...]:
    """Return the ledger's rows of a story, oldest first."""
    return _many(conn, select(t.delivery).where(_D.story_id == story).order_by(_D.n))


def as_delivery(row: RowMapping) -> Delivery:
    """Return a row of the ledger as a value."""
    return Delivery(
        **{name: row[name] for name in _COLUMNS},
        state=DeliveryState(row["state"]),
        story=row["story_id"],
        stage=Stage(row["stage"]) if row["stage"] else None,
    )


def _many(conn: Connection, rows: Select[tuple[object, ...]]) -> tuple[Delivery, ...]:
    return tuple(map(as_delivery, conn.execute(rows).mappings()))


def _one(conn: Connection, rows: Executable) -> Delivery | None:
    found = conn.execute(rows).mappings().first()
    return as_delivery(found) if found else None
