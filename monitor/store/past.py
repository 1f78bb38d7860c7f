"""What may matter to a new article: known articles that share its index keys, known deals that share a party."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, FromClause, Select, bindparam, exists, func, select, true

from monitor.clock import KST
from monitor.model import ArticleKey, Deal, DealId, KnownDeal, Neighbour, Past, StoryId
from monitor.store import tables as t
from monitor.store.codec import unpack
from monitor.store.dialect import POSTGRESQL, built, listed, listed_names, names, numbers
from monitor.store.rows import Unsettled

STORY_WINDOW = timedelta(days=21)
"""How long a story goes on being retold; older tellings are no neighbours."""
DEAL_WINDOW = timedelta(days=3 * 366)
"""How long a deal goes on through its stages."""
NEIGHBOURS, KNOWN_DEALS = 24, 12
"""How many are handed to ``decide``, most shared keys first: it runs while the write lock is held."""
POSTINGS = 64
"""How many of the newest articles are looked at for one key. A key that half the articles have says nothing, and
without the cap it alone would cost more than all the others (100,000 articles: 30 ms against 1 ms)."""

OTHER_STORY = "other story"
"""The verdict of a person that an article (subject) does not tell a story (value)."""

MUTED = "mute firm"
"""The verdict of a person to hear nothing of a firm (subject) before a day (value, ISO, Korean)."""

_Query = Select[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Heard:
    """What people said that matters to the articles of one transaction: nobody can say more while it runs."""

    muted: tuple[str, ...]
    apart: frozenset[tuple[str, str]]  # an article, and a story that it does not tell


def hear(conn: Connection, keys: Sequence[ArticleKey], now: datetime) -> Heard:
    """Read what people said of the articles *keys* and of firms."""
    today = now.astimezone(KST).date().isoformat()
    muted = tuple(conn.scalars(_MUTED, {"kind": MUTED, "today": today}))
    apart = conn.execute(built(conn, _others), {"kind": OTHER_STORY, "asked": names(conn, keys)})
    return Heard(muted, frozenset((row.subject, row.value) for row in apart))


def load_past(conn: Connection, unsettled: Unsettled, heard: Heard, now: datetime) -> Past:
    """Return the neighbours and known deals of an article, most alike first."""
    neighbours = _neighbours(conn, unsettled.fingerprint.keys, now)
    neighbours_apart = _apart(neighbours, unsettled.article.key, heard)
    muted = heard.muted if unsettled.facts.deals else ()
    return Past(neighbours_apart, _known_deals(conn, unsettled.deal_keys, now), muted)


_MUTED = select(t.verdict.c.subject).where(
    t.verdict.c.kind == bindparam("kind"), t.verdict.c.value > bindparam("today")
)


def _neighbours(conn: Connection, keys: tuple[int, ...], now: datetime) -> list[Neighbour]:
    if not keys:
        return []
    found = {"asked": numbers(conn, keys), "since": now - STORY_WINDOW, "until": now + STORY_WINDOW}
    rows = conn.execute(built(conn, _neighbour_query), found)
    return [
        Neighbour(
            story=StoryId(row.story_id), article=ArticleKey(row.key), outlet=row.outlet, title=row.title,
            seen_at=row.seen_at, published_at=row.published_at, blob=row.blob, shared=row.shared,
        )
        for row in rows
    ]  # fmt: skip


def _neighbour_query(conn: Connection) -> _Query:
    postings = _postings(conn)
    shared = func.count().label("shared")
    alike = (
        select(postings.c.article, shared)
        .group_by(postings.c.article)
        .order_by(shared.desc(), postings.c.article.desc())
        .limit(NEIGHBOURS * 4)  # some of them are older than the window
        .subquery("alike")
    )
    columns = (t.article.c[each] for each in ("story_id", "key", "outlet", "title", "seen_at", "published_at", "blob"))
    return (
        select(*columns, alike.c.shared)
        .join(alike, t.article.c.n == alike.c.article)
        .where(t.article.c.seen_at >= bindparam("since"), t.article.c.seen_at <= bindparam("until"))
        .order_by(alike.c.shared.desc(), alike.c.article.desc())
        .limit(NEIGHBOURS)
    )


def _postings(conn: Connection) -> FromClause:
    """Return the newest ``POSTINGS`` articles of each key that is asked for."""
    asked, key = listed(conn, "asked")
    index = t.fingerprint_key
    newest = select(index.c.article).where(index.c.key == key).order_by(index.c.article.desc())
    if conn.dialect.name == POSTGRESQL:
        each = newest.limit(POSTINGS).lateral("posting")
        return select(each.c.article).select_from(asked.join(each, true())).subquery("postings")
    # SQLite has no LATERAL, but finds the last one wanted once a key, and seeks from there.
    inner = index.alias("newest")
    last = (
        select(inner.c.article)
        .where(inner.c.key == key)
        .order_by(inner.c.article.desc())
        .limit(1)
        .offset(POSTINGS - 1)
        .correlate(asked)
        .scalar_subquery()
    )
    recent = (index.c.key == key) & (index.c.article >= func.coalesce(last, 0))
    return select(index.c.article).select_from(asked.join(index, recent)).subquery("postings")


def _known_deals(conn: Connection, keys: tuple[int, ...], now: datetime) -> tuple[KnownDeal, ...]:
    if not keys:
        return ()
    found = {"asked": numbers(conn, tuple(dict.fromkeys(keys))), "since": now - DEAL_WINDOW}
    rows = conn.execute(built(conn, _deal_query), found)
    return tuple(
        KnownDeal(
            DealId(row.id), StoryId(row.story_id), unpack(Deal, row.body), row.first_at, row.last_at, bool(row.is_told)
        )
        for row in rows
    )


def _deal_query(conn: Connection) -> _Query:
    asked, key = listed(conn, "asked")
    shared = func.count().label("shared")
    alike = (
        select(t.deal_key.c.deal_id, shared)
        .select_from(asked.join(t.deal_key, t.deal_key.c.key == key))
        .group_by(t.deal_key.c.deal_id)
        .subquery("alike")
    )
    told = exists().where(t.alert.c.story_id == t.deal.c.story_id).correlate(t.deal)
    return (
        select(t.deal, told.label("is_told"))
        .join(alike, t.deal.c.id == alike.c.deal_id)
        .where(t.deal.c.last_at >= bindparam("since"))
        .order_by(alike.c.shared.desc(), t.deal.c.last_at.desc(), t.deal.c.id)
        .limit(KNOWN_DEALS)
    )


def _apart(neighbours: list[Neighbour], key: ArticleKey, heard: Heard) -> tuple[Neighbour, ...]:
    """Mark the neighbours of stories that a person has told apart from this very article."""
    if not heard.apart:
        return tuple(neighbours)
    return tuple(replace(each, told_apart=True) if (key, each.story) in heard.apart else each for each in neighbours)


def _others(conn: Connection) -> Select[str, str]:
    asked, subject = listed_names(conn, "asked")
    said = t.verdict.c
    return select(said.subject, said.value).join(asked, said.subject == subject).where(said.kind == bindparam("kind"))
