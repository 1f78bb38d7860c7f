"""The heart: one article, what it is decided to be, and what is owed for it: stored together or not at all."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Float, Integer, Select, Text, bindparam, case, func, select, text, update

from monitor.model import Article, ArticleKey, Decision, Facts, Fingerprint
from monitor.store import tables as t
from monitor.store.articles import article_row, stored_article
from monitor.store.codec import pack, storable
from monitor.store.database import Database, Desk
from monitor.store.deals import move_deals, store_deals, store_regions
from monitor.store.dialect import POSTGRESQL, PlainInsert, built, insert_new, listed_names, names
from monitor.store.links import finish, remember
from monitor.store.owing import edit_soon, owe_alerts
from monitor.store.past import Heard, hear, load_past
from monitor.store.rows import ALREADY, Decide, KeysOf, Unsettled
from monitor.store.together import Together
from monitor.store.writes import Writes

SETTLING = 0x626F6E67
"""PostgreSQL: settlings go one after another. Two that run at once would not see each other's article."""

_NEW_ARTICLE = insert_new(t.article)
_NEW_STORY = insert_new(t.story)
_NEW_KEY = PlainInsert(t.fingerprint_key)


LINGER_S = 0.05
"""How long an article waits for others to settle with: of the 3 ms that one alone takes, a third is shared."""
BATCHES = 8
"""Batches in one transaction, of up to four articles each: it holds the write lock for 2 to 3 ms an article."""
_Batch = tuple[Sequence[Unsettled], datetime]


class Settling(Desk):
    """Deciding where it is committed."""

    def __init__(self, database: Database, instance: str) -> None:
        super().__init__(database, instance)
        self._settling = Together[_Batch, tuple[Decision, ...]](self._settle_all, linger=LINGER_S, most=BATCHES)

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

    async def settle_together(self, articles: Sequence[Unsettled], now: datetime) -> tuple[Decision, ...]:
        """Settle like ``settle_many``, in one transaction with what others bring in the next ``LINGER_S``."""
        return await self._settling((articles, now))

    async def _settle_all(self, batches: Sequence[_Batch]) -> Sequence[tuple[Decision, ...]]:
        now = max(at for _, at in batches)
        decided = iter(await self.settle_many([each for articles, _ in batches for each in articles], now))
        return [tuple(islice(decided, len(articles))) for articles, _ in batches]


def _settle_many(conn: Connection, articles: Sequence[Unsettled], now: datetime) -> tuple[Decision, ...]:
    if conn.dialect.name == POSTGRESQL:
        conn.execute(text("SELECT pg_advisory_xact_lock(:settling)"), {"settling": SETTLING})
    writes = Writes(conn)
    asked = [each.article.key for each in articles]
    known, heard = set(conn.scalars(_KNOWN, {"asked": asked})), hear(conn, asked, now)
    decided: list[Decision] = []
    for each in articles:
        is_known = each.article.key in known
        decided.append(_stored(writes, each.article.key) if is_known else _settle(writes, each, heard, now))
        known.add(each.article.key)
    writes.flush()
    _touch_stories(conn, [each for each in decided if not each.is_new_story and each.quiet != ALREADY], now)
    keys = dict.fromkeys(key for each in articles for key in (each.article.key, each.link_key) if key)
    remember(conn, keys)
    finish(conn, keys)
    return tuple(decided)


_KNOWN = select(t.article.c.key).where(t.article.c.key.in_(bindparam("asked", expanding=True)))


def _settle(writes: Writes, unsettled: Unsettled, heard: Heard, now: datetime) -> Decision:
    writes.flush_for(*unsettled.fingerprint.keys, *unsettled.deal_keys)
    decision = unsettled.decide(load_past(writes.conn, unsettled, heard, now))
    _store_article(writes, decision, now)
    if decision.is_new_story:
        writes.add(_NEW_STORY, [_story_row(decision, now)])
    if decision.parts:
        writes.flush_for(*decision.parts)
        writes.conn.execute(_ADOPT, {"whole": decision.story, "parts": decision.parts})
    if not decision.is_copy:
        store_deals(writes, decision, unsettled, now)
        store_regions(writes, decision)
    move_deals(writes, decision, now)
    owe_alerts(writes, decision, now)
    return decision


def _store_article(writes: Writes, decision: Decision, now: datetime) -> None:
    place = writes.number(_LAST)
    writes.add(_NEW_ARTICLE, [article_row(decision, now) | {"n": place}])
    writes.name(decision.article.key, decision.story)
    if not decision.is_copy:
        keys = tuple(dict.fromkeys(decision.fingerprint.keys))
        writes.add(_NEW_KEY, [{"key": key, "article": place} for key in keys])
        writes.name(*keys)


_LAST = select(func.max(t.article.c.n))


def _stored(writes: Writes, key: ArticleKey) -> Decision:
    writes.flush_for(key)
    row = writes.conn.execute(select(t.article).where(t.article.c.key == key)).mappings().one()
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


def _story_row(decision: Decision, now: datetime) -> dict[str, object]:
    return {
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


def _touch_stories(conn: Connection, retold: Sequence[Decision], now: datetime) -> None:
    """Count the tellings of known stories, in order, and let messages that were sent be edited soon.

    A story rises to a later telling's grade and never falls: the first short notice may have said too little.
    """
    if not retold:
        return
    held = set(conn.scalars(built(conn, _held), {"asked": names(conn, [each.story for each in retold])}))
    lost = {each.story: _story_row(each, now) for each in reversed(retold) if each.story not in held}
    if lost:  # their first tellings were pruned
        _NEW_STORY.run(conn, list(lost.values()))
    firsts = {id(next(each for each in retold if each.story == story)) for story in lost}
    rows = [_touch_row(each, now) for each in retold if id(each) not in firsts]
    if rows:
        conn.execute(_TOUCH, rows)
    edit_soon(conn, tuple(dict.fromkeys(each.story for each in retold)), now)


def _held(conn: Connection) -> Select[str]:
    asked, story = listed_names(conn, "asked")
    return select(t.story.c.id).join(asked, t.story.c.id == story)


def _touch_row(decision: Decision, now: datetime) -> dict[str, object]:
    relevance = decision.relevance
    told = {"to_grade": int(relevance.grade), "to_score": relevance.score, "to_why": pack(relevance.why)}
    return {"asked": decision.story, "now": now} | told


_ADOPT = (
    update(t.story)
    .where(t.story.c.id.in_(bindparam("parts", expanding=True)), t.story.c.parent.is_(None))
    .values(parent=bindparam("whole"))
)
"""A part that was told before its whole: a town's paper can be quicker than the province."""

_RISES = t.story.c.grade < bindparam("to_grade", type_=Integer)
_TOUCH = (
    update(t.story)
    .where(t.story.c.id == bindparam("asked"))
    .values(
        last_at=bindparam("now", type_=t.Instant),
        tellings=t.story.c.tellings + 1,
        revision=t.story.c.revision + 1,
        grade=case((_RISES, bindparam("to_grade", type_=Integer)), else_=t.story.c.grade),
        score=case((_RISES, bindparam("to_score", type_=Float)), else_=t.story.c.score),
        why=case((_RISES, bindparam("to_why", type_=Text)), else_=t.story.c.why),
    )
)
