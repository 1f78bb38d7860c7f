"""Presses and commands by Socket Mode: no public address is needed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from monitor.notify.slack_actions import Command, Press, Report, read_command, read_press, read_report

ANSWER_SECONDS = 2.0
"""Slack waits three seconds; a command that takes longer is acknowledged without an answer."""
OnPress = Callable[[Press], Awaitable[None]]
OnReport = Callable[[Report], Awaitable[None]]
OnCommand = Callable[[Command], Awaitable[str]]
_log = logging.getLogger("monitor.notify.slack")


class SlackSocket:
    """A listener for one app; each press is acknowledged before it is handled, each command with its answer."""

    def __init__(
        self,
        *,
        app_token: str,
        on_press: OnPress,
        on_report: OnReport | None = None,
        on_command: OnCommand | None = None,
        base_url: str = "https://slack.com/api/",
    ) -> None:
        """Nothing is opened before ``listen``."""
        self._on_press = on_press
        self._on_report = on_report
        self._on_command = on_command
        api = AsyncWebClient(base_url=base_url, retry_handlers=[], logger=_log)
        self._client = SocketModeClient(app_token=app_token, web_client=api, logger=_log)

    async def listen(self, stop: asyncio.Event) -> None:
        """Listen until ``stop``; without a line (a wrong token, no network) the client asks for one again and again."""
        self._client.socket_mode_request_listeners.append(self._hear)
        try:
            async with asyncio.TaskGroup() as group:
                connecting = group.create_task(self._connect())
                await stop.wait()
                connecting.cancel()
        finally:
            await self._client.close()  # type: ignore[no-untyped-call]

    async def _connect(self) -> None:
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await self._answer(request) if request.type == "slash_commands" else None
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))
        if request.type == "interactive":
            await self._heed(request.payload)

    async def _heed(self, payload: object) -> None:
        if press := read_press(payload):
            await self._on_press(press)
        elif self._on_report and (report := read_report(payload)):
            await self._on_report(report)

    async def _answer(self, request: SocketModeRequest) -> dict[str, object] | None:
        command = read_command(request.payload)
        if command is None or self._on_command is None:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return {"response_type": "ephemeral", "text": await self._on_command(command)}
        except TimeoutError:
            _log.warning("a command took too long")
            return None
