"""The town's web server: fifteen papers with a feed and article pages each, on 127.0.0.1."""

from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Self

from aiohttp import web

from monitor.clock import KST
from monitor.demo.stories import OUTLETS, Telling

_PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title} - {outlet}</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="{outlet}">
<meta property="article:published_time" content="{iso}"></head><body>
<nav><a href="/">{outlet}</a> <a href="/{number}/list">전체기사</a></nav>
<article id="article-view"><header><h3 class="heading">{title}</h3>
<ul class="infomation"><li>기자명 나기자</li><li>승인 {printed}</li></ul></header>
<div id="article-view-content-div" class="article-veiw-body" itemprop="articleBody">{body}
<p>저작권자 © {outlet} 무단전재 및 재배포 금지</p></div></article>
<aside><h4>관련기사</h4><ul><li><a href="/{number}/1">다른 소식</a></li></ul></aside></body></html>"""

_FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{outlet}</title>
<link>{base}/{number}</link><description>{outlet}</description>{entries}</channel></rss>"""

_ENTRY = "<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate></item>"


class Site:
    """Serves the tellings; addresses stay the same for the life of the server."""

    def __init__(self, tellings: tuple[Telling, ...], started: datetime) -> None:
        self._tellings = tellings
        self._started = started
        self._runner: web.AppRunner | None = None
        self.base = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.get("/robots.txt", _robots),
                web.get("/{outlet:\\d+}/rss/allArticle.xml", self._feed),
                web.get("/{outlet:\\d+}/news/articleView.html", self._article),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _feed(self, request: web.Request) -> web.Response:
        number = int(request.match_info["outlet"])
        if number >= len(OUTLETS):
            raise web.HTTPNotFound
        own = [(ident, telling) for ident, telling in enumerate(self._tellings) if telling.outlet == number]
        entries = "".join(
            _ENTRY.format(
                title=escape(telling.title),
                link=f"{self.base}/{number}/news/articleView.html?idxno={ident}",
                date=format_datetime((self._started - telling.age).astimezone(KST)),
            )
            for ident, telling in reversed(own)
        )
        text = _FEED.format(outlet=OUTLETS[number][1], base=self.base, number=number, entries=entries)
        return web.Response(text=text, content_type="application/rss+xml")

    async def _article(self, request: web.Request) -> web.Response:
        number, ident = int(request.match_info["outlet"]), request.query.get("idxno", "")
        if not ident.isdecimal() or int(ident) >= len(self._tellings):
            raise web.HTTPNotFound
        telling = self._tellings[int(ident)]
        when = (self._started - telling.age).astimezone(KST)
        text = _PAGE.format(
            title=escape(telling.title),
            outlet=OUTLETS[number][1],
            number=number,
            iso=when.isoformat(timespec="seconds"),
            printed=f"{when:%Y.%m.%d %H:%M}",
            body="".join(f"<p>{escape(paragraph)}</p>" for paragraph in telling.paragraphs),
        )
        return web.Response(text=text, content_type="text/html")


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nAllow: /\n")
