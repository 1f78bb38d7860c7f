"""The small town every test may visit: newsrooms that publish, and a clock that a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Self

from aiohttp import web

from monitor.model import Outlet, OutletId, OutletKind, Source, SourceKind

START = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)

PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title} - {paper}</title>
<meta property="og:title" content="{title}"><meta property="article:published_time" content="{at}"></head>
<body><nav><a href="/">{paper}</a></nav><article><h1>{title}</h1><div class="article-body">{body}</div></article>
<footer>저작권자 © {paper}</footer></body></html>"""


@dataclass
class Clock:
    """Time that passes when it is told to."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **parts: float) -> None:
        self.at += timedelta(**parts)


@dataclass
class Printed:
    """One article as a newsroom put it on its page."""

    title: str
    paragraphs: tuple[str, ...]
    at: datetime
    status: int = 200


@dataclass
class Newsroom:
    """A paper on 127.0.0.1 with a feed; it can break in the ways papers do."""

    name: str = "새벽신문"
    articles: dict[int, Printed] = field(default_factory=dict)
    feed_status: int = 200
    feed_text: str = ""  # instead of the feed
    etag: str = ""
    asked: list[str] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [web.get("/robots.txt", self._robots), web.get("/rss", self._feed), web.get(r"/news/{id:\d+}", self._page)]
        )
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

    def publish(self, number: int, title: str, *paragraphs: str, at: datetime = START) -> None:
        self.articles[number] = Printed(title, paragraphs, at)

    def outlet(self, name: str = "dawn", every: timedelta = timedelta(minutes=3)) -> Outlet:
        return Outlet(
            OutletId(f"gwangju/{name}"),
            self.name,
            "gwangju",
            OutletKind.PAPER,
            (Source(self.url + "/rss", SourceKind.FEED),),
            every=every,
        )

    async def _robots(self, _: web.Request) -> web.Response:
        raise web.HTTPNotFound

    async def _feed(self, request: web.Request) -> web.Response:
        self.asked.append("feed")
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304)
        entries = "".join(
            f"<item><title>{one.title}</title><link>{self.url}/news/{number}</link>"
            f"<pubDate>{format_datetime(one.at)}</pubDate></item>"
            for number, one in sorted(self.articles.items(), reverse=True)
        )
        text = self.feed_text or f'<rss version="2.0"><channel><title>{self.name}</title>{entries}</channel></rss>'
        headers = {"ETag": self.etag} if self.etag else {}
        return web.Response(text=text, status=self.feed_status, content_type="application/rss+xml", headers=headers)

    async def _page(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        self.asked.append(f"article {number}")
        one = self.articles.get(number)
        if one is None:
            raise web.HTTPNotFound
        body = "".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
        page = PAGE.format(title=one.title, paper=self.name, at=one.at.isoformat(), body=body)
        return web.Response(text=page, status=one.status, content_type="text/html")
