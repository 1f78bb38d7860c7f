"""What do the board's pages ask that no job does: deals by stage, regions by month, what an outlet was read for?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, select, update

from monitor.model import Deal, DealId, Grade, KnownDeal, OutletKind, Stage, StoryId
from monitor.store import tables as t
from monitor.store.codec import pack, unpack
from monitor.store.database import Desk
from monitor.store.dialect import insert_new
from monitor.store.owing import edit_soon

WRONG_STAGE = "wrong stage"
RECENT = 20_000
"""How far back the last articles of an outlet are looked for: about a week of all outlets, and a bounded scan."""
_NEW_VERDICT = insert_new(t.verdict)
_NEW_STEP = insert_new(t.deal_step)


@dataclass(frozen=True, slots=True)
class DealCard:
    """A deal as a card on the board."""

    known: KnownDeal
    title: str
    tellings: int


@dataclass(frozen=True, slots=True)
class StageColumn:
    """The deals that stand at one stage: how many, and the ones that moved last."""

    stage: Stage
    count: int
    cards: tuple[DealCard, ...]


@dataclass(frozen=True, slots=True)
class RegionMonths:
    """Stories of deals in one region: how many in each period, and the won that their deals name."""

    region: str
    counts: tuple[int, ...]
    krw: float


@dataclass(frozen=True, slots=True)
class Pledge:
    """A deal that began with a promise (talks, plan, MOU, agreement) and how far it has come."""

    deal: DealId
    story: StoryId
    title: str
    firms: tuple[str, ...]
    sido: tuple[str, ...]
    began: Stage
    stage: Stage
    krw: float | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ReadSample:
    """One article that was read lately, without its text."""

    url: str
    title: str
    story: StoryId
    grade: Grade
    letters: int  # of the body
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class OutletWeek:
    """What came of one outlet in a period."""

    outlet: str
    articles: int
    alerts: int


@dataclass(frozen=True, slots=True)
class HeardFrom:
    """A story of a deal and the channels that told it."""

    story: StoryId
    title: str
    region: str
    first_at: datetime
    is_official: bool
    is_press: bool


class Boards(Desk):
    """Reads for pages, and the corrections that people make on them."""

    async def board(self, since: datetime, cards: int = 24) -> tuple[StageColumn, ...]:
        """Return every stage with its deals that moved since *since*, the newest *cards* of each."""
        return await self._db.read(lambda conn: _board(conn, since, cards))

    async def deals_of(self, story: StoryId) -> tuple[KnownDeal, ...]:
        """Return the deals of a story with their ids, in their order."""
        rows = select(t.deal).where(t.deal.c.story_id == story).order_by(t.deal.c.place)
        return await self._db.read(lambda conn: tuple(map(_known, conn.execute(rows).mappings())))

    async def story_of_deal(self, deal: DealId) -> StoryId | None:
        """Return the story that tells a deal; None when there is no such deal."""
        asked = select(t.deal.c.story_id).where(t.deal.c.id == deal)
        return await self._db.read(lambda conn: conn.scalar(asked))

    async def region_months(self, regions: Sequence[str], edges: Sequence[datetime]) -> tuple[RegionMonths, ...]:
        """Count the stories of deals in each region between each pair of neighbouring *edges* (ascending)."""
        return await self._db.read(lambda conn: _region_months(conn, tuple(regions), tuple(edges)))

    async def pledges(self, since: datetime, limit: int = 2000, *, receiver: str = "") -> tuple[Pledge, ...]:
        """Return the deals first told since *since* that began with a promise, those silent for longest first.

        *receiver* takes only deals of stories that are in that receiver's ledger.
        """
        return await self._db.read(lambda conn: _pledges(conn, since, limit, receiver))

    async def agenda(self, since: datetime, limit: int = 500) -> tuple[KnownDeal, ...]:
        """Return the deals with a date of an event that moved since *since*, newest first."""
        dated = select(t.deal).where(t.deal.c.last_at >= since, t.deal.c.body.contains('"date":"', autoescape=True))
        rows = dated.order_by(t.deal.c.last_at.desc()).limit(limit)
        return await self._db.read(lambda conn: tuple(map(_known, conn.execute(rows).mappings())))

    async def lately_read(self, outlet: str, limit: int = 5) -> tuple[ReadSample, ...]:
        """Return the newest articles of an outlet among the last ``RECENT`` of all."""
        return await self._db.read(lambda conn: _lately_read(conn, outlet, limit))

    async def outlet_weeks(self, since: datetime) -> tuple[OutletWeek, ...]:
        """Count what was read from each outlet since *since*, and which of it was alerted first by it."""
        return await self._db.read(lambda conn: _outlet_weeks(conn, since))

    async def heard_from(
        self, since: datetime, regions: Sequence[str], official: Sequence[OutletKind]
    ) -> tuple[HeardFrom, ...]:
        """Return the stories of deals since *since*, newest first, by one of *regions*.

        Outlets of the *official* kinds are one channel, all others the press.
        """
        return await self._db.read(lambda conn: _heard_from(conn, since, tuple(regions), tuple(official)))

    async def correct_stage(self, deal: DealId, stage: Stage, who: str, at: datetime) -> bool:
        """Set the stage of a deal by a person's word; sent messages are edited soon. False when there is none."""
        return await self._db.write(lambda conn: _correct_stage(conn, deal, stage, who, at))


