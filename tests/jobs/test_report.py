"""An article that a reader shows us is read like any other, and they are told what we know of it."""

import pytest

from monitor.daemon import judge_of, newsroom
from monitor.fetch import Fence, Fetcher, Limits
from monitor.jobs.newsroom import Newsroom
from monitor.jobs.report import FINDER, STRAY, take
from monitor.jobs.visit import visit
from monitor.model import OutletId
from monitor.notify import Report, Slack
from monitor.settings import shipped
from monitor.store import Store, host_of
from tests.notify.desk import Desk
from tests.town import Clock
from tests.town import Newsroom as Paper

TEXT = "광주광역시는 4일 누리소재와 첨단산단에 공장을 짓는 투자협약을 맺었다. 누리소재는 320억원을 들인다. " * 4


@pytest.fixture
async def paper():
    async with Paper() as opened:
        opened.publish(1, "광주시, 누리소재와 320억원 투자협약", TEXT)
        yield opened


@pytest.fixture
async def room(tmp_path, store: Store, slack: Slack, clock: Clock, paper: Paper):
    settings = shipped(store=f"sqlite+aiosqlite:///{tmp_path}/none.db", allow=paper.place, port=0)
    limits = Limits(allow_private=(paper.place,))
    async with Fetcher(limits, now=clock) as fetcher, Fence() as fence:
        yield newsroom(settings, store, fetcher, fence, judge_of(settings), now=clock, notifiers={"desk": slack})


async def read_all(room: Newsroom, clock: Clock) -> None:
    for lease in await room.store.claim_hosts(clock(), 10, room.tempo.lease):
        await visit(lease, room)


async def test_a_shown_article_is_read_and_the_reader_is_told(
    room: Newsroom, paper: Paper, desk: Desk, clock: Clock
) -> None:
    url = f"{paper.url}/news/1"

    await take(Report(url, "U1", "C7"), room=room)
    clock.passes(seconds=1)
    await read_all(room, clock)
    await take(Report(url, "U2", "C7"), room=room)

    trace = await room.store.trace((await room.store.verdicts("reported"))[0].subject)
    assert trace.link.outlet_id == STRAY
    assert trace.link.source_url == FINDER
    assert trace.stored.article.title == "광주시, 누리소재와 320억원 투자협약"
    taken, known = desk.asked("chat.postEphemeral")
    assert (taken["user"], taken["channel"]) == ("U1", "C7")
    assert "받았습니다" in taken["text"]
    assert "이미 알렸습니다 (console)" in known["text"]
    assert [one.who for one in await room.store.verdicts("reported")] == ["slack:U1", "slack:U2"]


async def test_an_article_of_a_known_host_is_its_outlets(room: Newsroom, paper: Paper, tmp_path, clock: Clock) -> None:
    outlet = paper.outlet()
    room.outlets[outlet.id] = outlet  # type: ignore[index]

    await take(Report(f"{paper.url}/news/1", "U1", "C1"), room=room)

    (pending,) = await room.store.pending_links(host_of(paper.url), clock(), 5)
    assert pending.outlet_id == OutletId("gwangju/dawn")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "주소가 없습니다"),
        ("http://169.254.169.254/latest", "받았습니다"),
    ],
)
async def test_what_cannot_be_read_is_said_or_refused_later(
    room: Newsroom, desk: Desk, clock: Clock, url: str, words: str
) -> None:
    await take(Report(url, "U1", "C1"), room=room)
    clock.passes(seconds=1)
    await read_all(room, clock)

    assert words in desk.asked("chat.postEphemeral")[0]["text"]
    if url:
        await take(Report(url, "U1", "C1"), room=room)
        assert "읽을 수 없던 주소" in desk.asked("chat.postEphemeral")[1]["text"]
