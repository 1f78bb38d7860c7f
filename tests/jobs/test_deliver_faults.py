"""Delivery against the shared Slack sink: chaos, rate limits, kill -9."""

import asyncio
import random
import sys
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from monitor.clock import utc_now
from monitor.jobs.deliver import Postroom
from monitor.notify import Manners, Slack
from monitor.store import Store
from tests.jobs.owed import publish
from tests.notify.sinks import Sink, needs_shared, slack_sink
from tests.store.databases import any_store

pytestmark = [pytest.mark.shared, needs_shared, pytest.mark.timeout(180)]
QUICK = Manners(pace=timedelta(0), burst=0, fold=0, edits=None, settle=timedelta(seconds=1))


async def deliver_all(store: Store, sink: Sink, *receivers: str, manners: Manners = QUICK, seconds: float = 90) -> None:
    async with aiohttp.ClientSession() as session:
        base = f"http://127.0.0.1:{sink.port}/api/"
        lanes = {
            name: Slack(name, token="xoxb-test", channel=f"C-{name}", session=session, base_url=base, manners=manners)
            for name in receivers
        }
        stop, room = asyncio.Event(), Postroom(store=store, notifiers=lanes)
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run(stop))
            for _ in range(int(seconds * 5)):
                await asyncio.sleep(0.2)
                if not await store.outbox_depth():
                    break
            stop.set()


async def test_chaos_loses_and_doubles_nothing() -> None:
    chaos = ("--p-accept-drop", "0.05", "--p500", "0.1", "--p-reset", "0.05", "--p-html", "0.02")
    async with slack_sink("--rate", "0", "--seed", "7", *chaos) as sink:
        async with any_store() as store:
            for number in range(150):
                await publish(store, number, utc_now(), "desk")
            await deliver_all(store, sink, "desk")
        report = await sink.ask("/__report")

    assert (report["unique"], report["duplicate_count"], report["lint"]) == (150, 0, {})


async def test_the_rate_of_a_channel_is_kept() -> None:
    """By the sink's own stamps: no message comes before its turn, and each channel has turns of its own.

    A busy machine can only make a message late, so none of this depends on how fast it is.
    """
    assert Manners().pace > timedelta(seconds=1), "Slack takes one message a second"
    pace = timedelta(seconds=0.25)
    manners = Manners(burst=0, fold=0, edits=None, pace=pace)
    async with slack_sink("--rate", "0") as sink:
        async with any_store() as store:
            for number in range(8):
                await publish(store, number, utc_now(), "one", "two")
            began = utc_now().timestamp()
            await deliver_all(store, sink, "one", "two", manners=manners)
        report, calls = await sink.ask("/__report"), await sink.ask("/__calls")

    assert (report["unique"], report["duplicate_count"], report["statuses"]) == (16, 0, {"200": 16})
    for channel in ("C-one", "C-two"):
        came = [call["t"] for call in calls if call["channel"] == channel]
        assert [at for turn, at in enumerate(came) if at < began + turn * pace.total_seconds()] == []
        assert len(came) == 8


async def test_kill_at_any_instant_loses_and_doubles_nothing(tmp_path: Path) -> None:
    database, dice, stories, kills = tmp_path / "a.db", random.Random(3), 300, 8
    async with await Store.open(f"sqlite+aiosqlite:///{database}") as store:
        for number in range(stories):
            await publish(store, number, utc_now(), "desk")
    async with slack_sink("--rate", "0", "--p-slow", "0.3", "--slow-s", "0.02") as sink:
        for _ in range(kills):
            worker = await start(database, sink)
            await asyncio.sleep(dice.uniform(0.02, 0.4))
            worker.kill()
            await worker.wait()
        worker = await start(database, sink)
        for _ in range(300):
            await asyncio.sleep(0.2)
            report = await sink.ask("/__report")
            if report["unique"] == stories:
                break
        await asyncio.sleep(1.5)
        worker.kill()
        await worker.wait()
        report = await sink.ask("/__report")

    assert (report["unique"], report["duplicate_count"]) == (stories, 0)


async def start(database: Path, sink: Sink) -> asyncio.subprocess.Process:
    script = str(Path(__file__).with_name("deliver_worker.py"))
    worker = await asyncio.create_subprocess_exec(
        sys.executable, script, str(database), str(sink.port), stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"ready\n"
    return worker
