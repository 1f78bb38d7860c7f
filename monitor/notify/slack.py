"""Slack by bot token: messages that edit themselves and can be asked for after a lost answer.

Slack knows no idempotency key. Every message therefore carries its delivery's id as metadata, and an uncertain one is
looked up in the channel's history before it is repeated. The client's own retry handlers are off: they duplicate.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from monitor.clock import Now, utc_now
from monitor.errors import NotifyError, TryLater, Uncertain
from monitor.model import DeliveryId, Story, StoryId
from monitor.notify.clean import mrkdwn_within
from monitor.notify.message import Manners, Message, Receipt
from monitor.notify.slack_blocks import (
    Json,
    dismissed_blocks,
    fallback,
    joined_blocks,
    list_blocks,
    plain,
    story_blocks,
)
from monitor.notify.slack_errors import reaction
from monitor.notify.slack_questions import question
from monitor.notify.slack_thread import outlets_text

CALL_SECONDS = 10
"""A call that hangs longer is uncertain; ten seconds is three times the slowest answer the SDK's own default allows."""
EVENT = "bongsu_alert"
HISTORY_PAGES = 10
HISTORY_PAGE = 200
CLOCKS_APART = timedelta(minutes=5)
"""Slack's clock and ours may differ: history is read from this long before the message was claimed."""

_log = logging.getLogger("monitor.notify.slack")
_log.setLevel(logging.WARNING)  # the SDK prints payloads and webhook addresses at DEBUG


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of ours in a channel: the deliveries it tells, and the story when it tells one."""

    deliveries: tuple[DeliveryId, ...]
    story: StoryId | None
    kind: str
    receipt: Receipt
    at: datetime


class Slack:
    """One channel of a workspace."""

    can_edit = True
    can_find = True

    def __init__(
        self,
        name: str,
        *,
        token: str,
        channel: str,
        session: aiohttp.ClientSession,
        base_url: str = "https://slack.com/api/",
        manners: Manners | None = None,
        now: Now = utc_now,
    ) -> None:
        """Speak through ``session``, which its owner closes; ``base_url`` ends with a slash."""
        self.name = name
        self.manners = manners or Manners()
        self.channel = self._channel = channel
        self._now = now
        self._api = AsyncWebClient(
            token=token,
            base_url=base_url if base_url.endswith("/") else base_url + "/",
            timeout=CALL_SECONDS,
            session=session,
            retry_handlers=[],
            headers={"Accept-Encoding": "identity"},  # the guarded session inflates nothing
            logger=_log,
        )

    async def send(self, message: Message) -> Receipt:
        """Post the message; see ``Notifier.send``."""
        link = await self.permalink(message.earlier) if message.earlier and message.kind == "stage" else ""
        payload = self._payload(message, link)
        if message.earlier and message.kind in _BELOW:
            payload["thread_ts"] = message.earlier.message_id
        answer = await self._call("chat.postMessage", payload)
        stamp = answer.get("ts")
        if not isinstance(stamp, str):
            raise Uncertain(self.name, "an answer without a time stamp")
        return Receipt(str(answer.get("channel") or self._channel), stamp)

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Replace the message in place; nobody is notified."""
        payload = self._payload(message) | {"channel": receipt.channel, "ts": receipt.message_id}
        await self._call("chat.update", payload)

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Answer in the message's thread."""
        shown = mrkdwn_within(text, 1_000) or "·"
        body: dict[str, Json] = {"channel": receipt.channel, "thread_ts": receipt.message_id, "text": shown}
        await self._call("chat.postMessage", body | _QUIET)

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:
        """Look through the history since ``since`` for the message of ``delivery`` or a list that holds it.

        Answers do not stand in a channel's history but in the thread ``below`` their message.

        Raises:
            TryLater: the history could not be read to its end: nothing is known.
            ChannelDown: the history may not be read.
        """
        async for shown in self._shown(since, below):
            told = _ids(shown)
            if delivery in told:
                return Receipt(self._channel, str(shown.get("ts")), is_list=len(told) > 1)
        return None

    async def posted(self, since: datetime) -> tuple[Posted, ...]:
        """Return every message of ours that stands in the channel since then, as its metadata tells it.

        Errors as ``find``.
        """
        found = [_posted(self._channel, shown) async for shown in self._shown(since, None)]
        return tuple(one for one in found if one is not None)

    async def _shown(self, since: datetime, below: Receipt | None) -> AsyncIterator[dict[str, Json]]:
        """Read the history, or the thread ``below`` a message, page by page."""
        cursor = ""
        for _ in range(HISTORY_PAGES):
            page = await self._history(since, cursor, below)
            if below and "messages" not in page:  # a server that keeps answers in the channel itself
                below = None
                continue
            for shown in reversed(_list(page.get("messages"))):
                yield shown
            cursor = str(_dict(page.get("response_metadata")).get("next_cursor") or "")
            if not cursor or not page.get("has_more"):
                return
        raise TryLater(self.name, "the history since then is too long to read", self._now() + timedelta(minutes=1))

    async def whisper(
        self, who: str, text: str, *, channel: str = "", about: Story | None = None, asks: str = ""
    ) -> None:
        """Say something that only one reader sees; with ``asks`` a question ``about`` a story (see ``question``).

        Errors as ``send``; nothing is lost with it.
        """
        body: dict[str, Json] = {
            "channel": channel or self._channel,
            "user": who,
            "text": mrkdwn_within(text, 1_000) or "·",
        }
        if about and asks:
            body["blocks"] = question(asks, about, self.manners.language)
        await self._call("chat.postEphemeral", body | _QUIET)

    async def permalink(self, receipt: Receipt) -> str:
        """Return the address of a message, ``""`` when Slack does not say."""
        try:
            answer = await self._call(
                "chat.getPermalink", {"channel": receipt.channel, "message_ts": receipt.message_id}
            )
        except NotifyError:
            return ""
        return str(answer.get("permalink") or "")

    async def check(self) -> str:
        """Return the name of the bot behind the token. Errors as ``send``."""
        return str((await self._call("auth.test", {})).get("user") or "")

    async def aclose(self) -> None:
        """Keep the session: it is the daemon's."""

    def _payload(self, message: Message, earlier: str = "") -> dict[str, Json]:
        ids: list[Json] = list(message.members or (message.id,))
        event: dict[str, Json] = {
            "id": message.id,
            "ids": ids,
            "story": message.stories[0].id if len(message.stories) == 1 else "",
            "rev": message.revision,
            "kind": message.kind,
        }
        text = _text(message)
        payload: dict[str, Json] = {"channel": self._channel, "text": text or "·", **_QUIET}
        payload["metadata"] = {"event_type": EVENT, "event_payload": event}
        if not message.brief and message.stories and message.kind not in _BELOW:
            make = _BLOCKS.get(message.kind)
            payload["blocks"] = make(message) if make else story_blocks(message, earlier=earlier)
        return payload

    async def _history(self, since: datetime, cursor: str, below: Receipt | None) -> dict[str, Json]:
        asked: dict[str, Json] = {
            "channel": self._channel,
            "include_all_metadata": "true",
            "limit": HISTORY_PAGE,
            "oldest": f"{(since - CLOCKS_APART).timestamp():.6f}",
        }
        if cursor:
            asked["cursor"] = cursor
        if below:
            asked["ts"] = below.message_id
        try:
            return await self._call("conversations.replies" if below else "conversations.history", asked)
        except Uncertain as error:
            raise TryLater(self.name, error.reason, self._now()) from error

    async def _call(self, method: str, payload: dict[str, Json]) -> dict[str, Json]:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                if method in _READS:  # form-encoded: not every reading method takes JSON
                    answer = await self._api.api_call(method, data={key: str(value) for key, value in payload.items()})
                else:
                    answer = await self._api.api_call(method, json=payload)
        except SlackApiError as error:
            raise self._meaning(error) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise TryLater(self.name, f"no connection: {type(error).__name__}", self._now()) from None
        except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError, ValueError, AttributeError) as error:
            raise Uncertain(self.name, f"no answer: {type(error).__name__}") from None
        return _dict(answer.data)

    def _meaning(self, error: SlackApiError) -> NotifyError:
        status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 0
        body = _dict(getattr(error.response, "data", None))
        headers = getattr(error.response, "headers", {})
        wait = next((str(text) for key, text in headers.items() if key.lower() == "retry-after"), None)
        return reaction(self.name, int(status), str(body.get("error") or ""), wait, self._now())


