"""How are the outlets? Each with its state, its last requests and a sample of what was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from monitor.clock import KST
from monitor.model import OutletId
from monitor.sources import Looks, Rhythm, State, health
from monitor.store import OutletWeek, ReadSample, SourceHealth
from monitor.web.asking import Ask, korean_midnight
from monitor.web.feed import joined, newest, tag
from monitor.web.house import House
from monitor.web.lines import kst
from monitor.web.sheet import Entry, Sheet, Table
from monitor.web.speech import spoken
from monitor.web.told import source_told

WEEK = timedelta(days=7)
_REFUSALS = ("Forbidden", "Blocked")
WORSE = (State.BLOCKED, State.FAILING, State.EMPTY, State.BODY_MISSING, State.QUIET, State.OK)
"""From the gravest to none."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One source as it is doing."""

    health: SourceHealth
    state: State
    because: str
    is_asked: bool  # whether it was ever asked


@dataclass(frozen=True, slots=True)
class OutletRow:
    """One outlet: its worst source speaks for it."""

    id: OutletId
    name: str
    region: str
    sources: tuple[Watched, ...]
    state: State
    because: str
    is_asked: bool
    last_ok_at: datetime | None
    last_new_at: datetime | None
    pending: int
    articles: int
    alerts: int


def watched(each: SourceHealth, now: datetime) -> Watched:
    """Judge a source by its last looks and its rhythm."""
    state = each.state
    looks = Looks(
        failures=state.failures,
        blocked=state.error.startswith(_REFUSALS) and state.failures > 0,
        error=state.error,
        last_new_at=state.last_new_at,
    )
    told = health(looks, Rhythm.from_json(state.rhythm), now)
    return Watched(each, told.state, told.because, state.last_checked_at is not None)


async def outlets(house: House, ask: Ask) -> Sheet:
    """List every outlet, the worst first."""
    found = await house.store.health(with_requests=False)
    weeks = {week.outlet: week for week in await house.store.outlet_weeks(ask.now - WEEK)}
    region = ask.word("region")
    rows = [row for row in _rows(found, weeks, ask.now) if region in ("", row.region)]
    return Sheet(
        "outlets.html",
        "매체",
        told=lambda: {"outlets": [_row_told(row) for row in rows]},
        values={
            "rows": rows,
            "tally": [(state, sum(row.state == state and row.is_asked for row in rows)) for state in WORSE],
            "unasked": sum(not row.is_asked for row in rows),
            "regions": sorted({each.region for each in found}),
            "region": region,
        },
        table=lambda: _table(rows),
        entries=lambda: newest(
            (row for row in rows if row.is_asked and row.state is not State.OK), lambda row: _trouble_entry(row, ask)
        ),
    )


async def outlet(house: House, ask: Ask) -> Sheet:
    """Show one outlet: each source's last requests, and what was read from it lately.

    Raises:
        HTTPNotFound: there is no such outlet.
    """
    name = OutletId(f"{ask.match['region']}/{ask.match['outlet']}")
    found = await house.store.health(name)
    if not found:
        raise web.HTTPNotFound(text="no such outlet")
    sample = await house.store.lately_read(name)
    row = next(iter(_rows(found, {}, ask.now)))
    configured = house.room.outlets.get(name)
    return Sheet(
        "outlet.html",
        row.name,
        told=lambda: {**_row_told(row), "sample": [_sample_told(each) for each in sample]},
        values={"row": row, "sample": sample, "configured": configured},
        table=lambda: _requests(found),
    )


def _rows(found: Iterable[SourceHealth], weeks: dict[str, OutletWeek], now: datetime) -> list[OutletRow]:
    by_outlet: dict[OutletId, list[Watched]] = {}
    for each in found:
        by_outlet.setdefault(each.state.outlet_id, []).append(watched(each, now))
    rows = [_row(name, tuple(sources), weeks.get(name)) for name, sources in by_outlet.items()]
    return sorted(rows, key=lambda row: (WORSE.index(row.state), row.region, row.name))


def _row(name: OutletId, sources: tuple[Watched, ...], week: OutletWeek | None) -> OutletRow:
    worst = min(sources, key=lambda each: WORSE.index(each.state))
    states = [each.health.state for each in sources]
    return OutletRow(
        id=name,
        name=sources[0].health.outlet_name,
        region=sources[0].health.region,
        sources=sources,
        state=worst.state,
        because=worst.because,
        is_asked=any(each.is_asked for each in sources),
        last_ok_at=max((state.last_ok_at for state in states if state.last_ok_at), default=None),
        last_new_at=max((state.last_new_at for state in states if state.last_new_at), default=None),
        pending=sum(each.health.pending for each in sources),
        articles=week.articles if week else 0,
        alerts=week.alerts if week else 0,
    )


def _trouble_entry(row: OutletRow, ask: Ask) -> Entry:
    """Return an outlet that is not well; a second trouble after a recovery is another entry."""
    last = row.last_new_at if row.state is State.QUIET else row.last_ok_at
    today = korean_midnight(ask.now.astimezone(KST).date())
    return Entry(
        id=tag("outlet", row.id, row.state.value, last.isoformat() if last else "never"),
        path=f"/outlets/{row.id}",
        title=joined(spoken(row.state.value, ask.language), row.region, row.name),
        at=last or today,
        summary=joined(row.because),
    )


def _row_told(row: OutletRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "region": row.region,
        "state": row.state.value,
        "because": row.because,
        "asked": row.is_asked,
        "last_ok_at": row.last_ok_at.isoformat() if row.last_ok_at else None,
        "last_new_at": row.last_new_at.isoformat() if row.last_new_at else None,
        "pending": row.pending,
        "articles_7d": row.articles,
        "alerts_7d": row.alerts,
        "sources": [source_told(each.health, each.state.value, each.because) for each in row.sources],
    }


def _sample_told(each: ReadSample) -> dict[str, object]:
    return {
        "url": each.url,
        "title": each.title,
        "story": each.story,
        "grade": int(each.grade),
        "letters": each.letters,
        "seen_at": each.seen_at.isoformat(),
    }


def _table(rows: Iterable[OutletRow]) -> Table:
    heads = (
        "매체",
        "이름",
        "지역",
        "상태",
        "까닭",
        "마지막 성공(KST)",
        "마지막 새 기사(KST)",
        "대기",
        "7일 기사",
        "7일 알림",
    )
    told = (
        (row.id, row.name, row.region, row.state.value, row.because, _at(row.last_ok_at), _at(row.last_new_at),
         row.pending, row.articles, row.alerts)
        for row in rows
    )  # fmt: skip
    return Table(heads, tuple(told))


def _requests(found: Iterable[SourceHealth]) -> Table:
    heads = ("주소", "시각(KST)", "상태", "바이트", "ms", "새 링크", "오류")
    lines = (
        (each.state.url, kst(line.at), line.status, line.size, line.ms, line.new, line.error)
        for each in found for line in each.requests
    )  # fmt: skip
    return Table(heads, tuple(lines))


def _at(at: datetime | None) -> str:
    return kst(at) if at else ""
