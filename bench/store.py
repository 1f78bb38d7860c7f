"""How long a settling, a poll, an idle tick and a search take in a full store: ``python -m bench.store [N]``."""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.model import (
    Alert,
    AlertKind,
    Article,
    ArticleKey,
    Deal,
    Decision,
    Facts,
    Fingerprint,
    Grade,
    Link,
    Money,
    Outlet,
    OutletId,
    OutletKind,
    Past,
    Reason,
    Relevance,
    Source,
    SourceKind,
    Stage,
    StoryId,
    When,
)
from monitor.store import FoundLink, PollResult, Store, StoryFilter, Unsettled

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEYS = 24
WORDS = [a + b for a in "가나다라마바사아자차카타파하" for b in "강남동령문산성원진천평포"]


def unsettled(number: int, draw: random.Random, family: int) -> Unsettled:
    """Return one article of about 900 syllables; *family* members share most of their keys."""
    shared = random.Random(family)
    keys = tuple(shared.getrandbits(62) for _ in range(KEYS - 8)) + tuple(draw.getrandbits(62) for _ in range(8))
    body = " ".join(draw.choices(WORDS, k=300))
    article = Article(
        ArticleKey(f"https://paper{number % 300}.example/news/{number}"),
        f"https://paper{number % 300}.example/news/{number}",
        f"region/paper{number % 300}",
        f"{WORDS[number % len(WORDS)]}시, 공장 투자협약 {number}",
        body,
        NOW,
    )
    deal = Deal(Stage.MOU, Money(1e9 * (number % 900), "KRW", "10억 원"), 120, (f"회사{family}",), sido=("광주광역시",))
    facts = Facts((deal,), companies=deal.companies)
    print_ = Fingerprint(keys, b"x" * 300)

    def decide(past: Past) -> Decision:
        near = past.neighbours[0] if past.neighbours and past.neighbours[0].shared > KEYS // 2 else None
        story = near.story if near else StoryId(f"s{number}")
        alerts = () if near or number % 20 else (Alert("desk", AlertKind.NEW, When.BOTH),)
        why = (Reason("names an amount", 1.5), Reason("names a signing", 2.0))
        grade = Relevance(Grade(number % 4), 0.8, why, "1")
        return Decision(article, print_, facts, grade, story, near is None, "same words", alerts=alerts)

    return Unsettled(article, print_, facts, decide, deal_keys=(family,))


async def timed(work: Callable[[int], Awaitable[object]], rounds: int) -> dict[str, float]:
    taken, cpu = [], []
    for each in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        await work(each)
        taken.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - used) * 1000)  # what a machine without other work would need
    place = int(rounds * 0.95)
    return {
        "p50_ms": round(statistics.median(taken), 3),
        "p95_ms": round(sorted(taken)[place], 3),
        "p50_cpu_ms": round(statistics.median(cpu), 3),
        "p95_cpu_ms": round(sorted(cpu)[place], 3),
    }


async def main(url: str, articles: int) -> None:
    draw = random.Random(1)
    figures: dict[str, object] = {"articles": articles}
    async with await Store.open(url) as store:
        start, cpu = time.perf_counter(), time.process_time()
        for first in range(0, articles, 500):
            batch = [unsettled(first + each, draw, (first + each) // 3) for each in range(500)]
            await store.settle_many(batch, NOW + timedelta(seconds=first))
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        figures["fill_ms_an_article"] = {
            "wall": round(wall * 1000 / articles, 3),
            "cpu": round(cpu * 1000 / articles, 3),
        }
        later = NOW + timedelta(seconds=articles)
        # 24 neighbours: many articles of one family, as on the day of a big release
        await store.settle_many([unsettled(articles + each, draw, -7) for each in range(40)], later)
        ready = [unsettled(articles + 1000 + each, draw, -7) for each in range(300)]
        figures["settle, 24 neighbours"] = await timed(
            lambda each: store.settle(
                ready[each].article,
                ready[each].fingerprint,
                ready[each].facts,
                ready[each].decide,
                later,
                deal_keys=(-7,),
            ),
            300,
        )
        lone = [unsettled(articles + 2000 + each, draw, 10**8 + each) for each in range(500)]
        start, cpu = time.perf_counter(), time.process_time()
        await store.settle_many(lone, later)
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        figures["settle_many of 500 unlike all, ms an article"] = {"wall": round(wall * 2, 3), "cpu": round(cpu * 2, 3)}
        fresh = [unsettled(articles + 5000 + each, draw, 10**7 + each) for each in range(300)]
        figures["settle, unlike all"] = await timed(
            lambda each: store.settle(
                fresh[each].article, fresh[each].fingerprint, fresh[each].facts, fresh[each].decide, later
            ),
            300,
        )
        await polls(store, figures, later)
        start = time.perf_counter()
        while await store.index_new():
            pass
        figures["index_ms_an_article"] = round((time.perf_counter() - start) * 1000 / articles, 3)
        queries = [
            "투자",
            "협약",
            "공장 투자협약",
            "가강",
            "나남시",
            "하포 파평",
            "없는말",
            "가동 나문 다성",
            "투",
            "4999",
        ]
        figures["search"] = await timed(lambda each: store.search(queries[each % len(queries)]), 100)
        narrow = StoryFilter(grade_min=Grade.DEAL, region="광주광역시", stage=Stage.MOU, min_amount_krw=8e11, limit=20)
        figures["search, filtered"] = await timed(lambda each: store.search(queries[each % 10], narrow), 50)
        figures["stories, filtered"] = await timed(lambda _: store.stories(narrow), 50)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


async def polls(store: Store, figures: dict[str, object], now: datetime) -> None:
    outlets = [
        Outlet(OutletId(f"r/o{each}"), f"o{each}", "r", OutletKind.PAPER,
               (Source(f"https://host{each}.example/rss", SourceKind.FEED),))
        for each in range(10_000)
    ]  # fmt: skip
    start = time.perf_counter()
    await store.sync_outlets(outlets, now)
    figures["sync 10,000 outlets, first_ms"] = round((time.perf_counter() - start) * 1000)
    start = time.perf_counter()
    await store.sync_outlets(outlets, now)
    figures["sync 10,000 outlets, again_ms"] = round((time.perf_counter() - start) * 1000)

    async def visit(_: int) -> None:
        (lease,) = await store.claim_hosts(now, 1, timedelta(minutes=5))
        source = (await store.due_sources(lease.host, now))[0]
        number = int(source.outlet_id[3:])
        links = tuple(
            FoundLink(ArticleKey(f"{source.url}/{number}/{each}"), Link(f"{source.url}/{number}/{each}", "제목"))
            for each in range(20)
        )
        await store.record_poll(
            PollResult(
                source.outlet_id, source.url, ok=True, at=now, next_poll_at=now + timedelta(hours=1), links=links
            )
        )
        await store.release(lease, now + timedelta(hours=1))

    figures["claim + poll of 20 new links + release"] = await timed(visit, 200)
    while leases := await store.claim_hosts(now, 1000, timedelta(hours=1)):
        for lease in leases[:1]:
            await store.release(lease, now + timedelta(hours=1))
    figures["idle tick"] = await timed(lambda _: store.claim_hosts(now, 50, timedelta(minutes=5)), 200)


if __name__ == "__main__":
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[2] if len(sys.argv) > 2 else f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        asyncio.run(main(address, how_many))
