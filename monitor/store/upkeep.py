"""Keeping the store sound: backups, checks, pruning."""

import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, delete, exists, func, select, text

from monitor.errors import StoreUnusable
from monitor.model import DeliveryState, Grade, When
from monitor.store import tables as t
from monitor.store.database import Database, Desk
from monitor.store.links import PENDING
from monitor.store.owing import LIVING_KINDS
from monitor.store.past import STORY_WINDOW
from monitor.store.rows import Pruned
from monitor.store.search import forget
from monitor.store.sqlite import SqliteDatabase

OPINION = "opinion "
"""Names of the notes of what a model said of an article: ``opinion <key>``."""
_BATCH = 500
"""Articles dropped in one transaction."""


class Upkeep(Desk):
    """What an operator asks for."""

    async def backup(self, to: Path) -> None:
        """Write a consistent copy to the file *to* while the daemon goes on; a file that is there is replaced.

        Raises:
            StoreUnusable: on PostgreSQL (``pg_dump`` does it), or *to* cannot be written.
        """
        await copy_file(self._db, to)

    async def check(self) -> tuple[str, ...]:
        """Return what is wrong, one line each; () when sound. Reads every page: seconds for a large file."""
        damage = await self._db.raw(_damage) if isinstance(self._db, SqliteDatabase) else ()
        return damage + await self._db.read(_contradictions)

    async def prune(self, now: datetime, keep: timedelta) -> Pruned:
        """Drop what no longer matters.

        Index keys past the window of retelling; and, older than *keep*: links that are settled, articles of stories
        that nobody was told of (below ``ACTIVITY``), notes that were sent.

        Stories with deals stay, and so does the memory of novelty: nothing that was pruned is new again.
        """
        articles = 0
        while dropped := await self._db.write(lambda conn: _prune_articles(conn, now - keep)):
            articles += dropped
        links = await self._db.write(lambda conn: _prune_links(conn, now - keep))
        keys = await self._db.write(lambda conn: _prune_keys(conn, now - STORY_WINDOW))
        await self._db.write(_prune_opinions)
        return Pruned(links, keys, articles, await self._db.write(lambda conn: _prune_notes(conn, now - keep)))


def _prune_opinions(conn: Connection) -> None:
    """Drop what a model said of articles that are not kept."""
    name = t.meta.c.name
    told = exists().where(t.article.c.key == func.substr(name, len(OPINION) + 1))
    conn.execute(delete(t.meta).where(name.startswith(OPINION), ~told))


async def copy_file(database: Database, to: Path) -> None:
    """Write a consistent copy of a SQLite database: a snapshot, so that writers are neither stopped nor seen."""
    if not isinstance(database, SqliteDatabase):
        raise StoreUnusable("only a SQLite file is copied", "use pg_dump")
    part = to.with_name(to.name + ".part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        await database.raw(lambda conn: _vacuum_into(conn, part))
        part.replace(to)
    except OSError as error:
        raise StoreUnusable(f"{to} cannot be written ({error.strerror})", "name another file") from error


def _vacuum_into(conn: sqlite3.Connection, to: Path) -> None:
    conn.execute("VACUUM INTO ?", (str(to),))


def _damage(conn: sqlite3.Connection) -> tuple[str, ...]:
    rows = [str(row[0]) for row in conn.execute("PRAGMA integrity_check(20)")]
    lost = [f"{row[0]}: row {row[1]} has no {row[2]}" for row in conn.execute("PRAGMA foreign_key_check")]
    return tuple([] if rows == ["ok"] else rows) + tuple(lost)


def _contradictions(conn: Connection) -> tuple[str, ...]:
    delivery, alert = t.delivery.c, t.alert.c
    told = exists().where(
        delivery.receiver == alert.receiver, delivery.kind == alert.kind,
        func.coalesce(delivery.stage, "") == alert.stage, delivery.story_id == alert.story_id,
    )  # fmt: skip
    joined = exists().where(t.story.c.id == alert.story_id, t.story.c.joined_into.is_not(None))
    orphan = ~exists().where(t.story.c.id == t.article.c.story_id)
    questions = {
        "alerts without a delivery": _number(t.alert, and_(alert.when != When.DIGEST.value, ~told, ~joined)),
        "articles without a story": _number(t.article, orphan),
    }
    found = {problem: conn.scalar(question) or 0 for problem, question in questions.items()}
    return tuple(f"{number} {problem}" for problem, number in found.items() if number)


def _number(table: Table, condition: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(table).where(condition)


def _prune_articles(conn: Connection, before: datetime) -> int:
    alerted = exists().where(t.alert.c.story_id == t.story.c.id)
    rows = conn.execute(
        select(t.article.c.n, t.article.c.story_id, t.article.c.title, t.article.c.text, t.article.c.is_indexed)
        .join(t.story, t.story.c.id == t.article.c.story_id)
        .where(
            t.article.c.seen_at < before, t.story.c.last_at < before, t.story.c.grade < int(Grade.ACTIVITY), ~alerted
        )
        .limit(_BATCH)
    ).all()
    if not rows:
        return 0
    forget(conn, [(row.n, f"{row.title}\n{row.text}") for row in rows if row.is_indexed])
    conn.execute(delete(t.article).where(t.article.c.n == bindparam("asked")), [{"asked": row.n} for row in rows])
    stories = [{"asked": story} for story in {row.story_id for row in rows}]
    told = exists().where(t.article.c.story_id == bindparam("asked"))
    for table, column in ((t.story_region, "story_id"), (t.story, "id")):
        conn.execute(delete(table).where(table.c[column] == bindparam("asked"), ~told), stories)
    return len(rows)


def _prune_links(conn: Connection, before: datetime) -> int:
    return conn.execute(delete(t.link).where(t.link.c.state != PENDING, t.link.c.found_at < before)).rowcount


def _prune_keys(conn: Connection, before: datetime) -> int:
    oldest = conn.scalar(select(func.min(t.article.c.n)).where(t.article.c.seen_at >= before))
    past = t.fingerprint_key.c.article < oldest if oldest is not None else text("1 = 1")
    return conn.execute(delete(t.fingerprint_key).where(past)).rowcount


def _prune_notes(conn: Connection, before: datetime) -> int:
    delivery = t.delivery.c
    sent = delivery.state == DeliveryState.SENT.value
    notes = and_(sent, delivery.sent_at < before, delivery.kind.not_in(LIVING_KINDS))
    return conn.execute(delete(t.delivery).where(notes)).rowcount
