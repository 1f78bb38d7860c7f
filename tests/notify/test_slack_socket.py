"""Presses by Socket Mode, from a Slack of our own."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from monitor.notify import Press, SlackSocket


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


async def test_a_press_is_acknowledged_and_heard() -> None:
    action = {"value": "irrelevant|a1"}
    line = Line(
        {
            "type": "block_actions",
            "user": {"id": "U1"},
            "container": {"message_ts": "1.2", "channel_id": "C1"},
            "actions": [action],
        }
    )
    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", line.open), web.get("/line", line.line)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    heard: list[Press] = []
    stop = asyncio.Event()

    async def on_press(press: Press) -> None:
        heard.append(press)
        stop.set()

    async with asyncio.timeout(20):
        await SlackSocket(app_token="xapp-test", on_press=on_press, base_url=f"{line.url}/api/").listen(stop)
    await runner.cleanup()

    assert heard == [Press("irrelevant", heard[0].story, "U1", "C1", "1.2")]
    assert line.acknowledged == ["e1"]


async def test_a_listener_without_a_line_can_be_stopped() -> None:
    async def on_press(_: Press) -> None:
        raise AssertionError

    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, stop.set)
    async with asyncio.timeout(20):
        await SlackSocket(app_token="xapp-x", on_press=on_press, base_url="http://127.0.0.1:9/api/").listen(stop)

    assert stop.is_set()
