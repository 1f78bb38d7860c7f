"""Which deals does a story tell, and how far have they come? Deals live for years, so they outlive their articles."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from monitor.model import Deal, DealId, Decision, Facts, Grade, Stage, StoryId
from monitor.store import tables as t
from monitor.store.codec import pack, unpack
from monitor.store.dialect import insert_new
from monitor.store.rows import DealStep, Unsettled
from monitor.store.writes import Writes

_NEW_DEAL = insert_new(t.deal)
_NEW_DEAL_KEY = insert_new(t.deal_key)
_NEW_REGION = insert_new(t.story_region)
_NEW_STEP = insert_new(t.deal_step)
WON = "KRW"


def store_deals(writes: Writes, decision: Decision, unsettled: Unsettled, now: datetime) -> None:
    """Store the deals of a telling when its story has none yet: the first telling that names any is kept."""
    deals = decision.facts.deals if decision.relevance.grade >= Grade.ACTIVITY else ()
    if not deals or (not decision.is_new_story and _has_deals(writes.conn, decision.story)):
        return
    ids = [deal_id(decision.story, place) for place in range(len(deals))]
    rows = [_deal_row(ids[place], place, deal, decision.story, now) for place, deal in enumerate(deals)]
    writes.add(_NEW_DEAL, rows)
    _store_keys(writes, list(zip(ids, deals, strict=True)), unsettled)
    steps = [{"deal_id": each, "article_key": decision.article.key, "stage": deal.stage.value, "at": now}
             for each, deal in zip(ids, deals, strict=True)]  # fmt: skip
    writes.add(_NEW_STEP, steps)


def deal_id(story: StoryId, place: int) -> DealId:
    """Return the id of the deal at *place* of a story; the first letter is the version."""
    return DealId("d" + hashlib.blake2b(f"{story}\x1f{place}".encode(), digest_size=10).hexdigest())


def _has_deals(conn: Connection, story: StoryId) -> bool:
    return conn.scalar(_FIRST_DEAL, {"asked": story}) is not None


_FIRST_DEAL = select(t.deal.c.id).where(t.deal.c.story_id == bindparam("asked")).limit(1)


def _deal_row(key: DealId, place: int, deal: Deal, story: StoryId, now: datetime) -> dict[str, object]:
    firms = (*deal.companies, *(part.company for part in deal.parts))
    return {
        "id": key,
        "story_id": story,
        "place": place,
        "stage": deal.stage.value,
        "amount_krw": deal.amount.value if deal.amount and deal.amount.currency == WON else None,
        "firms": "\n".join(dict.fromkeys(firms)),
        "first_at": now,
        "last_at": now,
        "body": pack(deal),
    }


def _store_keys(writes: Writes, deals: list[tuple[DealId, Deal]], unsettled: Unsettled) -> None:
    keys_of = unsettled.keys_of or (lambda _: unsettled.deal_keys)
    named = [(key, each) for each, deal in deals for key in dict.fromkeys(keys_of(deal))]
    writes.add(_NEW_DEAL_KEY, [{"key": key, "deal_id": each} for key, each in named])
    writes.name(*(key for key, _ in named))


def store_regions(writes: Writes, decision: Decision) -> None:
    """File a story under the places of its deals; under all it names when it tells of no deal."""
    told: tuple[Deal | Facts, ...] = decision.facts.deals or (decision.facts,)
    names = dict.fromkeys(name for each in told for name in (*each.sido, *each.sigungu))
    writes.add(_NEW_REGION, [{"region": name, "story_id": decision.story} for name in names])


def move_deals(writes: Writes, decision: Decision, now: datetime) -> None:
    """Bring known deals to the stages that this article tells."""
    conn = writes.conn
    for key, stage in decision.stage_of:
        body = conn.scalar(select(t.deal.c.body).where(t.deal.c.id == key))
        if body is None:
            continue  # pruned since: the story's own deals hold the stage
        moved = {"stage": stage.value, "last_at": now, "body": pack(replace(unpack(Deal, body), stage=stage))}
        conn.execute(update(t.deal).where(t.deal.c.id == key).values(moved))
        step = {"deal_id": key, "article_key": decision.article.key, "stage": stage.value, "at": now}
        writes.add(_NEW_STEP, [step])


def deals_of(conn: Connection, story: StoryId) -> tuple[Deal, ...]:
    """Return the deals of a story in their order."""
    rows = conn.execute(_DEALS, {"asked": story})
    return tuple(unpack(Deal, row.body) for row in rows)


_DEALS = select(t.deal.c.body).where(t.deal.c.story_id == bindparam("asked")).order_by(t.deal.c.place)


def step(row: RowMapping) -> DealStep:
    """Return a row of a deal's history as a value."""
    return DealStep(DealId(row["deal_id"]), Stage(row["stage"]), row["at"], row["article_key"])
