"""Our stages, one a process: ``python -m bench.ours STAGE TOWN COUNT`` prints CPU milliseconds a unit as JSON.

TOWN is the JSON that ``bench.server`` printed. CPU is that of this process and its children after one warm round, so
that neither the imports nor the papers' own work are counted.
"""

import asyncio
import gc
import json
import logging
import random
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from selectolax.lexbor import LexborHTMLParser

from bench.pages import PRINTED_AT, feed, moulds, printed, tell
from bench.store import unsettled
from monitor.cli import GARBAGE
from monitor.daemon import judge_of, limits_of, newsroom
from monitor.dedup import fingerprint, same_story
from monitor.extract import read_article
from monitor.fetch import Fence, Fetcher
from monitor.jobs.judge import Reading
from monitor.jobs.newsroom import Newsroom
from monitor.jobs.visit import visit
from monitor.model import (
    Article,
    ArticleKey,
    Neighbour,
    Outlet,
    OutletId,
    OutletKind,
    Page,
    Source,
    SourceKind,
    StoryId,
)
from monitor.settings import load
from monitor.sources import discover
from monitor.store import Store

Town = dict[str, Any]
FEED_BYTES = 78_000
LOOKED_AT = 24  # neighbours that the store hands out at most
BATCH = 16  # articles that share a transaction when a dozen visits go on


def cpu() -> float:
    """Seconds of this process and its ended children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def each(work: Callable[[], object], units: int, rounds: int = 5) -> float:
    """Return the least CPU of *rounds* runs, in ms a unit, after one that warms up."""
    work()
    gc.collect()
    taken = []
    for _ in range(rounds):
        start = cpu()
        work()
        taken.append(cpu() - start)
    return min(taken) * 1000 / units


# ---- through sockets -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The day on which the pages were printed, going on."""

    began: float

    def __call__(self) -> datetime:
        return PRINTED_AT + timedelta(seconds=monotonic() - self.began)


async def with_room(outlets: list[Outlet], work: Callable[[Newsroom], Awaitable[float]]) -> float:
    """Open what the daemon opens, on a store of its own, without the gap between requests."""
    settings, now = load(None), Clock(monotonic())
    limits = replace(limits_of(settings), gap=timedelta(0), allow_private=("127.0.0.0/8",))
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}")
        gc.freeze()  # as the daemon does
        gc.set_threshold(*GARBAGE)
        async with store, Fetcher(limits, now=now) as fetcher, Fence() as fence:
            room = newsroom(settings, store, fetcher, fence, judge_of(settings), now=now)
            room = replace(room, outlets={outlet.id: outlet for outlet in outlets})
            await store.sync_outlets(outlets, now())
            return await work(room)


def outlets_of(town: Town) -> list[Outlet]:
    return [
        Outlet(
            OutletId(f"bench/o{number}"), f"신문{number}", "gwangju", OutletKind.PAPER,
            (Source(told["feed"], SourceKind.FEED),), layout="" if told["layout"] == "generic" else told["layout"],
        )
        for number, told in enumerate(town["outlets"])
    ]  # fmt: skip


def path(town: Town, count: int) -> float:
    """Feed to alert: every article of every outlet is found, fetched, read, judged and settled; ms an article."""
    outlets = outlets_of(town)

    async def work(room: Newsroom) -> float:
        gc.collect()
        start, done = cpu(), 0
        while done < count and await rounds(room):
            done = (await room.store.counts()).articles
        if done < count * 0.95:
            raise SystemExit(f"only {done} of {count} articles were stored")
        return (cpu() - start) * 1000 / done

    return asyncio.run(with_room(outlets, work))


async def rounds(room: Newsroom) -> int:
    """Visit every host that is due, all at the same time, as the daemon does."""
    leases = await room.store.claim_hosts(room.now(), 50, room.tempo.lease)
    async with asyncio.TaskGroup() as group:
        for lease in leases:
            group.create_task(visit(lease, room))
    return len(leases)


class Skipping:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.at = PRINTED_AT

    def __call__(self) -> datetime:
        return self.at


def polls(town: Town, count: int, which: str) -> float:
    """Visits that find nothing new: claim, ask, note, release; ms a poll."""
    outlets = [
        Outlet(
            OutletId(f"bench/o{number}"), f"신문{number}", "gwangju", OutletKind.PAPER,
            (Source(base + which, SourceKind.FEED),), every=timedelta(minutes=1),
        )
        for number, base in enumerate(town["papers"])
    ]  # fmt: skip

    async def work(room: Newsroom) -> float:
        clock = Skipping()
        room = replace(room, now=clock)
        looked = 0
        while looked < 2 * len(outlets) or (await room.store.counts()).links_pending:
            looked += await rounds(room)  # its articles are not there and are given up, so that polls alone remain
            clock.at += timedelta(hours=1)
        gc.collect()
        start, done = cpu(), 0
        while done < count:
            clock.at += timedelta(minutes=2)
            done += await rounds(room)
        return (cpu() - start) * 1000 / done

    return asyncio.run(with_room(outlets, work))


