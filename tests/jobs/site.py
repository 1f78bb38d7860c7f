"""A site on 127.0.0.1 whose every page a test writes, and a newsroom that watches it on a clock of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Self

from aiohttp import web

from monitor.daemon import judge_of
from monitor.fetch import Fence, Fetcher, Limits
from monitor.jobs.judge import Judge
from monitor.jobs.newsroom import Newsroom, Tempo
from monitor.jobs.visit import visit
from monitor.model import Outlet, OutletId, OutletKind, Route, Source
from monitor.settings import SHIPPED, load
from monitor.store import Store
from tests.store.databases import any_store
from tests.town import START, Clock

WORDS = (
    "나주시는 배터리 소재 기업 ㈜누리셀{n}과 혁신산단에 공장을 짓는 투자협약을 체결했다고 밝혔다.",
    "㈜누리셀{n}은 {n}00억원을 들여 공장을 세우고 {n}0명을 새로 고용한다.",
    "나주시는 인허가와 기반시설을 지원하고 지역 대학과 함께 인력을 기르기로 했다.",
)
Answerer = Callable[[web.Request], web.Response]


def article(number: int, *, box: str = "article-body", at: datetime = START) -> str:
    """An article page whose body stands in a box of the class *box*."""
    title = f"나주시, ㈜누리셀{number}과 {number}00억원 투자협약"
    body = "".join(f"<p>{line.format(n=number)}</p>" for line in WORDS)
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{at.isoformat()}">'
        f'</head><body><nav><a href="/">새벽신문</a></nav><h1>{title}</h1><div class="{box}">{body}</div></body></html>'
    )


def rss(entries: Iterable[str]) -> str:
    """A feed of ``<item>`` texts."""
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{"".join(entries)}</channel></rss>'


def item(url: str, number: int, at: datetime | None = None, *, summary: str = "") -> str:
    """One entry; without *url* it has no address."""
    link = f"<link>{url}</link>" if url else f'<guid isPermaLink="false">g{number}</guid>'
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    title = f"나주시, ㈜누리셀{number}과 투자협약"
    return f"<item><title>{title}</title>{link}{date}<description>{summary}</description></item>"


def board(rows: Iterable[int], onward: int = 0) -> str:
    """A press board's page of posts, with a link to page *onward*."""
    posts = "".join(f'<li><a href="/news/{n}">나주시 투자협약 소식을 알립니다 제{n}호</a></li>' for n in rows)
    pager = f'<div class="paging"><a href="?page={onward}">{onward}</a></div>' if onward else ""
    head = "<!doctype html><html><head><title>보도자료</title></head>"
    return f'{head}<body><ul class="board">{posts}</ul>{pager}</body></html>'


@dataclass
class Site:
    """Pages by path; what was asked is kept."""

    pages: dict[str, str | Answerer] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = "http://127.0.0.1:{1}".format(*self._runner.addresses[0])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner:
            await self._runner.cleanup()

    @property
    def place(self) -> str:
        return self.url.removeprefix("http://")

    def paths(self) -> list[str]:
        return [request.path_qs for request in self.asked]

    def publish(self, *numbers: int, at: datetime = START, box: str = "article-body") -> None:
        for number in numbers:
            self.pages[f"/news/{number}"] = article(number, at=at, box=box)

    def outlet(self, *sources: Source, name: str = "dawn", every: timedelta | None = None, **more: object) -> Outlet:
        every = every or timedelta(minutes=3)
        return Outlet(
            OutletId(f"jeonnam/{name}"), "새벽신문", "jeonnam", OutletKind.PAPER, sources, every=every, **more
        )

    async def _serve(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        found = self.pages.get(request.path_qs) or self.pages.get(request.path)
        if found is None:
            raise web.HTTPNotFound
        if callable(found):
            return found(request)
        kind = "text/xml" if found.startswith("<?xml") else "text/html"
        return web.Response(text=found, content_type=kind, charset="utf-8")


@cache
def a_judge() -> Judge:
    built = judge_of(load(str(SHIPPED)))
    return Judge(built.reader, built.grader, (Route("desk"),))


class Watchers:
    """One monitor, its store and its clock."""

    def __init__(self, room: Newsroom, clock: Clock) -> None:
        self.room = room
        self.clock = clock

    @property
    def store(self) -> Store:
        return self.room.store

    async def look(self) -> None:
        """Visit every host that is due, until none is."""
        while leases := await self.store.claim_hosts(self.clock(), 10, self.room.tempo.lease):
            await asyncio.gather(*(visit(lease, self.room) for lease in leases))

    async def look_once(self) -> None:
        """Visit every host that is due, once."""
        leases = await self.store.claim_hosts(self.clock(), 10, self.room.tempo.lease)
        await asyncio.gather(*(visit(lease, self.room) for lease in leases))


@asynccontextmanager
async def watching(
    *outlets: Outlet,
    secrets: dict[OutletId, tuple[tuple[str, str], ...]] | None = None,
    robots: bool = False,
    allow: tuple[str, ...] = ("127.0.0.0/8",),
    browser: str = "",
) -> AsyncIterator[Watchers]:
    """A newsroom that watches *outlets*."""
    clock = Clock()
    async with (
        any_store() as store,
        Fetcher(Limits(allow_private=allow, gap=timedelta(0), browser=browser), now=clock) as fetcher,
        Fence() as fence,
    ):
        await store.sync_outlets(outlets, clock())
        known = {each.id: each for each in outlets}
        room = Newsroom(
            store, fetcher, fence, a_judge(), known, Tempo(robots=robots), clock, lambda: 0.5, secrets or {}
        )
        yield Watchers(room, clock)
