"""Read the articles that a source promised: page, article, verdict, all of one article stored at once."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from monitor.dedup import article_key
from monitor.errors import (
    ExtractError,
    FetchError,
    Forbidden,
    Gone,
    Incomplete,
    NotAnArticle,
    ReadError,
    Throttled,
    TooLarge,
)
from monitor.extract import read_article
from monitor.jobs.allowance import Allowance
from monitor.jobs.consult import consult
from monitor.jobs.lists import ask_page, guarded
from monitor.jobs.mending import found_again, missed
from monitor.jobs.newsroom import Newsroom
from monitor.model import Article, Outlet, Page
from monitor.sources import NO_ADDRESS, backoff
from monitor.store import PendingLink, Unsettled

log = structlog.get_logger()

TRIES = {Gone: 2, Forbidden: 1, TooLarge: 1, NotAnArticle: 3, ExtractError: 4}
"""How often a link is tried before it is listed as refused; other failures are tried for ``PATIENCE``."""
PATIENCE = timedelta(days=2)
"""A site may be down over a weekend; after two days its article is history that the digest no longer wants."""
SHORTEST = 12
"""Letters of an entry without an address that are worth telling: a headline, or a summary."""


async def read(pending: PendingLink, room: Newsroom, allowance: Allowance) -> Unsettled | None:
    """Read the article behind *pending*; None when it has to be tried again or was refused, which is a row by then."""
    try:
        article = _told(pending, room) if NO_ADDRESS in pending.link.flags else await _read(pending, room)
    except (FetchError, ReadError) as wrong:
        if isinstance(wrong, Throttled):
            allowance.hold(wrong.retry_at)
        await _put_off(pending, wrong, room)
        return None
    reading = await consult(room.judge.read(article), room)
    return room.judge.unsettled(reading, now=room.now(), first_look=pending.first_look, link_key=pending.key)


async def settle(batch: tuple[Unsettled, ...], room: Newsroom) -> None:
    """Store articles with what follows from each, in one transaction."""
    for decision in await room.store.settle_together(batch, room.now()):
        log.info(
            "article.settled",
            outlet=decision.article.outlet,
            key=decision.article.key,
            story=decision.story,
            new=decision.is_new_story,
            grade=int(decision.relevance.grade),
            because=decision.because,
            owed=len(decision.alerts),
            quiet=decision.quiet,
        )


def _told(pending: PendingLink, room: Newsroom) -> Article:
    """Return the article that a feed's entry is by itself: it has no address, so there is nothing to ask.

    Raises:
        NotAnArticle: it says nothing, either.
    """
    link, outlet = pending.link, room.outlets.get(pending.outlet_id)
    if len(link.title) + len(link.summary) < SHORTEST:
        raise NotAnArticle(link.url, "an entry without an address and without words")
    article = Article(
        key=pending.key,
        url=link.url,
        outlet=pending.outlet_id,
        title=link.title or link.summary[:60],
        text=link.summary or link.title,
        published_at=link.published_at,
        layout="feed",
        warnings=(NO_ADDRESS,),
    )
    return _signed(article, outlet, pending)


async def _read(pending: PendingLink, room: Newsroom) -> Article:
    """Ask for the page and read it; what the list knew fills only what the page does not say."""
    page = await ask_page(pending.link, pending.outlet_id, room)
    outlet = room.outlets.get(pending.outlet_id)
    article = await _article(page, outlet, pending, room)
    key = article_key(article.url or pending.link.url)
    return replace(_signed(article, outlet, pending), key=key, outlet=pending.outlet_id)


async def _article(page: Page, outlet: Outlet | None, pending: PendingLink, room: Newsroom) -> Article:
    """Read the page by the outlet's own selectors; when they are dead, as any page is read, and note it."""
    try:
        article = await guarded(page, room, read_article, page, outlet)
    except ExtractError:
        again = await missed(page, outlet, pending, room)
        if again is None:
            raise
        return again
    await found_again(pending, room)
    return article


def _signed(article: Article, outlet: Outlet | None, pending: PendingLink) -> Article:
    return replace(
        article,
        outlet_name=outlet.name if outlet else article.outlet_name,
        outlet_kind=outlet.kind if outlet else article.outlet_kind,
        published_at=_not_future(article.published_at or pending.link.published_at, pending.found_at),
    )


def _not_future(published: datetime | None, found_at: datetime) -> datetime | None:
    """Nothing is published after it was found: a clock or a zone is wrong there (ACCEPTANCE C7)."""
    return min(published, found_at) if published else None


async def _put_off(pending: PendingLink, wrong: FetchError | ReadError, room: Newsroom) -> None:
    now, reason = room.now(), f"{type(wrong).__name__}: {wrong.reason}"
    limit = next((tries for kind, tries in TRIES.items() if isinstance(wrong, kind)), 0)
    limit = 1 if NO_ADDRESS in pending.link.flags else limit
    if (limit and pending.tries + 1 >= limit) or now - pending.found_at > PATIENCE:
        await room.store.refuse_link(pending.key, reason, now)
        log.warning("link.refused", url=pending.link.url, reason=reason)
        return
    retry_at = wrong.retry_at if isinstance(wrong, Throttled) else now + backoff(pending.tries + 1, room.chance())
    if isinstance(wrong, Incomplete) and pending.tries == 0:
        retry_at = now + timedelta(seconds=10)
    await room.store.retry_link(pending.key, reason, retry_at)
    log.info("link.put_off", url=pending.link.url, reason=reason, until=str(retry_at))
