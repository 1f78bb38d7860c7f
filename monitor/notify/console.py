"""Alerts printed where the daemon runs: no account, no network."""

import sys
from datetime import datetime
from typing import TextIO

from monitor.clock import Now, utc_now
from monitor.errors import TryLater
from monitor.model import DeliveryId
from monitor.notify.clean import clean, cut, web_address
from monitor.notify.lines import gist, lock_screen
from monitor.notify.message import Manners, Message, Receipt
from monitor.notify.words import words


class Console:
    """A terminal; it cannot be asked what it showed."""

    can_edit = False
    can_find = False

    def __init__(
        self, name: str, *, stream: TextIO | None = None, manners: Manners | None = None, now: Now = utc_now
    ) -> None:
        """Print to ``stream``, standard output when none is given."""
        self.name = name
        self.manners = manners or Manners(edits=None, burst=0, fold=0)
        self._stream = stream
        self._now = now

    async def send(self, message: Message) -> Receipt:
        """Print one line a story and its address; a closed or full terminal is ``TryLater``."""
        try:
            print(render(message), file=self._stream or sys.stdout, flush=True)
        except OSError as error:
            raise TryLater(self.name, f"cannot print: {error.strerror}", self._now()) from error
        return Receipt("console", str(message.id))

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Leave what was printed."""

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Print the answer below."""
        await self.send(Message(DeliveryId(receipt.message_id), "note", text=text))

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:  # noqa: ARG002  the protocol's shape
        """Return ``None``: nobody knows what a terminal showed."""
        return None

    async def aclose(self) -> None:
        """Leave the stream to its owner."""


def render(message: Message) -> str:
    """Return the message as lines of plain text."""
    say = words(message.language)
    if not message.stories:
        return cut(clean(message.text), 2_000)
    lines = [clean(message.text)] if message.kind == "list" and message.text else []
    for story in message.stories:
        line = gist(story, say, message.stage)
        lines.append(f"{line.glyph} {lock_screen(line)}")
        address = web_address(story.url)
        if address:
            lines.append(f"   {address}")
    return "\n".join([*([say.repeat] if message.repeat else []), *lines])
