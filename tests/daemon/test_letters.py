"""Receivers become channels and digests as the configuration says, with links that only we can have made."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta

import pytest

from monitor.daemon import limits_of, notifiers_of, subscriptions_of
from monitor.fetch import Fetcher
from monitor.model import Route, Stage, StoryId, When
from monitor.notify import DigestChannel, Pen, Quiet, Smtp
from monitor.settings import ReceiverTable, Settings, load

PEN = Pen("a key of a test")
BASE = "https://board.example"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("BONGSU_TEST_TOKEN", "xoxb-test")
    shipped = load()
    desk = {"kind": "slack", "channel": "C1", "token_env": "BONGSU_TEST_TOKEN", "quiet": "22:00-07:00", "budget": 6}
    mail = {"kind": "email", "to": ["a@desk.example"], "sender": "b@desk.example", "smtp": "127.0.0.1:25"}
    receivers = {
        "desk": ReceiverTable.model_validate(desk | {"edits": "2m", "digest_at": "08:15"}),
        "morning": ReceiverTable.model_validate(mail | {"skip_empty": False}),
        "south": ReceiverTable.model_validate(desk),
    }
    routes = (Route("desk", When.BOTH), Route("south", min_stage=Stage.CONTRACT), Route("morning", When.DIGEST))
    web = shipped.monitor.web.model_copy(update={"public_url": BASE + "/"})
    return replace(shipped, receivers=receivers, routes=routes, monitor=shipped.monitor.model_copy(update={"web": web}))


@pytest.fixture
async def fetcher(settings: Settings) -> AsyncIterator[Fetcher]:
    async with Fetcher(limits_of(settings)) as opened:
        yield opened


async def test_digests_go_to_mail_and_to_whom_a_route_sends_them(settings: Settings, fetcher: Fetcher) -> None:
    found = subscriptions_of(settings, notifiers_of(settings, fetcher), PEN)

    assert set(found) == {"desk", "morning"}
    assert isinstance(found["desk"].mailer, DigestChannel)
    assert isinstance(found["morning"].mailer, Smtp)
    assert found["desk"].timetable.at == time(8, 15)
    assert found["morning"].timetable.at == time(7, 30)
    assert not found["morning"].skips_empty


async def test_links_of_a_letter_say_who_asks(settings: Settings, fetcher: Fetcher) -> None:
    morning = subscriptions_of(settings, notifiers_of(settings, fetcher), PEN)["morning"]

    assert morning.unsubscribe
    assert morning.dislike
    assert morning.detail
    wish = PEN.read_leave(morning.unsubscribe("a@desk.example").removeprefix(f"{BASE}/u/"))
    said = PEN.read_feedback(morning.dislike("a@desk.example", StoryId("s1")).removeprefix(f"{BASE}/f/"))
    assert wish is not None
    assert (wish.receiver, wish.address) == ("morning", "a@desk.example")
    assert said is not None
    assert (said.story, said.verdict, said.who) == ("s1", "irrelevant", "a@desk.example")
    assert morning.detail(StoryId("s1")) == f"{BASE}/stories/s1"


async def test_without_a_public_address_no_link_is_made(settings: Settings, fetcher: Fetcher) -> None:
    inward = settings.monitor.model_copy(update={"web": settings.monitor.web.model_copy(update={"public_url": ""})})
    morning = subscriptions_of(replace(settings, monitor=inward), notifiers_of(settings, fetcher), PEN)["morning"]

    assert (morning.unsubscribe, morning.dislike, morning.detail) == (None, None, None)


async def test_manners_are_those_of_the_table(settings: Settings, fetcher: Fetcher) -> None:
    manners = notifiers_of(settings, fetcher)["desk"].manners

    assert manners.quiet == Quiet(time(22), time(7))
    assert manners.budget == 6
    assert manners.edits == timedelta(minutes=2)
    assert manners.pace == timedelta(milliseconds=1020)
