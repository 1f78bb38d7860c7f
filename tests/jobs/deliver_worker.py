"""A deliverer as a process of its own, to be killed: ``python deliver_worker.py DATABASE SLACK_PORT``."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import aiohttp
import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor.jobs.deliver import Postroom
from monitor.notify import Manners, Slack
from monitor.store import Store

MANNERS = Manners(pace=timedelta(0), burst=0, fold=0, edits=None, settle=timedelta(seconds=1))


async def main(database: str, port: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    base = f"http://127.0.0.1:{port}/api/"
    async with (
        await Store.open(f"sqlite+aiosqlite:///{database}", lock=True) as store,
        aiohttp.ClientSession() as session,
    ):
        slack = Slack("desk", token="xoxb-test", channel="C1", session=session, base_url=base, manners=MANNERS)
        print("ready", flush=True)
        await Postroom(store=store, notifiers={"desk": slack}).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
