"""How long the board's pages take over a full store: ``python -m bench.web [--articles N] [--rounds N] [--store F]``.

Invented articles of invented firms, spread over half a year; a tenth of them tell deals, as in a broad catalogue.
A store that exists is used again.
"""

import argparse
import asyncio
import gc
import json
import math
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from aiohttp.test_utils import TestClient, TestServer

from monitor.cli import GARBAGE
from monitor.daemon import judge_of, newsroom
from monitor.fetch import Fence, Fetcher, Limits
from monitor.model import (
    Alert,
    AlertKind,
    Article,
    ArticleKey,
    Deal,
    Decision,
    Evidence,
    Facts,
    Fingerprint,
    Grade,
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
from monitor.settings import shipped
from monitor.store import PollResult, Store, StoryFilter, Unsettled
from monitor.web.app import make_app

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=180)
OUTLETS = 300
BATCH = 200
SIDO = (
    "광주광역시",
    "대전광역시",
    "부산광역시",
    "전라남도",
    "전북특별자치도",
    "충청남도",
    "경상북도",
    "경기도",
    "강원특별자치도",
)
HEADS = ["누리", "한빛", "가온", "미르", "다온", "새롬", "라온", "해솔", "이든", "바른", "온누리", "단비"]
TAILS = ["소재", "전지", "로보틱스", "제약", "에너지", "모터스", "셀텍", "푸드", "정밀", "중공업"]
WORDS = [a + b for a in "가나다라마바사아자차카타파하" for b in "강남동령문산성원진천평포"]


def article(number: int, at: datetime, title: str, text: str) -> Article:
    outlet = number % OUTLETS
    return Article(
        ArticleKey(f"https://paper{outlet}.example/news/{number}"), f"https://paper{outlet}.example/news/{number}",
        f"region/paper{outlet}", title, text, at, outlet_name=f"신문{outlet}",
        outlet_kind=OutletKind.BOARD if outlet % 10 == 0 else OutletKind.PAPER,
    )  # fmt: skip


def unsettled(number: int, count: int, draw: random.Random) -> Unsettled:
    at = NOW - SPAN + SPAN * number / count
    body = " ".join(draw.choices(WORDS, k=220))
    is_deal = number % 10 == 0
    family = number // 25 if is_deal else number
    firm = f"{HEADS[family % len(HEADS)]}{TAILS[family // 12 % len(TAILS)]}{family % 97 or ''}"
    sido = SIDO[family % len(SIDO)]
    title = f"{sido[:2]}시, {firm}과 투자협약" if is_deal else f"{draw.choice(WORDS)} 소식 {number}"
    stage = list(Stage)[family % len(Stage)]
    won = Money(1e8 * (family % 900 + 10), "KRW", f"{family % 900 + 10}억원")
    said = (Evidence("amount", f"{won.text}을 들인다."), Evidence("stage", title))
    day = (at + timedelta(days=9)).date() if family % 3 == 0 else None
    deal = Deal(stage, won, 120, (firm,), (sido,), (sido,), ("광산구",), date=day, evidence=said)
    facts = Facts((deal,), companies=(firm,)) if is_deal else Facts()
    grade = (Grade.DEAL if family % 3 else Grade.ACTIVITY) if is_deal else Grade(number % 2)
    told = article(number, at, title, f"{title} {body}")
    why = (Reason("금액을 적음", 1.5), Reason("서명함", 2.0))

    def decide(_: Past) -> Decision:
        is_new = not is_deal or number % 25 in {0, 5}
        alerts = (Alert("console", AlertKind.NEW, When.BOTH),) if is_deal and is_new and grade is Grade.DEAL else ()
        story = StoryId(f"s{family}" if is_deal else f"a{number}")
        marks = Fingerprint(tuple(draw.getrandbits(62) for _ in range(12)), b"x" * 200)
        return Decision(told, marks, facts, Relevance(grade, 0.8, why, "1"), story, is_new, "같은 말", alerts=alerts)

    return Unsettled(told, Fingerprint((), b""), facts, decide, deal_keys=(family,) if is_deal else ())


