"""Visit one host: its due sources, then the articles they promised, one request at a time."""

from datetime import datetime, timedelta

from monitor.jobs.newsroom import Newsroom
from monitor.jobs.poll import poll
from monitor.jobs.read import read
from monitor.store import Lease

IDLE = timedelta(hours=1)
"""A host with nothing due is looked at again after this long, in case its rows were changed by hand."""


async def visit(lease: Lease, room: Newsroom) -> None:
    """Do what is due at one host and give the lease back, also when the daemon stops in the middle.

    The lease is renewed before each request; when it was lost (the process slept), the visit ends at once, because
    somebody else asks this host now.
    """
    try:
        for source in await room.store.due_sources(lease.host, room.now()):
            if not await _still_ours(lease, room):
                return
            await poll(source, room)
        for pending in await room.store.pending_links(lease.host, room.now(), room.tempo.links_per_visit):
            if not await _still_ours(lease, room):
                return
            await read(pending, room)
    finally:
        await _leave(lease, room)


async def _still_ours(lease: Lease, room: Newsroom) -> bool:
    """Renew the lease once half of it is used; a visit that stays within the first half costs no write."""
    now = room.now()
    if now < lease.until - room.tempo.lease / 2:
        return True
    return await room.store.renew(lease, now + room.tempo.lease)


async def _leave(lease: Lease, room: Newsroom) -> None:
    now = room.now()
    hold_until: datetime = now + room.fetcher.limits.gap
    due = await room.store.next_due(lease.host)
    await room.store.release(lease, max(hold_until, due or now + IDLE), hold_until=hold_until)
