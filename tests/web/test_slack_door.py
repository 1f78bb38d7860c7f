"""Slack is believed by its signature alone, once, while it is fresh."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from monitor.notify.slack_actions import sign
from tests.web.boards import NOW, Board, board, telling

SECRET = b"8f742231b10e8888abcd99yyyzzz85a5"


def press(verdict: str = "useful", story: str = "s1") -> bytes:
    payload = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": {"message_ts": "1.2"},
        "actions": [{"value": f"{verdict}|{story}"}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes, *, after: int = 0, secret: bytes = SECRET, stamp: str = "") -> dict[str, str]:
    stamp = stamp or str(int((NOW + timedelta(seconds=after)).timestamp()))
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(secret, stamp, body),
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def test_a_button_in_slack_is_kept_and_taken_back(open_board: Board):
    for number, (verdict, kinds) in enumerate(
        (("useful", ["relevant"]), ("irrelevant", ["not relevant"]), ("undo", []))
    ):
        body = press(verdict)
        answer = await open_board.client.post("/slack/events", data=body, headers=signed(body, after=number))
        assert answer.status == 200
        assert [each.kind for each in await open_board.store.verdicts(subject="s1")] == kinds


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(press(), secret=b"another"),
        signed(press(), after=-301),
        signed(press(), after=301),
        signed(press(), stamp="12ab"),
        signed(press(), stamp="٣"),
        signed(press()) | {"X-Slack-Signature": ""},
        signed(press()) | {"X-Slack-Signature": "v0=\udcff".encode("utf-8", "surrogateescape").hex()},
    ],
)
async def test_a_request_that_is_not_slacks_is_refused(open_board: Board, headers: dict[str, str]):
    headers = {name: text.encode("utf-8").decode("latin-1") for name, text in headers.items()}
    answer = await open_board.client.post("/slack/events", data=press(), headers=headers)
    assert answer.status == 401
    assert await open_board.store.verdicts() == ()


async def test_a_request_is_taken_once(open_board: Board):
    body = press()
    statuses = [
        (await open_board.client.post("/slack/events", data=body, headers=signed(body))).status for _ in range(2)
    ]
    assert statuses == [200, 401]


async def test_odd_bodies_with_a_right_signature_break_nothing(open_board: Board):
    bodies = (
        b"\xff\xfe\x00",
        b"payload=%ff",
        b"payload=null",
        b"payload=[]",
        b"",
        b"payload=" + b"[" * 20_000,
        press(story="none"),
    )
    for number, body in enumerate(bodies):
        answer = await open_board.client.post("/slack/events", data=body, headers=signed(body, after=number))
        assert answer.status == 200, body[:30]
    assert await open_board.store.verdicts() == ()


async def test_an_empty_secret_lets_nobody_in(tmp_path):
    async with board(tmp_path) as opened:
        (tmp_path / "signing").write_text("")
    async with board(tmp_path, token="") as opened:
        body = press()
        answer = await opened.client.post("/slack/events", data=body, headers=signed(body, secret=b""))
        assert answer.status == 401


async def test_a_slash_command_finds_stories_and_mentions_nobody(tmp_path):
    told = [telling(1, title="<!channel> 광주에 공장", firm="가온전지")]
    async with board(tmp_path, told=told) as opened:
        answers = []
        for number, words in enumerate(("광주", "없는말")):
            body = urlencode({"command": "/mou", "text": words, "user_id": "U1", "channel_id": "C1"}).encode()
            headers = signed(body, after=number)
            answers.append(await (await opened.client.post("/slack/events", data=body, headers=headers)).json())
    assert [answer["response_type"] for answer in answers] == ["ephemeral"] * 2
    assert "가온전지" in answers[0]["text"]
    assert "<!channel>" not in answers[0]["text"]
    assert "없는말" in answers[1]["text"]


async def test_a_shown_article_is_kept_to_be_read(open_board: Board):
    payload = {
        "type": "message_action",
        "callback_id": "report_article",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "message": {"text": "<https://stray.example/news/7>"},
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    answer = await open_board.client.post("/slack/events", data=body, headers=signed(body))

    assert answer.status == 200
    (said,) = await open_board.store.verdicts("reported")
    assert said.value == "https://stray.example/news/7"
    (pending,) = await open_board.store.pending_links("stray.example", NOW, 5)
    assert pending.link.url == said.value
