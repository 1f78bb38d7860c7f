"""Presses by Socket Mode: no public address is needed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from monitor.notify.slack_actions import Press, read_press

OnPress = Callable[[Press], Awaitable[None]]
_log = logging.getLogger("monitor.notify.slack")


class SlackSocket:
    """A listener for one app; each press is acknowledged before it is handled (Slack waits three seconds)."""

    def __init__(self, *, app_token: str, on_press: OnPress, base_url: str = "https://slack.com/api/") -> None:
        """Nothing is opened before ``listen``."""
        self._on_press = on_press
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
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        press = read_press(request.payload) if request.type == "interactive" else None
        if press:
            await self._on_press(press)
