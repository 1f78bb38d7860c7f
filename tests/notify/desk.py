"""A Slack on 127.0.0.1 that keeps what it is told and fails when asked to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from monitor.notify import Manners, Slack

TOKEN = "xoxb-planted-secret"
QUICK = Manners(pace=timedelta(0), burst=0, fold=0)


@dataclass
class Desk:
    """The next call of a message takes the next of ``faults``; ``outage`` answers every call until it is cleared."""

    faults: deque[str] = field(default_factory=deque)
    outage: str = ""
    refuse: Any = None  # payload -> Slack's error or ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    page: int = 100
    port: int = 0

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What stands in the channel."""
        return [one for one in self.shown if "thread_ts" not in one]

    @property
    def ids(self) -> list[str]:
        """Deliveries in the order they were shown, those of lists one by one."""
        return [one for post in self.posts for one in post["metadata"]["event_payload"]["ids"]]

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [payload for name, payload in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = request.content_type != "application/json"
        payload = dict(await request.post()) if form else await request.json()
        self.calls.append((method, payload))
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        is_message = method in {"chat.postMessage", "chat.update", "webhook"}
        fault = self.outage or (self.faults.popleft() if self.faults and is_message else "")
        refused = self.refuse(payload) if self.refuse and is_message else ""
        if refused:
            fault = f"error:{refused}"
        if fault and fault != "drop":
            return await self.fail(request, fault)
        made = self.keep(method, payload)
        if fault == "drop":
            request.transport.abort()  # type: ignore[union-attr]
        return web.json_response(made)

    async def fail(self, request: web.Request, fault: str) -> web.StreamResponse:
        kind, _, rest = fault.partition(":")
        if kind == "error":
            return web.json_response({"ok": False, "error": rest})
        if kind == "html":
            return web.Response(status=503, text="<html>Service Unavailable</html>", content_type="text/html")
        if kind == "hang":
            await asyncio.sleep(float(rest or 60))
        if kind in {"reset", "hang"}:
            request.transport.abort()  # type: ignore[union-attr]
        headers = {"Retry-After": rest} if kind == "429" else {}
        return web.json_response(
            {"ok": False, "error": "ratelimited" if kind == "429" else "broken"},
            status=int(kind) if kind.isdigit() else 500,
            headers=headers,
        )

    def keep(self, method: str, payload: dict[str, Any]) -> dict[str, Any]:
        stamp = f"{1_700_000_000 + len(self.shown)}.000100"
        if method == "chat.postMessage":
            self.shown.append({**payload, "ts": stamp})
            return {"ok": True, "channel": payload["channel"], "ts": stamp}
        if method == "chat.update":
            for one in self.shown:
                if one["ts"] == payload["ts"]:
                    one.update(payload)
            return {"ok": True, "channel": payload["channel"], "ts": payload["ts"]}
        if method in {"conversations.history", "conversations.replies"}:
            thread = [one for one in self.shown if payload.get("ts") in {one["ts"], one.get("thread_ts")}]
            newest = list(reversed(self.posts)) if method == "conversations.history" else thread
            start = int(payload.get("cursor") or 0)
            more = start + self.page < len(newest)
            cursor = {"next_cursor": str(start + self.page) if more else ""}
            return {
                "ok": True,
                "messages": newest[start : start + self.page],
                "has_more": more,
                "response_metadata": cursor,
            }
        return {"ok": True, "user": "bongsu", "permalink": "https://team.slack.example/p1"}


@asynccontextmanager
async def open_desk(kind: type[Desk] = Desk) -> AsyncIterator[Desk]:
    desk = kind()
    app = web.Application()
    app.add_routes([web.post("/api/{method}", desk.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    desk.port = runner.addresses[0][1]
    desk.url = f"http://127.0.0.1:{desk.port}/api/"
    try:
        yield desk
    finally:
        await runner.cleanup()


@asynccontextmanager
async def open_slack(desk: Desk, *, name: str = "desk", manners: Manners = QUICK, **more: Any) -> AsyncIterator[Slack]:
    async with aiohttp.ClientSession() as session:
        yield Slack(name, token=TOKEN, channel="C1", session=session, base_url=desk.url, manners=manners, **more)


def words_of(payload: dict[str, Any]) -> str:
    """Everything a reader sees of a message."""
    return json.dumps(payload, ensure_ascii=False)
