"""Presses by Socket Mode, from a Slack of our own."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from monitor.model import StoryId
from monitor.notify import Press, Report, SlackSocket


class Line:
    """A Slack that hands out one line, sends one envelope over it and waits for its acknowledgement."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload
        self.acknowledged: list[str] = []
        self.url = ""

    async def open(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "/line"})

    async def line(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        envelope = {
            "type": "interactive",
            "envelope_id": "e1",
            "payload": self.payload,
            "accepts_response_payload": True,
        }
        await socket.send_json(envelope)
        async for message in socket:
            if message.type is WSMsgType.TEXT and "e1" in message.data:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        return socket


async def hear(payload: dict[str, Any]) -> tuple[list[Press | Report], Line]:
    """Let Slack send one payload; return what was heard."""
    line, stop = Line(payload), asyncio.Event()
    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", line.open), web.get("/line", line.line)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    heard: list[Press | Report] = []

    async def note(said: Press | Report) -> None:
        heard.append(said)
        stop.set()

    async with asyncio.timeout(20):
        listener = SlackSocket(app_token="xapp-test", on_press=note, on_report=note, base_url=f"{line.url}/api/")
        await listener.listen(stop)
    await runner.cleanup()
    return heard, line


async def test_a_press_is_acknowledged_and_heard() -> None:
    place = {"message_ts": "1.2", "channel_id": "C1"}
    action = {"value": "irrelevant|a1"}
    heard, line = await hear({"type": "block_actions", "user": {"id": "U1"}, "container": place, "actions": [action]})

    assert heard == [Press("irrelevant", StoryId("a1"), "U1", "C1", "1.2")]
    assert line.acknowledged == ["e1"]


async def test_a_shown_article_is_acknowledged_and_heard() -> None:
    told = {"type": "message_action", "callback_id": "report_article", "message": {"text": "<https://a.example/1>"}}
    heard, line = await hear(told | {"user": {"id": "U1"}, "channel": {"id": "C1"}})

    assert heard == [Report("https://a.example/1", "U1", "C1")]
    assert line.acknowledged == ["e1"]


async def test_a_listener_without_a_line_can_be_stopped() -> None:
    async def on_press(_: Press) -> None:
        raise AssertionError

    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, stop.set)
    async with asyncio.timeout(20):
        await SlackSocket(app_token="xapp-x", on_press=on_press, base_url="http://127.0.0.1:9/api/").listen(stop)

    assert stop.is_set()
