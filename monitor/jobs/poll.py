"""Look at one source: ask, read its links, remember the new ones and when to look again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitor.errors import FetchError, NotAList, ReadError, Throttled
from monitor.jobs.allowance import Allowance
from monitor.jobs.lists import ask_page, keys_of, read_links
from monitor.jobs.newsroom import Newsroom
from monitor.jobs.notes import Notes, note
from monitor.jobs.reach import Reach
from monitor.model import ArticleKey, Link, Outlet, Page, Source, SourceKind
from monitor.sources import Rhythm, next_poll
from monitor.store import FoundLink, PollResult, SourceState

log = structlog.get_logger()

PROBE_EVERY = timedelta(hours=6)
"""How often a source is asked without validators: some servers answer 304 for ever (FreshRSS #1020, miniflux #874)."""
FIRST_READ = 60
"""Old articles that the first look reads, to know their retellings; a feed has 20 to 50, an archive has all of them."""
MOST_NEW = 500
"""New links that one look at a web page may bring; a press board lists 10 to 50, and a trap has no end."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source gave; no links when the page is the one we know."""

    page: Page
    links: tuple[Link, ...]
    at: datetime
    notes: Notes
    gap: str = ""  # in words, what may have slipped between two looks


async def poll(source: SourceState, room: Newsroom, allowance: Allowance, unchanged: list[PollResult]) -> int:
    """Look at *source* once and return how many new links it brought; a failure is a row, not an exception.

    A look that listed nothing is put into *unchanged*, to be noted with the end of the visit: when the daemon dies
    before that, all that is lost is that somebody looked.
    """
    outlet = room.outlets.get(source.outlet_id)
    if outlet is None:
        return 0
    began = room.now()
    notes = Notes.from_json(source.noted)
    if notes.bodiless:
        room.bodiless.add((source.outlet_id, source.url))
    try:
        look = await _look(source, outlet, notes, room, allowance)
    except (FetchError, ReadError) as wrong:
        if isinstance(wrong, Throttled):
            allowance.hold(wrong.retry_at)
        result = _failure(source, outlet, wrong, began, room)
    else:
        found = tuple(_found(source, look, await keys_of(look.links), room))
        result = _success(source, outlet, look, found, room)
        await note(room.store, source.outlet_id, source.url, notes, look.notes)
    if result.ok and not result.links:
        unchanged.append(result)
        new = 0
    else:
        new = await room.store.record_poll(result)
    told = {"outlet": source.outlet_id, "ok": result.ok, "new": new, "error": result.error}
    log.info("source.polled", **told, next=str(result.next_poll_at))
    return new


async def _look(source: SourceState, outlet: Outlet, notes: Notes, room: Newsroom, allowance: Allowance) -> Look:
    """Ask for the list and read on until it joins what is known."""
    at = room.now()
    page = await _ask(source, notes, room, at)
    if _is_known(source, page):
        return Look(page, (), at, replace(notes, empties=notes.empties + 1) if notes.empties else notes)
    if _is_probe(source, at) and await _is_lied_to(source, notes, page, room):
        notes = replace(notes, unreliable=True)
        log.warning("source.validators_unreliable", outlet=source.outlet_id, url=source.url)
    reach, gap = Reach(source, outlet, room, allowance), ""
    links = await reach.parts(await read_links(Source(source.url, source.kind), outlet, page, room))
    if source.first_polled_at is not None and source.found:
        links, gap = await reach.back(page, links)
    empties = 0 if links else notes.empties + 1
    # its text has been read, and a large one would stay in memory while 20,000 links are stored
    return Look(replace(page, text=""), links, at, replace(notes, empties=empties, gap=gap or notes.gap), gap)


async def _ask(source: SourceState, notes: Notes, room: Newsroom, now: datetime) -> Page:
    """Ask with the validators we hold, unless they lied before or it is time to see whether they do."""
    asked = Source(source.url, source.kind)
    if notes.unreliable or _is_probe(source, now):
        return await ask_page(asked, source.outlet_id, room, digest=source.digest)
    held = {"etag": source.etag, "last_modified": source.last_modified, "digest": source.digest}
    return await ask_page(asked, source.outlet_id, room, **held)


def _is_probe(source: SourceState, now: datetime) -> bool:
    return source.probe_at is not None and source.probe_at <= now and bool(source.etag or source.last_modified)


async def _is_lied_to(source: SourceState, notes: Notes, page: Page, room: Newsroom) -> bool:
    """Ask once more with the old validators: "not modified" about a page that is another one is a lie."""
    if notes.unreliable or not source.digest or page.digest == source.digest:
        return False
    try:
        asked = Source(source.url, source.kind)
        again = await ask_page(asked, source.outlet_id, room, etag=source.etag, last_modified=source.last_modified)
    except FetchError:
        return False
    return again.not_modified


def _is_known(source: SourceState, page: Page) -> bool:
    return page.not_modified or (page.digest != "" and page.digest == source.digest)


def _success(
    source: SourceState, outlet: Outlet, look: Look, found: tuple[FoundLink, ...], room: Newsroom
) -> PollResult:
    page, at, now = look.page, look.at, room.now()
    times = [link.published_at for link in look.links if link.published_at]
    fresh = [published for published in times if source.last_new_at is None or published > source.last_new_at]
    rhythm = Rhythm.from_json(source.rhythm)
    if fresh:
        rhythm = rhythm.learnt(fresh, at)
    tempo = room.tempo
    is_probed = source.probe_at is None or source.probe_at <= at
    return PollResult(
        outlet_id=source.outlet_id,
        source_url=source.url,
        ok=True,
        at=at,
        next_poll_at=next_poll(
            rhythm, now, every=outlet.every, rng=room.chance(), floor=tempo.floor, ceiling=tempo.ceiling
        ),
        error=look.gap,
        etag=page.etag or (source.etag if page.not_modified else ""),
        last_modified=page.last_modified or (source.last_modified if page.not_modified else ""),
        digest=page.digest or source.digest,
        rhythm=rhythm.to_json() if fresh else source.rhythm,
        links=found,
        status=page.status,
        size=page.size,
        ms=_ms(at, now),
        probe_at=at + PROBE_EVERY if is_probed else source.probe_at,
    )


def _found(source: SourceState, look: Look, keys: list[ArticleKey], room: Newsroom) -> Iterator[FoundLink]:
    """Say of each link whether it is read or only remembered, and show a gap as a link that was refused."""
    first, old = source.first_polled_at is None, 0
    for count, (key, link) in enumerate(zip(keys, look.links, strict=True)):
        skip = ""
        if first and not _is_news(link, look.at, room):
            old += 1
            skip = "older than what the first look reads" if old > FIRST_READ else ""
        elif source.kind is SourceKind.LIST and count >= MOST_NEW:
            skip = f"more than {MOST_NEW} links on one list"
        yield FoundLink(key, link, first_look=first, skip=skip)
    if look.gap:
        shown = Link(source.url, title=f"{source.outlet_id}: {look.gap}")
        yield FoundLink(ArticleKey(f"{source.url}#gap={look.at:%Y%m%dT%H%M%S}"), shown, skip=look.gap)


def _is_news(link: Link, at: datetime, room: Newsroom) -> bool:
    return link.published_at is not None and at - link.published_at <= room.judge.rules.max_age


def _failure(
    source: SourceState, outlet: Outlet, wrong: FetchError | ReadError, at: datetime, room: Newsroom
) -> PollResult:
    now = room.now()
    retry_at = wrong.retry_at if isinstance(wrong, Throttled) else None
    failures = source.failures + 1
    return PollResult(
        outlet_id=source.outlet_id,
        source_url=source.url,
        ok=False,
        at=at,
        next_poll_at=next_poll(
            Rhythm(), now, every=outlet.every, failures=failures, retry_at=retry_at, rng=room.chance()
        ),
        error=f"{type(wrong).__name__}: {wrong.reason}",
        status=wrong.status if isinstance(wrong, FetchError) else 200 if isinstance(wrong, NotAList) else 0,
        ms=_ms(at, now),
    )


def _ms(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)