def _known(row: RowMapping) -> KnownDeal:
    return KnownDeal(
        DealId(row["id"]), StoryId(row["story_id"]), unpack(Deal, row["body"]), row["first_at"], row["last_at"]
    )


_TOLD = t.deal.join(t.story, t.story.c.id == t.deal.c.story_id)
_OPEN = (t.story.c.joined_into.is_(None), t.story.c.grade >= int(Grade.ACTIVITY))
"""Deals of stories that were told as deals and not joined to another."""
_OF_DEALS = (t.story.c.joined_into.is_(None), t.story.c.grade + 0 >= int(Grade.ACTIVITY))
"""The same, asked of each deal: by the index of grades SQLite would begin at the stories, for twice the time."""


def _board(conn: Connection, since: datetime, cards: int) -> tuple[StageColumn, ...]:
    """Number the deals of each stage in one pass, newest first; only those shown are read whole."""
    deal = t.deal.c
    place = func.row_number().over(partition_by=deal.stage, order_by=(deal.last_at.desc(), deal.id))
    many = func.count().over(partition_by=deal.stage)
    numbered = (
        select(deal.id.label("shown"), place.label("place"), many.label("many"))
        .select_from(_TOLD)
        .where(*_OPEN, deal.last_at >= since)
        .subquery()
    )
    rows = (
        select(t.deal, t.story.c.title, t.story.c.tellings, numbered.c.many)
        .select_from(_TOLD.join(numbered, numbered.c.shown == deal.id))
        .where(numbered.c.place <= cards)
        .order_by(numbered.c.place)
    )
    told: dict[str, list[DealCard]] = {stage.value: [] for stage in Stage}
    counts = dict.fromkeys(told, 0)
    for row in conn.execute(rows).mappings():
        told[row["stage"]].append(DealCard(_known(row), row["title"], row["tellings"]))
        counts[row["stage"]] = row["many"]
    return tuple(StageColumn(stage, counts[stage.value], tuple(told[stage.value])) for stage in Stage)


def _region_months(conn: Connection, regions: tuple[str, ...], edges: tuple[datetime, ...]) -> tuple[RegionMonths, ...]:
    told, place = t.story.c, t.story_region.c
    periods = [
        func.sum(case(((told.first_at >= start) & (told.first_at < end), 1), else_=0)) for start, end in pairwise(edges)
    ]
    stories = (
        select(place.region, *periods)
        .join(t.story, told.id == place.story_id)
        .where(*_in_period(regions, edges))
        .group_by(place.region)
    )
    won = (
        select(place.region, func.sum(t.deal.c.amount_krw).label("krw"))
        .join(t.story, told.id == place.story_id)
        .join(t.deal, t.deal.c.story_id == told.id)
        .where(*_in_period(regions, edges))
        .group_by(place.region)
    )
    amounts = {row.region: row.krw or 0.0 for row in conn.execute(won)}
    counts = {row[0]: tuple(map(int, row[1:])) for row in conn.execute(stories)}
    nothing = (0,) * len(periods)
    return tuple(RegionMonths(each, counts.get(each, nothing), amounts.get(each, 0.0)) for each in regions)


def _in_period(regions: tuple[str, ...], edges: tuple[datetime, ...]) -> tuple[ColumnElement[bool], ...]:
    told = t.story.c
    return (
        t.story_region.c.region.in_(regions),
        told.first_at >= edges[0],
        told.first_at < edges[-1],
        told.grade >= int(Grade.DEAL),
        told.joined_into.is_(None),
    )


_PROMISES = tuple(stage.value for stage in (Stage.TALKS, Stage.PLAN, Stage.MOU, Stage.AGREEMENT))


def _pledges(conn: Connection, since: datetime, limit: int, receiver: str) -> tuple[Pledge, ...]:
    step, deal = t.deal_step.c, t.deal.c
    first = (
        select(step.stage)
        .where(step.deal_id == deal.id)
        .order_by(step.at, step.article_key)
        .limit(1)
        .correlate(t.deal)
        .scalar_subquery()
    )
    asked = select(*(deal[name] for name in _PLEDGED), t.story.c.title, first.label("began")).select_from(_TOLD)
    rows = asked.where(*_OF_DEALS, deal.first_at >= since, func.coalesce(first, deal.stage).in_(_PROMISES))
    if receiver:
        rows = rows.where(deal.story_id.in_(select(t.alert.c.story_id).where(t.alert.c.receiver == receiver)))
    return tuple(map(_pledge, conn.execute(rows.order_by(deal.last_at, deal.id).limit(limit)).mappings()))


