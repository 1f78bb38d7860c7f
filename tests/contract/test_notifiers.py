"""Every channel keeps the same promises: what an answer means, nothing retried inside, no secret shown."""

import asyncio
import importlib.util
import logging
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from monitor.errors import ChannelDown, NotifyError, Rejected, TryLater, Uncertain
from monitor.model import DeliveryId, Story
from monitor.notify import AppriseChannel, Console, Manners, Message, Notifier, Slack, SlackWebhook, Webhook
from monitor.notify.webhook import sign
from tests.notify.stories import NOON, alert, story

SECRET = "a-planted-secret"
BLUNT = "apprise"
"""Apprise says only whether a message was taken, so every failure is uncertain."""


@dataclass
class Listener:
    """A server that answers each call with the next of ``faults`` and keeps what it accepted."""

    faults: deque[str] = field(default_factory=deque)
    calls: int = 0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        body = await request.read()
        fault = self.faults.popleft() if self.faults else ""
        if fault in {"", "drop"}:
            self.heard.append((dict(request.headers), body))
        if fault in {"drop", "reset"}:
            request.transport.abort()  # type: ignore[union-attr]
        if fault == "hang":
            await asyncio.sleep(0.5)
        status, _, wait = fault.partition(":")
        if status.isdigit():
            return web.Response(status=int(status), text="no", headers={"Retry-After": wait} if wait else {})
        return (
            web.json_response({"ok": True, "ts": "1.2", "channel": "C1"})
            if "api" in request.path
            else web.Response(text="ok")
        )


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.add_routes([web.post("/{tail:.*}", listener.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield listener
    finally:
        await runner.cleanup()


Maker = Callable[[str, aiohttp.ClientSession], Notifier]
MAKERS: dict[str, Maker] = {
    "slack": lambda url, session: Slack(
        "desk", token=SECRET, channel="C1", session=session, base_url=f"{url}/api/", now=lambda: NOON
    ),
    "slack webhook": lambda url, session: SlackWebhook(
        "desk", url=f"{url}/services/{SECRET}", session=session, now=lambda: NOON
    ),
    "webhook": lambda url, session: Webhook(
        "desk", url=f"{url}/in/{SECRET}", secret=SECRET, session=session, now=lambda: NOON
    ),
}


def _apprise(url: str, _: aiohttp.ClientSession) -> Notifier:
    with warnings.catch_warnings(action="ignore"):  # of the libraries that it loads
        return AppriseChannel(BLUNT, url=f"{url.replace('http', 'json')}/in/{SECRET}", now=lambda: NOON)


if importlib.util.find_spec("apprise"):
    MAKERS["apprise"] = _apprise


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Maker:
    return MAKERS[request.param]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as opened:
        yield opened


@pytest.fixture
async def channel(make: Maker, listener: Listener) -> AsyncIterator[Notifier]:
    async with aiohttp.ClientSession() as session:
        yield make(listener.url, session)


async def test_a_message_is_shown_once(channel: Notifier, listener: Listener) -> None:
    receipt = await channel.send(alert())

    assert receipt.message_id
    assert listener.calls == 1


ANSWERS: list[tuple[str, type[NotifyError]]] = [
    ("429:7", TryLater),
    ("429", TryLater),
    ("503", TryLater),
    ("500", Uncertain),
    ("502", Uncertain),
    ("reset", Uncertain),
    ("drop", Uncertain),
    ("400", Rejected),
]


@pytest.mark.parametrize(("fault", "expected"), ANSWERS, ids=[fault for fault, _ in ANSWERS])
async def test_an_answer_means_the_same_on_every_channel(
    channel: Notifier, listener: Listener, fault: str, expected: type[NotifyError], caplog: pytest.LogCaptureFixture
) -> None:
    if channel.name == BLUNT:
        expected = Uncertain
    listener.faults.append(fault)

    with caplog.at_level(logging.DEBUG), pytest.raises(expected) as caught:
        await channel.send(alert())

    assert listener.calls == 1
    assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caplog.text}"
    if fault == "429:7" and channel.name != BLUNT:
        assert isinstance(caught.value, TryLater)
        assert caught.value.retry_at == NOON + timedelta(seconds=7)


@pytest.mark.parametrize("room", ["slack", "slack_webhook", "webhook"])
async def test_a_call_that_hangs_ends(room: str, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"monitor.notify.{room}.CALL_SECONDS", 0.05)
    listener.faults.append("hang")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Uncertain):
            await MAKERS[room.replace("_", " ")](listener.url, session).send(alert())


async def test_nobody_there_is_certainly_not_shown(make: Maker) -> None:
    async with aiohttp.ClientSession() as session:
        channel = make("http://127.0.0.1:9", session)
        with pytest.raises(Uncertain if channel.name == BLUNT else TryLater):
            await channel.send(alert())


LONG: list[Any] = [
    story(1, "가" * 5_000),
    story(2, "&<>*" * 2_000),
    story(3, "\U0001f468\u200d\U0001f467" * 900),
    story(4, ""),
]


@pytest.mark.parametrize("shown", LONG, ids=["long", "escaped", "emoji", "empty"])
async def test_what_is_too_long_is_cut(channel: Notifier, listener: Listener, shown: Story) -> None:
    await channel.send(alert(shown))

    ((_, body),) = listener.heard
    assert len(body.decode()) < 12_000


@pytest.mark.parametrize("kind", ["ops", "note"])
async def test_a_message_may_be_only_text(channel: Notifier, listener: Listener, kind: str) -> None:
    await channel.send(Message(DeliveryId("d"), kind, text="desk 전달 중단"))

    assert "desk" in listener.heard[0][1].decode()


async def test_a_channel_that_cannot_edit_lets_it_be(channel: Notifier, listener: Listener) -> None:
    receipt = await channel.send(alert())
    if channel.can_edit:
        return
    await channel.edit(receipt, alert())
    await channel.reply(receipt, "x")

    assert listener.calls == 1
    assert await channel.find(DeliveryId("d1"), NOON) is None


@pytest.mark.parametrize("make", [MAKERS["slack webhook"]], indirect=False)
@pytest.mark.parametrize("said", ["no_service", "channel_is_archived", "action_prohibited", "invalid_token"])
async def test_a_dead_slack_webhook_needs_a_person(make: Maker, said: str) -> None:
    async def dead(_: web.Request) -> web.Response:
        return web.Response(status=404, text=said)

    app = web.Application()
    app.add_routes([web.post("/{tail:.*}", dead)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ChannelDown):
            await make(f"http://127.0.0.1:{runner.addresses[0][1]}", session).send(alert())
    await runner.cleanup()


async def test_a_webhook_signs_its_body_and_repeats_its_key(listener: Listener) -> None:
    async with aiohttp.ClientSession() as session:
        channel = MAKERS["webhook"](listener.url, session)
        await channel.send(alert())
        await channel.send(alert(repeat=True))

    headers, body = listener.heard[0]
    assert headers["X-Bongsu-Signature"] == sign(SECRET.encode(), headers["X-Bongsu-Timestamp"], body)
    assert {one["Idempotency-Key"] for one, _ in listener.heard} == {"d1"}
    assert "가온소재" in body.decode()


async def test_a_webhook_follows_no_redirect(listener: Listener) -> None:
    listener.faults.append("302")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ChannelDown):
            await MAKERS["webhook"](listener.url, session).send(alert())

    assert listener.calls == 1


async def test_a_console_prints_and_a_closed_one_is_tried_later() -> None:
    stream = StringIO()
    await Console("console", stream=stream, manners=Manners()).send(alert())
    assert "가온소재" in stream.getvalue()


class Full(StringIO):
    """A terminal on a full disk."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


async def test_a_console_that_cannot_print_is_tried_later() -> None:
    with pytest.raises(TryLater):
        await Console("console", stream=Full(), now=lambda: NOON).send(alert())
