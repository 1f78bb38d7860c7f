"""The channel's own history is a copy of the ledger: what stands there was sent, whatever the ledger lost."""

from datetime import datetime

from monitor.jobs.compose import FOLDED, NEVER_EDITED
from monitor.model import Delivery, DeliveryId, DeliveryState
from monitor.notify import Posted, Slack
from monitor.store import Store


async def repair(channel: Slack, *, store: Store, since: datetime) -> int:
    """Note in the ledger every message that stands in the channel since then; return how many it did not know.

    After a restored backup it keeps alerts from being told again, and gives messages back the time stamps by which
    they are edited.

    Raises:
        NotifyError: the history could not be read; nothing was changed.
    """
    posted = await channel.posted(since)
    return await store.restore_sent([_row(channel.name, one, key) for one in posted for key in one.deliveries])


def _row(receiver: str, posted: Posted, key: DeliveryId) -> Delivery:
    return Delivery(
        id=key,
        receiver=receiver,
        kind=posted.kind if posted.kind in FOLDED else "new",
        state=DeliveryState.SENT,
        tries=1,
        created_at=posted.at,
        next_try_at=posted.at,
        story=posted.story,
        channel=posted.receipt.channel,
        message_id=posted.receipt.message_id,
        revision=NEVER_EDITED if posted.receipt.is_list else 0,
    )
