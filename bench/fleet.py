"""What scheduling costs a fleet: ``python -m bench.fleet [HOSTS] [--quick] [--json] [--url postgresql+asyncpg://…]``.

The real scheduler and store code on a real PostgreSQL, with a clock and a network that are made up:

* ``tick``: HOSTS hosts, each due every five minutes; how much of a core claims and releases take.
* ``visits``: two worker processes that visit as fast as they can, nothing being fetched, for each executor.
* ``poll``: one visit with a poll of 20 known links, and one with 20 new ones.
* ``rows``: bytes a row on disk, indexes included, after settling articles of 900 letters; then what forgetting costs.

CPU seconds are those of the workers and of their server processes (``/proc``); on a busy machine only these count.
"""

# ruff: noqa: SLF001 - the bench weighs tables and fills them faster than the door would

import argparse
import asyncio
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
from sqlalchemy import Connection, text

from bench.store import unsettled
from monitor.clock import utc_now
from monitor.daemon.fleet import Executor, InlineExecutor
from monitor.daemon.queued import PgQueuerExecutor
from monitor.daemon.visits import Crew
from monitor.model import ArticleKey, Link, Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.store import FoundLink, Lease, PollResult, Store

LOCAL = "postgresql+asyncpg://postgres@127.0.0.1:5432/test"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVERY = timedelta(minutes=5)
LEASE = timedelta(seconds=12)
WORKERS = 2
TICKS = 1_000_000 / os.sysconf("SC_CLK_TCK")
EXECUTORS: dict[str, Callable[[Crew], Executor]] = {"inline": InlineExecutor, "pgqueuer": PgQueuerExecutor}
Figures = dict[str, object]


