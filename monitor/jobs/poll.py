"""Look at one source: ask, read its links, remember the new ones and when to look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.dedup import article_key
from monitor.errors import FetchError, NotAList, ReadError, Throttled
from monitor.fetch import looks_safe
from monitor.jobs.newsroom import Newsroom
from monitor.model import Link, Outlet, Page, Source
from monitor.sources import Rhythm, discover, next_poll
from monitor.store import FoundLink, PollResult, SourceState

log = structlog.get_logger()

PROBE_EVERY = timedelta(hours=6)
"""How often a source is asked without validators: some servers answer 304 for ever (FreshRSS #1020, miniflux #874)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source gave; no links when the page is the one we know."""

    page: Page
    links: tuple[Link, ...]
    at: datetime


async def poll(source: SourceState, room: Newsroom) -> int:
    """Look at *source* once and return how many new links it brought; a failure is a row, not an exception."""
    outlet = room.outlets.get(source.outlet_id)
    if outlet is None:
        return 0
    began = room.now()
    try:
        page = await _ask(source, room, began)
        look = Look(page, () if _is_known(source, page) else await _links(source, outlet, page, room), began)
    except (FetchError, ReadError) as wrong:
        result = _failure(source, outlet, wrong, began, room)
    else:
        result = _success(source, outlet, look, room)
    new = await room.store.record_poll(result)
    log.info(
        "source.polled",
        outlet=source.outlet_id,
        ok=result.ok,
        new=new,
        error=result.error,
        next=str(result.next_poll_at),
    )
    return new


async def _ask(source: SourceState, room: Newsroom, now: datetime) -> Page:
    """Ask with the validators we hold, unless it is time to see whether the server's 304 can be believed."""
    if source.probe_at is not None and source.probe_at <= now:
        return await room.fetcher.get(source.url, robots=room.tempo.robots)
    return await room.fetcher.get(
        source.url, etag=source.etag, last_modified=source.last_modified, robots=room.tempo.robots
    )


def _is_known(source: SourceState, page: Page) -> bool:
    return page.not_modified or (page.digest != "" and page.digest == source.digest)


async def _links(source: SourceState, outlet: Outlet, page: Page, room: Newsroom) -> tuple[Link, ...]:
    """Read the list; a suspicious one in a child process that can be stopped."""
    asked = Source(source.url, source.kind)
    if looks_safe(page.text):
        return discover(asked, outlet, page)
    return await room.fence.run(discover, asked, outlet, page)


def _success(source: SourceState, outlet: Outlet, look: Look, room: Newsroom) -> PollResult:
    page, links, at = look.page, look.links, look.at
    rhythm = Rhythm.from_json(source.rhythm)
    fresh = [
        link.published_at for link in links if link.published_at and _is_after(link.published_at, source.last_new_at)
    ]
    if fresh:
        rhythm = rhythm.learnt(fresh, at)
    now, first = room.now(), source.first_polled_at is None
    asked_fresh = source.probe_at is not None and source.probe_at <= at
    return PollResult(
        outlet_id=source.outlet_id,
        source_url=source.url,
        ok=True,
        at=at,
        next_poll_at=next_poll(
            rhythm, now, every=outlet.every, rng=room.chance(), floor=room.tempo.floor, ceiling=room.tempo.ceiling
        ),
        etag=page.etag or (source.etag if page.not_modified else ""),
        last_modified=page.last_modified or (source.last_modified if page.not_modified else ""),
        digest=page.digest or source.digest,
        rhythm=rhythm.to_json() if fresh else source.rhythm,
        links=tuple(FoundLink(article_key(link.url), link, first_look=first) for link in links),
        status=page.status,
        size=page.size,
        ms=_ms(at, now),
        probe_at=at + PROBE_EVERY if asked_fresh or source.probe_at is None else source.probe_at,
    )


def _failure(
    source: SourceState, outlet: Outlet, wrong: FetchError | ReadError, at: datetime, room: Newsroom
) -> PollResult:
    now = room.now()
    retry_at = wrong.retry_at if isinstance(wrong, Throttled) else None
    return PollResult(
        outlet_id=source.outlet_id,
        source_url=source.url,
        ok=False,
        at=at,
        next_poll_at=next_poll(
            Rhythm(), now, every=outlet.every, failures=source.failures + 1, retry_at=retry_at, rng=room.chance()
        ),
        error=f"{type(wrong).__name__}: {wrong.reason}",
        status=wrong.status if isinstance(wrong, FetchError) else 200 if isinstance(wrong, NotAList) else 0,
        ms=_ms(at, now),
    )


def _is_after(published: datetime, last_new_at: datetime | None) -> bool:
    return last_new_at is None or published > last_new_at


def _ms(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)
