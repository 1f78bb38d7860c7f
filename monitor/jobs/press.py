"""A reader pressed a button: their word is kept, and the message shows that it was heard."""

from collections.abc import Mapping

import structlog

from monitor.clock import Now
from monitor.errors import NotifyError
from monitor.jobs.compose import IRRELEVANT, NEVER_EDITED, RELEVANT, retell
from monitor.notify import Notifier, Press, Receipt
from monitor.store import Store

KINDS: Mapping[str, str] = {
    "useful": RELEVANT,
    "undo": RELEVANT,
    "irrelevant": IRRELEVANT,
    "same": "same story",
    "stage": "wrong stage",
    "mute": "mute",
}
_log = structlog.get_logger(__name__)


async def hear(press: Press, *, store: Store, notifiers: Mapping[str, Notifier], now: Now) -> bool:
    """Keep what a reader said of a story and redraw the message it was said of; return whether it was known.

    A verdict of a story that we do not know is dropped. ``same``, ``stage`` and ``mute`` are kept for a person to act
    on: which other story, or which stage, the button cannot say.
    """
    story = await store.story(press.story)
    if story is None:
        return False
    at = now()  # a part of the value: who changes their mind twice is heard twice
    await store.add_verdict(KINDS[press.verdict], story.id, f"{press.message_id} {at.isoformat()}", press.who, at)
    row = await store.find_message(press.channel, press.message_id)
    channel = notifiers.get(row.receiver) if row else None
    if row is None or channel is None or row.revision == NEVER_EDITED or press.verdict not in {"irrelevant", "undo"}:
        return True
    shown = await retell(row, story, store=store, language=channel.manners.language)
    try:
        await channel.edit(Receipt(row.channel, row.message_id), shown)
    except NotifyError as error:  # the next edit of the story shows it
        _log.warning("press.redraw", receiver=row.receiver, reason=error.reason)
    return True
