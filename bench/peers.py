"""The peers' stages, one a process, in an environment of their own: ``python peers.py STAGE NAME TOWN COUNT``.

Prints CPU milliseconds a unit as JSON. The peers keep what they read in a plain SQLite table and look for the same
address and the same text only; nearly the same texts, facts, grades and owed alerts are ours alone to pay for.
"""

# ruff: noqa: PLC0415 - each contender pays for its own imports only

import asyncio
import contextlib
import gc
import hashlib
import json
import logging
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.pages import feed, printed

Town = dict[str, Any]
FEED_BYTES = 78_000
AT_ONCE = 16


def cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def each(work: Callable[[], object], units: int, rounds: int) -> float:
    """The least CPU of *rounds* runs, in ms a unit, after one that warms up."""
    work()
    gc.collect()
    taken = []
    for _ in range(rounds):
        start = cpu()
        work()
        taken.append(cpu() - start)
    return min(taken) * 1000 / units


def urls(town: Town, count: int) -> list[str]:
    """Pages of all outlets in turn."""
    lists = [told["pages"] for told in town["outlets"]]
    turns = [pages[at] for at in range(max(map(len, lists))) for pages in lists if at < len(pages)]
    return turns[:count]


class Table:
    """What a peer keeps: one row an article."""

    def __init__(self, folder: str) -> None:
        self._conn = sqlite3.connect(Path(folder) / "peer.db", check_same_thread=False, isolation_level=None)
        self._conn.execute("PRAGMA journal_mode=WAL")
        self._conn.execute("PRAGMA synchronous=NORMAL")
        self._conn.execute("CREATE TABLE article (url TEXT PRIMARY KEY, title TEXT, text TEXT, hash BLOB)")
        self._conn.execute("CREATE INDEX by_hash ON article (hash)")
        self.rows = self.letters = 0

    def keep(self, url: str, title: str | None, text: str | None) -> None:
        mark = hashlib.sha1((text or "").encode(), usedforsecurity=False).digest()
        self._conn.execute("SELECT url FROM article WHERE hash = ?", (mark,)).fetchone()
        self._conn.execute("INSERT OR IGNORE INTO article VALUES (?, ?, ?, ?)", (url, title, text, mark))
        self.rows += 1
        self.letters += len(text or "")


# ---- the whole path --------------------------------------------------------------------------------------------------


def scrapy_path(town: Town, count: int) -> float:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    with tempfile.TemporaryDirectory() as folder:
        table = Table(folder)

        class Pages(scrapy.Spider):
            name = "pages"
            start_urls = urls(town, count)

            def parse(self, response: Any) -> Any:
                yield {
                    "url": response.url,
                    "title": response.css("title::text").get(),
                    "text": "\n".join(response.css("p::text, article ::text, [id*=content] ::text").getall()),
                }

        class Keeping:
            def process_item(self, item: Any) -> Any:
                table.keep(item["url"], item["title"], item["text"])
                return item

        process = CrawlerProcess(
            {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "ITEM_PIPELINES": {Keeping: 1},
             "CONCURRENT_REQUESTS": AT_ONCE, "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE, "DOWNLOAD_DELAY": 0}
        )  # fmt: skip
        process.crawl(Pages)
        start = cpu()
        process.start()
        return (cpu() - start) * 1000 / counted(table, count)


def counted(table: Table, count: int) -> int:
    if table.rows < count * 0.95:
        raise SystemExit(f"only {table.rows} of {count}")
    return table.rows


def crawlee_path(town: Town, count: int) -> float:
    from crawlee import ConcurrencySettings
    from crawlee.crawlers import ParselCrawler
    from crawlee.storage_clients import MemoryStorageClient

    async def run(table: Table) -> float:
        crawler = ParselCrawler(
            storage_client=MemoryStorageClient(), configure_logging=False,
            concurrency_settings=ConcurrencySettings(desired_concurrency=AT_ONCE, max_concurrency=AT_ONCE),
        )  # fmt: skip

        @crawler.router.default_handler
        async def handle(context: Any) -> None:
            page = context.selector
            text = "\n".join(page.css("p::text, article ::text, [id*=content] ::text").getall())
            table.keep(context.request.url, page.css("title::text").get(), text)

        start = cpu()
        await crawler.run(urls(town, count))
        return (cpu() - start) * 1000 / counted(table, count)

    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Table(folder)))


