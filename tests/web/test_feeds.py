"""Every list is a feed: what of it is news, once, with a link to this board."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import pytest
from defusedxml.ElementTree import fromstring

from monitor.model import Stage, StoryId
from monitor.store import PollResult
from monitor.web.serve import ADDRESSES, ATOM
from tests.web.boards import NOW, OUTLET, Board

NAMES = {"a": "http://www.w3.org/2005/Atom"}
FEEDS = [each.stem for each in ADDRESSES if ATOM in each.forms and "{" not in each.stem]


@dataclass(frozen=True)
class Told:
    """One entry as a feed reader sees it."""

    id: str
    title: str
    link: str
    updated: str
    summary: str


async def feed(board: Board, path: str) -> list[Told]:
    answer = await board.client.get(path)
    assert (answer.status, answer.content_type) == (200, "application/atom+xml"), path
    entries = fromstring(await answer.read()).findall("a:entry", NAMES)
    return [
        Told(
            *(entry.findtext(f"a:{name}", "", NAMES) for name in ("id", "title")),
            entry.find("a:link[@rel='alternate']", NAMES).get("href"),
            *(entry.findtext(f"a:{name}", "", NAMES) for name in ("updated", "summary")),
        )
        for entry in entries
    ]


async def fail(board: Board) -> None:
    url = OUTLET.sources[0].url
    for minute in range(1, 5):
        at = NOW + timedelta(minutes=minute)
        await board.store.record_poll(
            PollResult(OUTLET.id, url, ok=False, at=at, next_poll_at=at, status=503, error="HTTP 503")
        )


async def speak(board: Board) -> None:
    token = await board.sign_in()
    answer = await board.client.post("/stories/s1/verdict", data={"form_token": token, "value": "useful"})
    assert answer.status == 200, await answer.text()


@pytest.mark.parametrize("stem", FEEDS)
async def test_entries_have_their_own_ids_and_lead_to_pages_of_this_board(open_board: Board, stem: str):
    await fail(open_board)
    await speak(open_board)
    told = await feed(open_board, f"{stem}.atom")
    assert told
    assert len({each.id for each in told}) == len(told)
    for each in told:
        assert each.id.startswith("tag:bongsu,2026:")
        assert each.title.strip()
        assert each.updated
        path = each.link.removeprefix(open_board.base)
        assert path.startswith("/")
        assert (await open_board.client.get(path)).status == 200, path


async def test_every_list_that_is_a_spreadsheet_is_a_feed_too():
    lists = {"/today", "/deals", "/search", "/regions", "/outlets", "/feedback", "/radar", "/completeness"}
    assert set(FEEDS) == lists


async def test_a_deal_is_news_again_at_its_next_stage(open_board: Board):
    before = await feed(open_board, "/deals.atom")
    deal = (await open_board.store.deals_of(StoryId("s1")))[0]
    await open_board.store.correct_stage(deal.id, Stage.BUILD, "web", NOW)
    after = await feed(open_board, "/deals.atom")
    assert len(after) == len(before)
    new = {each.id for each in after} - {each.id for each in before}
    assert new == {f"tag:bongsu,2026:deal/{quote(deal.id, safe='')}/build"}


async def test_a_promise_is_news_when_its_year_of_silence_is_full(open_board: Board):
    (told,) = await feed(open_board, "/radar.atom")
    assert "묵은전지" in told.title
    assert told.updated.startswith(f"{NOW - timedelta(days=500 - 365):%Y-%m-%d}")


async def test_only_outlets_in_trouble_are_news(open_board: Board):
    assert await feed(open_board, "/outlets.atom") == []
    await fail(open_board)
    (told,) = await feed(open_board, "/outlets.atom")
    assert told.title == "실패 중 · gwangju · 한낮신문"
    assert "503" in told.summary


async def test_months_that_are_over_say_where_their_deals_were(open_board: Board):
    told = await feed(open_board, "/regions.atom?lang=en")
    assert [each.title for each in told][:2] == ["2026-02 · 0", "2026-01 · 0"]
    assert len(told) == 11


async def test_a_story_that_one_channel_lacks_says_which(open_board: Board):
    told = await feed(open_board, "/completeness.atom?lang=en")
    assert {each.summary for each in told} == {"Only in the press"}
