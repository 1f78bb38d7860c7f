"""When an outlet's selectors die: read its pages as any page is read, and prepare what a person has to change."""

import json
from dataclasses import replace

import structlog

from monitor.errors import ReadError
from monitor.extract import propose_body, read_article
from monitor.jobs.lists import guarded
from monitor.jobs.newsroom import Newsroom
from monitor.jobs.notes import note, recall
from monitor.model import Article, Outlet, Page, Selectors
from monitor.store import PendingLink

log = structlog.get_logger()

LONGEST_SAMPLE = 200_000
"""Characters kept of the page that shows the trouble; half of all news pages are shorter, and the body comes early."""


async def missed(page: Page, outlet: Outlet | None, pending: PendingLink, room: Newsroom) -> Article | None:
    """Note that an article's words were not where they should be; return it as the family's own reader sees it.

    None when nobody finds words there.
    """
    before = await recall(room.store, pending.outlet_id, pending.source_url)
    counted = before.bodiless + (pending.tries == 0)
    article, patch = await _by_any_means(page, outlet, room)
    sample = before.sample or f"{page.url}\n{page.text[:LONGEST_SAMPLE]}"
    after = replace(before, bodiless=counted, patch=patch or before.patch, sample=sample)
    await note(room.store, pending.outlet_id, pending.source_url, before, after)
    room.bodiless.add((pending.outlet_id, pending.source_url))
    log.warning("article.selectors_dead", outlet=pending.outlet_id, url=page.url, mended=article is not None)
    return article


async def found_again(pending: PendingLink, room: Newsroom) -> None:
    """Note that an article's words are where they should be; costs nothing for a source that is well."""
    subject = (pending.outlet_id, pending.source_url)
    if subject in room.bodiless:
        room.bodiless.discard(subject)
        before = await recall(room.store, *subject)
        await note(room.store, *subject, before, replace(before, bodiless=0, patch="", sample=""))


async def _by_any_means(page: Page, outlet: Outlet | None, room: Newsroom) -> tuple[Article | None, str]:
    """Return the article read without the outlet's selectors, and the lines that would mend its file."""
    if outlet is None or outlet.selectors == Selectors():
        return None, ""
    try:
        article = await guarded(page, room, read_article, page, replace(outlet, selectors=Selectors()))
        body = await guarded(page, room, propose_body, page)
    except ReadError:
        return None, ""
    warned = replace(article, warnings=(*article.warnings, "the outlet's own selectors found nothing"))
    return warned, f"[selectors]\nbody = {json.dumps(body)}" if body else ""