def trafilatura_path(town: Town, count: int) -> float:
    import aiohttp
    import trafilatura

    async def run(table: Table) -> float:
        gate = asyncio.Semaphore(AT_ONCE)
        async with aiohttp.ClientSession() as session:

            async def one(url: str) -> None:
                async with gate, session.get(url) as answer:
                    html = await answer.text()
                found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
                told = found.as_dict() if found is not None else {}
                table.keep(url, told.get("title"), told.get("text"))

            start = cpu()
            await asyncio.gather(*[one(url) for url in urls(town, count)])
            return (cpu() - start) * 1000 / counted(table, count)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(Table(folder)))


def newspaper_path(town: Town, count: int) -> float:
    import newspaper

    with tempfile.TemporaryDirectory() as folder:
        table = Table(folder)
        start = cpu()
        for url in urls(town, count):
            article = newspaper.Article(url, language="en", fetch_images=False)
            article.download()
            article.parse()
            table.keep(url, article.title, article.text)
        return (cpu() - start) * 1000 / counted(table, count)


def newsplease_path(town: Town, count: int) -> float:
    """Its word splitter is replaced by a quicker one: the model it wants is not on the package index."""
    import nltk
    import requests
    from newsplease import NewsPlease

    nltk.word_tokenize = str.split
    with tempfile.TemporaryDirectory() as folder, requests.Session() as session:
        table = Table(folder)
        start = cpu()
        for url in urls(town, count):
            article = NewsPlease.from_html(session.get(url, timeout=10).text, url=None, fetch_images=False)
            table.keep(url, article.title, article.maintext)
        return (cpu() - start) * 1000 / counted(table, count)


# ---- an unchanged source ---------------------------------------------------------------------------------------------


def aiohttp_unchanged(town: Town, count: int) -> float:
    import aiohttp

    async def run() -> float:
        async with aiohttp.ClientSession(headers={"If-None-Match": '"b0n6"'}) as session:

            async def look(base: str) -> None:
                async with session.get(f"{base}/still") as answer:
                    assert answer.status == 304

            await asyncio.gather(*map(look, town["papers"]))
            start, done = cpu(), 0
            while done < count:
                await asyncio.gather(*map(look, town["papers"]))
                done += len(town["papers"])
            return (cpu() - start) * 1000 / done

    return asyncio.run(run())


def httpx_unchanged(town: Town, count: int) -> float:
    import httpx

    async def run() -> float:
        async with httpx.AsyncClient(headers={"If-None-Match": '"b0n6"'}) as client:

            async def look(base: str) -> None:
                answer = await client.get(f"{base}/still")
                assert answer.status_code == 304

            await asyncio.gather(*map(look, town["papers"]))
            start, done = cpu(), 0
            while done < count:
                await asyncio.gather(*map(look, town["papers"]))
                done += len(town["papers"])
            return (cpu() - start) * 1000 / done

    return asyncio.run(run())


