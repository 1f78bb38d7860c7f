"""A visit from poll to owed alert, on real sockets and a real store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitor.daemon import judge_of
from monitor.dedup import article_key
from monitor.fetch import Fence, Fetcher, Limits
from monitor.jobs.judge import Judge
from monitor.jobs.newsroom import Newsroom as Room
from monitor.jobs.newsroom import Tempo
from monitor.jobs.visit import visit
from monitor.model import Outlet, Route
from monitor.settings import SHIPPED, load
from monitor.store import Store
from tests.store.databases import any_store
from tests.town import Clock, Newsroom

RELEASE = (
    "광주광역시는 배터리 소재 기업 ㈜누리셀과 첨단3지구에 공장을 짓는 투자협약을 체결했다고 4일 밝혔다.",
    "협약에 따라 ㈜누리셀은 2028년까지 1200억원을 들여 첨단3지구 터에 공장을 세우고 180명을 새로 고용한다.",
    "광주광역시는 인허가와 기반시설을 지원하고 지역 대학과 함께 인력을 기르기로 했다.",
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    built = judge_of(load(str(SHIPPED)))
    return Judge(built.reader, built.grader, (Route("desk"),))


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with any_store() as opened:
        yield opened


class Town:
    """Newsrooms, one monitor and its clock."""

    def __init__(self, room: Room, clock: Clock) -> None:
        self.room = room
        self.clock = clock

    async def look(self) -> None:
        """Visit every host that is due."""
        while leases := await self.room.store.claim_hosts(self.clock(), 10, self.room.tempo.lease):
            await asyncio.gather(*(visit(lease, self.room) for lease in leases))


async def settle_in(papers: list[Newsroom], store: Store, judge: Judge, fetcher: Fetcher, fence: Fence) -> Town:
    clock = Clock()
    outlets: list[Outlet] = [paper.outlet(f"paper{number}") for number, paper in enumerate(papers)]
    await store.sync_outlets(outlets, clock())
    room = Room(store, fetcher, fence, judge, {each.id: each for each in outlets}, Tempo(), clock, lambda: 0.5)
    return Town(room, clock)


@pytest.fixture
async def papers() -> AsyncIterator[list[Newsroom]]:
    async with Newsroom("새벽신문") as dawn, Newsroom("저녁신문") as dusk:
        yield [dawn, dusk]


@pytest.fixture
async def town(papers: list[Newsroom], store: Store, judge: Judge) -> AsyncIterator[Town]:
    limits = Limits(allow_private=tuple(paper.place for paper in papers), gap=timedelta(0))
    async with Fetcher(limits) as fetcher, Fence() as fence:
        yield await settle_in(papers, store, judge, fetcher, fence)


async def owed(town: Town) -> int:
    return len(await town.room.store.owed(town.clock()))


async def test_two_papers_in_the_same_second_are_one_alert(town: Town, papers: list[Newsroom]) -> None:
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE)
    papers[1].publish(9, "누리셀, 광주에 배터리 소재 공장", *RELEASE)
    await town.look()
    assert await owed(town) == 1
    assert (await town.room.store.counts()).stories == 1


async def test_a_second_look_brings_only_what_is_new(town: Town, papers: list[Newsroom]) -> None:
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE)
    await town.look()
    town.clock.passes(minutes=10)
    papers[0].publish(2, "시립도서관 독서교실 참가자 모집", "시립도서관은 여름 독서교실을 연다.", at=town.clock())
    await town.look()
    assert papers[0].asked.count("article 1") == 1
    assert papers[0].asked.count("article 2") == 1
    assert await owed(town) == 1


async def test_the_first_look_at_an_old_feed_alerts_nobody(town: Town, papers: list[Newsroom]) -> None:
    for number in range(20):
        at = town.clock() - timedelta(hours=7 + number)
        papers[0].publish(number, f"광주시, ㈜누리셀{number}과 {number + 10}00억원 투자협약", *RELEASE, at=at)
    await town.look()
    assert (await town.room.store.counts()).articles == 20
    assert await owed(town) == 0


async def test_an_unchanged_feed_is_not_read_again(town: Town, papers: list[Newsroom]) -> None:
    papers[0].etag = '"1"'
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE)
    await town.look()
    town.clock.passes(minutes=10)
    await town.look()
    assert papers[0].asked.count("feed") == 2
    states = {state.url: state for state in await town.room.store.sources()}
    assert states[papers[0].url + "/rss"].failures == 0


async def test_a_broken_source_is_a_row_and_recovers_by_itself(town: Town, papers: list[Newsroom]) -> None:
    papers[0].feed_text = "<html><body><form>로그인 <input type=password></form></body></html>"
    await town.look()
    state = next(each for each in await town.room.store.sources() if each.url.startswith(papers[0].url))
    assert state.failures == 1
    assert "NotAList" in state.error
    papers[0].feed_text = ""
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE)
    town.clock.passes(minutes=10)
    await town.look()
    assert await owed(town) == 1


async def test_an_article_that_is_not_there_is_tried_again_then_listed_as_refused(
    town: Town, papers: list[Newsroom]
) -> None:
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE)
    papers[0].articles[1].status = 404
    await town.look()
    assert (await town.room.store.counts()).links_pending == 1
    town.clock.passes(hours=1)
    await town.look()
    counts = await town.room.store.counts()
    assert (counts.links_pending, counts.links_refused, counts.articles) == (0, 1, 0)


async def test_a_server_error_does_not_lose_the_article(town: Town, papers: list[Newsroom]) -> None:
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE)
    papers[0].articles[1].status = 503
    for _ in range(5):
        await town.look()
        town.clock.passes(minutes=40)
    papers[0].articles[1].status = 200
    await town.look()
    assert (await town.room.store.counts()).articles == 1


async def test_a_date_in_the_future_is_the_time_it_was_found(town: Town, papers: list[Newsroom]) -> None:
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE, at=town.clock() + timedelta(hours=9))
    await town.look()
    stored = await town.room.store.article(papers[0].url + "/news/1")
    assert stored is not None
    assert stored.article.published_at == town.clock()
    assert await owed(town) == 1


async def test_news_found_days_late_goes_to_the_digest_and_alerts_nobody(town: Town, papers: list[Newsroom]) -> None:
    await town.look()
    town.clock.passes(days=4)
    papers[0].publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE, at=town.clock() - timedelta(days=3))
    papers[0].publish(2, "광주시, ㈜다온셀과 700억원 투자협약", *RELEASE[:1], at=town.clock() - timedelta(days=60))
    await town.look()
    assert await owed(town) == 0
    late = await town.room.store.trace(article_key(papers[0].url + "/news/1"))
    older = await town.room.store.trace(article_key(papers[0].url + "/news/2"))
    assert [alert.when for alert in late.alerts] == ["digest"]
    assert not older.alerts


async def test_a_visit_is_bounded_and_says_that_there_is_more(town: Town, papers: list[Newsroom]) -> None:
    for number in range(70):
        papers[0].publish(number, f"시립도서관 소식 {number}", f"시립도서관은 {number}번째 소식을 알린다.")
    (lease, *_) = [
        each
        for each in await town.room.store.claim_hosts(town.clock(), 10, town.room.tempo.lease)
        if each.host == papers[0].place
    ]
    assert await visit(lease, town.room)
    assert len(papers[0].asked) == 41
    await town.look()
    assert (await town.room.store.counts()).articles == 70