# ---- in memory -------------------------------------------------------------------------------------------------------


def told_pages(count: int) -> list[tuple[Page, Outlet]]:
    shapes = moulds()
    found = []
    for page in printed(count):
        url = f"http://127.0.0.1:8000{page.path}"
        layout = shapes[page.outlet].layout
        outlet = Outlet(
            OutletId("bench/o"), "신문", "", OutletKind.PAPER, (), layout="" if layout == "generic" else layout
        )
        found.append((Page(url, url, 200, page.html.decode(), PRINTED_AT), outlet))
    return found


def body(_: Town, count: int) -> float:
    pages = told_pages(count)
    return each(lambda: [read_article(page, outlet) for page, outlet in pages], count)


def body_bare(_: Town, count: int) -> float:
    """What no reader of ours can be quicker than."""
    pages = [page.text for page, _ in told_pages(count)]
    return each(lambda: [LexborHTMLParser(page) for page in pages], count)


def read_feed(_: Town, count: int) -> float:
    text = feed("http://127.0.0.1:8000", printed(60, seed=2), size=FEED_BYTES).decode()
    source, url = Source("http://127.0.0.1:8000/rss", SourceKind.FEED), "http://127.0.0.1:8000/rss"
    outlet = Outlet(OutletId("bench/o"), "신문", "", OutletKind.PAPER, (source,))
    page = Page(url, url, 200, text, PRINTED_AT, content_type="application/rss+xml")
    return each(lambda: [discover(source, outlet, page) for _ in range(count)], count)


def articles(count: int) -> list[Article]:
    chance = random.Random(3)
    made = []
    for number in range(count):
        title, sentences = tell(chance, is_deal=number % 3 == 0)
        text = "\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
        made.append(Article(ArticleKey(f"k{number}"), f"http://paper.test/{number}", "신문", title, text, PRINTED_AT))
    return made


def facts(_: Town, count: int) -> float:
    judge, told = judge_of(load(None)), articles(count)
    return each(lambda: [judge.reader.read(one) for one in told], count)


def facts_and_grade(_: Town, count: int) -> float:
    judge, told = judge_of(load(None)), articles(count)
    return each(lambda: [judge.grader.grade(one, judge.reader.read(one)) for one in told], count)


def dedup(_: Town, count: int) -> float:
    """Fingerprint and the question whether it is one of 24 neighbours."""
    judge, told = judge_of(load(None)), articles(count)
    readings = [judge.read(one) for one in told]
    near = tuple(neighbour(reading) for reading in readings[:LOOKED_AT])

    def work() -> None:
        for reading in readings:
            mark = fingerprint(reading.article, reading.facts)
            same_story(reading.article, reading.facts, mark, near)

    return each(work, count)


def neighbour(reading: Reading) -> Neighbour:
    one, mark = reading.article, reading.fingerprint
    return Neighbour(
        StoryId(one.key), one.key, one.title, one.outlet, PRINTED_AT, PRINTED_AT, mark.blob, 3, reading.facts
    )


def store(_: Town, count: int) -> float:
    """Articles of one family in three into a store, settled in the daemon's batches."""
    return asyncio.run(_settled(count, BATCH))


async def _settled(count: int, batch: int) -> float:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}") as kept:
            ready = [unsettled(number, chance, number // 3) for number in range(count + 10 * batch)]
            for at in range(0, 10 * batch, batch):
                await kept.settle_many(ready[at : at + batch], PRINTED_AT)
            start = cpu()
            for at in range(10 * batch, len(ready), batch):
                await kept.settle_many(ready[at : at + batch], PRINTED_AT)
            return (cpu() - start) * 1000 / count


STAGES: dict[str, Callable[[Town, int], float]] = {
    "path": path,
    "unchanged": lambda town, count: polls(town, count, "/still"),
    "same_feed": lambda town, count: polls(town, count, "/large"),
    "body": body,
    "body_bare": body_bare,
    "feed": read_feed,
    "facts": facts,
    "facts_and_grade": facts_and_grade,
    "dedup": dedup,
    "store": store,
}

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(json.dumps(STAGES[sys.argv[1]](json.loads(sys.argv[2]), int(sys.argv[3]))))
