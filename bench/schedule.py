"""What does it cost to keep 10,000 outlets in mind when nothing is due?

    python -m bench.schedule [--outlets 10000] [--seconds 20] [--json]

A store file with one source an outlet, all polled and none due. Measured: the claim that every tick makes, the look
over all states that a watch makes, and the CPU and memory of a real daemon that ticks once a second on this store.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.jobs.watch import inspect
from monitor.model import Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.sources import Rhythm
from monitor.store import PollResult, Store

MONITOR = '[store]\nurl = "sqlite+aiosqlite:///{database}"\n[web]\nenabled = false\n'
OUTLET = 'name = "누리신문 {number}"\nfeeds = ["{url}"]\n'


def address(number: int) -> str:
    return f"https://paper{number}.example.kr/rss/allArticle.xml"


async def fill(database: Path, outlets: int) -> None:
    """Make the store: every source has been polled once and is due tomorrow."""
    now, chance = datetime.now(UTC), random.Random(1)
    known = tuple(
        Outlet(
            OutletId(f"national/paper{n}"),
            f"누리신문 {n}",
            "national",
            OutletKind.PAPER,
            (Source(address(n), SourceKind.FEED),),
        )
        for n in range(outlets)
    )
    rhythm = Rhythm().learnt([now - timedelta(minutes=17 * n) for n in range(400)], now).to_json()
    async with await Store.open(f"sqlite+aiosqlite:///{database}") as store:
        await store.sync_outlets(known, now)
        for each in known:
            due = now + timedelta(days=1, seconds=chance.randrange(9000))
            done = PollResult(
                each.id, each.sources[0].url, ok=True, at=now, next_poll_at=due, rhythm=rhythm, status=200
            )
            await store.record_poll(done)
        while leases := await store.claim_hosts(now + timedelta(seconds=1), 500, timedelta(minutes=1)):
            for lease in leases:
                await store.release(lease, now + timedelta(days=1))


async def queries(database: Path) -> dict[str, float]:
    """Milliseconds of a claim that finds nothing, and of one look of the watch."""
    async with await Store.open(f"sqlite+aiosqlite:///{database}") as store:
        now, claims = datetime.now(UTC), []
        for _ in range(200):
            began = time.perf_counter()
            await store.claim_hosts(now, 96, timedelta(minutes=1))
            claims.append(1000 * (time.perf_counter() - began))
        began, used = time.perf_counter(), time.process_time()
        await inspect(store, now)
        watch, cpu = time.perf_counter() - began, time.process_time() - used
    return {
        "claim_ms_median": round(statistics.median(claims), 2), "claim_ms_p95": round(sorted(claims)[189], 2),
        "watch_s": round(watch, 2), "watch_cpu_s": round(cpu, 2),
    }  # fmt: skip


def idle(folder: Path, database: Path, outlets: int, seconds: float) -> dict[str, float]:
    """CPU share and memory of the daemon on this store."""
    (folder / "outlets" / "national").mkdir(parents=True)
    for number in range(outlets):
        (folder / "outlets" / "national" / f"paper{number}.toml").write_text(
            OUTLET.format(number=number, url=address(number))
        )
    (folder / "monitor.toml").write_text(MONITOR.format(database=database))
    command = [str(Path(sys.executable).with_name("bongsu")), "run", "--config", str(folder)]
    began = time.monotonic()
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        daemon.stderr.readline()
        ready = time.monotonic() - began
        time.sleep(5)
        before, at = _cpu(daemon.pid), time.monotonic()
        time.sleep(seconds)
        share = (_cpu(daemon.pid) - before) / (time.monotonic() - at)
        status = Path(f"/proc/{daemon.pid}/status").read_text()
    finally:
        daemon.kill()
        daemon.wait()
    memory = {
        line.split(":")[0]: int(line.split()[1]) / 1024
        for line in status.splitlines()
        if line.startswith(("VmRSS", "VmHWM"))
    }
    return {
        "idle_cpu_percent": round(100 * share, 2),
        "rss_mb": round(memory["VmRSS"], 1), "peak_mb": round(memory["VmHWM"], 1),
        "start_s": round(ready, 1),
    }  # fmt: skip


def _cpu(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def measure(outlets: int, seconds: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "bongsu.db"
        asyncio.run(fill(database, outlets))
        found = asyncio.run(queries(database))
        found |= idle(folder / "config", database, outlets, seconds)
    return {
        "outlets": outlets,
        **found,
        "bench_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlets", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    print(json.dumps(measure(given.outlets, given.seconds)))


if __name__ == "__main__":
    main()
