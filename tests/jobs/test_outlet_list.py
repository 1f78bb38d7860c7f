"""Who told a story is listed once below its alert, and edited there."""

import io
from datetime import timedelta
from typing import Any

import pytest

from monitor.jobs.compose import compose
from monitor.jobs.deliver import Postroom, deliver
from monitor.model import AlertKind, DeliveryState, Stage
from monitor.notify import Console, Manners
from monitor.store import OUTLETS, Store
from tests.jobs.owed import firm, publish
from tests.notify.desk import Desk, open_slack, words_of
from tests.town import Clock


def manners(**more: Any) -> Manners:
    return Manners(pace=timedelta(0), burst=0, fold=0, **more)


def thread_of(desk: Desk) -> list[dict[str, Any]]:
    above = desk.posts[0]
    return [one for one in desk.shown if one.get("thread_ts") == above["ts"]]


async def later(room: Postroom, clock: Clock, minutes: int = 4) -> None:
    for _ in range(minutes):
        clock.passes(minutes=1)
        await room.tick()


@pytest.mark.parametrize("fault", ["", "drop", "500", "reset"])
async def test_outlets_are_listed_once_below_the_alert_and_the_list_is_edited_then(
    store: Store, desk: Desk, clock: Clock, fault: str
) -> None:
    async with open_slack(desk, now=clock, manners=manners(settle=timedelta(seconds=5))) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 1, clock(), "desk")
        await later(room, clock)
        assert thread_of(desk) == []
        await publish(store, 1, clock(), "desk", telling=1)
        desk.faults.extend(["", fault])  # the edit, then the list
        await later(room, clock)
        (first,) = [one["text"] for one in thread_of(desk)]
        for telling in (2, 3):
            await publish(store, 1, clock(), "desk", telling=telling)
        desk.faults.extend(["", fault])
        await later(room, clock)

    (listed,) = thread_of(desk)
    assert [name in first for name in ("전한 매체 2곳", "소식0", "소식1", "소식2")] == [True, True, True, False]
    assert listed["text"].startswith("전한 매체 4곳")
    assert [listed["text"].count(f"소식{telling}") for telling in range(4)] == [1, 1, 1, 1]
    assert "blocks" not in listed


async def test_a_list_that_was_shown_before_a_kill_is_not_shown_again(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners(settle=timedelta(seconds=5))) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        story = await publish(store, 1, clock(), "desk")
        await room.tick()
        await publish(store, 1, clock(), "desk", telling=1)
        clock.passes(minutes=1)
        alert = (await store.deliveries(story))[0]
        key = await store.owe("desk", OUTLETS, alert.id, clock(), subject=story, story=story)
        row = await store.claim_delivery("desk", clock())
        assert row is not None
        message = await compose((row,), store=store, language="ko")
        assert message is not None
        await slack.send(message)  # … and killed before the mark
        clock.passes(minutes=2)
        await later(Postroom(store=store, notifiers={"desk": slack}, now=clock), clock)

    assert [one["metadata"]["event_payload"]["id"] for one in thread_of(desk)] == [key]
    assert {each.state for each in await store.deliveries(story)} == {DeliveryState.SENT}


async def test_lists_below_fill_no_hour(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners(budget=2)) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 1, clock(), "desk")
        await room.tick()
        await publish(store, 1, clock(), "desk", telling=1)
        await later(room, clock)
        again = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 2, clock(), "desk")
        await later(again, clock)

    assert len(desk.posts) == 2
    assert len(desk.shown) == 3


async def test_a_receiver_without_edits_gets_no_list(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners(edits=None)) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        for telling in range(3):
            await publish(store, 1, clock(), "desk", telling=telling)
            await later(room, clock)

    assert len(desk.shown) == 1


async def test_a_list_owed_to_a_channel_that_has_no_threads_any_more_is_not_told(store: Store, clock: Clock) -> None:
    story = await publish(store, 1, clock())
    await store.owe("desk", OUTLETS, "d1", clock(), subject=story, story=story)
    printed = io.StringIO()

    await deliver(store=store, notifiers={"desk": Console("desk", stream=printed, now=clock)}, now=clock)

    assert printed.getvalue() == ""
    assert [each.state for each in await store.deliveries(story)] == [DeliveryState.FAILED]


async def test_a_new_stage_links_the_alert_and_not_what_stands_below_it(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=manners()) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 1, clock(), "desk", party=7)
        await room.tick()
        await publish(store, 1, clock(), "desk", telling=1, party=7)
        await later(room, clock)
        await publish(store, 2, clock(), "desk", kind=AlertKind.STAGE, stage=Stage.BUILD, party=7)
        await later(room, clock)

    assert len(thread_of(desk)) == 2  # the list, and where the deal went on
    linked = [one["message_ts"] for one in desk.asked("chat.getPermalink")]
    assert linked == [desk.posts[0]["ts"]]
    assert firm(2) in words_of(desk.posts[1])
