"""Which deals does a story tell, and how far have they come? Deals live for years, so they outlive their articles."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from monitor.model import ArticleKey, Deal, DealId, Decision, Facts, Grade, Stage, StoryId
from monitor.store import tables as t
from monitor.store.codec import pack, storable, unpack
from monitor.store.dialect import insert_new
from monitor.store.growth import grown
from monitor.store.rows import DealStep, KeysOf, Unsettled
from monitor.store.writes import Writes

_NEW_DEAL = insert_new(t.deal)
_NEW_DEAL_KEY = insert_new(t.deal_key)
_NEW_REGION = insert_new(t.story_region)
_NEW_STEP = insert_new(t.deal_step)
WON = "KRW"


def store_deals(writes: Writes, decision: Decision, unsettled: Unsettled, now: datetime) -> None:
    """Store the deals of a telling: all of them for a story that has none yet, else what they add to the known ones."""
    deals = decision.facts.deals if decision.relevance.grade >= Grade.ACTIVITY else ()
    if deals and not decision.is_new_story:
        writes.flush_for(decision.story)
    if deals and (decision.is_new_story or not _grow(writes.conn, decision, deals)):
        keys_of = unsettled.keys_of or (lambda _: unsettled.deal_keys)
        store_new_deals(writes, decision.story, decision.article.key, deals, keys_of, now)


def store_new_deals(  # noqa: PLR0917 - of which story, told by whom, what, when
    writes: Writes, story: StoryId, article: ArticleKey, deals: tuple[Deal, ...], keys_of: KeysOf, now: datetime
) -> None:
    """Store the first deals of a story as *article* tells them."""
    ids = [deal_id(story, place) for place in range(len(deals))]
    rows = [_deal_row(ids[place], place, deal, story, now) for place, deal in enumerate(deals)]
    writes.add(_NEW_DEAL, rows)
    _store_keys(writes, list(zip(ids, deals, strict=True)), keys_of)
    steps = [{"deal_id": each, "article_key": article, "stage": deal.stage.value, "at": now}
             for each, deal in zip(ids, deals, strict=True)]  # fmt: skip
    writes.add(_NEW_STEP, steps)


def deal_id(story: StoryId, place: int) -> DealId:
    """Return the id of the deal at *place* of a story; the first letter is the version."""
    return DealId("d" + hashlib.blake2b(f"{story}\x1f{place}".encode(), digest_size=10).hexdigest())


def _grow(conn: Connection, decision: Decision, told: tuple[Deal, ...]) -> bool:
    """Fill the blanks of the story's deals and note the new facts; False when it has no deals."""
    story, article = decision.story, decision.article
    rows = conn.execute(_ROWS, {"asked": story}).all()
    known = tuple(unpack(Deal, row.body) for row in rows)
    filled, changes = grown(known, told, article.outlet_name or article.outlet) if known else ((), ())
    for row, before, deal in zip(rows, known, filled, strict=True):
        if deal != before:
            conn.execute(update(t.deal).where(t.deal.c.id == row.id).values(_columns(deal)))
    if changes:
        lines = "".join(f"{each}\n" for each in changes)
        conn.execute(update(t.story).where(t.story.c.id == story).values(changes=t.story.c.changes + storable(lines)))
    return bool(rows)


_ROWS = select(t.deal.c.id, t.deal.c.body).where(t.deal.c.story_id == bindparam("asked")).order_by(t.deal.c.place)


def _deal_row(key: DealId, place: int, deal: Deal, story: StoryId, now: datetime) -> dict[str, object]:
    return {"id": key, "story_id": story, "place": place, "first_at": now, "last_at": now} | _columns(deal)


def _columns(deal: Deal) -> dict[str, object]:
    firms = (*deal.companies, *(part.company for part in deal.parts))
    return {
        "stage": deal.stage.value,
        "amount_krw": deal.amount.value if deal.amount and deal.amount.currency == WON else None,
        "firms": storable("\n".join(dict.fromkeys(firms))),
        "body": pack(deal),
    }


def _store_keys(writes: Writes, deals: list[tuple[DealId, Deal]], keys_of: KeysOf) -> None:
    named = [(key, each) for each, deal in deals for key in dict.fromkeys(keys_of(deal))]
    writes.add(_NEW_DEAL_KEY, [{"key": key, "deal_id": each} for key, each in named])
    writes.name(*(key for key, _ in named))


def store_regions(writes: Writes, decision: Decision) -> None:
    """File a story under the places of its deals; under all it names when it tells of no deal."""
    file_under(writes, decision.story, decision.facts)


def file_under(writes: Writes, story: StoryId, facts: Facts) -> None:
    """File a story under the places of *facts*."""
    told: tuple[Deal | Facts, ...] = facts.deals or (facts,)
    names = dict.fromkeys(name for each in told for name in (*each.sido, *each.sigungu))
    writes.add(_NEW_REGION, [{"region": name, "story_id": story} for name in names])


def move_deals(writes: Writes, decision: Decision, now: datetime) -> None:
    """Bring known deals to the stages that this article tells."""
    conn = writes.conn
    for key, stage in decision.stage_of:
        body = conn.scalar(select(t.deal.c.body).where(t.deal.c.id == key))
        if body is None:
            continue  # pruned since: the story's own deals hold the stage
        deal = unpack(Deal, body)
        moved = {"stage": stage.value, "last_at": now, "body": pack(replace(deal, stage=stage))}
        conn.execute(update(t.deal).where(t.deal.c.id == key).values(moved))
        if stage is not deal.stage:
            step = {"deal_id": key, "article_key": decision.article.key, "stage": stage.value, "at": now}
            writes.add(_NEW_STEP, [step])


def deals_of(conn: Connection, story: StoryId) -> tuple[Deal, ...]:
    """Return the deals of a story in their order."""
    return tuple(unpack(Deal, row.body) for row in conn.execute(_ROWS, {"asked": story}))


def steps_of(conn: Connection, story: StoryId) -> tuple[DealStep, ...]:
    """Return how the deals of a story came to their stages, oldest first."""
    step = t.deal_step.c
    rows = select(t.deal_step).join(t.deal, t.deal.c.id == step.deal_id).where(t.deal.c.story_id == story)
    return tuple(
        DealStep(DealId(row.deal_id), Stage(row.stage), row.at, ArticleKey(row.article_key))
        for row in conn.execute(rows.order_by(step.at, step.deal_id))
    )
