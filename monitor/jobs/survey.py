"""Look a site over by its address alone: robots, feeds or lists, CMS family, five articles read."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from html import unescape
from re import IGNORECASE, search

from monitor.dedup import article_key
from monitor.errors import FetchError, NotAList, ReadError
from monitor.extract import read_article
from monitor.fetch import Answer, Fence, Fetcher, looks_safe
from monitor.jobs.judge import Judge
from monitor.model import Article, Link, Outlet, OutletId, OutletKind, Page, Relevance, Source, SourceKind
from monitor.sources import advertised, discover, list_family, probe_urls

PREVIEW = 5
"""Articles read for a preview: enough to see a wrong date or a missing body, few enough to be polite."""
ENOUGH = 3
"""A list with fewer links is a menu."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One article of the preview; ``problem`` says why it could not be read."""

    link: Link
    article: Article | None = None
    relevance: Relevance | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found on a site."""

    home: str
    name: str
    robots: Answer
    source: Source
    links: tuple[Link, ...]
    layout: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Looks sites over with the daemon's own rooms."""

    fetcher: Fetcher
    fence: Fence
    judge: Judge

    async def survey(self, home: str) -> Survey:
        """Return what *home* offers, from the first address that lists articles.

        Raises:
            FetchError: the address itself cannot be asked.
            NotAList: neither a feed nor a list of articles was found anywhere.
        """
        robots = await self.fetcher.robots(home)
        front = await self.fetcher.get(home)
        site = Outlet(OutletId("survey/site"), site_name(front), "national", OutletKind.PAPER, (), home=home)
        async for source, links in self._working(front, site):
            samples = tuple([await self._sample(link, site) for link in links[:PREVIEW]])
            return Survey(home, site.name, robots, source, links, _layout(front, samples), samples)
        raise NotAList(home, "no feed, sitemap or list of articles was found; give the address of the list itself")

    async def _working(self, front: Page, site: Outlet) -> AsyncIterator[tuple[Source, tuple[Link, ...]]]:
        """Yield each candidate that lists articles: what the page is, what it names, what its kind usually has."""
        own = Source(front.url, SourceKind.LIST)
        first = () if _is_page(front) else (own,)
        for source in dict.fromkeys((*first, *advertised(front), *probe_urls(front.url))):
            page = front if source.url == front.url else await self._asked(source)
            links = await self._listed(source, site, page) if page else ()
            if len(links) >= ENOUGH:
                yield source, links

    async def _asked(self, source: Source) -> Page | None:
        """A probe that is not there is no error: most are not."""
        try:
            return await self.fetcher.get(source.url)
        except FetchError:
            return None

    async def _listed(self, source: Source, site: Outlet, page: Page) -> tuple[Link, ...]:
        try:
            if looks_safe(page.text):
                return discover(source, site, page)
            return await self.fence.run(discover, source, site, page)
        except ReadError:
            return ()

    async def _sample(self, link: Link, site: Outlet) -> Sample:
        try:
            page = await self.fetcher.get(link.url)
            read = read_article(page, site) if looks_safe(page.text) else await self.fence.run(read_article, page, site)
        except (FetchError, ReadError) as wrong:
            return Sample(link, problem=wrong.reason)
        article = replace(read, key=article_key(link.url), published_at=read.published_at or link.published_at)
        return Sample(link, article, self.judge.read(article).relevance)


def site_name(page: Page) -> str:
    """Return what the site calls itself: og:site_name, else the title's last part, else its host."""
    for pattern in (
        r'<meta[^>]+property=["\']og:site_name["\'][^>]+content=["\']([^"\']+)',
        r"<title[^>]*>([^<]+)</title>",
    ):
        found = search(pattern, page.text, IGNORECASE)
        if found and found[1].strip():
            return unescape(found[1]).replace("|", "-").split(" - ")[-1].strip()[:40]
    return page.url.split("/")[2]


def _is_page(page: Page) -> bool:
    return "<html" in page.text[:2000].lower()


def _layout(front: Page, samples: tuple[Sample, ...]) -> str:
    """Return the family that read the samples, when all agree; else what the list's addresses look like."""
    families = {sample.article.layout.split("@")[0] for sample in samples if sample.article}
    known = families - {"generic"}
    return known.pop() if len(known) == 1 and len(families) == 1 else list_family(front)
