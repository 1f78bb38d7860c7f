"""What became of promises: talks, plans and agreements with what followed them, and the month's letter about it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import KST
from monitor.model import DealId, Stage, StoryId
from monitor.notify import Lapsed, Lookback
from monitor.store import Pledge, Store

SILENT_MONTHS = 12
"""A promise without a further step after a year is asked about."""
FOLLOWED = timedelta(days=3 * 366)
"""As long as deals are followed (``store.past.DEAL_WINDOW``)."""
YEAR = timedelta(days=365)
KEPT = frozenset({Stage.CONTRACT, Stage.BUILD})
SETTLED = KEPT | {Stage.CANCELLED, Stage.CHANGED}
_MONTH = timedelta(days=30.44)
_FAR = {stage: place for place, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class Promise:
    """A pledge as the radar shows it: retellings of one promise are one line."""

    deal: DealId
    story: StoryId
    firms: str
    places: tuple[str, ...]
    title: str
    began: Stage
    stage: Stage
    krw: float | None
    first_at: datetime
    last_at: datetime
    months: float  # since the last stage
    is_silent: bool  # a year went by without a further step


def promises_of(pledges: Iterable[Pledge], now: datetime) -> tuple[Promise, ...]:
    """Return one promise for the pledges that name the same firms and places, longest silent first.

    The first telling says how it began, the furthest one how far it has come; a pledge without a firm stands alone.
    """
    told: dict[object, list[Pledge]] = defaultdict(list)
    for pledge in pledges:
        told[(frozenset(pledge.firms), pledge.sido) if pledge.firms else pledge.deal].append(pledge)
    promises = (_promise(same, now) for same in told.values())
    return tuple(sorted(promises, key=lambda each: (each.last_at, each.deal)))


def _promise(same: list[Pledge], now: datetime) -> Promise:
    first = furthest = same[0]
    last_at, krw = first.last_at, first.krw
    if len(same) > 1:
        first = min(same, key=lambda each: each.first_at)
        furthest = max(same, key=lambda each: (_FAR[each.stage], each.last_at))
        last_at = max(each.last_at for each in same)
        krw = max((each.krw for each in same if each.krw), default=None)
    months = round((now - last_at) / _MONTH, 1)
    return Promise(
        deal=first.deal,
        story=furthest.story,
        firms=", ".join(first.firms[:3]),
        places=first.sido,
        title=first.title,
        began=first.began,
        stage=furthest.stage,
        krw=krw or None,
        first_at=first.first_at,
        last_at=last_at,
        months=months,
        is_silent=months >= SILENT_MONTHS and furthest.stage not in SETTLED,
    )


async def lookback(receiver: str, day: dt.date, before: dt.date, store: Store, now: datetime) -> Lookback | None:
    """Return the radar's part of the first digest of a month, ``None`` in any other and where there is nothing to say.

    Of the promises that the receiver was told of: those for which the month before *day* completed a year without a
    further step (each is told in one month only), and what the last year promised against what was confirmed.
    """
    if (day.year, day.month) == (before.year, before.month):
        return None
    pledges = await store.pledges(now - FOLLOWED, receiver=receiver)
    promises = promises_of(pledges, now)
    ends = datetime.combine(day.replace(day=1), dt.time(), KST)
    begins = datetime.combine((ends - timedelta(days=1)).date().replace(day=1), dt.time(), KST)
    lapsed = [one for one in promises if one.stage not in SETTLED and begins <= one.last_at + YEAR < ends]
    lately = [one for one in promises if one.first_at >= now - YEAR]
    kept = [one for one in lately if one.stage in KEPT]
    if not lapsed and not lately:
        return None
    return Lookback(
        lapsed=tuple(
            Lapsed(one.story, one.firms, one.places, one.title, one.stage, one.krw, one.last_at) for one in lapsed
        ),
        promised=len(lately),
        confirmed=len(kept),
        promised_krw=sum(one.krw or 0.0 for one in lately),
        confirmed_krw=sum(one.krw or 0.0 for one in kept),
    )
