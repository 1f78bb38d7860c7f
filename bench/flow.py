"""What a stream of articles costs a fleet: ``python -m bench.flow [OUTLETS] [--minutes M] [--json] [--url …]``.

A share of 300,000 outlets that are asked every five minutes and publish 15 million articles a day, on a made-up clock
and network: every visit claims its host, records a poll of 20 links, settles what is new and gives the host back, on
the real store in PostgreSQL. Figures are CPU seconds of this process and its server processes for each simulated
second, then multiplied to the whole fleet; fetching and reading pages is not in them (docs/scale.md adds it).
"""

import argparse
import asyncio
import json
import os
import random
from datetime import timedelta
from functools import partial

import asyncpg

from bench.fleet import EVERY, LEASE, LOCAL, NOON, Cpu, Figures, in_database
from bench.store import unsettled
from monitor.model import ArticleKey, Link, Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.store import FoundLink, Lease, PollResult, Store

WHOLE = 300_000
ARTICLES_A_DAY = 15_000_000
LISTED = 20
NEW_A_POLL = ARTICLES_A_DAY / (WHOLE * (timedelta(days=1) / EVERY))
"""0.17: most polls bring nothing."""


class Fleet:
    """Outlets that publish by chance, and what was told of them."""

    def __init__(self, store: Store, outlets: int) -> None:
        self.store = store
        self.draw = random.Random(1)
        self.printed = [LISTED] * outlets
        self.polls = self.articles = 0

    async def open(self) -> None:
        outlets = [
            Outlet(OutletId(f"flow/o{each}"), "o", "r", OutletKind.PAPER, (Source(_feed(each), SourceKind.FEED),))
            for each in range(len(self.printed))
        ]
        await self.store.sync_outlets(outlets, NOON - EVERY)
        while leases := await self.store.claim_hosts(NOON, 100, LEASE):
            await asyncio.gather(*map(self._first_look, leases))

    async def _first_look(self, lease: Lease) -> None:
        """Know what is listed; the next look is spread over the interval that is measured."""
        number = _number(lease)
        at = NOON + EVERY * ((number + 1) / (len(self.printed) + 1))
        await self._poll(number, NOON - EVERY, at)
        await self.store.release(lease, at)

    async def visit(self, lease: Lease, now: object) -> None:
        """Ask, settle, give back."""
        number = _number(lease)
        await self.store.due_sources(lease.host, now)
        new = int(self.draw.random() < NEW_A_POLL)
        self.printed[number] += new
        await self._poll(number, now, now + EVERY)
        await self.store.pending_links(lease.host, now, 40)
        if new:
            self.articles += 1
            story = unsettled(self.articles, self.draw, self.articles // 3)
            await self.store.settle_many([story], now)
        await self.store.next_due(lease.host)
        await self.store.release(lease, now + EVERY)

    async def _poll(self, number: int, now: object, next_at: object) -> None:
        self.polls += 1
        host, last = f"p{number}.example", self.printed[number]
        links = tuple(
            FoundLink(ArticleKey(f"{host}/{each}"), Link(f"https://{host}/{each}", "공장 투자협약 제목"))
            for each in range(last - LISTED, last)
        )
        polled = PollResult(
            OutletId(f"flow/o{number}"), _feed(number), ok=True, at=now, next_poll_at=next_at, links=links
        )
        await self.store.record_poll(polled)


def _number(lease: Lease) -> int:
    return int(lease.host.removeprefix("p").partition(".")[0])


def _feed(number: int) -> str:
    return f"https://p{number}.example/rss"


async def flow(url: str, outlets: int, minutes: int) -> Figures:
    """Let *minutes* pass for *outlets*; every second the due hosts are visited side by side.

    The server does not wait for its disk, because nothing but CPU is counted here.
    """
    server = await asyncpg.connect(url.replace("+asyncpg", ""))
    await server.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit TO off")
    await server.close()
    async with await Store.open(url) as store:
        fleet, cpu = Fleet(store, outlets), Cpu(store)
        await fleet.open()
        fleet.polls = fleet.articles = 0
        before = await cpu.read()
        for second in range(60 * minutes):
            now = NOON + timedelta(seconds=second)
            while leases := await store.claim_hosts(now, 200, LEASE):
                await asyncio.gather(*(fleet.visit(lease, now) for lease in leases))
        ours, theirs = await cpu.since(before)
    share, seconds = outlets / WHOLE, 60 * minutes
    return {
        "outlets": outlets, "simulated_minutes": minutes, "polls": fleet.polls, "articles": fleet.articles,
        "cpu_s": {"worker": round(ours, 2), "server": round(theirs, 2)},
        "cpu_ms_a_poll": round(1000 * (ours + theirs) / fleet.polls, 2),
        "cores_of_300000": {"worker": round(ours / seconds / share, 1), "server": round(theirs / seconds / share, 1)},
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outlets", nargs="?", type=int, default=1000)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--url", default=os.environ.get("BONGSU_TEST_POSTGRES_URL", LOCAL))
    parser.add_argument("--json", action="store_true", help="on one line")
    asked = parser.parse_args()
    found = asyncio.run(in_database(asked.url, partial(flow, outlets=asked.outlets, minutes=asked.minutes)))
    print(json.dumps(found, ensure_ascii=False, indent=None if asked.json else 1))
