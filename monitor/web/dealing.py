"""Deals: the board by stage, the radar of promises that nothing followed, the calendar."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from monitor.clock import KST
from monitor.jobs.radar import FOLLOWED, KEPT, SETTLED, YEAR, Promise, promises_of
from monitor.model import DealId, Stage
from monitor.notify import Words, one_line, words_of
from monitor.store import DealCard, StageColumn
from monitor.web.asking import Ask
from monitor.web.feed import joined, newest, tag
from monitor.web.house import House
from monitor.web.lines import amount_of, card_of, firms_of, kst, place_of, stage_word, won
from monitor.web.sheet import Entry, Sheet, Table
from monitor.web.told import known_told

BOARD_DAYS = 365
RADAR_DAYS = FOLLOWED.days
"""As long as deals are followed (``store.past.DEAL_WINDOW``)."""
_DAY_SECONDS = 86_400
_FIRMS = 30
"""Firms whose promises are summed on the page: the largest."""
_GROUPS = (
    ("talks", (Stage.TALKS, Stage.PLAN)),
    ("mou", (Stage.MOU, Stage.AGREEMENT)),
    ("contract", (Stage.CONTRACT,)),
    ("build", (Stage.BUILD,)),
    ("ended", (Stage.CHANGED, Stage.CANCELLED)),
)


async def board(house: House, ask: Ask) -> Sheet:
    """Show the deals that moved lately, one column for each step of the ladder."""
    days = ask.whole("days", usual=BOARD_DAYS, least=1, most=RADAR_DAYS)
    columns = {column.stage: column for column in await house.store.board(ask.now - timedelta(days=days))}
    say, present = words_of(ask.language), ask.now.timestamp() / _DAY_SECONDS
    groups = []
    for name, stages in _GROUPS:
        told = sorted((card for stage in stages for card in columns[stage].cards), key=_moved, reverse=True)
        cards = [card_of(card, say, present) for card in told]
        groups.append((name, sum(columns[stage].count for stage in stages), stages, cards))
    return Sheet(
        "board.html",
        "딜 보드",
        told=lambda: {"days": days, "stages": [_column_told(column) for column in columns.values()]},
        values={"groups": groups, "days": days},
        table=lambda: _board_table(columns.values(), ask),
        entries=lambda: newest(
            (card for column in columns.values() for card in column.cards), lambda card: _card_entry(card, say)
        ),
    )


def _moved(card: DealCard) -> datetime:
    return card.known.last_at


def _column_told(column: StageColumn) -> dict[str, object]:
    return {
        "stage": column.stage.value,
        "count": column.count,
        "deals": [{**known_told(card.known), "title": card.title, "tellings": card.tellings} for card in column.cards],
    }


def _board_table(columns: Iterable[StageColumn], ask: Ask) -> Table:
    say = words_of(ask.language)
    heads = ("단계", "기업", "지역", "금액", "처음(KST)", "마지막(KST)", "기사 수", "제목", "이야기")
    rows = (
        (say.stage(column.stage), firms_of(card.known.deal), place_of(card.known.deal, say),
         amount_of(card.known.deal.amount, say), kst(card.known.first_at), kst(card.known.last_at), card.tellings,
         one_line(card.title), card.known.story)
        for column in columns for card in column.cards
    )  # fmt: skip
    return Table(heads, tuple(rows))


def _card_entry(card: DealCard, say: Words) -> Entry:
    """Return a deal at its stage: the next stage is another entry, because it is news."""
    known, told = card.known, card.known.deal
    return Entry(
        id=tag("deal", known.id, told.stage.value),
        path=f"/stories/{known.story}",
        title=joined(stage_word(told.stage, say), place_of(told, say), firms_of(told) or card.title),
        at=known.last_at,
        summary=joined(amount_of(told.amount, say), card.title),
        first_at=known.first_at,
    )


async def deal(house: House, ask: Ask) -> Sheet:
    """Send the reader to the story that tells a deal.

    Raises:
        HTTPSeeOther: to the story.
        HTTPNotFound: there is no such deal.
    """
    story = await house.store.story_of_deal(DealId(ask.match["deal"]))
    if story is None:
        raise web.HTTPNotFound(text="no such deal")
    raise web.HTTPSeeOther(f"/stories/{story}")


# ---- radar -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Promised against confirmed, of one region or one firm."""

    name: str
    promised: int
    confirmed: int
    silent: int
    promised_krw: float
    confirmed_krw: float


