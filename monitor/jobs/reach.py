"""Does a list still reach back to what we know? If not, read on until it does, or say what is missing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import takewhile

from monitor.errors import FetchError, ReadError
from monitor.jobs.allowance import Allowance
from monitor.jobs.lists import ask_page, guarded, keys_of, read_links
from monitor.jobs.newsroom import Newsroom
from monitor.model import Link, Outlet, Page, Source, SourceKind
from monitor.sources import PART, next_page, overlaps, probe_urls
from monitor.store import SourceState, host_of

MOST_PAGES = 20
"""Pages read back in one look: 20 pages of 20 posts are a fortnight of a busy press board."""
MOST_PARTS = 3
"""Newest parts of a sitemap index that are read; papers split theirs by month or by day."""


@dataclass(slots=True)
class Reach:
    """Reads what one look at a source needs beyond its first page, within the visit's allowance."""

    source: SourceState
    outlet: Outlet
    room: Newsroom
    allowance: Allowance

    async def parts(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        """Return *links* with the newest parts of a sitemap index replaced by what they list."""
        parts = [link for link in links if PART in link.flags]
        found = [link for link in links if PART not in link.flags]
        for part in parts[:MOST_PARTS]:
            asked = Source(part.url, SourceKind.SITEMAP)
            page = await self._ask(asked)
            if page is not None:
                found += [link for link in await self._links(asked, page) if PART not in link.flags]
        return tuple(found)

    async def back(self, page: Page, links: tuple[Link, ...]) -> tuple[tuple[Link, ...], str]:
        """Return all links down to the first known one, and in words what could not be closed ("" = nothing).

        Tried in order: the list's own further pages, the outlet's other lists, those its site usually has.
        """
        if await self.is_joined(links):
            return links, ""
        found = links
        async for more in self._pages(Source(self.source.url, self.source.kind), page):
            found += more
            if await self.is_joined(more):
                return found, ""
        async for more, joined in self._elsewhere():
            found += more
            if joined:
                return found, ""
        return found, self._gap(links)

    async def is_joined(self, links: tuple[Link, ...]) -> bool:
        """Tell whether the older half of *links* holds something known: notices pinned on top are known for years."""
        ordered = _newest_first(links)
        older = ordered[len(ordered) // 2 :]
        keys = await keys_of(older)
        fresh = await self.room.store.unseen(keys)
        return overlaps([key not in fresh for key in keys], older)

    async def _pages(self, source: Source, page: Page) -> AsyncIterator[tuple[Link, ...]]:
        read = {source.url, page.url}
        for _ in range(MOST_PAGES):
            onward = await self._onward(page)
            if onward is None or onward in read or host_of(onward) != host_of(source.url):
                return
            read.add(onward)
            answer = await self._ask(Source(onward, source.kind))
            if answer is None:
                return
            page = answer
            more = await self._links(source, page)
            if not more:
                return
            yield more

    async def _onward(self, page: Page) -> str | None:
        try:
            return await guarded(page, self.room, next_page, page, self.outlet)
        except ReadError:
            return None

    async def _elsewhere(self) -> AsyncIterator[tuple[tuple[Link, ...], bool]]:
        """Yield what other lists of the outlet have above the first known article, and whether they have one."""
        async for other in self._others():
            page = await self._ask(other)
            if page is None:
                continue
            links = await self.parts(await self._links(other, page))
            newer = await self._above_known(links)
            if len(newer) < len(links):
                yield newer, True
                return
            async for more in self._pages(other, page):
                above = await self._above_known(more)
                newer += above
                if len(above) < len(more):
                    yield newer, True
                    return

    async def _above_known(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        ordered = _newest_first(links)
        keys = await keys_of(ordered)
        fresh = await self.room.store.unseen(keys)
        return tuple(link for link, _ in takewhile(lambda pair: pair[1] in fresh, zip(ordered, keys, strict=True)))

    async def _others(self) -> AsyncIterator[Source]:
        home = self.outlet.home or self.source.url
        asked = {self.source.url}
        for source in (*self.outlet.sources, *[each async for each in self._named()], *probe_urls(home)):
            if source.kind is not SourceKind.FEED and source.url not in asked:
                asked.add(source.url)
                if host_of(source.url) == self.source.host:
                    yield source

    async def _named(self) -> AsyncIterator[Source]:
        """The sitemaps that robots.txt names; it was read before, so this asks nothing."""
        if self.room.tempo.robots:
            try:
                answer = await self.room.fetcher.robots(self.source.url)
            except FetchError:
                return
            for url in answer.sitemaps[:MOST_PARTS]:
                yield Source(url, SourceKind.SITEMAP)

    async def _ask(self, asked: Source) -> Page | None:
        """Ask for a page that nobody promised; one that is not there is no error of the source."""
        if not self.allowance.spend(self.room.now()):
            return None
        try:
            return await ask_page(asked, self.outlet.id, self.room)
        except (FetchError, ReadError):
            return None

    async def _links(self, asked: Source, page: Page) -> tuple[Link, ...]:
        try:
            return await read_links(asked, self.outlet, page, self.room)
        except ReadError:
            return ()

    def _gap(self, links: tuple[Link, ...]) -> str:
        since = self.source.last_ok_at or self.source.first_polled_at
        oldest = min((link.published_at for link in links if link.published_at), default=None)
        until = f" and {oldest:%Y-%m-%d %H:%M}" if oldest else " and this look"
        return f"gap: nothing of this list was known; articles between {since:%Y-%m-%d %H:%M}{until} UTC may be missing"


def _newest_first(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return *links* by date where all have one, else as the list has them."""
    dated = [(link.published_at, -place, link) for place, link in enumerate(links) if link.published_at]
    if len(dated) < len(links):
        return links
    return tuple(link for *_, link in sorted(dated, reverse=True, key=lambda each: each[:2]))
