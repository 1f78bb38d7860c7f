"""What one look at a source does, on real sockets and a real store."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from monitor.dedup import article_key
from monitor.jobs.notes import recall, recall_all
from monitor.model import Outlet, Selectors, Source, SourceKind
from tests.jobs.site import Site, Watchers, board, item, rss, watching
from tests.town import START


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


def feed(site: Site, path: str = "/rss") -> Source:
    return Source(site.url + path, SourceKind.FEED)


def listing(site: Site, path: str = "/board") -> Source:
    return Source(site.url + path, SourceKind.LIST)


def entries(site: Site, numbers: range) -> str:
    return rss(item(f"{site.url}/news/{n}", n, START + timedelta(minutes=n)) for n in reversed(numbers))


async def articles(watchers: Watchers) -> int:
    return (await watchers.store.counts()).articles


async def test_parts_of_a_sitemap_are_read_as_lists(site: Site) -> None:
    head = '<?xml version="1.0"?>'
    schema = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.pages["/sitemap.xml"] = (
        f"{head}<sitemapindex {schema}><sitemap><loc>{site.url}/part</loc></sitemap></sitemapindex>"
    )
    site.pages["/part"] = f"{head}<urlset {schema}><url><loc>{site.url}/news/1</loc></url></urlset>"
    site.publish(1)
    async with watching(site.outlet(Source(site.url + "/sitemap.xml", SourceKind.SITEMAP))) as watchers:
        await watchers.look()
        assert await articles(watchers) == 1
    assert site.paths() == ["/sitemap.xml", "/part", "/news/1"]


async def test_an_entry_without_an_address_is_told_by_its_own_words(site: Site) -> None:
    words = "나주시는 ㈜누리셀과 700억원 규모 투자협약을 체결했다. 누리셀은 120명을 고용한다."
    site.pages["/rss"] = rss([item("", 1, START, summary=words)])
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        stored = await watchers.store.article(f"{site.url}/rss#guid=g1")
        assert stored is not None
        assert stored.article.text == words
        assert len(await watchers.store.owed(watchers.clock())) == 1
    assert site.paths() == ["/rss"]


async def test_an_entry_without_address_and_words_is_listed_as_refused(site: Site) -> None:
    site.pages["/rss"] = rss(["<item><title>알림</title><guid isPermaLink='false'>g9</guid></item>"])
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        counts = await watchers.store.counts()
        assert (counts.links_refused, counts.links_pending, counts.articles) == (1, 0, 0)
    assert site.paths() == ["/rss"]


async def test_secret_headers_stay_at_the_outlets_own_origin(site: Site) -> None:
    async with Site() as elsewhere:
        elsewhere.publish(2)
        site.publish(1)
        site.pages["/rss"] = rss([item(f"{site.url}/news/1", 1, START), item(f"{elsewhere.url}/news/2", 2, START)])
        outlet = site.outlet(feed(site))
        async with watching(outlet, secrets={outlet.id: (("Authorization", "Basic a2V5"),)}) as watchers:
            await watchers.look()
            assert await articles(watchers) == 2
        assert {request.headers.get("Authorization") for request in site.asked} == {"Basic a2V5"}
        assert not any("Authorization" in request.headers for request in elsewhere.asked)


async def test_a_list_that_turned_over_is_paged_back_to_the_last_known_post(site: Site) -> None:
    site.publish(*range(1, 61))
    site.pages["/board"] = board(range(20, 0, -1))
    async with watching(site.outlet(listing(site))) as watchers:
        await watchers.look()
        site.pages["/board"] = board(range(60, 40, -1), 2)
        site.pages["/board?page=2"] = board(range(40, 20, -1), 3)
        site.pages["/board?page=3"] = board(range(20, 0, -1), 4)
        watchers.clock.passes(minutes=10)
        await watchers.look()
        assert await articles(watchers) == 60
        assert not (await recall_all(watchers.store)).values()
    assert "/board?page=4" not in site.paths()


async def test_notices_pinned_on_top_do_not_hide_that_a_list_turned_over(site: Site) -> None:
    site.publish(*range(1, 61))
    pinned = [1, 2, 3]
    site.pages["/board"] = board([*pinned, *range(20, 3, -1)])
    async with watching(site.outlet(listing(site))) as watchers:
        await watchers.look()
        site.pages["/board"] = board([*pinned, *range(60, 40, -1)], 2)
        site.pages["/board?page=2"] = board([*pinned, *range(40, 20, -1)], 3)
        site.pages["/board?page=3"] = board([*pinned, *range(20, 3, -1)], 4)
        watchers.clock.passes(minutes=10)
        await watchers.look()
        assert await articles(watchers) == 60


async def test_a_feed_that_turned_over_is_closed_by_another_list_of_the_site(site: Site) -> None:
    site.publish(*range(1, 51))
    site.pages["/rss"] = entries(site, range(1, 21))
    site.pages["/news/articleList.html"] = board(range(50, 10, -1))
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        site.pages["/rss"] = entries(site, range(31, 51))
        watchers.clock.passes(minutes=60)
        await watchers.look()
        assert await articles(watchers) == 50
        assert not (await recall(watchers.store, "jeonnam/dawn", site.url + "/rss")).gap


async def test_a_hole_that_cannot_be_closed_is_a_row_that_people_see(site: Site) -> None:
    site.publish(*range(1, 51))
    site.pages["/rss"] = entries(site, range(1, 21))
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        site.pages["/rss"] = entries(site, range(31, 51))
        watchers.clock.passes(minutes=60)
        await watchers.look()
        assert await articles(watchers) == 40
        assert "may be missing" in (await recall(watchers.store, "jeonnam/dawn", site.url + "/rss")).gap
        assert (await watchers.store.counts()).links_refused == 1


async def test_a_board_without_end_costs_a_bounded_visit(site: Site) -> None:
    site.pages["/board"] = board(range(20, 0, -1))
    site.publish(*range(1, 21))
    async with watching(site.outlet(listing(site))) as watchers:
        await watchers.look()

        def endless(request: web.Request) -> web.Response:
            number = int(request.query.get("page", "1"))
            posts = range(1000 + number * 20, 1020 + number * 20)
            return web.Response(text=board(posts, number + 1), content_type="text/html")

        site.pages["/board"] = endless
        watchers.clock.passes(minutes=10)
        before = len(site.asked)
        await watchers.look_once()
        assert len(site.asked) - before <= 50


async def test_validators_that_lied_are_not_believed_again(site: Site) -> None:
    site.publish(1, 2, 3)
    now = {"text": entries(site, range(1, 2))}

    def liar(request: web.Request) -> web.Response:
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        return web.Response(text=now["text"], content_type="text/xml", headers={"ETag": '"for ever"'})

    site.pages["/rss"] = liar
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        now["text"] = entries(site, range(1, 3))
        watchers.clock.passes(hours=1)
        await watchers.look()
        assert await articles(watchers) == 1
        watchers.clock.passes(hours=6)
        await watchers.look()
        assert await articles(watchers) == 2
        assert (await recall(watchers.store, "jeonnam/dawn", site.url + "/rss")).unreliable
        now["text"] = entries(site, range(1, 4))
        watchers.clock.passes(minutes=5)
        await watchers.look()
        assert await articles(watchers) == 3
    assert "If-None-Match" not in site.asked[-2].headers


async def test_honest_validators_stay_in_use_after_a_probe(site: Site) -> None:
    site.publish(1, 2)
    now = {"text": entries(site, range(1, 2)), "tag": '"1"'}

    def honest(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == now["tag"]:
            return web.Response(status=304)
        return web.Response(text=now["text"], content_type="text/xml", headers={"ETag": now["tag"]})

    site.pages["/rss"] = honest
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        now |= {"text": entries(site, range(1, 3)), "tag": '"2"'}
        watchers.clock.passes(hours=7)
        await watchers.look()
        assert await articles(watchers) == 2
        assert not (await recall(watchers.store, "jeonnam/dawn", site.url + "/rss")).unreliable


async def test_a_pause_that_was_asked_for_holds_the_whole_host(site: Site) -> None:
    site.pages["/rss"] = lambda _: web.Response(status=429, headers={"Retry-After": "600"})
    site.pages["/other"] = entries(site, range(1, 2))
    outlets = site.outlet(feed(site)), site.outlet(feed(site, "/other"), name="dusk")
    async with watching(*outlets) as watchers:
        await watchers.look()
        asked = site.paths()
        watchers.clock.passes(minutes=9)
        await watchers.look()
        assert site.paths() == asked
        watchers.clock.passes(minutes=2)
        await watchers.look()
        assert len(site.paths()) > len(asked)


async def test_sources_that_work_go_before_those_that_failed(site: Site) -> None:
    site.pages["/good"] = rss([])
    outlets = site.outlet(feed(site, "/bad")), site.outlet(feed(site, "/good"), name="dusk")
    async with watching(*outlets) as watchers:
        await watchers.look()
        watchers.clock.passes(hours=1)
        del site.asked[:]
        await watchers.look()
    assert site.paths() == ["/good", "/bad"]


async def test_a_crawl_delay_lasts_beyond_the_visit(site: Site) -> None:
    site.pages["/robots.txt"] = lambda _: web.Response(text="User-agent: *\nCrawl-delay: 30\n")
    site.pages["/rss"] = rss([])
    async with watching(site.outlet(feed(site), every=timedelta(seconds=1)), robots=True) as watchers:
        await watchers.look()
        watchers.clock.passes(seconds=29)
        assert not await watchers.store.claim_hosts(watchers.clock(), 10, timedelta(seconds=60))


async def test_when_a_selector_dies_the_page_is_read_by_other_signs_and_a_patch_is_noted(site: Site) -> None:
    site.publish(1, 2, box="story-text")
    site.pages["/rss"] = entries(site, range(1, 3))
    outlet: Outlet = site.outlet(feed(site), selectors=Selectors(body="div.article-body"))
    async with watching(outlet) as watchers:
        await watchers.look()
        stored = await watchers.store.article(f"{site.url}/news/1")
        assert stored is not None
        assert "누리셀1" in stored.article.text
        notes = await recall(watchers.store, outlet.id, site.url + "/rss")
        assert notes.bodiless == 2
        assert notes.patch.startswith("[selectors]\nbody = ")
        assert notes.sample.startswith(f"{site.url}/news/")
        site.publish(3)
        site.pages["/rss"] = entries(site, range(1, 4))
        watchers.clock.passes(minutes=10)
        await watchers.look()
        assert not (await recall(watchers.store, outlet.id, site.url + "/rss")).bodiless


async def test_the_first_look_at_an_archive_reads_its_newest_and_remembers_the_rest(site: Site) -> None:
    site.publish(*range(1, 201), at=START - timedelta(days=30))
    old = START - timedelta(days=30)
    site.pages["/rss"] = rss(item(f"{site.url}/news/{n}", n, old) for n in range(1, 201))
    async with watching(site.outlet(feed(site))) as watchers:
        await watchers.look()
        counts = await watchers.store.counts()
        assert (counts.articles, counts.links_refused) == (60, 140)
        assert not await watchers.store.unseen([article_key(f"{site.url}/news/{n}") for n in range(1, 201)])
