"""Who may press, and what a press says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.notify import Command, Gatekeeper, Message, Press, Report, manifest, read_press, read_report, read_request
from monitor.notify.slack_actions import REPORT, sign
from monitor.notify.slack_blocks import story_blocks
from tests.notify.stories import alert

SECRET = "a signing secret"
NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


def signed(body: bytes, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(secret.encode(), stamp, body)}


def test_a_signed_request_is_admitted_once() -> None:
    gate, body = Gatekeeper(SECRET), b"payload=%7B%7D"

    assert [gate.admits(signed(body), body, NOW) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (signed(b"x", NOW - timedelta(seconds=301)), b"x"),
        (signed(b"x", NOW + timedelta(seconds=301)), b"x"),
        (signed(b"x", secret="another"), b"x"),
        (signed(b"x"), b"y"),
        ({**signed(b"x"), "X-Slack-Request-Timestamp": "soon"}, b"x"),
        ({**signed(b"x"), "X-Slack-Request-Timestamp": "-1"}, b"x"),
        ({**signed(b"x"), "X-Slack-Request-Timestamp": "1e9"}, b"x"),
        ({**signed(b"x"), "X-Slack-Request-Timestamp": "９９９"}, b"x"),
        ({**signed(b"x"), "X-Slack-Request-Timestamp": "9" * 400}, b"x"),
        ({**signed(b"x"), "X-Slack-Signature": "v0=가"}, b"x"),
        ({**signed(b"x"), "X-Slack-Signature": "\udcff"}, b"x"),
        ({}, b"x"),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str], body: bytes) -> None:
    assert Gatekeeper(SECRET).admits(headers, body, NOW) is False


def test_a_body_that_is_no_text_is_judged_by_its_bytes_and_read_as_nothing() -> None:
    body = b"payload=\xff\xfe"

    assert Gatekeeper(SECRET).admits(signed(body), body, NOW) is True
    assert read_request(body) is None


def test_an_empty_secret_admits_nobody() -> None:
    assert Gatekeeper("").admits(signed(b"x", secret=""), b"x", NOW) is False


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=30), st.text(max_size=80))
def test_no_request_is_an_error(body: bytes, stamp: str, signature: str) -> None:
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}

    assert Gatekeeper(SECRET).admits(headers, body, NOW) is False
    assert read_request(body) is None or True


def payload(action: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": {"message_ts": "1.2", "channel_id": "C1"},
        "actions": [action],
        "response_url": "http://169.254.169.254/",
    }


def pressed() -> list[dict[str, Any]]:
    """What Slack sends for each thing that can be pressed on an alert."""
    message: Message = alert()
    actions: Any = story_blocks(message)[-1]
    buttons = [one for one in actions["elements"] if one["type"] == "button"]
    (menu,) = [one for one in actions["elements"] if one["type"] == "overflow"]
    return [*buttons, *({"type": "overflow", "selected_option": option} for option in menu["options"])]


def test_every_button_of_an_alert_is_understood() -> None:
    told = [read_press(payload(action)) for action in pressed()]

    assert [press.verdict for press in told if press] == ["useful", "irrelevant", "same", "stage", "mute"]
    assert told[0] == Press("useful", alert().stories[0].id, "U1", "C1", "1.2")


def test_a_form_is_a_press_or_a_command() -> None:
    body = urlencode({"payload": json.dumps(payload(pressed()[0]))}).encode()
    command = urlencode({"command": "/mou", "text": "광주 배터리", "user_id": "U1", "channel_id": "C1"}).encode()

    assert isinstance(read_request(body), Press)
    assert read_request(command) == Command("광주 배터리", "U1", "C1")


@pytest.mark.parametrize(
    "strange",
    [
        None,
        [],
        "x",
        {"type": "view_submission"},
        payload({}),
        payload({"value": "delete|x"}),
        payload({"value": "useful"}),
    ],
)
def test_strange_payloads_are_nothing(strange: object) -> None:
    assert read_press(strange) is None


def shown(text: str, **more: Any) -> dict[str, Any]:
    """What Slack sends when a reader picks the shortcut on a message."""
    message = {"text": text, **more}
    who = {"user": {"id": "U1"}, "channel": {"id": "C1"}, "message": message}
    return {"type": "message_action", "callback_id": "report_article", "response_url": "http://127.0.0.1/", **who}


@pytest.mark.parametrize(
    ("payload", "url"),
    [
        (shown("보세요 <https://a.example/n?id=1&amp;p=2|기사> <https://b.example>"), "https://a.example/n?id=1&p=2"),
        (shown("주소 https://a.example/뉴스 하나"), "https://a.example/%EB%89%B4%EC%8A%A4"),
        (shown("없음"), ""),
        (shown("<ftp://a.example/> <http://a.example:99999/x>"), ""),
        (shown("", attachments=[{"from_url": 7}, {"title_link": "https://c.example/1"}]), "https://c.example/1"),
        (shown("", attachments="x"), ""),
        (shown("<http://" + "a" * 5000 + ">"), "http://" + "a" * 2000),
    ],
)
def test_a_shortcut_tells_the_address_in_its_message(payload: dict[str, Any], url: str) -> None:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    told = read_request(body)

    assert isinstance(told, Report)
    assert (told.url, told.who, told.channel) == (url, "U1", "C1")


def test_another_apps_shortcut_is_nothing() -> None:
    assert read_report(shown("https://a.example/") | {"callback_id": "other"}) is None
    assert read_report([]) is None


def test_the_shortcut_of_the_manifest_is_the_one_that_is_heard() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    (shortcut,) = yaml.safe_load(manifest())["features"]["shortcuts"]

    assert (shortcut["name"], shortcut["callback_id"], shortcut["type"]) == ("이 기사 제보", REPORT, "message")


def test_the_manifest_asks_for_what_delivery_needs() -> None:
    text = manifest()

    assert all(scope in text for scope in ("chat:write", "channels:history", "groups:history"))
    assert "socket_mode_enabled: true" in text
    assert "request_url: https://b.example/slack" in manifest("https://b.example/slack")
    long = text.split("long_description: >-")[1].split("background_color")[0]
    assert len(" ".join(long.split())) >= 174
