"""A mail relay on 127.0.0.1 that keeps what it is given and fails when asked to."""

import asyncio
import email
import email.policy
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class Relay:
    """The next letter takes the next of ``faults``: ``"451 …"``, ``"550 …"``, ``"cut"`` or ``"keep and cut"``."""

    faults: deque[str] = field(default_factory=deque)
    refused: set[str] = field(default_factory=set)
    grey: dict[str, int] = field(default_factory=dict)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    is_down: bool = False
    port: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for _, raw in self.kept]  # type: ignore[misc]

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.tries.append(address)
        if self.is_down:
            return "421 4.3.2 shutting down"
        if address in self.refused:
            return "550 5.1.1 no such user"
        if self.grey.get(address):
            self.grey[address] -= 1
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        fault = self.faults.popleft() if self.faults else ""
        if fault in {"", "keep and cut"}:
            self.kept.append((envelope.rcpt_tos[0], envelope.content))
        if fault.endswith("cut"):
            server.transport.abort()
        return fault if fault[:1].isdigit() else "250 OK"


@asynccontextmanager
async def open_relay() -> AsyncIterator[Relay]:
    relay = Relay()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, hostname="127.0.0.1", loop=loop), "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await server.wait_closed()
