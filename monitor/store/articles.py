"""The heart: one article, what it is decided to be, and what is owed for it: stored together or not at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, text, update

from monitor.model import (
    Alert,
    Article,
    ArticleKey,
    Decision,
    DeliveryId,
    DeliveryState,
    Facts,
    Fingerprint,
    Grade,
    OutletKind,
    Reason,
    Relevance,
    StoryId,
    When,
)
from monitor.store import tables as t
from monitor.store.codec import pack, storable, unpack, unpack_all
from monitor.store.database import Desk
from monitor.store.deals import grow_story, move_deals, store_deals, store_regions
from monitor.store.dialect import POSTGRESQL, insert_new
from monitor.store.links import finish, remember
from monitor.store.past import load_past
from monitor.store.rows import ALREADY, Decide, KeysOf, StoredArticle, Unsettled

EDIT_AFTER = timedelta(seconds=45)
"""Later tellings wait this long and then edit the sent message together: a release is retold in bursts."""
SETTLING = 0x626F6E67
"""PostgreSQL: settlings go one after another. Two that run at once would not see each other's article."""

_RELEASES = (OutletKind.RELEASE, OutletKind.BOARD)
_COLUMNS = ("key", "url", "outlet", "outlet_name", "outlet_kind", "title", "text", "published_at")
_NEW_STORY = insert_new(t.story)
_NEW_KEY = insert_new(t.fingerprint_key)
_NEW_ALERT = insert_new(t.alert)
_NEW_DELIVERY = insert_new(t.delivery)


class Settling(Desk):
    """Deciding where it is committed."""

    async def settle(
        self,
        article: Article,
        fingerprint: Fingerprint,
        facts: Facts,
        decide: Decide,
        now: datetime,
        *,
        deal_keys: tuple[int, ...] = (),
        keys_of: KeysOf | None = None,
        link_key: ArticleKey | None = None,
    ) -> Decision:
        """Decide about one article inside the write transaction, and store all that follows.

        ``decide`` is handed the neighbours (at most 24, of the last 21 days) and known deals (at most 12, of three
        years) and must be pure and quick: the write lock is held, and it may be called again when the connection to
        the server is lost. When it raises, nothing is stored. See ``Unsettled`` for the keyword arguments.

        Returns:
            What was decided. For an article that is already stored: what was decided then, with ``quiet == ALREADY``,
            ``is_new_story`` false and no alerts; only its link is marked as done.
        """
        one = Unsettled(article, fingerprint, facts, decide, deal_keys, keys_of, link_key)
        return (await self.settle_many((one,), now))[0]

    async def settle_many(self, articles: Sequence[Unsettled], now: datetime) -> tuple[Decision, ...]:
        """Settle several articles in one transaction, in order; each sees those before it."""
        return await self._db.write(lambda conn: _settle_many(conn, articles, now))


def _settle_many(conn: Connection, articles: Sequence[Unsettled], now: datetime) -> tuple[Decision, ...]:
    if conn.dialect.name == POSTGRESQL:
        conn.execute(text("SELECT pg_advisory_xact_lock(:settling)"), {"settling": SETTLING})
    decided = tuple(_settle(conn, each, now) for each in articles)
    keys = dict.fromkeys(key for each in articles for key in (each.article.key, each.link_key) if key)
    remember(conn, keys)
    finish(conn, keys)
    return decided


def _settle(conn: Connection, unsettled: Unsettled, now: datetime) -> Decision:
    known = conn.execute(_BY_KEY, {"asked": unsettled.article.key}).mappings().one_or_none()
    if known is not None:
        return _stored_decision(known)
    decision = unsettled.decide(load_past(conn, unsettled, now))
    _store_article(conn, decision, now)
    if not (decision.is_new_story and _open_story(conn, decision, now)):
        _touch_story(conn, decision, now)
    if not decision.is_copy:
        store_deals(conn, decision, unsettled, now)
        store_regions(conn, decision)
    move_deals(conn, decision, now)
    owe_alerts(conn, decision, now)
    return decision


_BY_KEY = select(t.article).where(t.article.c.key == bindparam("asked"))
_INSERT_ARTICLE = insert(t.article)


def _store_article(conn: Connection, decision: Decision, now: datetime) -> None:
    key = conn.execute(_INSERT_ARTICLE, _article_row(decision, now)).inserted_primary_key
    if key is None:
        raise TypeError(decision.article.key)
    if decision.fingerprint.keys and not decision.is_copy:
        rows = [{"key": each, "article": key[0]} for each in dict.fromkeys(decision.fingerprint.keys)]
        conn.execute(_NEW_KEY.on(conn), rows)


def _article_row(decision: Decision, now: datetime) -> dict[str, object]:
    article, relevance = decision.article, decision.relevance
    row: dict[str, object] = {name: getattr(article, name) for name in _COLUMNS}
    row |= {name: storable(getattr(article, name)) for name in ("title", "text", "url", "outlet_name")}
    return row | {
        "outlet_kind": article.outlet_kind.value,
        "seen_at": now,
        "rest": pack(_without_columns(article)),
        "story_id": decision.story,
        "because": decision.because,
        "is_copy": decision.is_copy,
        "is_release": bool(article.release_of) or article.outlet_kind in _RELEASES,
        "quiet": decision.quiet,
        "grade": int(relevance.grade),
        "score": relevance.score,
        "why": pack(relevance.why),
        "version": relevance.version,
        "facts": pack(decision.facts),
        "blob": decision.fingerprint.blob,
        "is_indexed": False,
    }