def outlets() -> tuple[Outlet, ...]:
    return tuple(
        Outlet(OutletId(f"region/paper{n}"), f"신문{n}", "gwangju", OutletKind.PAPER,
               (Source(f"https://paper{n}.example/rss", SourceKind.FEED),))
        for n in range(OUTLETS)
    )  # fmt: skip


async def fill(store: Store, count: int) -> None:
    draw, start = random.Random(1), time.perf_counter()
    await store.sync_outlets(outlets(), NOW)
    for outlet in outlets():
        for poll in range(20):
            at = NOW - timedelta(minutes=10 * (20 - poll))
            url = outlet.sources[0].url
            await store.record_poll(PollResult(outlet.id, url, ok=True, at=at, next_poll_at=at, status=200, size=9000))
    for first in range(0, count, BATCH):
        batch = [unsettled(number, count, draw) for number in range(first, min(count, first + BATCH))]
        await store.settle_many(batch, NOW - SPAN + SPAN * first / count)
    while await store.index_new():
        pass
    print(f"filled {count} articles in {time.perf_counter() - start:.0f} s", flush=True)


def addresses(story: str) -> Iterator[str]:
    yield from ("/", "/?region=" + quote("광주"), "/today.json", "/today.csv", "/today.atom", "/deals", "/deals.json")
    yield from ("/search", f"/stories/{story}", "/regions", "/outlets", "/outlets/region/paper1", "/feedback")
    yield from (f"/digest/{NOW:%Y-%m-%d}", f"/digest/{NOW:%Y-%m-%d}/mail", "/settings", "/radar", "/radar.csv")
    yield from ("/completeness", "/calendar.ics", "/metrics", "/readyz", "/api/v1/stories", "/api/v1/deals")
    words = (
        "광주",
        "솔",
        "한빛소재",
        "1조",
        "2026 투자협약",
        "누리",
        "가강",
        "없는낱말",
        "투자협약",
        "미르 광주",
        "한빛 소재",
        "가강나남",
    )
    yield from (f"/search?q={quote(each)}" for each in words)
    yield from (f"/search?region={quote('전남')}&stage=mou&amount=100", f"/search?firm={quote('한빛')}&from=2025-12-01")


async def measure(client: TestClient, address: str, rounds: int) -> dict[str, object]:
    taken = []
    cpu = time.process_time()
    for _ in range(rounds):
        start = time.perf_counter()
        answer = await client.get(address, allow_redirects=False)
        size = len(await answer.read())
        taken.append((time.perf_counter() - start) * 1000)
        assert answer.status == 200, (address, answer.status)
    ordered = sorted(taken)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    cpu_ms = round((time.process_time() - cpu) * 1000 / rounds, 1)  # of the client, too; steady on a busy machine
    return {
        "page": address,
        "cpu_ms": cpu_ms,
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(p95, 1),
        "bytes": size,
    }


async def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--articles", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--store", default="")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(chosen.store or f"{folder}/web.db")
        settings = replace(shipped(store=f"sqlite+aiosqlite:///{path}", allow="127.0.0.1", port=0), outlets=outlets())
        async with await Store.open(settings.store_url) as store, Fetcher(Limits()) as fetcher, Fence() as fence:
            if not (await store.counts()).articles:
                await fill(store, chosen.articles)
            gc.collect()
            gc.freeze()  # as the daemon does
            gc.set_threshold(*GARBAGE)
            room = newsroom(settings, store, fetcher, fence, judge_of(settings), now=lambda: NOW)
            story = (await store.stories(StoryFilter(grade_min=Grade.DEAL, limit=1))).stories[0]
            async with TestClient(TestServer(make_app(settings, store, room, "key"))) as client:
                results = [await measure(client, each, chosen.rounds) for each in addresses(story.id)]
    for each in results:
        print(json.dumps(each, ensure_ascii=False))
    worst = max(results, key=lambda each: each["p95_ms"])
    print(json.dumps({"worst": worst["page"], "p95_ms": worst["p95_ms"]}, ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main())
