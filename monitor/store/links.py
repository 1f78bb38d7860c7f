"""Which links are new, and which articles are still to be read? Novelty is identity, never a time watermark."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from monitor.model import ArticleKey, Link, OutletId
from monitor.store import tables as t
from monitor.store.codec import storable
from monitor.store.database import Desk
from monitor.store.dialect import PlainInsert, insert_new, listed, numbers
from monitor.store.polls import note_polls
from monitor.store.rows import FoundLink, LinkTrace, PendingLink, PollResult
from monitor.store.schedule import host_of, wake

ROWS_AT_ONCE = 1000
"""Rows of links that are spelled out at a time: those of a feed of 20,000 entries would take 40 MB together."""
PENDING, DONE, REFUSED = "pending", "done", "refused"

_NEW_SEEN = PlainInsert(t.seen)
_NEW_LINK = insert_new(t.link)


def seen_hash(key: str) -> int:
    """Return the 64-bit signed hash under which *key* is remembered.

    At 3 million keys the chance that any two share a hash is 2.4e-7. The personalisation carries the version.
    """
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8, person=b"seen-1").digest(), signed=True)


class Links(Desk):
    """Links found, and what became of them."""

    async def unseen(self, keys: Sequence[ArticleKey]) -> frozenset[ArticleKey]:
        """Return those of *keys* that no poll and no settling has met before."""
        return await self._db.read(lambda conn: _unseen(conn, keys))

    async def record_poll(self, result: PollResult) -> int:
        """Store one poll: the source's state, new links (pending, or refused with their ``skip``), the request log.

        One transaction. Known keys change nothing. Returns how many links were new.
        """
        return await self._db.write(lambda conn: _record(conn, result))

    async def add_link(self, found: FoundLink, outlet_id: OutletId, finder: str, at: datetime) -> bool:
        """Remember a link that no list named but a person showed, to be read at once; False when it is known.

        ``finder`` stands where a source's address would.
        """
        result = PollResult(outlet_id, finder, ok=True, at=at, next_poll_at=at, links=(found,))
        return bool(await self._db.write(lambda conn: _add(conn, result, visiting="")))

    async def pending_links(self, host: str, now: datetime, limit: int) -> tuple[PendingLink, ...]:
        """Return the host's links that are due, longest waiting first."""
        return await self._db.read(lambda conn: _pending(conn, host, now, limit))

    async def refuse_link(self, key: ArticleKey, reason: str, at: datetime) -> None:
        """Never fetch this link again (gone, not an article, too large); it stays known."""
        change = {"state": REFUSED, "reason": reason, "next_try_at": at}
        await self._db.write(lambda conn: _change_pending(conn, key, change))

    async def retry_link(self, key: ArticleKey, reason: str, next_try_at: datetime) -> None:
        """Fetch this link again at *next_try_at*; counts a try."""
        change = {"reason": reason, "next_try_at": next_try_at, "tries": t.link.c.tries + 1}
        await self._db.write(lambda conn: _change_pending(conn, key, change))


def remember(conn: Connection, keys: Iterable[str]) -> None:
    """Make *keys* known for ever."""
    rows = [{"hash": seen_hash(key)} for key in keys]
    if rows:
        _NEW_SEEN.run(conn, rows)


def is_seen(conn: Connection, key: str) -> bool:
    """Return whether *key* was met before."""
    return conn.scalar(select(t.seen.c.hash).where(t.seen.c.hash == seen_hash(key))) is not None


def finish(conn: Connection, keys: Iterable[str]) -> None:
    """Mark the links of settled articles as done."""
    conn.execute(_FINISH, [{"asked": key} for key in keys])


_FINISH = update(t.link).where(t.link.c.key == bindparam("asked")).values(state=DONE, reason="")


def link_trace(conn: Connection, key: str) -> LinkTrace | None:
    """Return what became of a link; None when it was never found (or its row was pruned)."""
    row = conn.execute(select(t.link).where(t.link.c.key == key)).mappings().one_or_none()
    return LinkTrace(**{name: row[name] for name in LinkTrace.__slots__}) if row else None


def _unseen(conn: Connection, keys: Sequence[ArticleKey]) -> frozenset[ArticleKey]:
    hashes = {seen_hash(key): key for key in keys}
    asked, value = listed(conn, "asked")
    known = select(t.seen.c.hash).join(asked, t.seen.c.hash == value)
    found = set(conn.scalars(known, {"asked": numbers(conn, tuple(hashes))}))
    return frozenset(key for each, key in hashes.items() if each not in found)


def _record(conn: Connection, result: PollResult) -> int:
    new = _add(conn, result, visiting=host_of(result.source_url))
    note_polls(conn, (result,), new=new)
    return new


def _add(conn: Connection, result: PollResult, *, visiting: str) -> int:
    """Store the links that are new and wake their hosts, all but the one being visited; return how many they are."""
    fresh = _fresh(conn, result.links)
    if fresh:
        remember(conn, (each.key for each in fresh))
        for start in range(0, len(fresh), ROWS_AT_ONCE):
            rows = [_link_row(each, result) for each in fresh[start : start + ROWS_AT_ONCE]]
            conn.execute(_NEW_LINK.on(conn), rows)
        hosts = (host_of(each.link.url) for each in fresh if not each.skip)
        wake(conn, hosts, result.at, visiting=visiting)
    return len(fresh)


def _fresh(conn: Connection, links: tuple[FoundLink, ...]) -> list[FoundLink]:
    if not links:
        return []
    first = {each.key: each for each in reversed(links)}  # a key twice on one list: its first place counts
    unseen = _unseen(conn, tuple(first))
    return [each for each in links if each.key in unseen and first[each.key] is each]


def _link_row(found: FoundLink, result: PollResult) -> dict[str, object]:
    link = found.link
    return {
        "key": found.key,
        "url": storable(link.url),
        "title": storable(link.title),
        "published_at": link.published_at,
        "summary": storable(link.summary),
        "guid": storable(link.guid),
        "flags": "\n".join(link.flags),
        "outlet_id": result.outlet_id,
        "source_url": result.source_url,
        "host": host_of(link.url),
        "state": REFUSED if found.skip else PENDING,
        "reason": found.skip,
        "first_look": found.first_look,
        "found_at": result.at,
        "next_try_at": result.at,
        "tries": 0,
    }


def _pending(conn: Connection, host: str, now: datetime, limit: int) -> tuple[PendingLink, ...]:
    due = (
        select(t.link)
        .where(t.link.c.host == host, t.IS_PENDING, t.link.c.next_try_at <= now)
        .order_by(t.link.c.next_try_at, t.link.c.published_at, t.link.c.key)
        .limit(limit)
    )
    return tuple(map(_pending_link, conn.execute(due).mappings()))


def _pending_link(row: RowMapping) -> PendingLink:
    flags = tuple(row["flags"].splitlines())
    link = Link(row["url"], row["title"], row["published_at"], row["summary"], row["guid"], flags)
    names = ("source_url", "host", "tries", "found_at", "next_try_at", "first_look")
    told = {name: row[name] for name in names}
    return PendingLink(key=ArticleKey(row["key"]), link=link, outlet_id=OutletId(row["outlet_id"]), **told)


def _change_pending(conn: Connection, key: ArticleKey, change: dict[str, object]) -> None:
    conn.execute(update(t.link).where(t.link.c.key == key, t.link.c.state == PENDING).values(change))