def _without_columns(article: Article) -> Article:
    """Return the article with those fields emptied that have a column: the rest is kept as JSON."""
    return replace(
        article, key=ArticleKey(""), url="", outlet="", title="", text="", published_at=None, outlet_name="",
        outlet_kind=OutletKind.OTHER,
    )  # fmt: skip


def stored_article(row: RowMapping) -> StoredArticle:
    """Return a row of the table of articles as a value."""
    columns = {name: row[name] for name in _COLUMNS} | {"outlet_kind": OutletKind(row["outlet_kind"])}
    return StoredArticle(
        article=replace(unpack(Article, row["rest"]), **columns),
        story=StoryId(row["story_id"]),
        seen_at=row["seen_at"],
        because=row["because"],
        is_copy=row["is_copy"],
        quiet=row["quiet"],
        relevance=Relevance(Grade(row["grade"]), row["score"], unpack_all(Reason, row["why"]), row["version"]),
        facts=unpack(Facts, row["facts"]),
    )


def _stored_decision(row: RowMapping) -> Decision:
    stored = stored_article(row)
    return Decision(
        article=stored.article,
        fingerprint=Fingerprint((), row["blob"]),
        facts=stored.facts,
        relevance=stored.relevance,
        story=stored.story,
        is_new_story=False,
        because=stored.because,
        is_copy=stored.is_copy,
        quiet=ALREADY,
    )


def _open_story(conn: Connection, decision: Decision, now: datetime) -> bool:
    """Insert the story; False when it is there already."""
    row = {
        "id": decision.story,
        "title": storable(decision.article.title),
        "grade": int(decision.relevance.grade),
        "score": decision.relevance.score,
        "why": pack(decision.relevance.why),
        "first_at": now,
        "last_at": now,
        "parent": decision.parent,
        "revision": 0,
        "tellings": 1,
        "changes": "",
    }
    return bool(conn.execute(_NEW_STORY.on(conn), row).rowcount)


def _touch_story(conn: Connection, decision: Decision, now: datetime) -> None:
    """Count one more telling, and let messages that were sent be edited soon."""
    if not conn.execute(_TOUCH, {"asked": decision.story, "now": now}).rowcount:
        _open_story(conn, decision, now)  # its first telling was pruned, or another process numbered it first
        return
    grow_story(conn, decision)
    edit_soon(conn, decision.story, now)


def edit_soon(conn: Connection, story: StoryId, now: datetime) -> None:
    """Let the sent messages of a story be edited after a quiet time, which a later change does not lengthen."""
    conn.execute(_EDIT_SOON, {"asked": story, "soon": now + EDIT_AFTER})


_TOUCH = (
    update(t.story)
    .where(t.story.c.id == bindparam("asked"))
    .values(
        last_at=bindparam("now", type_=t.Instant),
        tellings=t.story.c.tellings + 1,
        revision=t.story.c.revision + 1,
    )
)
_EDIT_SOON = (
    update(t.delivery)
    .where(
        t.delivery.c.story_id == bindparam("asked"),
        t.delivery.c.state == DeliveryState.SENT.value,
        t.delivery.c.edit_at.is_(None),
    )
    .values(edit_at=bindparam("soon", type_=t.Instant))
)


def owe_alerts(conn: Connection, decision: Decision, now: datetime) -> None:
    """Owe the decided alerts: every one for the digest's ledger, those for now as a delivery, too. Never twice."""
    alerts = decision.alerts
    if not alerts:
        return
    conn.execute(_NEW_ALERT.on(conn), [_alert_row(each, decision.story, now) for each in alerts])
    due = [_delivery_row(each, decision.story, now) for each in alerts if each.when is not When.DIGEST]
    if due:
        conn.execute(_NEW_DELIVERY.on(conn), due)


def _alert_row(alert: Alert, story: StoryId, now: datetime) -> dict[str, object]:
    stage = alert.stage.value if alert.stage else ""
    return {
        "story_id": story, "receiver": alert.receiver, "kind": alert.kind.value, "stage": stage,
        "when": alert.when.value, "at": now,
    }  # fmt: skip


def _delivery_row(alert: Alert, story: StoryId, now: datetime) -> dict[str, object]:
    stage = alert.stage.value if alert.stage else None
    return {
        "id": delivery_id(alert.receiver, alert.kind.value, story, stage or ""), "receiver": alert.receiver,
        "kind": alert.kind.value, "state": DeliveryState.OWED.value, "tries": 0, "created_at": now,
        "next_try_at": now, "story_id": story, "stage": stage, "revision": 0,
    }  # fmt: skip


def delivery_id(receiver: str, kind: str, *about: str) -> DeliveryId:
    """Return the id of a delivery, from its content; the first letter is the version."""
    content = "\x1f".join((receiver, kind, *about))
    return DeliveryId("d" + hashlib.blake2b(content.encode(), digest_size=12).hexdigest())
