"""``bongsu read`` and ``bongsu links``: what a page or a list says, as the daemon would read it."""

import asyncio
import json
from datetime import datetime
from pathlib import Path

import click

from monitor.clock import KST, utc_now
from monitor.errors import FetchError, ReadError
from monitor.extract import read_article
from monitor.fetch import Fetcher, Limits, decode
from monitor.model import Link, Outlet, OutletId, OutletKind, Page, Source, SourceKind
from monitor.sources import discover


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="FILE_OR_URL...")
@click.option("--url", default="", help="the address a FILE was saved from")
@click.option("--allow-private", multiple=True, metavar="HOST[:PORT]", help="a private address that may be asked")
@click.option("--render", is_flag=True, help="run the scripts of a URL first (the extra js)")
def read(places: tuple[str, ...], url: str, allow_private: tuple[str, ...], render: bool) -> None:
    """Read article pages: JSONL {id,url,title,text,published_at,byline,outlet,layout,warnings}."""
    failed = False
    for place in places:
        try:
            page = _page(place, url, allow_private, render)
            click.echo(json.dumps(_article_line(place, page), ensure_ascii=False))
        except (FetchError, ReadError) as wrong:
            failed = True
            click.echo(
                json.dumps({"id": place, "error": type(wrong).__name__, "reason": wrong.reason}, ensure_ascii=False)
            )
            click.echo(f"{place}: {wrong.reason}", err=True)
    if failed:
        raise SystemExit(4)


@click.command()
@click.argument("place", metavar="FILE_OR_URL")
@click.option("--url", default="", help="the address a FILE was saved from")
@click.option("--allow-private", multiple=True, metavar="HOST[:PORT]", help="a private address that may be asked")
@click.option("--render", is_flag=True, help="run the scripts of a URL first (the extra js)")
def links(place: str, url: str, allow_private: tuple[str, ...], render: bool) -> None:
    """Read a feed, sitemap or list page: JSONL {url,title,published_at}."""
    page = _page(place, url, allow_private, render)
    nobody = Outlet(OutletId("cli/any"), "", "national", OutletKind.OTHER, (), home=page.url)
    for link in discover(Source(page.url, SourceKind.LIST), nobody, page):
        click.echo(json.dumps(_link_line(link), ensure_ascii=False))


def _page(place: str, url: str, allow_private: tuple[str, ...], render: bool) -> Page:
    """Fetch an address, or read a file as if its address had answered with it."""
    if place.startswith(("http://", "https://")):
        return asyncio.run(_fetched(place, allow_private, render))
    path = Path(place)
    if not path.is_file():
        raise click.UsageError(f"{place}: there is no such file, and it is not an http(s) address")
    body = path.read_bytes()
    return Page(url, url, 200, decode(body, ""), fetched_at=utc_now(), size=len(body))


async def _fetched(url: str, allow_private: tuple[str, ...], render: bool) -> Page:
    async with Fetcher(Limits(allow_private=allow_private)) as fetcher:
        return await (fetcher.render(url) if render else fetcher.get(url))


def _article_line(place: str, page: Page) -> dict[str, object]:
    article = read_article(page)
    return {
        "id": place,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "published_at": _kst(article.published_at, date_only=article.date_only),
        "byline": article.byline,
        "outlet": article.outlet_name,
        "layout": article.layout,
        "warnings": list(article.warnings),
        "captions": list(article.captions),
        "translated": article.translated,
        "image": article.image,
    }


def _link_line(link: Link) -> dict[str, object]:
    line: dict[str, object] = {"url": link.url, "title": link.title, "published_at": _kst(link.published_at)}
    return line | ({"flags": list(link.flags)} if link.flags else {})


def _kst(at: datetime | None, *, date_only: bool = False) -> str | None:
    """Print an instant as Korea reads it; a page that gave a day alone gets the day alone."""
    if at is None:
        return None
    local = at.astimezone(KST)
    return local.date().isoformat() if date_only else local.isoformat(timespec="seconds")