_PLEDGED = ("id", "story_id", "body", "stage", "amount_krw", "first_at", "last_at")


def _pledge(held: RowMapping) -> Pledge:
    body = json.loads(held["body"])  # two of its fields: reading all of a deal costs ten times as much
    return Pledge(
        deal=DealId(held["id"]),
        story=StoryId(held["story_id"]),
        title=held["title"],
        firms=tuple(body.get("companies", ())),
        sido=tuple(body.get("sido", ())),
        began=_STAGES[held["began"] or held["stage"]],
        stage=_STAGES[held["stage"]],
        krw=held["amount_krw"],
        first_at=held["first_at"],
        last_at=held["last_at"],
    )


_STAGES = {stage.value: stage for stage in Stage}


def _lately_read(conn: Connection, outlet: str, limit: int) -> tuple[ReadSample, ...]:
    article = t.article.c
    newest = conn.scalar(select(func.max(article.n))) or 0
    columns = (article.url, article.title, article.story_id, article.grade, article.seen_at)
    rows = (
        select(*columns, func.length(article.text).label("letters"))
        .where(article.outlet == outlet, article.n > newest - RECENT)
        .order_by(article.n.desc())
        .limit(limit)
    )
    return tuple(
        ReadSample(row.url, row.title, StoryId(row.story_id), Grade(row.grade), row.letters, row.seen_at)
        for row in conn.execute(rows)
    )


def _outlet_weeks(conn: Connection, since: datetime) -> tuple[OutletWeek, ...]:
    article = t.article.c
    read = select(article.outlet, func.count()).where(article.seen_at >= since).group_by(article.outlet)
    first = select(func.min(article.n)).group_by(article.story_id)
    alerted = select(t.alert.c.story_id).where(t.alert.c.at >= since)
    told = (
        select(article.outlet, func.count())
        .where(article.n.in_(first.where(article.story_id.in_(alerted))))
        .group_by(article.outlet)
    )
    alerts = {row[0]: row[1] for row in conn.execute(told)}
    return tuple(OutletWeek(row[0], row[1], alerts.get(row[0], 0)) for row in conn.execute(read))


def _heard_from(
    conn: Connection, since: datetime, regions: tuple[str, ...], official: tuple[OutletKind, ...]
) -> tuple[HeardFrom, ...]:
    """Ask of each story whether an article of either sort exists: joined and grouped it costs three times as much."""
    told, place = t.story.c, t.story_region.c
    article = select(t.article.c.n).where(t.article.c.story_id == told.id).correlate(t.story)
    kinds = t.article.c.outlet_kind
    region = select(func.min(place.region)).where(place.story_id == told.id, place.region.in_(regions))
    rows = (
        select(
            told.id,
            told.title,
            told.first_at,
            func.coalesce(region.correlate(t.story).scalar_subquery(), "").label("region"),
            article.where(kinds.in_(official)).exists().label("official"),
            article.where(kinds.not_in(official)).exists().label("press"),
        )
        .where(told.first_at >= since, told.grade >= int(Grade.DEAL), told.joined_into.is_(None))
        .order_by(told.first_at.desc(), told.id)
    )
    return tuple(
        HeardFrom(StoryId(row.id), row.title, row.region, row.first_at, bool(row.official), bool(row.press))
        for row in conn.execute(rows)
    )


def _correct_stage(conn: Connection, deal: DealId, stage: Stage, who: str, at: datetime) -> bool:
    row = conn.execute(select(t.deal.c.story_id, t.deal.c.body).where(t.deal.c.id == deal)).one_or_none()
    if row is None:
        return False
    body = pack(replace(unpack(Deal, row.body), stage=stage))
    conn.execute(update(t.deal).where(t.deal.c.id == deal).values(stage=stage.value, body=body))
    conn.execute(
        _NEW_STEP.on(conn), {"deal_id": deal, "article_key": f"{who} {at.isoformat()}", "stage": stage.value, "at": at}
    )
    conn.execute(
        _NEW_VERDICT.on(conn), {"kind": WRONG_STAGE, "subject": deal, "value": stage.value, "who": who, "at": at}
    )
    conn.execute(update(t.story).where(t.story.c.id == row.story_id).values(revision=t.story.c.revision + 1))
    edit_soon(conn, (StoryId(row.story_id),), at)
    return True
