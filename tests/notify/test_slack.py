"""The Slack channel against a Slack of our own."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from monitor.errors import ChannelDown, NotifyError, Rejected, TryLater, Uncertain
from monitor.model import DeliveryId
from monitor.notify import Message, Receipt, Slack
from tests.notify.desk import TOKEN, Desk, open_desk, open_slack
from tests.notify.stories import NOON, alert, story


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


@pytest.fixture
async def slack(desk: Desk) -> AsyncIterator[Slack]:
    async with open_slack(desk, now=lambda: NOON) as opened:
        yield opened


async def test_a_post_carries_its_identity_and_unfurls_nothing(desk: Desk, slack: Slack) -> None:
    receipt = await slack.send(alert())

    (post,) = desk.posts
    assert receipt == Receipt("C1", post["ts"])
    assert post["metadata"]["event_type"] == "bongsu_alert"
    assert post["metadata"]["event_payload"]["id"] == "d1"
    assert (post["unfurl_links"], post["unfurl_media"]) == (False, False)


async def test_an_edit_replaces_the_post(desk: Desk, slack: Slack) -> None:
    receipt = await slack.send(alert())

    await slack.edit(receipt, alert(story(title="가온소재, 공장 착공")))

    (post,) = desk.posts
    assert "착공" in str(post["blocks"])


async def test_a_reply_stands_below_its_message(desk: Desk, slack: Slack) -> None:
    receipt = await slack.send(alert())

    await slack.reply(receipt, "금액: 미공개 → 320억원")

    assert desk.shown[-1]["thread_ts"] == receipt.message_id


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("500", Uncertain),
        ("502", Uncertain),
        ("503", TryLater),
        ("html", TryLater),
        ("429:3", TryLater),
        ("reset", Uncertain),
        ("drop", Uncertain),
        ("error:internal_error", Uncertain),
        ("error:msg_too_long", Rejected),
        ("error:invalid_blocks", Rejected),
        ("error:something_new", Rejected),
        ("error:channel_not_found", ChannelDown),
        ("error:not_in_channel", ChannelDown),
        ("error:is_archived", ChannelDown),
        ("error:invalid_auth", ChannelDown),
        ("error:token_revoked", ChannelDown),
        ("error:missing_scope", ChannelDown),
        ("error:ratelimited", TryLater),
    ],
)
async def test_an_answer_becomes_the_reaction(
    desk: Desk, slack: Slack, fault: str, expected: type[NotifyError]
) -> None:
    desk.faults.append(fault)

    with pytest.raises(expected) as caught:
        await slack.send(alert())

    assert len(desk.asked("chat.postMessage")) == 1, "a retry inside the channel duplicates"
    assert TOKEN not in str(caught.value)
    if isinstance(caught.value, ChannelDown):
        assert "(" in caught.value.remedy


async def test_nobody_listening_is_certainly_not_sent(desk: Desk) -> None:
    async with aiohttp.ClientSession() as session:
        slack = Slack("desk", token=TOKEN, channel="C1", session=session, base_url="http://127.0.0.1:9/api/")
        with pytest.raises(TryLater):
            await slack.send(alert())


async def test_a_hanging_call_is_uncertain(desk: Desk, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.notify.slack.CALL_SECONDS", 0.05)
    desk.faults.append("hang:0.5")

    with pytest.raises(Uncertain):
        await slack.send(alert())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3),
        ("2.5", 3),
        ("99999999999999999999", 900),
        ("86400", 900),
        ("-1", 60),
        ("", 60),
        ("soon", 60),
        ("0", 60),
    ],
)
async def test_retry_after_is_believed_and_capped(desk: Desk, slack: Slack, header: str, seconds: int) -> None:
    desk.faults.append(f"429:{header}")

    with pytest.raises(TryLater) as caught:
        await slack.send(alert())

    assert caught.value.retry_at == NOON + timedelta(seconds=seconds)


async def test_a_lost_answer_is_found_by_its_identity(desk: Desk, slack: Slack) -> None:
    desk.page = 2
    for number in range(5):
        await slack.send(alert(id=DeliveryId(f"d{number}")))
    desk.faults.append("drop")
    with pytest.raises(Uncertain):
        await slack.send(alert(id=DeliveryId("lost")))
    for number in range(5, 9):
        await slack.send(alert(id=DeliveryId(f"d{number}")))

    found = await slack.find(DeliveryId("lost"), NOON)

    assert found == Receipt("C1", desk.posts[5]["ts"])
    assert await slack.find(DeliveryId("never"), NOON) is None


async def test_a_list_is_found_by_each_of_its_members(desk: Desk, slack: Slack) -> None:
    several = Message(DeliveryId("d1"), "list", (story(1), story(2)), members=(DeliveryId("d1"), DeliveryId("d2")))
    receipt = await slack.send(several)

    assert await slack.find(DeliveryId("d2"), NOON) == replace(receipt, is_list=True)


async def test_a_history_that_cannot_be_read_proves_nothing(desk: Desk, slack: Slack) -> None:
    desk.outage = "500"

    with pytest.raises(TryLater):
        await slack.find(DeliveryId("d1"), NOON)


async def test_the_history_is_asked_from_before_the_claim(desk: Desk, slack: Slack) -> None:
    await slack.find(DeliveryId("d1"), datetime(2026, 1, 1, tzinfo=UTC))

    (asked,) = desk.asked("conversations.history")
    assert float(asked["oldest"]) < datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    assert asked["include_all_metadata"] == "true"


async def test_no_secret_is_logged(desk: Desk, slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await slack.send(alert())

    assert TOKEN not in caplog.text
    assert "가온소재" not in "".join(row.message for row in caplog.records if row.name == "monitor.notify.slack")


@pytest.mark.parametrize("brief", [1, 2])
async def test_a_shorter_form_has_no_blocks_and_keeps_the_facts(desk: Desk, slack: Slack, brief: int) -> None:
    await slack.send(alert(brief=brief))

    (post,) = desk.posts
    assert "blocks" not in post
    assert "가온소재" in post["text"]
    assert "320억원" in post["text"]
