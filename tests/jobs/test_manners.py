"""Quiet hours, budgets, a receiver's own time for edits, and new facts told once below their alert."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.jobs.deliver import Postroom, deliver
from monitor.model import Deal, Money, Stage
from monitor.notify import Manners, Quiet
from monitor.store import Store
from tests.jobs.owed import firm, publish
from tests.notify.desk import Desk, open_desk, open_slack, words_of
from tests.store.databases import any_store
from tests.town import Clock

EVENING = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)  # 21:30 in Korea


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with any_store() as opened:
        yield opened


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


def manners(**more: object) -> Manners:
    return Manners(pace=timedelta(0), burst=0, fold=0, **more)  # type: ignore[arg-type]


async def test_alerts_of_quiet_hours_wait_and_come_as_one_list(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners(quiet=Quiet(time(22), time(7)))) as slack:
        await publish(store, 1, clock(), "desk")
        assert await deliver(store=store, notifiers={"desk": slack}, now=clock) == 1

        clock.passes(hours=1)
        for number in (2, 3, 4):
            await publish(store, number, clock(), "desk")
            clock.passes(hours=2)
            assert await deliver(store=store, notifiers={"desk": slack}, now=clock) == 0

        clock.passes(hours=4)  # 08:30
        assert await deliver(store=store, notifiers={"desk": slack}, now=clock) == 1

    assert len(desk.ids) == 4
    assert "밀린 알림 3건" in words_of(desk.posts[1])


async def test_a_full_hour_makes_the_others_wait(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners(budget=2)) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        for number in range(5):
            await publish(store, number, clock(), "desk")
            await room.tick()
            clock.passes(minutes=2)
        assert len(desk.posts) == 2
        clock.passes(hours=1)
        await room.tick()

    assert len(desk.posts) == 3
    assert len(set(desk.ids)) == 5


async def test_a_restart_does_not_empty_the_hours_account(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners(budget=2)) as slack:
        for number in range(5):
            await publish(store, number, clock(), "desk")
            await deliver(store=store, notifiers={"desk": slack}, now=clock)  # a lane of its own each time
            clock.passes(minutes=2)
        assert len(desk.posts) == 2
        clock.passes(hours=1)
        await deliver(store=store, notifiers={"desk": slack}, now=clock)
        assert len(desk.posts) == 3  # the waiting three are one message …
        for number in (5, 6):
            await publish(store, number, clock(), "desk")
            await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert len(desk.posts) == 4  # … and count as one
    assert len(set(desk.ids)) == 6


@pytest.mark.parametrize(("own", "early", "late"), [(10, 9, 2), (90, 80, 15)])
async def test_a_receiver_says_how_long_news_is_collected(
    store: Store, desk: Desk, clock: Clock, *, own: int, early: int, late: int
) -> None:
    async with open_slack(desk, now=clock, manners=manners(edits=timedelta(seconds=own))) as slack:
        await publish(store, 1, clock(), "desk")
        await deliver(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 1, clock(), "desk", telling=1)
        clock.passes(seconds=early)
        await deliver(store=store, notifiers={"desk": slack}, now=clock)
        assert desk.asked("chat.update") == []
        clock.passes(seconds=late)
        await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert len(desk.asked("chat.update")) == 1


@pytest.mark.parametrize("fault", ["", "drop", "500"])
async def test_a_new_fact_edits_the_alert_and_is_said_once_below_it(
    store: Store, desk: Desk, clock: Clock, fault: str
) -> None:
    bare = Deal(Stage.MOU, companies=(firm(1),), sido=("전라남도",))
    full = Deal(Stage.MOU, Money(320e8, "KRW", "320억원"), companies=(firm(1),), sido=("전라남도",))
    async with open_slack(desk, now=clock, manners=manners(settle=timedelta(seconds=5))) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 1, clock(), "desk", deals=(bare,))
        await room.tick()
        await publish(store, 1, clock(), "desk", telling=1, deals=(full,))
        clock.passes(minutes=1)
        desk.faults.extend(["", fault])  # the edit, then the note
        for _ in range(6):
            await room.tick()
            clock.passes(minutes=1)

    (post,) = desk.posts
    below = [one for one in desk.shown if one.get("thread_ts") == post["ts"]]
    notes = [one for one in below if one["metadata"]["event_payload"]["kind"] == "note"]
    assert "320억원" in words_of(post)
    assert len(notes) == 1
    assert "금액: 미공개 → 320억원 (소식1)" in notes[0]["text"]
