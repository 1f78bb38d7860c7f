"""What do we know of a story, for a channel, a page or a mail to show?"""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select

from monitor.model import ArticleKey, Grade, OutletKind, Reason, Story, StoryId, Telling
from monitor.store import tables as t
from monitor.store.articles import stored_article
from monitor.store.codec import unpack_all
from monitor.store.database import Desk
from monitor.store.deals import deals_of, steps_of
from monitor.store.links import is_seen, link_trace
from monitor.store.outbox import deliveries_of
from monitor.store.rows import DealStep, OwedAlert, StoredArticle, Trace

_TELLING = ("key", "url", "title", "outlet", "outlet_name", "published_at", "seen_at", "because", "is_release")
_HOPS = 8
"""How many joins are followed; people join two stories, seldom a third one to them."""


class Stories(Desk):
    """The read side."""

    async def story(self, story: StoryId) -> Story | None:
        """Return a story with its tellings and deals; a story that was joined to another is the other one."""
        return await self._db.read(lambda conn: load_story(conn, story))

    async def article(self, key: str) -> StoredArticle | None:
        """Return an article by its key or by its address."""
        return await self._db.read(lambda conn: _article(conn, key))

    async def articles_of(self, story: StoryId) -> tuple[StoredArticle, ...]:
        """Return all tellings of a story with their texts, first seen first."""
        rows = select(t.article).where(t.article.c.story_id == story).order_by(t.article.c.n)
        return await self._db.read(lambda conn: tuple(map(stored_article, conn.execute(rows).mappings())))

    async def articles_since(self, since: datetime, most: int) -> tuple[StoredArticle, ...]:
        """Return the newest *most* articles that were seen since then, with their texts, first seen first."""
        rows = select(t.article).where(t.article.c.seen_at >= since).order_by(t.article.c.n.desc()).limit(most)
        newest = await self._db.read(lambda conn: tuple(map(stored_article, conn.execute(rows).mappings())))
        return newest[::-1]

    async def deal_steps(self, story: StoryId) -> tuple[DealStep, ...]:
        """Return how the deals of a story came to their stages, oldest first, each with the article that told it."""
        return await self._db.read(lambda conn: steps_of(conn, story))

    async def trace(self, key: str) -> Trace:
        """Return all that is known of an address (its key, or the URL as it was found), from link to delivery."""
        return await self._db.read(lambda conn: _trace(conn, key))


def load_story(conn: Connection, story: StoryId) -> Story | None:
    """Return a story as a value; None when there is none."""
    row = conn.execute(_STORY, {"asked": story}).mappings().one_or_none()
    for _ in range(_HOPS):
        if row is None or row["joined_into"] is None:
            break
        row = conn.execute(_STORY, {"asked": row["joined_into"]}).mappings().one_or_none()
    return None if row is None else as_story(conn, row)


_STORY = select(t.story).where(t.story.c.id == bindparam("asked"))
_TELLINGS = (
    select(*(t.article.c[name] for name in (*_TELLING, "outlet_kind")))
    .where(t.article.c.story_id == bindparam("asked"))
    .order_by(t.article.c.n)
)


def as_story(conn: Connection, row: RowMapping) -> Story | None:
    """Return a row of the table of stories with all that belongs to it; None when its tellings were pruned."""
    tellings = tuple(map(_telling, conn.execute(_TELLINGS, {"asked": row["id"]}).mappings()))
    if not tellings:
        return None
    lead = next((each for each in tellings if each.is_release), tellings[0])
    return Story(
        id=StoryId(row["id"]),
        title=lead.title,
        url=lead.url,
        grade=Grade(row["grade"]),
        score=row["score"],
        why=unpack_all(Reason, row["why"]),
        first_at=row["first_at"],
        last_at=row["last_at"],
        lead=lead,
        tellings=tellings,
        deals=deals_of(conn, row["id"]),
        parent=row["parent"],
        revision=row["revision"],
        changes=tuple(row["changes"].splitlines()),
    )


def _telling(row: RowMapping) -> Telling:
    return Telling(**{name: row[name] for name in _TELLING}, outlet_kind=OutletKind(row["outlet_kind"]))


def _article(conn: Connection, key: str) -> StoredArticle | None:
    for column in (t.article.c.key, t.article.c.url):
        row = conn.execute(select(t.article).where(column == key).limit(1)).mappings().one_or_none()
        if row is not None:
            return stored_article(row)
    return None


def _trace(conn: Connection, key: str) -> Trace:
    stored = _article(conn, key)
    known = stored.article.key if stored else ArticleKey(key)
    link = link_trace(conn, key) or link_trace(conn, known)
    if stored is None:
        return Trace(known, is_seen(conn, key), link)
    story = load_story(conn, stored.story)
    return Trace(
        key=known,
        is_seen=is_seen(conn, known),
        link=link,
        stored=stored,
        story=story,
        alerts=_alerts(conn, stored.story),
        deliveries=deliveries_of(conn, stored.story),
    )


def _alerts(conn: Connection, story: StoryId) -> tuple[OwedAlert, ...]:
    columns = (t.alert.c[name] for name in OwedAlert.__slots__)
    rows = conn.execute(select(*columns).where(t.alert.c.story_id == story).order_by(t.alert.c.at)).mappings()
    return tuple(OwedAlert(**dict(row)) for row in rows)
