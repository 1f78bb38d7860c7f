"""Run the real daemon over the bundled town and say what happened."""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.clock import utc_now
from monitor.daemon import Running, Work, opened
from monitor.demo.site import Site
from monitor.demo.stories import OUTLETS, town
from monitor.model import Grade, Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.settings import Settings, shipped
from monitor.store import StoryFilter
from monitor.web import board

DEADLINE = timedelta(seconds=18)
"""The town is told within 20 seconds or something is broken; measured 4 s on two busy cores."""


async def show(*, port: int, stay: bool, say: Callable[[str], None], store: str = "") -> None:
    """Serve the town, poll it, print its alerts as they are delivered, then a summary.

    Args:
        port: of the board on 127.0.0.1; 0 takes a free one.
        stay: keep the board open until Ctrl-C.
        say: prints one line.
        store: an empty database to use instead of a throw-away file.
    """
    tellings = town()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bongsu-demo-")))
        site = await stack.enter_async_context(Site(tellings, utc_now()))
        settings = _settings(site.base, store or f"sqlite+aiosqlite:///{folder / 'demo.db'}", port)
        running = await stack.enter_async_context(opened(settings, site=board(settings)))
        say(f"봉수 시연: 지어낸 매체 {len(OUTLETS)}곳, 기사 {len(tellings)}건 · an invented town, no network")
        say(f"게시판 {running.address}\n")
        work = Work(running)
        work.start()
        async with asyncio.timeout(DEADLINE.total_seconds()):
            await _until_told(running, work, len(tellings))
        say(await _summary(running))
        if stay:
            say("게시판을 열어 두었습니다. Ctrl-C 로 끝냅니다.")
            await asyncio.Event().wait()
        await work.close()


async def _until_told(running: Running, work: Work, articles: int) -> None:
    """Visit until every article is read and every alert is shown."""
    while True:
        await work.visits.dispatch()
        await work.visits.drain()
        counts = await running.store.counts()
        if counts.articles >= articles and counts.owed == 0:
            return
        await asyncio.sleep(0.05)


async def _summary(running: Running) -> str:
    counts = await running.store.counts()
    page = await running.store.stories(StoryFilter(grade_min=Grade.DEAL, limit=100))
    most = max((len(story.tellings) for story in page.stories), default=0)
    return (
        f"\n기사 {counts.articles} → 이야기 {counts.stories} → 알림 {counts.sent}"
        f"  (한 보도자료를 옮긴 기사 {most}건은 알림 하나)\n"
        "다음: bongsu init --region 광주 && bongsu run"
    )


def _settings(base: str, store: str, port: int) -> Settings:
    """Return the shipped rules with the town's outlets, a database and the console as receiver."""
    outlets = tuple(
        Outlet(
            id=OutletId(f"{region}/town{number}"),
            name=name,
            region=region,
            kind=OutletKind.PAPER,
            sources=(Source(f"{base}/{number}/rss/allArticle.xml", SourceKind.FEED),),
        )
        for number, (region, name, _) in enumerate(OUTLETS)
    )
    return replace(shipped(store=store, allow=base.removeprefix("http://"), port=port), outlets=outlets)
