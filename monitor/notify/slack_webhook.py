"""Slack by incoming webhook: no edits, no buttons, and nobody to ask after a lost answer.

A message whose answer was lost is sent again and says "(repeat)": never lost, at most one repeat for each cut.
"""

import asyncio
from datetime import datetime

import aiohttp

from monitor.clock import Now, utc_now
from monitor.errors import TryLater, Uncertain
from monitor.model import DeliveryId
from monitor.notify.message import Manners, Message, Receipt
from monitor.notify.slack_blocks import Json, fallback, list_blocks, plain, story_blocks
from monitor.notify.slack_errors import reaction

CALL_SECONDS = 10
OK = 200


class SlackWebhook:
    """One webhook; its address is a secret and stands in no error and no log."""

    can_edit = False
    can_find = False

    def __init__(
        self,
        name: str,
        *,
        url: str,
        session: aiohttp.ClientSession,
        manners: Manners | None = None,
        now: Now = utc_now,
    ) -> None:
        """Post through ``session``, which guards addresses and belongs to its owner."""
        self.name = name
        self.manners = manners or Manners(edits=None)
        self._url = url
        self._session = session
        self._now = now

    async def send(self, message: Message) -> Receipt:
        """Post the message; see ``Notifier.send``."""
        try:
            async with (
                asyncio.timeout(CALL_SECONDS),
                self._session.post(
                    self._url, json=_payload(message), headers={"Accept-Encoding": "identity"}, allow_redirects=False
                ) as answer,
            ):
                said = (await answer.text())[:200].strip()
                status, wait = answer.status, answer.headers.get("Retry-After")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise TryLater(self.name, f"no connection: {type(error).__name__}", self._now()) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Uncertain(self.name, f"no answer: {type(error).__name__}") from None
        if status != OK:
            raise reaction(self.name, status, said if said.isidentifier() else "", wait, self._now())
        return Receipt("webhook", str(message.id))

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Leave the message as it is: a webhook cannot edit."""

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Say nothing: a webhook has no threads."""

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:  # noqa: ARG002  the protocol's shape
        """Return ``None``: a webhook cannot be asked."""
        return None

    async def aclose(self) -> None:
        """Leave the session to its owner."""


def _payload(message: Message) -> dict[str, Json]:
    text = fallback(message) if message.brief != 1 else plain(message)
    payload: dict[str, Json] = {"text": text or "·", "unfurl_links": False, "unfurl_media": False}
    if not message.brief and message.stories:
        is_list = message.kind == "list"
        payload["blocks"] = list_blocks(message) if is_list else story_blocks(message, has_buttons=False)
    return payload
