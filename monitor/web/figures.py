"""Numbers: regions with their bars and months, and how complete our picture is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import KST
from monitor.model import OutletKind
from monitor.notify import Words, one_line, words_of
from monitor.store import HeardFrom
from monitor.web.asking import Ask, korean_midnight
from monitor.web.feed import joined, newest, tag
from monitor.web.house import House
from monitor.web.sheet import Entry, Sheet, Table
from monitor.web.speech import spoken

MONTHS = 12
COMPLETE_DAYS = 90
_OFFICIAL = (OutletKind.BOARD, OutletKind.RELEASE)
_LISTED = 50


@dataclass(frozen=True, slots=True)
class Month:
    """One column of the chart."""

    name: str  # 2026-03
    count: int


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One bar."""

    name: str
    short: str
    count: int
    krw: float
    months: tuple[int, ...]


async def regions(house: House, ask: Ask) -> Sheet:
    """Show how many deals each 시도 told in twelve months, and the months of all of them."""
    edges = month_edges(ask.now.astimezone(KST).date())
    found = await house.store.region_months([each.name for each in house.regions], edges)
    shorts = {each.name: each.short for each in house.regions}
    rows = [RegionRow(each.region, shorts[each.region], sum(each.counts), each.krw, each.counts) for each in found]
    rows.sort(key=lambda row: (-row.count, row.name))
    names = [f"{edge.astimezone(KST):%Y-%m}" for edge in edges[:-1]]
    months = [Month(name, sum(row.months[place] for row in rows)) for place, name in enumerate(names)]
    return Sheet(
        "regions.html",
        "지역",
        told=lambda: {"months": names, "regions": [_row_told(row) for row in rows]},
        values={"rows": rows, "months": months, "most": max((row.count for row in rows), default=0)},
        table=lambda: Table(
            ("지역", "건수", "금액 합(원)", *names), tuple((row.name, row.count, row.krw, *row.months) for row in rows)
        ),
        entries=lambda: _month_entries(rows, months, edges, words_of(ask.language)),
    )


def _month_entries(
    rows: Iterable[RegionRow], months: Sequence[Month], edges: Sequence[datetime], say: Words
) -> tuple[Entry, ...]:
    """Return each month that is over with its count by region, the last first; the present one is not yet news."""
    over = list(enumerate(months))[:-1]
    told = (
        Entry(
            id=tag("month", month.name),
            path="/regions",
            title=f"{month.name} · {month.count}",
            at=edges[place + 1],
            summary=joined(*(f"{say.spot(row.name)} {row.months[place]}" for row in rows if row.months[place])),
        )
        for place, month in reversed(over)
    )
    return tuple(told)


def month_edges(day: dt.date, months: int = MONTHS) -> tuple[datetime, ...]:
    """Return the instants at which the last *months* months began in Korea, and the end of the present one.

    Example:
        >>> [f"{edge:%m-%d %H}" for edge in month_edges(dt.date(2026, 1, 15), 2)]
        ['11-30 15', '12-31 15', '01-31 15']
    """
    first = day.year * 12 + day.month - months
    starts = ((first + place) for place in range(months + 1))
    return tuple(korean_midnight(dt.date(start // 12, start % 12 + 1, 1)) for start in starts)


def _row_told(row: RegionRow) -> dict[str, object]:
    return {"region": row.name, "count": row.count, "krw": row.krw, "months": list(row.months)}


# ---- completeness ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capture:
    """What two independent channels saw of one region, and how much there probably was (Chapman 1951)."""

    region: str
    official: int
    press: int
    both: int

    @property
    def seen(self) -> int:
        """Stories that either channel saw."""
        return self.official + self.press - self.both

    @property
    def estimate(self) -> float:
        """How many there were, if the channels are independent; no less than was seen."""
        return max(float(self.seen), (self.official + 1) * (self.press + 1) / (self.both + 1) - 1)

    @property
    def share(self) -> float:
        """The share that we saw, in [0, 1]."""
        return self.seen / self.estimate if self.estimate else 1.0


async def completeness(house: House, ask: Ask) -> Sheet:
    """Estimate what we miss from what one channel had and the other lacked."""
    days = ask.whole("days", usual=COMPLETE_DAYS, least=7, most=366)
    names = [each.name for each in house.regions]
    told = await house.store.heard_from(ask.now - timedelta(days=days), names, _OFFICIAL)
    captures = captures_of(told, names)
    only_press = [each for each in told if not each.is_official][:_LISTED]
    only_official = [each for each in told if not each.is_press][:_LISTED]
    return Sheet(
        "completeness.html",
        "빠짐 추정",
        told=lambda: {"days": days, "regions": [_capture_told(each) for each in captures]},
        values={
            "days": days,
            "captures": captures,
            "only_press": [_title(each) for each in only_press],
            "only_official": [_title(each) for each in only_official],
        },
        table=lambda: Table(
            ("지역", "공식 통로", "언론 통로", "둘 다", "본 것", "추정"),
            tuple(
                (each.region, each.official, each.press, each.both, each.seen, round(each.estimate, 1))
                for each in captures
            ),
        ),
        entries=lambda: newest([*only_press, *only_official], lambda each: _one_sided_entry(each, ask.language)),
    )


def _one_sided_entry(each: HeardFrom, language: str) -> Entry:
    """Return a story that one channel told and the other lacks."""
    lacks = "공식 통로에만 있던 것" if each.is_official else "언론에만 있던 것"
    return Entry(
        id=tag("one-sided", each.story),
        path=f"/stories/{each.story}",
        title=joined(words_of(language).spot(each.region) if each.region else "", each.title) or "·",
        at=each.first_at,
        summary=spoken(lacks, language),
    )


def captures_of(told: Iterable[HeardFrom], regions: Iterable[str]) -> tuple[Capture, ...]:
    """Count official and press channels by region; regions that nobody spoke of are left out."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in told:
        for place, is_so in enumerate((each.is_official, each.is_press, each.is_official and each.is_press)):
            counts[each.region][place] += is_so
    return tuple(Capture(region, *counts[region]) for region in regions if region in counts)


def _capture_told(each: Capture) -> dict[str, object]:
    return {
        "region": each.region,
        "official": each.official,
        "press": each.press,
        "both": each.both,
        "seen": each.seen,
        "estimate": round(each.estimate, 1),
        "share": round(each.share, 3),
    }


def _title(each: HeardFrom) -> tuple[str, str, str]:
    return each.story, one_line(each.title), each.region
