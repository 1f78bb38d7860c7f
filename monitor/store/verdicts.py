"""What did people say? Their word outlives every model, and it is training and test data."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from monitor.model import ArticleKey, StoryId
from monitor.store import tables as t
from monitor.store.articles import stored_article
from monitor.store.database import Desk
from monitor.store.deals import file_under, store_new_deals
from monitor.store.dialect import insert_new
from monitor.store.owing import edit_soon
from monitor.store.past import OTHER_STORY
from monitor.store.rows import KeysOf, Verdict
from monitor.store.writes import Writes

SAME_STORY = "same story"
_NEW_VERDICT = insert_new(t.verdict)
_NEW_REGION = insert_new(t.story_region)
_NEW_STORY = insert_new(t.story)
_NEW_KEY = insert_new(t.fingerprint_key)


class Verdicts(Desk):
    """People's corrections."""

    async def add_verdict(self, kind: str, subject: str, value: str, who: str, at: datetime) -> bool:
        """Keep a verdict; False when the same person had said it already (a button pressed twice)."""
        row = {"kind": kind, "subject": subject, "value": value, "who": who, "at": at}
        return await self._db.write(lambda conn: _add(conn, row))

    async def take_back(self, kind: str, subject: str, who: str) -> int:
        """Forget what a person said of a subject; returns how many verdicts that were."""
        said = (t.verdict.c.kind == kind, t.verdict.c.subject == subject, t.verdict.c.who == who)
        return await self._db.write(lambda conn: conn.execute(delete(t.verdict).where(*said)).rowcount)

    async def verdicts(self, kind: str = "", subject: str = "") -> tuple[Verdict, ...]:
        """Return verdicts in the order they came; "" means any."""
        return await self._db.read(lambda conn: _verdicts(conn, kind, subject))

    async def join_stories(self, keep: StoryId, other: StoryId, who: str, at: datetime) -> bool:
        """Make two stories one: tellings, deals and messages of *other* become those of *keep*.

        Messages that were sent are edited soon. False when either is unknown, or they are one already.
        """
        return await self._db.write(lambda conn: _join(conn, keep, other, who, at))

    async def split_article(
        self,
        article: ArticleKey,
        story: StoryId,
        who: str,
        at: datetime,
        *,
        keys: tuple[int, ...] = (),
        keys_of: KeysOf | None = None,
    ) -> bool:
        """Take an article out of its story and let it be the first telling of *story* (``dedup.story_id``).

        It stays apart for ever: as a neighbour of later articles it speaks for its own story. Its deals are the new
        story's.

        Args:
            article: what is taken out.
            story: what it tells.
            who: whose word it is.
            at: when it was said.
            keys: of the article's fingerprint; without them a copy, which is not in the index, has no later copies.
            keys_of: keys of one deal, as in ``Unsettled``.

        Returns:
            False when the article is unknown or is told there already.
        """
        new = _Parting(article, story, who, at, keys, keys_of or (lambda _: ()))
        return await self._db.write(lambda conn: _split(conn, new))


@dataclass(frozen=True, slots=True)
class _Parting:
    article: ArticleKey
    story: StoryId
    who: str
    at: datetime
    keys: tuple[int, ...]
    keys_of: KeysOf


def _add(conn: Connection, row: dict[str, object]) -> bool:
    return bool(conn.execute(_NEW_VERDICT.on(conn), row).rowcount)


def _verdicts(conn: Connection, kind: str, subject: str) -> tuple[Verdict, ...]:
    columns = (t.verdict.c[name] for name in Verdict.__slots__)
    rows = select(*columns).order_by(t.verdict.c.n)
    rows = rows.where(t.verdict.c.kind == kind) if kind else rows
    rows = rows.where(t.verdict.c.subject == subject) if subject else rows
    return tuple(Verdict(**dict(row)) for row in conn.execute(rows).mappings())


def _join(conn: Connection, keep: StoryId, other: StoryId, who: str, at: datetime) -> bool:
    open_stories = select(func.count()).where(t.story.c.id.in_((keep, other)), t.story.c.joined_into.is_(None))
    if keep == other or conn.scalar(open_stories) != 2:  # noqa: PLR2004 - both of them
        return False
    _join_regions(conn, keep, other)
    for table in (t.article, t.deal, t.delivery):
        conn.execute(update(table).where(table.c.story_id == other).values(story_id=keep))
    conn.execute(update(t.story).where(t.story.c.parent == other).values(parent=keep))
    conn.execute(update(t.story).where(t.story.c.id == other).values(joined_into=keep, tellings=0))
    _recount(conn, keep, at)
    _add(conn, {"kind": SAME_STORY, "subject": other, "value": keep, "who": who, "at": at})
    return True


def _join_regions(conn: Connection, keep: StoryId, other: StoryId) -> None:
    region = t.story_region.c
    theirs = conn.scalars(select(region.region).where(region.story_id == other)).all()
    if theirs:
        conn.execute(_NEW_REGION.on(conn), [{"region": name, "story_id": keep} for name in theirs])
        conn.execute(delete(t.story_region).where(region.story_id == other))


def _split(conn: Connection, new: _Parting) -> bool:
    row = conn.execute(select(t.article).where(t.article.c.key == new.article)).mappings().one_or_none()
    if row is None or row["story_id"] == new.story:
        return False
    _begin(conn, row, new)
    conn.execute(update(t.article).where(t.article.c.n == row["n"]).values(story_id=new.story, is_copy=False))
    _recount(conn, row["story_id"], new.at)
    _recount(conn, new.story, new.at)
    said = {"kind": OTHER_STORY, "subject": new.article, "value": row["story_id"], "who": new.who, "at": new.at}
    _add(conn, said)
    return True


def _begin(conn: Connection, row: RowMapping, new: _Parting) -> None:
    """Store a story whose first telling is the article of *row*."""
    story = {name: row[name] for name in ("title", "grade", "score", "why")}
    story |= {"id": new.story, "first_at": row["seen_at"], "last_at": new.at, "revision": 0, "tellings": 1}
    facts, writes = stored_article(row).facts, Writes(conn)
    writes.add(_NEW_STORY, [story | {"changes": ""}])
    writes.add(_NEW_KEY, [{"key": key, "article": row["n"]} for key in dict.fromkeys(new.keys)])
    store_new_deals(writes, new.story, new.article, facts.deals, new.keys_of, row["seen_at"])
    file_under(writes, new.story, facts)
    writes.flush()


def _recount(conn: Connection, story: StoryId, at: datetime) -> None:
    tellings = select(func.count()).where(t.article.c.story_id == story).scalar_subquery()
    change = {"tellings": tellings, "revision": t.story.c.revision + 1}
    conn.execute(update(t.story).where(t.story.c.id == story).values(change))
    edit_soon(conn, (story,), at)