class Cpu:
    """CPU seconds of this process and of its server processes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self) -> tuple[float, float]:
        pids = await self._store._db.read(lambda conn: list(conn.scalars(_BACKENDS)))
        return time.process_time(), sum(map(_cpu_of, pids))

    async def since(self, before: tuple[float, float]) -> tuple[float, float]:
        now = await self.read()
        return now[0] - before[0], now[1] - before[1]


_BACKENDS = text("SELECT pid FROM pg_stat_activity WHERE application_name = 'bongsu' AND datname = current_database()")


def _cpu_of(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as told:  # noqa: PTH123 - read a thousand times
            fields = told.read().rpartition(")")[2].split()
    except OSError:
        return 0.0  # a server on another machine, or gone
    return (int(fields[11]) + int(fields[12])) * TICKS / 1e6


def fill(conn: Connection, hosts: int, spread: timedelta) -> None:
    """Make *hosts* hosts with one source each, ten on a server, due evenly over *spread*."""
    step = spread / hosts // timedelta(microseconds=1)
    start = (NOON - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    rows = f"SELECT 'h' || n || '.example' AS host, {start} + n * {step} AS at, n FROM generate_series(1, {hosts}) n"  # noqa: S608
    conn.execute(text(f"INSERT INTO host (host, ready_at) SELECT host, at FROM ({rows}) r ORDER BY random()"))  # noqa: S608
    conn.execute(text(f"INSERT INTO outlet (id) SELECT 'town/o' || n FROM ({rows}) r"))  # noqa: S608
    conn.execute(
        text(
            "INSERT INTO source (outlet_id, url, host, next_poll_at) "  # noqa: S608
            f"SELECT 'town/o' || n, 'https://' || host || '/rss', host, at FROM ({rows}) r"
        )
    )
    conn.execute(text(f"INSERT INTO server SELECT host, 'address ' || n / 10 FROM ({rows}) r"))  # noqa: S608
    for table in ("host", "source", "server"):
        conn.execute(text(f"ANALYZE {table}"))


async def tick(store: Store, hosts: int, seconds: int) -> Figures:
    """Let the clock run for *seconds*: each second the due hosts are claimed, visited for nothing, and released."""
    await store._db.write(lambda conn: fill(conn, hosts, EVERY))
    cpu, visits, longest = Cpu(store), 0, 0.0
    before = await cpu.read()
    for second in range(seconds):
        now = NOON + timedelta(seconds=second)
        began = time.perf_counter()
        while leases := await store.claim_hosts(now, 1000, LEASE, per_address=4):
            longest = max(longest, time.perf_counter() - began)
            visits += len(leases)
            await asyncio.gather(*(store.release(lease, now + EVERY) for lease in leases))
            began = time.perf_counter()
    ours, theirs = await cpu.since(before)
    return {
        "hosts": hosts,
        "visits_a_second": round(visits / seconds),
        "worker_percent_of_a_core": round(100 * ours / seconds, 1),
        "server_percent_of_a_core": round(100 * theirs / seconds, 1),
        "longest_claim_ms": round(longest * 1000, 1),
    }


async def work(url: str, kind: str, seconds: float) -> dict[str, float]:
    """Visit as a worker does, as fast as it goes; return visits and CPU seconds of this process."""
    done = 0
    async with await Store.open(url) as store:

        async def visit(lease: Lease) -> bool:
            nonlocal done
            later = utc_now() + timedelta(hours=1)
            await store.end_visit(lease, hold_until=later, idle_until=later)
            done += 1
            return False

        crew = Crew(store, utc_now, visit, limit=200, lease=LEASE, per_address=0)
        executor = EXECUTORS[kind](crew)
        while not done:  # the queue is made, code is warm
            await executor.dispatch()
            await asyncio.sleep(0.1)
        cpu, began, start = Cpu(store), time.perf_counter(), done
        ours, theirs = await cpu.read()
        while time.perf_counter() - began < seconds:
            if not await executor.dispatch():
                await asyncio.sleep(0.002)
        wall = time.perf_counter() - began
        after = await cpu.read()
        figures = {"visits": done - start, "wall": wall, "ours": after[0] - ours, "theirs": after[1] - theirs}
        await executor.close(timedelta(seconds=2))
    return figures


async def visits(url: str, kind: str, seconds: float) -> Figures:
    """Let two worker processes visit side by side."""
    words = ["-m", "bench.fleet", "--as-worker", kind, "--url", url, "--seconds", str(seconds)]
    workers = [
        await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
        for _ in range(WORKERS)
    ]
    told = [json.loads((await each.communicate())[0]) for each in workers]
    done, wall = sum(each["visits"] for each in told), max(each["wall"] for each in told)
    ours, theirs = sum(each["ours"] for each in told), max(each["theirs"] for each in told)
    return {
        "visits_a_second": round(done / wall),
        "cpu_ms_a_visit": {"worker": round(1000 * ours / done, 3), "server": round(1000 * theirs / done, 3)},
        "visits_a_second_on_two_whole_cores": round(2 * done / (ours + theirs)),
    }


async def poll(store: Store, rounds: int) -> Figures:
    """One visit with its poll, as the job does it, one after another."""
    outlets = [
        Outlet(OutletId(f"poll/o{each}"), "o", "r", OutletKind.PAPER, (Source(_feed(each), SourceKind.FEED),))
        for each in range(rounds)
    ]
    await store.sync_outlets(outlets, NOON - timedelta(days=1))
    cpu, figures = Cpu(store), {}
    for name in ("20 new links", "20 known links"):
        before = await cpu.read()
        for number in range(rounds):
            await _visit(store, number, NOON)
        ours, theirs = await cpu.since(before)
        figures[name] = {"worker_ms": round(1000 * ours / rounds, 3), "server_ms": round(1000 * theirs / rounds, 3)}
    return figures


def _feed(number: int) -> str:
    return f"https://p{number}.example/rss"


async def _visit(store: Store, number: int, now: datetime) -> None:
    host = f"p{number}.example"
    await store.due_sources(host, now)
    links = tuple(
        FoundLink(ArticleKey(f"https://{host}/{each}"), Link(f"https://{host}/{each}", "공장 투자협약 제목"))
        for each in range(20)
    )
    outlet = OutletId(f"poll/o{number}")
    await store.record_poll(
        PollResult(outlet, _feed(number), ok=True, at=now, next_poll_at=now - timedelta(hours=1), links=links)
    )
    await store.pending_links(host, now, 40)
    await store.next_due(host)


async def rows(store: Store, articles: int) -> Figures:
    """Settle *articles*, weigh the tables, and forget what is old in batches."""
    draw, cpu = random.Random(1), Cpu(store)
    before = await cpu.read()
    for first in range(0, articles, 16):
        batch = [unsettled(first + each, draw, (first + each) // 3) for each in range(16)]
        await store.settle_many(batch, NOON + timedelta(seconds=first))
    ours, theirs = await cpu.since(before)
    sizes = await store._db.read(_sizes)
    for forgotten in ("UPDATE story SET grade = 0", "DELETE FROM alert", "ANALYZE"):  # nobody was told of anything
        await store._db.write(lambda conn, each=forgotten: conn.execute(text(each)) and None)
    before = await cpu.read()
    pruned = await store.prune(NOON + timedelta(days=400), timedelta(days=90))
    spent = await cpu.since(before)
    return {
        "prune_ms_an_article": {
            "articles": pruned.articles,
            "worker": round(1000 * spent[0] / max(pruned.articles, 1), 3),
            "server": round(1000 * spent[1] / max(pruned.articles, 1), 3),
        },
        "settle_ms_an_article": {
            "worker": round(1000 * ours / articles, 3),
            "server": round(1000 * theirs / articles, 3),
        },
        "bytes_a_row": sizes,
    }


def _sizes(conn: Connection) -> dict[str, int]:
    told = {}
    for table in ("host", "source", "link", "seen", "article", "fingerprint_key", "story", "deal"):
        size = conn.scalar(text(f"SELECT pg_total_relation_size('{table}')")) or 0
        count = conn.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608
        told[table] = round(size / count) if count else 0
    return told


async def in_database(url: str, measure: Callable[[str], Awaitable[Figures]]) -> Figures:
    """Measure in a database of its own, so that only our server processes are counted; it is dropped afterwards."""
    name = f"bench_{uuid.uuid4().hex}"
    server = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await server.execute(f"CREATE DATABASE {name}")
        try:
            return await measure(f"{url.rpartition('/')[0]}/{name}")
        finally:
            await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.close()


async def main(url: str, hosts: int, *, quick: bool) -> Figures:
    """Run every part, each in a database of its own."""
    figures: Figures = {}

    async def ticking(there: str) -> Figures:
        async with await Store.open(there) as store:
            return await tick(store, hosts, 5 if quick else 30)

    figures["tick"] = await in_database(url, ticking)
    for kind in EXECUTORS:

        async def visiting(there: str, kind: str = kind) -> Figures:
            async with await Store.open(there) as store:
                await store._db.write(lambda conn: fill(conn, 40_000 if quick else 150_000, timedelta(seconds=1)))
            return await visits(there, kind, 3 if quick else 12)

        figures[f"visits, {kind}"] = await in_database(url, visiting)

    async def weighing(there: str) -> Figures:
        async with await Store.open(there) as store:
            figures["poll"] = await poll(store, 100 if quick else 1000)
            return await rows(store, 320 if quick else 8000)

    figures["rows"] = await in_database(url, weighing)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hosts", nargs="?", type=int, default=300_000)
    parser.add_argument("--url", default=os.environ.get("BONGSU_TEST_POSTGRES_URL", LOCAL))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true", help="on one line")
    parser.add_argument("--as-worker", choices=list(EXECUTORS), help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=10, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.as_worker:
        print(json.dumps(asyncio.run(work(asked.url, asked.as_worker, asked.seconds))))
    else:
        chosen = 30_000 if asked.quick and asked.hosts == 300_000 else asked.hosts
        print(
            json.dumps(
                asyncio.run(main(asked.url, chosen, quick=asked.quick)),
                ensure_ascii=False,
                indent=None if asked.json else 1,
            )
        )
