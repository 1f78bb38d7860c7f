"""What readers press and type: it is kept, it acts, and it can be undone."""

import pytest

from monitor.clock import KST
from monitor.jobs.command import answer
from monitor.jobs.deliver import deliver
from monitor.jobs.echo import muted
from monitor.jobs.press import hear
from monitor.model import Deal, Part, Stage, StoryId
from monitor.notify import Command, Press, Slack, WhyNot
from monitor.store import MUTED, Store
from tests.jobs.owed import firm, publish
from tests.notify.desk import Desk, words_of
from tests.town import Clock


async def press(
    verdict: str, story: StoryId, stamp: str, *, store: Store, slack: Slack, clock: Clock, choice: str = ""
):
    pressed = Press(verdict, story, "U1", "C1", stamp, choice)
    assert await hear(pressed, store=store, notifiers={"desk": slack}, now=clock)
    await deliver(store=store, notifiers={"desk": slack}, now=clock)


async def test_the_same_story_is_joined_with_the_one_before_it(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    deal = Deal(Stage.MOU, companies=("가온소재",), sido=("광주광역시",))
    first = await publish(store, 1, clock(), "desk", deals=(deal,))
    clock.passes(hours=2)
    again = await publish(store, 2, clock(), "desk", deals=(deal,))
    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    await press("same", again, desk.posts[1]["ts"], store=store, slack=slack, clock=clock)

    told = await store.story(again)
    assert told is not None
    assert told.id == first
    assert len(told.tellings) == 2
    assert "같은 소식으로 합침" in words_of(desk.posts[1]["blocks"])
    assert "합침" not in words_of(desk.posts[0]["blocks"])
    (whisper,) = desk.asked("chat.postEphemeral")
    assert whisper["user"] == "U1"


async def test_a_story_without_an_earlier_one_stays_and_the_reader_is_told(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    await press("same", story, desk.posts[0]["ts"], store=store, slack=slack, clock=clock)

    assert "게시판" in desk.asked("chat.postEphemeral")[0]["text"]


async def test_who_finds_it_irrelevant_is_asked_why_and_need_not_say(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)
    shown = dict(desk.posts[0])

    await press("irrelevant", story, shown["ts"], store=store, slack=slack, clock=clock)

    (asked,) = desk.asked("chat.postEphemeral")
    values = [button["value"] for button in asked["blocks"][1]["elements"]]
    assert values == [f"irrelevant:{choice}|{story}" for choice in WhyNot]
    assert "관련 없음으로 표시" in words_of(desk.posts[0]["blocks"])
    assert [(one.kind, one.value) for one in await store.verdicts()] == [("not relevant", "")]

    await press("undo", story, shown["ts"], store=store, slack=slack, clock=clock)
    assert desk.posts[0]["blocks"] == shown["blocks"]
    assert await store.verdicts() == ()


@pytest.mark.parametrize("choice", list(WhyNot))
async def test_the_reason_is_kept_and_undone(
    store: Store, slack: Slack, desk: Desk, clock: Clock, choice: WhyNot
) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)
    stamp = desk.posts[0]["ts"]

    await press("irrelevant", story, stamp, store=store, slack=slack, clock=clock)
    await press("irrelevant", story, "9.9", store=store, slack=slack, clock=clock, choice=choice)
    told = await store.verdicts()
    assert [one.value for one in told if one.kind == "not relevant"] == [choice]
    assert [one.subject for one in told if one.kind == MUTED] == ([firm(1)] if choice is WhyNot.FIRM else [])

    await press("undo", story, stamp, store=store, slack=slack, clock=clock)
    assert await store.verdicts() == ()


async def test_a_wrong_stage_is_asked_for_and_set(store: Store, slack: Slack, desk: Desk, clock: Clock) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    await press("stage", story, desk.posts[0]["ts"], store=store, slack=slack, clock=clock)
    (asked,) = desk.asked("chat.postEphemeral")
    assert f"stage:contract|{story}" in words_of(asked)

    await press("stage", story, "9.9", store=store, slack=slack, clock=clock, choice="contract")
    told = await store.story(story)
    assert told is not None
    assert told.deals[0].stage is Stage.CONTRACT
    assert "계약" in words_of(desk.posts[0]["blocks"])


async def test_a_muted_firm_is_kept_for_a_month(store: Store, slack: Slack, desk: Desk, clock: Clock) -> None:
    story = await publish(store, 1, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    await press("mute", story, desk.posts[0]["ts"], store=store, slack=slack, clock=clock)

    (said,) = await store.verdicts(MUTED)
    assert said.subject == firm(1)
    assert said.value > clock().astimezone(KST).date().isoformat()


DEALS = [
    ((Deal(Stage.MOU, companies=("가온소재",)),), ("㈜가온소재",), True),
    ((Deal(Stage.MOU, companies=("가온소재", "누리전자")),), ("가온소재",), True),
    ((Deal(Stage.MOU, companies=("가온소재",)), Deal(Stage.MOU, companies=("누리전자",))), ("가온소재",), False),
    ((Deal(Stage.MOU, companies=("가온소재",), parts=(Part("나래"), Part("다온"))),), ("가온소재",), False),
    ((Deal(Stage.MOU),), ("가온소재",), False),
    ((), ("가온소재",), False),
    ((Deal(Stage.MOU, companies=("가온소재",)),), (), False),
]


@pytest.mark.parametrize(("deals", "firms", "is_silent"), DEALS)
def test_a_deal_is_silent_when_half_of_its_firms_are_muted(deals, firms, is_silent) -> None:
    assert bool(muted(deals, firms)) is is_silent


async def test_commands_are_answered_from_the_store(store: Store, clock: Clock) -> None:
    await publish(store, 1, clock(), "desk")

    async def said(text: str) -> str:
        return await answer(Command(text, "U1", "C1"), store=store, now=clock)

    assert "/mou 단계" in await said("도움")
    assert firm(1) in await said("광주 공장")
    assert "찾지 못했습니다" in await said("제주 감귤")
    assert firm(1) in await said("단계 MOU")
    assert "없습니다" in await said("단계 착공")
    assert "모르는 단계" in await said("단계 점심")
    assert "매체 0곳" in await said("매체")
    assert "이렇게 적으세요" in await said("음소거 900d")
    assert "까지 알리지 않습니다" in await said("음소거 ㈜나래 7d")
    assert [one.subject for one in await store.verdicts(MUTED)] == ["㈜나래"]
    assert "<!channel>" not in await said("<!channel>")