_BLOCKS: Mapping[str, Callable[[Message], list[Json]]] = {
    "list": list_blocks,
    "dismissed": dismissed_blocks,
    "joined": joined_blocks,
}
_BELOW = ("note", "outlets")
"""Kinds of messages that stand below another and are text alone."""
_QUIET: dict[str, Json] = {"unfurl_links": False, "unfurl_media": False}
_READS = {"conversations.history", "conversations.replies", "chat.getPermalink", "auth.test"}


def _text(message: Message) -> str:
    if message.kind == "outlets":
        return outlets_text(message)
    return fallback(message) if message.brief != 1 else plain(message)


def _dict(value: object) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[dict[str, Json]]:
    return [_dict(one) for one in value] if isinstance(value, list) else []


def _posted(channel: str, shown: dict[str, Json]) -> Posted | None:
    event, stamp = _dict(_dict(shown.get("metadata")).get("event_payload")), shown.get("ts")
    ids = tuple(DeliveryId(one) for one in sorted(_ids(shown)) if one.startswith("d"))
    if not ids or not isinstance(stamp, str) or not re.fullmatch(r"\d{1,12}\.\d{6}", stamp):
        return None
    story, kind = event.get("story"), event.get("kind")
    return Posted(
        deliveries=ids,
        story=StoryId(story) if isinstance(story, str) and story else None,
        kind=kind if isinstance(kind, str) and kind else "new",
        receipt=Receipt(channel, stamp, is_list=len(ids) > 1),
        at=datetime.fromtimestamp(float(stamp), UTC),
    )


def _ids(shown: dict[str, Json]) -> set[str]:
    """Return the deliveries a message of the history tells."""
    event = _dict(_dict(shown.get("metadata")).get("event_payload"))
    several = event.get("ids")
    return {str(event.get("id"))} | ({str(one) for one in several} if isinstance(several, list) else set())
