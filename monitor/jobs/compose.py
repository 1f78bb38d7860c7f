"""Claimed deliveries become one message."""

from dataclasses import replace

from monitor.model import Delivery, DeliveryId, DeliveryState, Story
from monitor.notify import Message, Receipt
from monitor.store import OUTLETS, Store

FOLDED = ("new", "stage")
"""Kinds that may share a list message."""
BELOW = ("note", OUTLETS)
"""Kinds that stand below another message."""
NEVER_EDITED = 2**31 - 1
"""Revision of a story in a list message: it is beyond every real one, so a line of a list is never edited."""
IRRELEVANT = "not relevant"
RELEVANT = "relevant"
"""Kinds of verdict, as the store keeps them; the latest of the two holds."""
_UNSURE = "uncertain: "


async def compose(
    batch: tuple[Delivery, ...], *, store: Store, language: str, is_backlog: bool = False
) -> Message | None:
    """Return what to show for claimed rows of one receiver, ``None`` when nothing is left to show.

    A row whose story is gone, or a note without a message to answer, has failed. Several rows are one list, headed as
    what has waited (``is_backlog``) or as a burst.
    """
    if batch[0].kind in BELOW:
        return await _answer(batch[0], store, language)
    rows, stories = [], []
    for row in batch:
        story = await store.story(row.story) if row.story else None
        if row.story and story is None:
            await store.fail_delivery(row.id, "the story is gone")
            continue
        rows.append(row)
        stories += [story] if story else []
    if not rows:
        return None
    first, is_list = rows[0], len(rows) > 1
    earlier = await store.earlier_message(first) if first.kind == "stage" and not is_list else None
    return Message(
        id=first.id,
        kind="list" if is_list else first.kind,
        stories=tuple(stories),
        text=first.payload,
        language=language,
        stage=None if is_list else first.stage,
        revision=stories[0].revision if stories else 0,
        members=tuple(row.id for row in rows),
        waiting=len(rows) if is_backlog else 0,
        earlier=Receipt(earlier.channel, earlier.message_id) if earlier else None,
        repeat=any(row.error.startswith(_UNSURE) for row in rows),
    )


async def retell(row: Delivery, story: Story, *, store: Store, language: str) -> Message:
    """Return the present form of a message that was sent: one grey line once a reader has called it irrelevant."""
    if row.kind == OUTLETS:
        return _outlets(row, story, language)
    said = [one.kind for one in await store.verdicts(subject=story.id) if one.kind in {IRRELEVANT, RELEVANT}]
    kind = "dismissed" if said[-1:] == [IRRELEVANT] else await _kind(row, store)
    return Message(
        row.id, kind, (story,), language=language, stage=row.stage, revision=story.revision, members=(row.id,)
    )


async def _kind(row: Delivery, store: Store) -> str:
    """Return how a message is drawn: one grey line when a reader has joined its story with one told before it."""
    told = [one for one in await store.deliveries(row.story) if one.receiver == row.receiver] if row.story else []
    news = [one.id for one in told if one.kind == "new" and one.state is DeliveryState.SENT]
    return "joined" if row.kind == "new" and news[:1] != [row.id] else row.kind


async def answered(row: Delivery, store: Store) -> Receipt | None:
    """Return the message that a note or a list of outlets stands below; ``None`` when there is none."""
    if row.kind == OUTLETS:
        above = await store.delivery(DeliveryId(row.payload))
        return Receipt(above.channel, above.message_id) if above and above.state is DeliveryState.SENT else None
    told = await store.deliveries(row.story) if row.story else ()
    mine = [one for one in told if one.receiver == row.receiver and one.kind in FOLDED]
    sent = next((one for one in mine if one.state is DeliveryState.SENT), None)
    return None if sent is None or sent.revision == NEVER_EDITED else Receipt(sent.channel, sent.message_id)


async def _answer(row: Delivery, store: Store, language: str) -> Message | None:
    below = await answered(row, store)
    if below is None:
        await store.fail_delivery(row.id, "no message to answer")
        return None
    if row.kind == OUTLETS:
        story = await store.story(row.story) if row.story else None
        if story is not None:
            return replace(_outlets(row, story, language), earlier=below)
        await store.fail_delivery(row.id, "the story is gone")
        return None
    return Message(row.id, "note", text=row.payload, language=language, members=(row.id,), earlier=below)


def _outlets(row: Delivery, story: Story, language: str) -> Message:
    return Message(row.id, OUTLETS, (story,), language=language, revision=story.revision, members=(row.id,))


def unsure(reason: str) -> str:
    """Return a reason that marks the next sending as a possible repeat, for a channel that cannot be asked."""
    return reason if reason.startswith(_UNSURE) else _UNSURE + reason


def kept(row: Delivery, reason: str) -> str:
    """Return a reason that keeps the mark of a possible repeat."""
    return unsure(reason) if row.error.startswith(_UNSURE) else reason