def scrapy_unchanged(town: Town, count: int) -> float:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    seen = []

    class Looks(scrapy.Spider):
        name = "looks"
        handle_httpstatus_list = (304,)

        async def start(self) -> Any:
            for at in range(count):
                base = town["papers"][at % len(town["papers"])]
                yield scrapy.Request(f"{base}/still", headers={"If-None-Match": '"b0n6"'}, dont_filter=True)

        def parse(self, response: Any) -> None:
            seen.append(response.status)

    process = CrawlerProcess(
        {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS": AT_ONCE, "DOWNLOAD_DELAY": 0}
    )
    process.crawl(Looks)
    start = cpu()
    process.start()
    if seen.count(304) < count * 0.95:
        raise SystemExit(f"only {seen.count(304)} of {count}")
    return (cpu() - start) * 1000 / count


# ---- a feed, a body, a row -------------------------------------------------------------------------------------------


def large_feed() -> bytes:
    return feed("http://127.0.0.1:8000", printed(60, seed=2), size=FEED_BYTES)


def feedparser_feed(_: Town, count: int) -> float:
    import feedparser

    body = large_feed()
    return each(lambda: [feedparser.parse(body) for _ in range(count)], count, 2)


def fastfeedparser_feed(_: Town, count: int) -> float:
    import fastfeedparser

    body = large_feed()

    def read() -> list[tuple[str, str, str]]:
        return [(entry.title, entry.link, entry.published) for entry in fastfeedparser.parse(body).entries]

    return each(lambda: [read() for _ in range(count)], count, 5)


def bodies(count: int) -> list[str]:
    return [page.html.decode() for page in printed(count)]


def trafilatura_body(_: Town, count: int) -> float:
    import trafilatura

    pages = bodies(count)
    return each(lambda: [trafilatura.bare_extraction(page, with_metadata=True) for page in pages], count, 1)


def readability_body(_: Town, count: int) -> float:
    import readability

    logging.disable(logging.CRITICAL)
    pages = bodies(count)

    def read(page: str) -> None:
        document = readability.Document(page)
        (document.title(), document.summary())

    return each(lambda: [read(page) for page in pages], count, 1)


def newspaper_body(_: Town, count: int) -> float:
    import newspaper

    pages = bodies(count)

    def read(page: str) -> None:
        article = newspaper.Article("http://paper.test/1", language="en", fetch_images=False)
        article.download(input_html=page)
        article.parse()

    return each(lambda: [read(page) for page in pages], count, 1)


def orm_store(_: Town, count: int) -> float:
    """Ask for the address, add what is new, commit: as ORM tutorials do it."""
    from sqlalchemy import select
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class Row(Base):
        __tablename__ = "article"
        url: Mapped[str] = mapped_column(primary_key=True)
        title: Mapped[str]
        text: Mapped[str]
        published_at: Mapped[datetime]

    async def run(folder: str) -> float:
        engine = create_async_engine(f"sqlite+aiosqlite:///{folder}/orm.db")
        async with engine.begin() as conn:
            await conn.run_sync(Base.metadata.create_all)
        start = cpu()
        for number in range(count):
            async with AsyncSession(engine) as session:
                url = f"http://paper.test/{number}"
                if (await session.execute(select(Row).where(Row.url == url))).scalar_one_or_none() is None:
                    session.add(Row(url=url, title="제목", text="가나다라 " * 250, published_at=datetime.now(UTC)))
                await session.commit()
        took = (cpu() - start) * 1000 / count
        await engine.dispose()
        return took

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(folder))


def sqlite_store(_: Town, count: int) -> float:
    """The bare driver, one article a transaction."""
    with tempfile.TemporaryDirectory() as folder:
        table = Table(folder)
        start = cpu()
        for number in range(count):
            table.keep(f"http://paper.test/{number}", "제목", "가나다라 " * 250)
        return (cpu() - start) * 1000 / count


PEERS: dict[str, dict[str, Callable[[Town, int], float]]] = {
    "path": {
        "scrapy": scrapy_path, "crawlee": crawlee_path, "aiohttp+trafilatura": trafilatura_path,
        "newspaper4k": newspaper_path, "news-please": newsplease_path,
    },
    "unchanged": {"aiohttp": aiohttp_unchanged, "httpx": httpx_unchanged, "scrapy": scrapy_unchanged},
    "feed": {"feedparser": feedparser_feed, "fastfeedparser": fastfeedparser_feed},
    "body": {"trafilatura": trafilatura_body, "readability-lxml": readability_body, "newspaper4k": newspaper_body},
    "store": {"sqlalchemy orm": orm_store, "sqlite3": sqlite_store},
}  # fmt: skip

if __name__ == "__main__":
    stage, name, town, count = sys.argv[1:5]
    with contextlib.redirect_stdout(sys.stderr):
        figure = PEERS[stage][name](json.loads(town), int(count))
    print(json.dumps(figure))
