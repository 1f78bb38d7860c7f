"""Receivers → morning letters, by mail or as lists in the receiver's channel, with links that act for the reader."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from functools import partial

from monitor.daemon.wiring import timetable_of
from monitor.jobs.digest import Subscription
from monitor.model import StoryId, When
from monitor.notify import DigestChannel, Email, Mailer, Notifier, Pen, SignedFeedback, SignedLeave
from monitor.settings import Settings
from monitor.store import Store

KEY = "signing key"
_HOUSE = "bongsu@localhost"
"""Who signs a digest that is not mail: only its identity needs an address."""


async def signing_key(store: Store) -> str:
    """Return the key that signs links and sessions; it is made once and never leaves the store."""
    key = await store.meta(KEY)
    if not key:
        await store.set_meta(KEY, secrets.token_hex(32))
        key = await store.meta(KEY)
    return key


def subscriptions_of(
    settings: Settings, notifiers: Mapping[str, Notifier], pen: Pen | None = None
) -> dict[str, Subscription]:
    """Return the digests of each receiver that gets mail, or that a route sends a digest to.

    Links that act need a ``pen`` and ``[web] public_url``: a mail cannot lead to an address that only we can reach.
    """
    wanted = {route.receiver for route in settings.routes if route.when in {When.DIGEST, When.BOTH}}
    return {
        name: _subscription(name, notifier, settings, pen)
        for name, notifier in notifiers.items()
        if name in wanted or isinstance(notifier, Email)
    }


def _subscription(name: str, notifier: Notifier, settings: Settings, pen: Pen | None) -> Subscription:
    table, base = settings.receivers[name], settings.monitor.web.public_url.rstrip("/")
    at = time.fromisoformat(table.digest_at) if table.digest_at else None
    timetable = timetable_of(settings)
    mailer: Mailer = notifier.smtp if isinstance(notifier, Email) else DigestChannel(notifier)
    return Subscription(
        receiver=name,
        mailer=mailer,
        sender=notifier.smtp.sender if isinstance(notifier, Email) else _HOUSE,
        to=notifier.to if isinstance(notifier, Email) else (name,),
        timetable=replace(timetable, at=at) if at else timetable,
        language=table.language,
        skips_empty=table.skip_empty,
        unsubscribe=partial(_leave, base, pen, name) if base and pen and isinstance(notifier, Email) else None,
        detail=partial(_detail, base) if base else None,
        dislike=partial(_dislike, base, pen) if base and pen else None,
    )


def _leave(base: str, pen: Pen, receiver: str, address: str) -> str:
    return f"{base}/u/{pen.leave(SignedLeave(receiver, address))}"


def _detail(base: str, story: StoryId) -> str:
    return f"{base}/stories/{story}"


def _dislike(base: str, pen: Pen, who: str, story: StoryId) -> str:
    return f"{base}/f/{pen.feedback(SignedFeedback(story, 'irrelevant', who))}"
