"""Which stories say these words? A bigram index beside the articles, the same on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from monitor.model import StoryId
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import POSTGRESQL, listed, numbers
from monitor.store.grams import PARTED, Term, asked, folded, grams, words
from monitor.store.rows import StoryFilter, StoryPage
from monitor.store.stories import as_story, load_story

BATCH = 200
"""Articles indexed in one transaction: 0.7 ms each, and the write lock must not be held for long."""
_FIRST_CHUNK, _GROWTH, _LARGEST_CHUNK = 200, 4, 12_800
_PARTED_READ = 4_000
"""Articles, newest first, in which a long word is also looked for in parts; in older ones only as it is written.

Reading one costs 5 µs, and two common halves of a word that nobody writes stand together in tens of thousands.
"""
_AFTER_ALL = (1 << 63) - 1
_TOKEN = 2
"""Syllables of a token: longer words may have all their tokens scattered over a text, so they are looked for again."""

_sqlite_search = table("search", column("rowid", BigInteger), column("grams", Text), column("search", Text))
postgres_metadata = MetaData()
_postgres_search = Table(
    "search",
    postgres_metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("grams", TSVECTOR, nullable=False),
    Index("ix_search_grams", "grams", postgresql_using="gin"),
)
_SQLITE_TABLE = """CREATE VIRTUAL TABLE search USING fts5(
    grams, content='', detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')"""


def create_search(conn: Connection) -> None:
    """Make the index of an empty database."""
    if conn.dialect.name == POSTGRESQL:
        postgres_metadata.create_all(conn)
    else:
        conn.execute(text(_SQLITE_TABLE))


class Search(Desk):
    """Lists of stories."""

    async def stories(self, wanted: StoryFilter) -> StoryPage:
        """Return one page of stories, newest first; with ``text`` only those that say all its words.

        Articles settled since the last ``index_new`` are found only after it ran; ``search`` runs it.
        """
        return await self._db.read(lambda conn: _said(conn, wanted) if wanted.text else _listed(conn, wanted))

    async def search(self, query: str, wanted: StoryFilter | None = None) -> StoryPage:
        """Return the stories that say all words of *query*, newest first, after indexing what is new."""
        while await self.index_new() == BATCH:
            pass
        return await self.stories(replace(wanted or StoryFilter(), text=query))

    async def index_new(self, limit: int = BATCH) -> int:
        """Make up to *limit* newly settled articles searchable; returns how many.

        Apart from settling, because it costs four times as much as all the rest of it: call it when idle.
        """
        if not await self._db.read(_has_new):
            return 0
        return await self._db.write(lambda conn: _index(conn, limit))


def _has_new(conn: Connection) -> bool:
    return conn.execute(_NEW.limit(1)).first() is not None


_NEW = select(t.article.c.n, t.article.c.title, t.article.c.text).where(~t.article.c.is_indexed).order_by(t.article.c.n)


def _index(conn: Connection, limit: int) -> int:
    rows = conn.execute(_NEW.limit(limit).with_for_update(skip_locked=True)).all()
    if rows:
        _put(conn, [(row.n, grams(f"{row.title}\n{row.text}")) for row in rows])
        conn.execute(_INDEXED, [{"asked": row.n} for row in rows])
    return len(rows)


_INDEXED = update(t.article).where(t.article.c.n == bindparam("asked")).values(is_indexed=True)


def _put(conn: Connection, told: list[tuple[int, tuple[str, ...]]]) -> None:
    if conn.dialect.name == POSTGRESQL:
        vector = func.array_to_tsvector(bindparam("said", type_=ARRAY(Text)))
        rows = [{"place": place, "said": list(tokens)} for place, tokens in told]
        conn.execute(insert(_postgres_search).values(n=bindparam("place"), grams=vector), rows)
    else:
        conn.execute(insert(_sqlite_search), [{"rowid": place, "grams": " ".join(tokens)} for place, tokens in told])


def forget(conn: Connection, told: list[tuple[int, str]]) -> None:
    """Take articles (number, title and text in lines) out of the index; an index without content wants to see them."""
    if not told:
        return  # an empty list of parameters is no parameters at all, and an error
    if conn.dialect.name == POSTGRESQL:
        places = [{"place": place} for place, _ in told]
        conn.execute(delete(_postgres_search).where(_postgres_search.c.n == bindparam("place")), places)
    else:
        rows = [{"search": "delete", "rowid": place, "grams": " ".join(grams(said))} for place, said in told]
        conn.execute(insert(_sqlite_search), rows)


# ---- lists -------------------------------------------------------------------------------------


def _conditions(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    story, region = t.story.c, t.story_region.c
    limits: list[ColumnElement[bool]] = [story.joined_into.is_(None)]
    if wanted.since:
        limits.append(story.last_at >= wanted.since)
    if wanted.until:
        limits.append(story.last_at < wanted.until)
    if wanted.grade_min:
        limits.append(story.grade >= int(wanted.grade_min))
    if wanted.outlet:
        limits.append(_is_told(t.article.c.outlet == wanted.outlet))
    if wanted.official:
        limits.append(_is_told(t.article.c.is_release))
    if wanted.region:
        limits.append(exists().where(region.story_id == story.id, region.region == wanted.region))
    deal = _deal_conditions(wanted)
    if deal:
        limits.append(story.id.in_(select(t.deal.c.story_id).where(*deal)))  # few: every story would be asked else
    return limits


def _is_told(how: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether any article of the story is so; the search's own article must not be taken for it."""
    return exists().where(t.article.c.story_id == t.story.c.id, how).correlate(t.story)


def _deal_conditions(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    """Return what one and the same deal of a story must fulfil."""
    limits: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.stage, t.deal.c.stage == wanted.stage),
        (wanted.min_amount_krw, t.deal.c.amount_krw >= wanted.min_amount_krw),
        (wanted.firm, func.lower(t.deal.c.firms).contains(folded(wanted.firm), autoescape=True)),
    ]
    return [limit for value, limit in limits if value]


def _listed(conn: Connection, wanted: StoryFilter) -> StoryPage:
    rows = select(t.story).where(*_conditions(wanted))
    if wanted.cursor:
        rows = rows.where(_is_after(wanted.cursor))
    rows = rows.order_by(t.story.c.last_at.desc(), t.story.c.id.desc()).limit(wanted.limit + 1)
    found = conn.execute(rows).mappings().all()
    stories = (as_story(conn, row) for row in found[: wanted.limit])
    last = found[wanted.limit - 1] if len(found) > wanted.limit else None
    cursor = f"{last['last_at'].isoformat()} {last['id']}" if last else ""
    return StoryPage(tuple(story for story in stories if story is not None), cursor)


def _is_after(cursor: str) -> ColumnElement[bool]:
    at, _, last = cursor.partition(" ")
    when = datetime.fromisoformat(at)
    return or_(t.story.c.last_at < when, and_(t.story.c.last_at == when, t.story.c.id < last))


def _said(conn: Connection, wanted: StoryFilter) -> StoryPage:
    """Walk the articles that say it, newest first, until the page is full: common words never read the whole index."""
    skipped = int(wanted.cursor or 0)
    enough = skipped + wanted.limit
    found: dict[StoryId, None] = {}
    for chunk in _chunks(conn, wanted.text):
        found |= dict.fromkeys(_stories_of(conn, chunk, wanted))
        if len(found) > enough:
            break
    shown = tuple(found)[skipped:enough]
    stories = (load_story(conn, story) for story in shown)
    cursor = str(enough) if len(found) > enough else ""
    return StoryPage(tuple(story for story in stories if story is not None), cursor)


def newest(conn: Connection, wanted: StoryFilter, most: int) -> tuple[tuple[StoryId, ...], bool]:
    """Return the newest stories that *wanted* asks for, from its first page on, and whether these are all.

    Looks at the newest *most* stories, with ``text`` at the newest *most* articles that may say it.
    """
    if wanted.text:
        places = _newest_saying(conn, wanted.text, most + 1)
        return tuple(dict.fromkeys(_stories_of(conn, places[:most], wanted))), len(places) <= most
    rows = select(t.story.c.id).where(*_conditions(wanted)).order_by(t.story.c.last_at.desc(), t.story.c.id.desc())
    found = tuple(StoryId(story) for story in conn.scalars(rows.limit(most + 1)))
    return found[:most], len(found) <= most


def _chunks(conn: Connection, query: str) -> Iterator[tuple[int, ...]]:
    before, size, read = _AFTER_ALL, _FIRST_CHUNK, 0
    while chunk := _newest_saying(conn, query, size, before=before, as_written=read >= _PARTED_READ):
        yield chunk
        if len(chunk) < size:
            return
        before, size, read = chunk[-1], min(size * _GROWTH, _LARGEST_CHUNK), read + size


def _newest_saying(
    conn: Connection, query: str, most: int, *, before: int = _AFTER_ALL, as_written: bool = False
) -> tuple[int, ...]:
    matched, place = _matched(conn, asked(query, as_written=as_written))
    return tuple(conn.scalars(matched.where(place < before).order_by(place.desc()).limit(most)))


def _matched(conn: Connection, groups: tuple[tuple[Term, ...], ...]) -> tuple[Select[int], ColumnElement[int]]:
    if conn.dialect.name == POSTGRESQL:
        terms = " & ".join(f"({' | '.join(map(_server_term, group))})" for group in groups)
        place: ColumnElement[int] = _postgres_search.c.n
        return select(place).where(_postgres_search.c.grams.op("@@")(cast(terms, TSQUERY))), place
    terms = " AND ".join(f"({' OR '.join(map(_file_term, group))})" for group in groups)
    place = _sqlite_search.c.rowid
    return select(place).where(literal_column("search").op("MATCH")(terms or '""')), place


def _server_term(term: Term) -> str:
    return f"'{term[0]}'{':*' if term[1] else ''}"


def _file_term(term: Term) -> str:
    return f'"{term[0]}"{" *" if term[1] else ""}'


def _stories_of(conn: Connection, places: tuple[int, ...], wanted: StoryFilter) -> list[StoryId]:
    rows, place = listed(conn, "places")
    said = func.lower(t.article.c.title + "\n" + t.article.c.text)
    exact = [
        (said if len(word) < PARTED else func.replace(said, " ", "")).contains(word, autoescape=True)
        for word in words(wanted.text)
        if len(word) > _TOKEN
    ]
    kept = (
        select(t.article.c.story_id)
        .select_from(rows.join(t.article, t.article.c.n == place).join(t.story, t.story.c.id == t.article.c.story_id))
        .where(*exact, *_conditions(wanted))
        .order_by(t.article.c.n.desc())
    )
    return [StoryId(story) for story in conn.scalars(kept, {"places": numbers(conn, places)})]
