"""Any of the services that Apprise knows (the extra ``apprise``): posted, never edited, never asked.

Apprise opens its own connections, beside the fetcher's address guard: its address comes from the user's secret file
alone. It says only whether a service took the message, so every failure may have been shown and a repeat is marked.
"""

import asyncio
import importlib
import logging
from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from monitor.clock import Now, utc_now
from monitor.errors import ConfigError, Uncertain
from monitor.model import DeliveryId
from monitor.notify.console import render
from monitor.notify.message import Manners, Message, Receipt

CALL_SECONDS = 25
"""Below the half minute after which another worker may look for a message."""
LONGEST = 3_500
"""Characters; each service cuts further by its own rule."""


class _Services(Protocol):
    def add(self, servers: str) -> bool: ...

    def async_notify(self, *, body: str, title: str) -> Awaitable[object]: ...


class AppriseChannel:
    """One address in Apprise's own notation; it is a secret and stands in no error and no log."""

    can_edit = False
    can_find = False

    def __init__(self, name: str, *, url: str, manners: Manners | None = None, now: Now = utc_now) -> None:
        """Load Apprise.

        Raises:
            ConfigError: it is not installed, or knows no service of that address.
        """
        self.name = name
        self.manners = manners or Manners(edits=None)
        self._now = now
        self._services = _services(url)

    async def send(self, message: Message) -> Receipt:
        """Post the message as text; every failure is ``Uncertain``."""
        title, _, body = render(message)[:LONGEST].partition("\n")
        try:
            async with asyncio.timeout(CALL_SECONDS):
                is_taken = bool(await self._services.async_notify(title=title, body=body or title))
        except (OSError, TypeError, ValueError, TimeoutError) as error:
            raise Uncertain(self.name, f"no answer: {type(error).__name__}") from None
        if not is_taken:
            raise Uncertain(self.name, "the service did not take it")
        return Receipt("apprise", str(message.id))

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Leave what was told."""

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Say nothing."""

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:  # noqa: ARG002  the protocol's shape
        """Return ``None``: the service cannot be asked."""
        return None

    async def aclose(self) -> None:
        """Keep nothing open."""


def _services(url: str) -> _Services:
    try:
        library = importlib.import_module("apprise")
    except ImportError as missing:
        raise ConfigError(('kind "apprise" needs the extra: pip install "bongsu[apprise]"',)) from missing
    for talker in ("apprise", "urllib3"):  # they print addresses when a call fails, and at DEBUG
        logging.getLogger(talker).setLevel(logging.CRITICAL)
    services: _Services = library.Apprise()
    if not services.add(url):
        raise ConfigError(("url_file: Apprise knows no service of that address",))
    return services
