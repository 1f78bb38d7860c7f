"""What is owed arrives once, in order, whatever the channel does: a real store, a Slack on 127.0.0.1."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest

from monitor.jobs.deliver import Postroom, deliver
from monitor.jobs.press import hear
from monitor.model import AlertKind, DeliveryState, Stage, StoryId
from monitor.notify import Manners, Message, Press, Receipt, Slack
from monitor.store import Store
from tests.jobs.owed import firm, publish
from tests.notify.desk import QUICK, TOKEN, Desk, open_desk, open_slack, words_of
from tests.town import Clock


async def run_until_quiet(room: Postroom, clock: Clock, *, step: float = 5, patience: float = 60) -> None:
    """Tick on, with time passing, until nothing has been shown for a while."""
    quiet = 0
    for _ in range(200):
        quiet = 0 if await room.tick() else quiet + 1
        clock.passes(seconds=step)
        if quiet > patience // step:
            return


async def state_of(store: Store, story: str) -> DeliveryState:
    (row,) = await store.deliveries(story)  # type: ignore[arg-type]
    return row.state


async def test_owed_alerts_arrive_once_and_in_order(store: Store, slack: Slack, desk: Desk, clock: Clock) -> None:
    for number in range(8):
        await publish(store, number, clock(), "desk")

    shown = [await deliver(store=store, notifiers={"desk": slack}, now=clock) for _ in range(3)]

    assert shown == [8, 0, 0]
    assert [firm(number) in words_of(post) for number, post in enumerate(desk.posts)] == [True] * 8


async def test_a_second_telling_with_another_stage_makes_no_second_alert(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    await publish(store, 1, clock(), "desk")
    await publish(store, 1, clock(), "desk", telling=1)

    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert len(desk.posts) == 1


@pytest.mark.parametrize("fault", ["drop", "500", "reset", "503", "html", "429:3"])
async def test_a_failed_call_loses_and_doubles_nothing(
    store: Store, slack: Slack, desk: Desk, clock: Clock, fault: str
) -> None:
    for number in range(6):
        await publish(store, number, clock(), "desk")
    desk.faults.extend(["", fault, "", fault, fault, ""])

    await run_until_quiet(Postroom(store=store, notifiers={"desk": slack}, now=clock), clock)

    assert len(desk.ids) == len(set(desk.ids)) == 6


async def test_a_lost_answer_is_looked_up_before_anything_is_repeated(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    story = await publish(store, 1, clock(), "desk")
    desk.faults.append("drop")

    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert await state_of(store, story) is DeliveryState.SENT
    assert len(desk.asked("chat.postMessage")) == 1
    assert len(desk.asked("conversations.history")) == 1


async def test_a_message_is_not_repeated_before_it_had_time_to_appear(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    await publish(store, 1, clock(), "desk")
    room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
    desk.faults.append("reset")
    await room.tick()

    clock.passes(seconds=9)
    await room.tick()
    too_early = len(desk.asked("chat.postMessage"))
    clock.passes(seconds=2)
    await room.tick()

    assert (too_early, len(desk.posts)) == (1, 1)


async def test_an_uncertain_message_holds_up_nobody(store: Store, slack: Slack, desk: Desk, clock: Clock) -> None:
    for number in range(3):
        await publish(store, number, clock(), "desk")
    desk.faults.append("reset")

    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert [firm(number) in str(desk.posts) for number in range(3)] == [False, True, True]


async def test_a_refused_message_is_shortened_and_the_others_are_not_kept_waiting(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    for number in range(4):
        await publish(store, number, clock(), "desk")
    desk.refuse = lambda payload: "invalid_blocks" if firm(1) in str(payload.get("blocks")) else ""

    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert len(desk.posts) == 4
    assert "blocks" not in desk.posts[1]
    assert firm(1) in desk.posts[1]["text"]


async def test_a_message_refused_in_every_form_fails_and_the_operator_hears_of_it(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    for number in range(3):
        await publish(store, number, clock(), "desk")
    desk.refuse = lambda payload: "msg_too_long" if firm(1) in str(payload) else ""

    async with AsyncExitStack() as doors:
        ops_desk = await doors.enter_async_context(open_desk())
        ops = await doors.enter_async_context(open_slack(ops_desk, name="ops", now=clock))
        room = Postroom(store=store, notifiers={"desk": slack, "ops": ops}, now=clock, ops="ops")
        await room.tick()
        await room.tick()

        assert len(desk.posts) == 2
        assert "msg_too_long" in ops_desk.posts[0]["text"]


@pytest.mark.parametrize("error", ["channel_not_found", "token_revoked", "is_archived", "invalid_auth"])
async def test_a_channel_that_needs_a_person_is_left_alone_and_resumes(
    store: Store, slack: Slack, desk: Desk, clock: Clock, error: str
) -> None:
    for number in range(3):
        await publish(store, number, clock(), "desk")
    desk.outage = f"error:{error}"
    async with AsyncExitStack() as doors:
        ops_desk = await doors.enter_async_context(open_desk())
        ops = await doors.enter_async_context(open_slack(ops_desk, name="ops", now=clock))
        room = Postroom(store=store, notifiers={"desk": slack, "ops": ops}, now=clock, ops="ops")

        for _ in range(600):
            await room.tick()
            clock.passes(seconds=1)
        calls = len(desk.calls)
        told = [post["text"] for post in ops_desk.posts]
        desk.outage = ""
        await run_until_quiet(room, clock, step=20, patience=400)

        assert calls <= 5
        assert len(told) == 1
        assert error in told[0]
        assert len(desk.ids) == len(set(desk.ids)) == 3
        assert "resumed" in ops_desk.posts[-1]["text"]


@pytest.mark.parametrize("header", ["86400", "9" * 20, "-7", "", "soon", "0", "Wed, 21 Oct 2065 07:28:00 GMT"])
async def test_a_strange_retry_after_makes_no_busy_loop(
    store: Store, slack: Slack, desk: Desk, clock: Clock, header: str
) -> None:
    await publish(store, 1, clock(), "desk")
    desk.outage = f"429:{header}"
    room = Postroom(store=store, notifiers={"desk": slack}, now=clock)

    for _ in range(600):
        await room.tick()
        clock.passes(seconds=1)

    assert len(desk.calls) <= 2


@pytest.mark.parametrize("mode", ["503", "reset", "429:3", "500"])
async def test_an_hour_without_slack_costs_few_calls_and_loses_nothing(
    store: Store, slack: Slack, desk: Desk, clock: Clock, mode: str
) -> None:
    room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
    desk.outage = mode
    for second in range(3600):
        if second % 360 == 0:
            await publish(store, second, clock(), "desk")
        await room.tick()
        clock.passes(seconds=1)
    calls = len(desk.calls)
    desk.outage = ""
    back = clock()
    while not desk.posts:
        await room.tick()
        clock.passes(seconds=1)
    first = clock() - back
    await run_until_quiet(room, clock)

    assert calls <= 100
    assert first <= timedelta(seconds=60)
    told = [next(number for number in range(0, 3600, 360) if firm(number) in str(post)) for post in desk.posts]
    assert told == sorted(told)
    assert len(told) == 10


async def test_a_long_backlog_is_folded_and_names_each_story_once(store: Store, desk: Desk, clock: Clock) -> None:
    for number in range(40):
        await publish(store, number, clock(), "desk")
    async with open_slack(desk, now=clock, manners=Manners(pace=timedelta(0), burst=0, fold=30)) as slack:
        await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert len(desk.posts) == 3
    shown = "".join(str(post["blocks"]) for post in desk.posts)
    assert [shown.count(firm(number) + " ") for number in range(40)] == [1] * 40
    assert all("32억원" not in str(post) or len(words_of(post)) < 16_000 for post in desk.posts)


async def test_a_burst_becomes_one_list(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=Manners(pace=timedelta(0), burst=5, fold=0)) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        for number in range(12):
            await publish(store, number, clock(), "desk")
        await run_until_quiet(room, clock, step=2)

    assert len(desk.posts) == 6
    assert all(firm(number) in str(desk.posts[-1]) for number in range(5, 12))


async def test_a_list_that_is_refused_is_told_one_by_one(store: Store, desk: Desk, clock: Clock) -> None:
    desk.refuse = lambda payload: "invalid_blocks" if payload["metadata"]["event_payload"]["story"] == "" else ""
    for number in range(6):
        await publish(store, number, clock(), "desk")
    async with open_slack(desk, now=clock, manners=Manners(pace=timedelta(0), burst=0, fold=3)) as slack:
        await run_until_quiet(Postroom(store=store, notifiers={"desk": slack}, now=clock), clock)

    assert len(desk.posts) == len(set(desk.ids)) == 6


async def test_a_lost_answer_to_a_list_tells_no_member_again(store: Store, desk: Desk, clock: Clock) -> None:
    desk.faults.append("drop")
    for number in range(6):
        await publish(store, number, clock(), "desk")
    async with open_slack(desk, now=clock, manners=Manners(pace=timedelta(0), burst=0, fold=3)) as slack:
        await run_until_quiet(Postroom(store=store, notifiers={"desk": slack}, now=clock), clock)

    assert len(desk.posts) == 1
    assert len(desk.ids) == 6


async def test_later_tellings_edit_the_message_once_they_are_collected(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
    await publish(store, 1, clock(), "desk")
    await room.tick()
    for telling in range(1, 15):
        await publish(store, 1, clock(), "desk", telling=telling)
        await room.tick()
        clock.passes(seconds=1)
    clock.passes(seconds=45)
    await room.tick()

    assert len(desk.posts) == 1
    assert len(desk.asked("chat.update")) == 1
    assert "외 14개 매체" in words_of(desk.posts[0])


async def test_a_receiver_without_edits_is_left_with_what_it_was_told(store: Store, desk: Desk, clock: Clock) -> None:
    manners = Manners(pace=timedelta(0), burst=0, fold=0, edits=None)
    async with open_slack(desk, now=clock, manners=manners) as slack:
        room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
        await publish(store, 1, clock(), "desk")
        await room.tick()
        await publish(store, 1, clock(), "desk", telling=1)
        clock.passes(minutes=5)
        await room.tick()

    assert desk.asked("chat.update") == []


async def test_a_new_stage_is_a_new_message_that_links_the_old_one(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
    await publish(store, 1, clock(), "desk", party=7)
    await room.tick()
    clock.passes(days=30)
    await publish(store, 2, clock(), "desk", kind=AlertKind.STAGE, stage=Stage.CONTRACT, party=7)
    await room.tick()

    first, second = desk.posts
    assert "<https://team.slack.example/p1|앞 단계 알림>" in words_of(second)
    (pointer,) = [one for one in desk.shown if one.get("thread_ts") == first["ts"]]
    assert pointer["text"] == "→ 계약 단계로 진행"


async def test_one_channel_that_hangs_does_not_slow_another(
    store: Store, slack: Slack, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.jobs.lane.PATIENCE", 0.01)
    for number in range(4):
        await publish(store, number, clock(), "desk", "other")
    desk.outage = "hang:0.4"
    async with open_desk() as other_desk, open_slack(other_desk, name="other", now=clock) as other:
        room = Postroom(store=store, notifiers={"desk": slack, "other": other}, now=clock)
        stop = asyncio.Event()
        running = asyncio.create_task(room.run(stop))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if len(other_desk.posts) == 4:
                break
        waiting = len(desk.posts)
        stop.set()
        room.wake()
        await running

    assert (waiting, len(other_desk.posts)) == (0, 4)


async def test_a_process_that_died_between_call_and_mark_leaves_nothing_twice(
    tmp_path: Path, slack: Slack, desk: Desk, clock: Clock
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    async with await Store.open(url, lock=True) as store:
        for number in range(3):
            await publish(store, number, clock(), "desk")
        for number in range(2):  # claimed; the first one is shown, the second one was not yet sent
            row = await store.claim_delivery("desk", clock())
            assert row is not None
            story = await store.story(row.story)  # type: ignore[arg-type]
            if number == 0 and story:
                await slack.send(Message(row.id, "new", (story,), members=(row.id,)))
    clock.passes(seconds=2)
    async with await Store.open(url, lock=True) as store:
        await run_until_quiet(Postroom(store=store, notifiers={"desk": slack}, now=clock), clock)

    assert len(desk.ids) == len(set(desk.ids)) == 3


async def test_buttons_find_their_delivery(store: Store, slack: Slack, desk: Desk, clock: Clock) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    receipt = Receipt("C1", desk.posts[0]["ts"])
    found = await store.find_message(receipt.channel, receipt.message_id)

    assert found is not None
    assert found.story == story


async def test_the_pace_is_kept(store: Store, desk: Desk, clock: Clock) -> None:
    gaps: list[float] = []
    loop = asyncio.get_running_loop()

    def note(_: object) -> str:
        gaps.append(loop.time())
        return ""

    desk.refuse = note
    for number in range(4):
        await publish(store, number, clock(), "desk")
    async with open_slack(desk, now=clock, manners=Manners(pace=timedelta(seconds=0.2), burst=0, fold=0)) as slack:
        await deliver(store=store, notifiers={"desk": slack}, now=clock)

    assert min(later - earlier for earlier, later in pairwise(gaps)) > 0.15
    assert QUICK.pace == timedelta(0)


async def test_a_press_folds_the_message_and_undo_restores_it(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)
    (post,) = desk.posts
    before = post["blocks"]

    async def press(verdict: str) -> bool:
        clock.passes(seconds=1)
        pressed = Press(verdict, story, "U1", "C1", post["ts"])
        is_known = await hear(pressed, store=store, notifiers={"desk": slack}, now=clock)
        await deliver(store=store, notifiers={"desk": slack}, now=clock)
        return is_known

    assert await press("irrelevant")
    folded = desk.posts[0]["blocks"]
    assert await press("undo")

    assert await press("irrelevant")
    assert desk.posts[0]["blocks"] == folded
    assert await press("undo")
    assert "관련 없음으로 표시" in str(folded)
    assert len(folded) == 2
    assert desk.posts[0]["blocks"] == before


async def test_a_press_on_an_unknown_story_is_dropped(store: Store, slack: Slack, clock: Clock) -> None:
    assert not await hear(
        Press("useful", StoryId("a-stranger"), "U1", "C1", "1.2"), store=store, notifiers={"desk": slack}, now=clock
    )


class Clumsy(Slack):
    """A channel that cannot draw the full form of one story."""

    async def send(self, message: Message) -> Receipt:
        if not message.brief and firm(1) in message.stories[0].title:
            raise ZeroDivisionError
        return await super().send(message)


async def test_a_fault_of_ours_in_one_message_stops_nobody(store: Store, desk: Desk, clock: Clock) -> None:
    for number in range(3):
        await publish(store, number, clock(), "desk")
    async with aiohttp.ClientSession() as session:
        clumsy = Clumsy("desk", token=TOKEN, channel="C1", session=session, base_url=desk.url, manners=QUICK)
        await deliver(store=store, notifiers={"desk": clumsy}, now=clock)

    assert [firm(number) in words_of(post) for number, post in enumerate(desk.posts)] == [True] * 3
