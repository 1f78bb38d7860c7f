"""Ask for a list and read it: with the outlet's secrets where they belong, in a child process where it is wise."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from monitor.dedup import article_key
from monitor.fetch import looks_safe
from monitor.jobs.newsroom import Newsroom
from monitor.model import ArticleKey, Link, Outlet, OutletId, Page, Render, Source, SourceKind
from monitor.sources import discover

_T = TypeVar("_T")

KEYS_AT_ONCE = 300
"""Addresses made canonical between two looks at the sockets: 10 ms."""


async def ask_page(
    asked: Source | Link,
    outlet_id: OutletId,
    room: Newsroom,
    *,
    etag: str = "",
    last_modified: str = "",
    digest: str = "",
) -> Page:
    """Return a list's or an article's page, built by its scripts first where the outlet's file says so.

    The outlet's secret headers go along when it is of the outlet's own origin. ``etag``, ``last_modified`` and
    ``digest`` are those of the copy we have; a page that scripts build is always built anew.

    Raises:
        FetchError: as ``Fetcher.get``.
        TooHostile: as ``Fetcher.render``.
    """
    outlet = room.outlets.get(outlet_id)
    headers = room.secrets.get(outlet_id, ()) if _is_own(asked.url, outlet) else ()
    if outlet and _is_scripted(asked, outlet):
        return await room.fetcher.render(asked.url, headers=headers, robots=room.tempo.robots)
    return await room.fetcher.get(
        asked.url,
        etag=etag,
        last_modified=last_modified,
        digest=digest,
        headers=headers,
        robots=room.tempo.robots,
    )


async def read_links(asked: Source, outlet: Outlet, page: Page, room: Newsroom) -> tuple[Link, ...]:
    """Return the links of *page*.

    Raises:
        NotAList, TooHostile: see ``discover`` and ``Fence.run``.
    """
    return await guarded(page, room, discover, asked, outlet, page)


async def guarded(page: Page, room: Newsroom, read: Callable[..., _T], *given: object) -> _T:
    """Call *read* in the loop when *page* is ordinary, else in a child process that can be stopped."""
    if looks_safe(page.text):
        return read(*given)
    return await room.fence.run(read, *given)


async def keys_of(links: Sequence[Link]) -> list[ArticleKey]:
    """Return the key of each link's article; a list of 20,000 takes 0.7 s, in which the loop goes on."""
    keys = []
    for link in links:
        keys.append(article_key(link.url))
        if len(keys) % KEYS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return keys


def _is_scripted(asked: Source | Link, outlet: Outlet) -> bool:
    if isinstance(asked, Link):
        return outlet.render in {Render.ARTICLE, Render.BOTH}
    return asked.kind is SourceKind.LIST and outlet.render in {Render.LIST, Render.BOTH}


def _is_own(url: str, outlet: Outlet | None) -> bool:
    """Whether *url* has scheme, host and port of one of the outlet's own sources."""
    if outlet is None:
        return False
    return urlsplit(url)[:2] in {urlsplit(source.url)[:2] for source in outlet.sources}