async def radar(house: House, ask: Ask) -> Sheet:
    """Show what became of promises: months since the last stage, and what was confirmed of them."""
    pledges = await house.store.pledges(ask.now - timedelta(days=RADAR_DAYS))
    region = house.full_name(ask.word("region"))
    promises = [each for each in promises_of(pledges, ask.now) if not region or region in each.places]
    open_ones = [each for each in promises if each.stage not in SETTLED]

    def regions() -> tuple[Standing, ...]:
        return standings((place, each) for each in promises for place in each.places)

    return Sheet(
        "radar.html",
        "후속 확인",
        told=lambda: {
            "promises": list(map(_promise_told, promises)),
            "regions": [_standing_told(each) for each in regions()],
        },
        values={
            "silent": [each for each in open_ones if each.is_silent],
            "waiting": [each for each in open_ones if not each.is_silent][:100],
            "standing_regions": regions,
            "firms_standing": lambda: standings(((each.firms, each) for each in promises if each.firms), _FIRMS),
            "region": region,
            "count": len(promises),
            "kept": sum(each.stage in KEPT for each in promises),
        },
        table=lambda: _radar_table(promises, ask),
        entries=lambda: newest(
            (each for each in promises if each.is_silent), lambda each: _silence_entry(each, words_of(ask.language))
        ),
    )


def _silence_entry(each: Promise, say: Words) -> Entry:
    """Return a promise on the day on which a year without a further step was full."""
    return Entry(
        id=tag("silent", each.deal, f"{each.last_at.astimezone(KST):%Y-%m-%d}"),
        path=f"/stories/{each.story}",
        title=joined(stage_word(each.stage, say), "·".join(map(say.spot, each.places)), each.firms or each.title),
        at=each.last_at + YEAR,
        summary=joined(won(each.krw, say) if each.krw else say.undisclosed, each.title),
        first_at=each.first_at,
    )


def standings(named: Iterable[tuple[str, Promise]], most: int | None = None) -> tuple[Standing, ...]:
    """Sum promises by name, the largest promised amount first; *most* names at most."""
    told: dict[str, list[Promise]] = defaultdict(list)
    for name, promise in named:
        told[name].append(promise)
    sizes = {name: sum([each.krw for each in promises if each.krw]) for name, promises in told.items()}
    order = sorted(told, key=lambda name: (-sizes[name], -len(told[name]), name))
    return tuple(_standing(name, told[name], sizes[name]) for name in order[:most])


def _standing(name: str, promises: list[Promise], krw: float) -> Standing:
    kept = [each for each in promises if each.stage in KEPT]
    return Standing(
        name=name,
        promised=len(promises),
        confirmed=len(kept),
        silent=sum(each.is_silent for each in promises),
        promised_krw=krw,
        confirmed_krw=sum(each.krw or 0.0 for each in kept),
    )


def _promise_told(each: Promise) -> dict[str, object]:
    return {
        "deal": each.deal,
        "story": each.story,
        "firms": each.firms,
        "regions": list(each.places),
        "title": each.title,
        "began": each.began.value,
        "stage": each.stage.value,
        "krw": each.krw,
        "first_at": each.first_at.isoformat(),
        "last_at": each.last_at.isoformat(),
        "months": each.months,
        "silent": each.is_silent,
    }


def _standing_told(each: Standing) -> dict[str, object]:
    return {
        "name": each.name,
        "promised": each.promised,
        "confirmed": each.confirmed,
        "silent": each.silent,
        "promised_krw": each.promised_krw,
        "confirmed_krw": each.confirmed_krw,
    }


def _radar_table(promises: Iterable[Promise], ask: Ask) -> Table:
    say = words_of(ask.language)
    heads = (
        "기업",
        "지역",
        "처음 단계",
        "지금 단계",
        "금액(원)",
        "처음(KST)",
        "마지막(KST)",
        "지난 달",
        "1년 넘게 소식 없음",
        "제목",
        "이야기",
    )
    rows = (
        (one_line(each.firms), "·".join(each.places), say.stage(each.began), say.stage(each.stage), each.krw,
         kst(each.first_at), kst(each.last_at), each.months, "예" if each.is_silent else "",
         one_line(each.title), each.story)
        for each in promises
    )  # fmt: skip
    return Table(heads, tuple(rows))
