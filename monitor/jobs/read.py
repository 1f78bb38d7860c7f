"""Read one article that a source promised: page, article, verdict, all stored at once."""

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
from monitor.fetch import looks_safe
from monitor.jobs.newsroom import Newsroom
from monitor.model import Article, Outlet, Page
from monitor.sources import backoff
from monitor.store import PendingLink

log = structlog.get_logger()

TRIES = {Gone: 2, Forbidden: 1, TooLarge: 1, NotAnArticle: 3, ExtractError: 4}
"""How often a link is tried before it is listed as refused; other failures are tried for ``PATIENCE``."""
PATIENCE = timedelta(days=2)
"""A site may be down over a weekend; after two days its article is history that the digest no longer wants."""


async def read(pending: PendingLink, room: Newsroom) -> bool:
    """Read and settle the article behind *pending*; False when it has to be tried again or was refused."""
    outlet = room.outlets.get(pending.outlet_id)
    try:
        page = await room.fetcher.get(pending.link.url, robots=room.tempo.robots)
        article = await _article(page, outlet, pending, room)
    except (FetchError, ReadError) as wrong:
        await _put_off(pending, wrong, room)
        return False
    reading = room.judge.read(article)
    now = room.now()
    unsettled = room.judge.unsettled(reading, now=now, first_look=pending.first_look, link_key=pending.key)
    (decision,) = await room.store.settle_many((unsettled,), now)
    log.info(
        "article.settled",
        outlet=article.outlet,
        key=article.key,
        story=decision.story,
        new=decision.is_new_story,
        grade=int(decision.relevance.grade),
        because=decision.because,
        owed=len(decision.alerts),
        quiet=decision.quiet,
    )
    return True


async def _article(page: Page, outlet: Outlet | None, pending: PendingLink, room: Newsroom) -> Article:
    """Read the page; what the list knew fills only what the page does not say."""
    if looks_safe(page.text):
        article = read_article(page, outlet)
    else:
        article = await room.fence.run(read_article, page, outlet)
    return replace(
        article,
        key=article_key(article.url or pending.link.url),
        outlet=pending.outlet_id,
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
    if (limit and pending.tries + 1 >= limit) or now - pending.found_at > PATIENCE:
        await room.store.refuse_link(pending.key, reason, now)
        log.warning("link.refused", url=pending.link.url, reason=reason)
        return
    retry_at = wrong.retry_at if isinstance(wrong, Throttled) else now + backoff(pending.tries + 1, room.chance())
    if isinstance(wrong, Incomplete) and pending.tries == 0:
        retry_at = now + timedelta(seconds=10)
    await room.store.retry_link(pending.key, reason, retry_at)
    log.info("link.put_off", url=pending.link.url, reason=reason, until=str(retry_at))
