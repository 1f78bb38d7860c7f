"""Does it stay quick and small? An article in a full store, a tick over many outlets, memory over a month."""

import asyncio
import gc
import random
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from bench.ours import cpu
from bench.store import unsettled
from monitor.model import ArticleKey, Link, Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.store import FoundLink, PollResult, Store

SMALL, LARGE, LARGE_QUICK = 10_000, 1_000_000, 50_000
OUTLETS = 10_000
START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
A_DAY = 3_000  # articles that a few hundred outlets bring
MONTH = 30


def growth(*, quick: bool, rounds: int) -> dict[str, object]:
    """Fill a store, at the pace of real days, and compare the cost of an article early and late."""
    del rounds
    early, late, size = asyncio.run(_grown(LARGE_QUICK if quick else LARGE))
    return {
        "unit": f"ms CPU an article settled at {LARGE_QUICK if quick else LARGE:,} stored",
        "ours": round(late, 4),
        "peers": {f"ours at {SMALL:,} stored": round(early, 4)},
        "ratio": {f"ours at {SMALL:,} stored": round(early / late, 3)},
        "growth": round(late / early, 3),
        "bytes_an_article": size,
        "bar": "growth <= 1.2",
    }


async def _grown(large: int) -> tuple[float, float, int]:
    """Costs are medians over batches: the last 2,000 articles below each mark."""
    chance, costs = random.Random(1), dict[int, list[float]]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        async with await Store.open(f"sqlite+aiosqlite:///{path}") as store:
            for at in range(0, large, 16):
                batch = [unsettled(number, chance, number // 3) for number in range(at, at + 16)]
                start = cpu()
                await store.settle_many(batch, START + timedelta(days=at / A_DAY))
                for mark in (SMALL, large):
                    if mark - 2_000 <= at < mark:
                        costs.setdefault(mark, []).append((cpu() - start) * 1000 / 16)
            size = path.stat().st_size // large
    return median(costs[SMALL]), median(costs[large]), size


def tick(*, quick: bool, rounds: int) -> dict[str, object]:
    """Ask for what is due when nothing is, and when one outlet is, among ten thousand."""
    del quick
    idle, one = asyncio.run(_ticked(max(rounds, 5) * 20))
    return {
        "unit": f"ms CPU a tick at {OUTLETS:,} outlets",
        "ours": round(one, 3),
        "peers": {},
        "ratio": {},
        "idle": round(idle, 3),
        "bar": "<= 5 ms",
    }


async def _ticked(times: int) -> tuple[float, float]:
    outlets = [
        Outlet(
            OutletId(f"r/o{each}"), f"o{each}", "r", OutletKind.PAPER,
            (Source(f"https://host{each}.example/rss", SourceKind.FEED),),
        )
        for each in range(OUTLETS)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}") as store:
            await store.sync_outlets(outlets, START)
            while leases := await store.claim_hosts(START, 1_000, timedelta(hours=1)):
                for number, lease in enumerate(leases):
                    await store.release(lease, START + timedelta(hours=1, seconds=number))
            idle = [await _tick(store, START) for _ in range(times)]
            one = [await _tick(store, START + timedelta(hours=1, seconds=number)) for number in range(times)]
    return median(idle), median(one)


async def _tick(store: Store, now: datetime) -> float:
    start = cpu()
    await store.claim_hosts(now, 50, timedelta(minutes=2))
    return (cpu() - start) * 1000


def memory(*, quick: bool, rounds: int) -> dict[str, object]:
    """A month of a thousand outlets through the store, on its own clock; the month is thinned, not its days."""
    del rounds
    sizes = asyncio.run(_month(outlets=200 if quick else 1_000, articles=60 if quick else 400))
    return {
        "unit": "MB resident after 30 simulated days",
        "ours": sizes[-1],
        "peers": {"ours after day 1": sizes[0]},
        "ratio": {"ours after day 1": round(sizes[0] / sizes[-1], 3)},
        "growth": round(sizes[-1] / sizes[0], 3),
        "bar": "growth < 1.1",
    }


async def _month(outlets: int, articles: int) -> list[float]:
    chance, sizes = random.Random(2), []
    told = [
        Outlet(
            OutletId(f"r/o{each}"), f"o{each}", "r", OutletKind.PAPER,
            (Source(f"https://host{each}.example/rss", SourceKind.FEED),),
        )
        for each in range(outlets)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}") as store:
            await store.sync_outlets(told, START)
            for day in range(MONTH):
                now = START + timedelta(days=day)
                await _day(store, now, chance, articles)
                gc.collect()
                sizes.append(round(resident(), 1))
    return sizes


async def _day(store: Store, now: datetime, chance: random.Random, articles: int) -> None:
    first = (now - START).days * articles
    for at in range(first, first + articles, 16):
        await store.settle_many([unsettled(number, chance, number // 3) for number in range(at, at + 16)], now)
    while leases := await store.claim_hosts(now, 50, timedelta(minutes=5)):
        for lease in leases:
            for source in await store.due_sources(lease.host, now):
                url = f"{source.url}/{now:%j}"
                links = (FoundLink(ArticleKey(url), Link(url, "제목"), skip="bench"),)
                later = now + timedelta(days=1)
                await store.record_poll(
                    PollResult(source.outlet_id, source.url, ok=True, at=now, next_poll_at=later, links=links)
                )
            await store.release(lease, now + timedelta(days=1))
    await store.prune(now, timedelta(days=7))


def resident() -> float:
    """Megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20 if sys.platform == "linux" else 0.0
