"""Any program that listens: signed JSON, one POST for each message.

The receiver checks ``X-Bongsu-Signature: v1=<hex HMAC-SHA256 of "v1:<timestamp>:<body>">`` with the shared secret and
may drop a repeat by ``Idempotency-Key``, which is the delivery's id and the same at every try.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime

import aiohttp

from monitor.clock import Now, utc_now
from monitor.errors import ChannelDown, NotifyError, Rejected, TryLater, Uncertain
from monitor.model import Deal, DeliveryId, Story
from monitor.notify.clean import clean, web_address
from monitor.notify.console import render
from monitor.notify.message import Manners, Message, Receipt
from monitor.notify.retry_after import UNREADABLE_WAIT, wait_asked
from monitor.notify.slack_blocks import Json

CALL_SECONDS = 10
GOOD = range(200, 300)
TOO_MANY = 429
TIMED_OUT = 408
UNAVAILABLE = 503
SERVER_ERROR = 500
CLIENT_ERROR = 400
NEEDS_PERSON = {401, 403, 404, 405, 407, 410}
REMEDY = "받는 쪽의 주소와 비밀 값을 확인하세요 (check the receiver's address and secret)"


class Webhook:
    """One address that takes signed JSON."""

    can_edit = False
    can_find = False

    def __init__(
        self,
        name: str,
        *,
        url: str,
        secret: str,
        session: aiohttp.ClientSession,
        manners: Manners | None = None,
        now: Now = utc_now,
        shape: Callable[[Message], Json] | None = None,
    ) -> None:
        """Post through ``session``, which guards addresses; ``shape`` makes another JSON than ours."""
        self.name = name
        self.manners = manners or Manners(edits=None, burst=0, fold=0)
        self._url = url
        self._secret = secret.encode()
        self._session = session
        self._now = now
        self._shape = shape or told

    async def send(self, message: Message) -> Receipt:
        """Post the message; see ``Notifier.send``."""
        body = json.dumps(self._shape(message), ensure_ascii=False).encode()
        status, wait = await self._post(body, message.id)
        if status not in GOOD:
            raise self._meaning(status, wait)
        return Receipt("webhook", str(message.id))

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Leave what was told."""

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Say nothing."""

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:  # noqa: ARG002  the protocol's shape
        """Return ``None``: the receiver cannot be asked, it knows a repeat by its key."""
        return None

    async def aclose(self) -> None:
        """Leave the session to its owner."""

    async def _post(self, body: bytes, delivery: DeliveryId) -> tuple[int, str | None]:
        stamp = str(int(self._now().timestamp()))
        headers = {
            "Accept-Encoding": "identity",
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": str(delivery),
            "X-Bongsu-Timestamp": stamp,
            "X-Bongsu-Signature": sign(self._secret, stamp, body),
        }
        try:
            posting = self._session.post(self._url, data=body, headers=headers, allow_redirects=False)
            async with asyncio.timeout(CALL_SECONDS), posting as answer:
                return answer.status, answer.headers.get("Retry-After")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise TryLater(self.name, f"no connection: {type(error).__name__}", self._now()) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Uncertain(self.name, f"no answer: {type(error).__name__}") from None

    def _meaning(self, status: int, header: str | None) -> NotifyError:
        reason, now = f"HTTP {status}", self._now()
        if status in {TOO_MANY, UNAVAILABLE, TIMED_OUT}:
            wait = wait_asked(header or "", now) or (UNREADABLE_WAIT if status == TOO_MANY else None)
            return TryLater(self.name, reason, now + wait if wait else now)
        if status >= SERVER_ERROR:
            return Uncertain(self.name, reason)
        if status in NEEDS_PERSON or status < CLIENT_ERROR:
            return ChannelDown(self.name, reason, REMEDY)
        return Rejected(self.name, reason)


def sign(secret: bytes, stamp: str, body: bytes) -> str:
    """Return the signature of a body sent at ``stamp`` (seconds since 1970)."""
    return "v1=" + hmac.new(secret, b"v1:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def told(message: Message) -> Json:
    """Return a message as JSON, version 1: the text a person would read, and the facts of each story."""
    return {
        "version": 1,
        "id": str(message.id),
        "kind": message.kind,
        "stage": message.stage.value if message.stage else "",
        "repeat": message.repeat,
        "text": render(message),
        "stories": [] if message.brief else [_story(story) for story in message.stories],
    }


def _story(story: Story) -> Json:
    return {
        "id": str(story.id),
        "revision": story.revision,
        "title": clean(story.title),
        "url": web_address(story.url),
        "grade": int(story.grade),
        "first_at": story.first_at.isoformat(),
        "outlets": len({telling.outlet for telling in story.tellings}),
        "deals": [_deal(deal) for deal in story.deals],
    }


def _deal(deal: Deal) -> Json:
    amount = deal.amount
    return {
        "stage": deal.stage.value,
        "amount": {"value": amount.value, "currency": amount.currency, "text": clean(amount.text)} if amount else None,
        "jobs": deal.jobs,
        "companies": list(map(clean, deal.companies)),
        "authorities": list(map(clean, deal.authorities)),
        "sido": list(map(clean, deal.sido)),
        "sigungu": list(map(clean, deal.sigungu)),
        "site": list(map(clean, deal.site)),
    }
