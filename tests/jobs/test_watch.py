"""Which sources are not well, and when a person hears of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from monitor.jobs.watch import Watch, inspect
from monitor.model import Selectors, Source, SourceKind
from monitor.sources import State
from tests.jobs.site import Site, Watchers, item, rss, watching
from tests.town import START


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


class Desk:
    """The operator's ear."""

    def __init__(self, watchers: Watchers) -> None:
        self.watchers = watchers
        self.told: list[str] = []
        self._watch = Watch(watchers.store, watchers.clock, self._hear, {"jeonnam/dawn": "새벽신문"})

    async def _hear(self, text: str, subject: str) -> None:
        assert subject
        self.told.append(text)

    async def goes_on(self, hours: float, step: float = 0.5) -> None:
        for _ in range(int(hours / step)):
            self.watchers.clock.passes(hours=step)
            await self.watchers.look()
            await self._watch.look()

    async def state(self, path: str) -> State:
        checked = await inspect(self.watchers.store, self.watchers.clock())
        return next(each.health.state for each in checked if each.source.url.endswith(path))


@asynccontextmanager
async def at_the_desk(
    site: Site, *paths: str, kind: SourceKind = SourceKind.FEED, **more: object
) -> AsyncIterator[Desk]:
    outlet = site.outlet(*(Source(site.url + path, kind) for path in paths), **more)
    async with watching(outlet) as watchers:
        await watchers.look()
        yield Desk(watchers)


def feed_of(site: Site, *numbers: int) -> str:
    return rss(item(f"{site.url}/news/{n}", n, START + timedelta(minutes=n)) for n in numbers)


async def test_a_dead_source_is_told_once_and_its_recovery_once(site: Site) -> None:
    site.pages["/good"] = feed_of(site, 1)
    site.publish(1)
    async with at_the_desk(site, "/dead", "/good") as desk:
        await desk.goes_on(60)
        assert await desk.state("/dead") is State.FAILING
        assert len(desk.told) == 1
        assert "새벽신문" in desk.told[0]
        assert "한 번도 되지 않음" in desk.told[0]
        site.pages["/dead"] = feed_of(site, 1)
        await desk.goes_on(12)
        assert await desk.state("/dead") is State.OK
        assert len(desk.told) == 2
        assert "다시 정상" in desk.told[1]


async def test_a_source_that_fails_for_long_is_asked_ever_less_but_never_given_up(site: Site) -> None:
    async with at_the_desk(site, "/dead") as desk:
        await desk.goes_on(24)
        before = len(site.asked)
        await desk.goes_on(72)
        assert 12 <= len(site.asked) - before <= 72


async def test_a_list_that_is_empty_three_times_is_not_well(site: Site) -> None:
    site.pages["/rss"] = feed_of(site, 1)
    site.publish(1)
    async with at_the_desk(site, "/rss") as desk:
        site.pages["/rss"] = rss([])
        await desk.goes_on(1)
        assert await desk.state("/rss") is State.OK
        await desk.goes_on(1)
        assert await desk.state("/rss") is State.EMPTY


async def test_a_site_that_refuses_us_is_blocked(site: Site) -> None:
    site.pages["/rss"] = lambda _: web.Response(status=403)
    async with at_the_desk(site, "/rss") as desk:
        assert await desk.state("/rss") is State.BLOCKED


async def test_dead_selectors_are_told_with_the_lines_that_mend_them(site: Site) -> None:
    site.pages["/rss"] = feed_of(site, *range(1, 8))
    site.publish(*range(1, 8), box="story-text")
    async with at_the_desk(site, "/rss", selectors=Selectors(body="div.gone")) as desk:
        assert await desk.state("/rss") is State.BODY_MISSING
        await desk.goes_on(1)
        assert "outlets/jeonnam/dawn.toml" in desk.told[0]
        assert 'body = "div.story-text"' in desk.told[0]


async def test_a_feed_that_stands_still_is_quiet_by_its_own_rhythm(site: Site) -> None:
    async with at_the_desk(site, "/rss") as desk:
        for number in range(1, 120):
            site.publish(number, at=desk.watchers.clock())
            site.pages["/rss"] = rss(
                item(f"{site.url}/news/{n}", n, START + timedelta(minutes=30 * n))
                for n in range(number, max(0, number - 20), -1)
            )
            await desk.goes_on(0.5)
        assert await desk.state("/rss") is State.OK
        await desk.goes_on(72, 2)
        assert await desk.state("/rss") is State.QUIET


async def test_a_source_that_answers_but_never_lists_an_article_is_doubted_after_a_day(site: Site) -> None:
    site.pages["/rss"] = lambda _: web.Response(
        text=rss([f"<title>{len(site.asked)}</title>"]), content_type="text/xml", headers={"ETag": '"1"'}
    )
    async with at_the_desk(site, "/rss") as desk:
        await desk.goes_on(26, 13)
        assert await desk.state("/rss") is State.EMPTY


async def test_two_troubles_of_one_day_are_one_message(site: Site) -> None:
    site.pages["/b"] = feed_of(site, 1)
    site.publish(1)
    async with at_the_desk(site, "/a", "/b") as desk:
        await desk.goes_on(5)
        assert len(desk.told) == 1
        del site.pages["/b"]
        await desk.goes_on(12)
        assert len(desk.told) == 1
        await desk.goes_on(12)
        assert len(desk.told) == 2
        assert "2곳" in desk.told[1]
