"""Settle a recorded stream of articles: the same rooms as the daemon, on the stream's own clock."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import islice

from monitor.dedup import article_key
from monitor.jobs.judge import Judge, Reading
from monitor.model import Article, ArticleKey, Decision, OutletKind
from monitor.store import Store, Unsettled
from monitor.text import parse_date

BATCH = 64
"""Articles a transaction. One commit an article costs 0.6 ms more; larger batches gain nothing measurable."""
DAWN = datetime(2000, 1, 1, tzinfo=UTC)
"""The clock of a stream before its first dated article."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of a recorded stream: who calls it what, what it says, when it was found."""

    id: str
    article: Article
    seen_at: datetime | None


def recorded(line: Mapping[str, object], kinds: Mapping[str, OutletKind], number: int) -> Recorded:
    """Read one line ``{id, url, title, text, published_at, outlet[, first_seen]}``.

    Args:
        line: a JSON object; missing texts are empty, a missing ``id`` is the url, a missing url the ``id``.
        kinds: printed outlet name → what kind of outlet it is.
        number: of the line, from 1; it names a line without id and url.

    Returns:
        The article under its canonical key; times without a zone are Korean.
    """
    url = str(line.get("url") or "")
    name = str(line.get("outlet") or "")
    ident = str(line.get("id") or url or f"line-{number}")
    seen_at = _instant(line.get("first_seen"))
    published = _instant(line.get("published_at"))
    article = Article(
        key=article_key(url) if url else ArticleKey(ident),
        url=url,
        outlet=name,
        outlet_name=name,
        outlet_kind=kinds.get(name, OutletKind.OTHER),
        title=unescape(
            unescape(str(line.get("title") or ""))
        ),  # feeds escape twice; the daemon's reader undoes it, too
        text=str(line.get("text") or ""),
        published_at=min(published, seen_at) if published and seen_at else published,
    )
    return Recorded(ident, article, seen_at or published)


def in_order(lines: Iterable[Recorded]) -> list[Recorded]:
    """Return the stream as it would have been discovered; undated lines stay behind the line before them."""
    clock = DAWN
    timed = []
    for each in lines:
        clock = each.seen_at or clock
        timed.append((clock, each))
    timed.sort(key=lambda pair: pair[0])
    return [each for _, each in timed]


async def settled(
    stream: Iterable[Recorded], judge: Judge, store: Store, *, batch: int = BATCH
) -> AsyncIterator[tuple[Recorded, Reading, Decision]]:
    """Settle *stream* in the given order and yield each line with its reading and what was decided.

    The clock is the line's own ``seen_at``; it never runs backwards by more than the stream itself does.
    """
    clock, lines = DAWN, iter(stream)
    while chunk := list(islice(lines, batch)):
        readings = [judge.read(each.article) for each in chunk]
        times = []
        for each in chunk:
            clock = each.seen_at or clock
            times.append(clock)
        work = [judge.unsettled(reading, now=now) for reading, now in zip(readings, times, strict=True)]
        decisions = [decision for part, now in _by_time(work, times) for decision in await store.settle_many(part, now)]
        for each, reading, decision in zip(chunk, readings, decisions, strict=True):
            yield each, reading, decision


def _by_time(work: list[Unsettled], times: list[datetime]) -> Iterator[tuple[list[Unsettled], datetime]]:
    """Cut a batch where its clock moves by more than an hour: one transaction has one ``now``."""
    part: list[Unsettled] = []
    began = times[0]
    for each, now in zip(work, times, strict=True):
        if part and abs(now - began) > timedelta(hours=1):
            yield part, began
            part, began = [], now
        part.append(each)
    yield part, began


def _instant(stamp: object) -> datetime | None:
    """Read a stamp of the stream; zone-less is Korean, nonsense is none."""
    return parse_date(str(stamp), DAWN + timedelta(days=365 * 100)) if stamp else None
