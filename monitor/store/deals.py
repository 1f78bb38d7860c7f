"""Which deals does a story tell, and how far have they come? Deals live for years, so they outlive their articles."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Integer, RowMapping, bindparam, select, update

from monitor.model import Deal, DealId, Decision, Facts, Grade, Stage, StoryId
from monitor.store import tables as t
from monitor.store.codec import pack, unpack
from monitor.store.dialect import insert_new
from monitor.store.rows import DealStep, Unsettled

_NEW_DEAL = insert_new(t.deal)
_NEW_DEAL_KEY = insert_new(t.deal_key)
_NEW_REGION = insert_new(t.story_region)
_NEW_STEP = insert_new(t.deal_step)
WON = "KRW"


def store_deals(conn: Connection, decision: Decision, unsettled: Unsettled, now: datetime) -> None:
    """Store the deals of a telling when its story has none yet: the first telling that names any is kept."""
    deals = decision.facts.deals if decision.relevance.grade >= Grade.ACTIVITY else ()
    if not deals or (not decision.is_new_story and _has_deals(conn, decision.story)):
        return
    ids = [deal_id(decision.story, place) for place in range(len(deals))]
    rows = [_deal_row(ids[place], place, deal, decision.story, now) for place, deal in enumerate(deals)]
    conn.execute(_NEW_DEAL.on(conn), rows)
    _store_keys(conn, list(zip(ids, deals, strict=True)), unsettled)
    steps = [{"deal_id": each, "article_key": decision.article.key, "stage": deal.stage.value, "at": now}
             for each, deal in zip(ids, deals, strict=True)]  # fmt: skip
    conn.execute(_NEW_STEP.on(conn), steps)


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


def _store_keys(conn: Connection, deals: list[tuple[DealId, Deal]], unsettled: Unsettled) -> None:
    keys_of = unsettled.keys_of or (lambda _: unsettled.deal_keys)
    rows = [{"key": key, "deal_id": each} for each, deal in deals for key in dict.fromkeys(keys_of(deal))]
    if rows:
        conn.execute(_NEW_DEAL_KEY.on(conn), rows)


def store_regions(conn: Connection, decision: Decision) -> None:
    """File a story under the places of its deals; under all it names when it tells of no deal."""
    told: tuple[Deal | Facts, ...] = decision.facts.deals or (decision.facts,)
    names = dict.fromkeys(name for each in told for name in (*each.sido, *each.sigungu))
    rows = [{"region": name, "story_id": decision.story} for name in names]
    if rows:
        conn.execute(_NEW_REGION.on(conn), rows)


def move_deals(conn: Connection, decision: Decision, now: datetime) -> None:
    """Bring known deals to the stages that this article tells."""
    for key, stage in decision.stage_of:
        body = conn.scalar(select(t.deal.c.body).where(t.deal.c.id == key))
        if body is None:
            continue  # pruned since: the story's own deals hold the stage
        moved = {"stage": stage.value, "last_at": now, "body": pack(replace(unpack(Deal, body), stage=stage))}
        conn.execute(update(t.deal).where(t.deal.c.id == key).values(moved))
        step = {"deal_id": key, "article_key": decision.article.key, "stage": stage.value, "at": now}
        conn.execute(_NEW_STEP.on(conn), step)


def grow_story(conn: Connection, decision: Decision) -> None:
    """Let a story rise to a later telling's grade, never fall: the first short notice may have said too little."""
    relevance = decision.relevance
    conn.execute(
        _GROW,
        {
            "asked": decision.story,
            "to_grade": int(relevance.grade),
            "to_score": relevance.score,
            "to_why": pack(relevance.why),
        },
    )


_GROW = (
    update(t.story)
    .where(t.story.c.id == bindparam("asked"), t.story.c.grade < bindparam("to_grade", type_=Integer))
    .values(grade=bindparam("to_grade", type_=Integer), score=bindparam("to_score"), why=bindparam("to_why"))
)


def deals_of(conn: Connection, story: StoryId) -> tuple[Deal, ...]:
    """Return the deals of a story in their order."""
    rows = conn.execute(_DEALS, {"asked": story})
    return tuple(unpack(Deal, row.body) for row in rows)


_DEALS = select(t.deal.c.body).where(t.deal.c.story_id == bindparam("asked")).order_by(t.deal.c.place)


def step(row: RowMapping) -> DealStep:
    """Return a row of a deal's history as a value."""
    return DealStep(DealId(row["deal_id"]), Stage(row["stage"]), row["at"], row["article_key"])
