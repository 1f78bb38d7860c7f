"""Which sources are not well? A person is told once a day, all in one message, and once when they are well again."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import KST, Now
from monitor.jobs.notes import Notes, recall_all
from monitor.model import OutletId
from monitor.sources import Health, Looks, Rhythm, State, health
from monitor.store import SourceState, Store

A_DAY = timedelta(hours=24)
LONGEST_LIST = 20
"""Sources named in one message; a broken network takes all of them down at once."""
LONE = timedelta(days=1)
"""A source that answers but has never listed an article is doubted after a day: the address may be the wrong one."""
AT_ONCE = 200
"""Sources judged between two looks at the sockets: 7 ms."""
_MEMORY = "watch"
_WORDS = {
    State.OK: "정상",
    State.FAILING: "실패",
    State.EMPTY: "빈 목록",
    State.BODY_MISSING: "본문 없음",
    State.QUIET: "조용함",
    State.BLOCKED: "막힘",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One source with its state and why; ``patch`` are lines that would mend the outlet's file."""

    source: SourceState
    health: Health
    patch: str = ""
    gap: str = ""  # the last hole between two looks that could not be closed

    @property
    def name(self) -> str:
        """Outlet and address: what a state is remembered by."""
        return f"{self.source.outlet_id} {self.source.url}"

    @property
    def has_worked(self) -> bool:
        """Whether it ever answered with a list."""
        return self.source.first_polled_at is not None

    @property
    def word(self) -> str:
        """The state in a word, as a person reads it."""
        return _WORDS[self.health.state]


async def inspect(store: Store, now: datetime) -> tuple[Checked, ...]:
    """Judge every source by its last looks, its notes and its own rhythm."""
    notes, checked = await recall_all(store), list[Checked]()
    for each in await store.sources():
        checked.append(judge(each, notes.get((each.outlet_id, each.url), Notes()), now))
        if len(checked) % AT_ONCE == 0:
            await asyncio.sleep(0)
    return tuple(checked)


def judge(state: SourceState, notes: Notes, now: datetime) -> Checked:
    """Judge one source."""
    looks = Looks(
        failures=state.failures,
        empties=notes.empties,
        bodiless=notes.bodiless,
        blocked=bool(state.failures) and state.error.startswith(("Forbidden", "Blocked")),
        error=state.error,
        last_new_at=state.last_new_at,
    )
    found = health(looks, Rhythm.from_json(state.rhythm), now)
    if found.state is State.OK and _is_lone(state, now):
        found = Health(State.EMPTY, "응답은 하지만 기사를 한 번도 내놓지 않음")
    return Checked(state, found, notes.patch if found.state is State.BODY_MISSING else "", notes.gap)


def _is_lone(state: SourceState, now: datetime) -> bool:
    first = state.first_polled_at
    return first is not None and not state.found and now - first > LONE


class Watch:
    """Tells the operator about sources: what is new, once a day at most; what is well again, as soon as it is.

    Of several daemons on one store each looks, and the subject of a message makes them tell it once.
    """

    def __init__(
        self, store: Store, now: Now, tell: Callable[[str, str], Awaitable[None]], names: Mapping[OutletId, str]
    ) -> None:
        """``tell`` is given words and what they are about, told once; ``names`` are what outlets call themselves."""
        self._store = store
        self._now = now
        self._tell = tell
        self._names = names

    async def look(self) -> None:
        """Compare the states with what was told, and tell the difference when it is time."""
        now = self._now()
        checked = await inspect(self._store, now)
        memory = _Memory.from_json(await self._store.meta(_MEMORY))
        sick = {each.name: each for each in checked if each.health.state is not State.OK}
        gaps = [each for each in checked if each.gap and memory.gaps.get(each.name) != each.gap]
        is_news = bool(gaps) or any(memory.told.get(name) != each.health.state for name, each in sick.items())
        well = [each for each in checked if each.name in memory.told and each.name not in sick]
        is_due = is_news and (memory.told_at is None or now - memory.told_at >= A_DAY)
        if is_due:
            await self._tell(self._trouble(list(sick.values()), gaps), f"sources down {now.astimezone(KST):%F}")
            memory.note(sick, gaps, now)
        if well:
            await self._tell(
                self._recovery(well, len(sick)), f"sources up {now:%FT%H} {' '.join(each.name for each in well)}"
            )
            memory.forget(well)
        if is_due or well:
            await self._store.set_meta(_MEMORY, memory.to_json())

    def _trouble(self, sick: list[Checked], gaps: list[Checked]) -> str:
        lines = [f"매체 {len(sick)}곳에 문제가 있습니다"] if sick else []
        lines += _shortened([f"{each.word}  {self._who(each)}: {_why(each)}" for each in sick])
        for each in sick[:LONGEST_LIST]:
            if each.patch:
                lines += [f"고칠 곳: outlets/{each.source.outlet_id}.toml", each.patch]
        if gaps:
            lines += [f"빠진 기사가 있을 수 있는 목록 {len(gaps)}곳"]
            lines += _shortened([f"{self._who(each)}: {each.gap}" for each in gaps])
        return "\n".join([*lines, "자세히: bongsu outlets check"])

    def _recovery(self, well: list[Checked], left: int) -> str:
        lines = [f"매체 {len(well)}곳이 다시 정상입니다", *_shortened([self._who(each) for each in well])]
        return "\n".join([*lines, f"아직 문제: {left}곳"] if left else lines)

    def _who(self, each: Checked) -> str:
        return f"{self._names.get(each.source.outlet_id, each.source.outlet_id)} ({each.source.url})"


@dataclass(slots=True)
class _Memory:
    """What the operator was told: source → state, source → last gap, and when."""

    told: dict[str, str]
    gaps: dict[str, str]
    told_at: datetime | None = None

    @classmethod
    def from_json(cls, text: str) -> "_Memory":
        read = json.loads(text) if text else {}
        at = read.get("at")
        return cls(read.get("told", {}), read.get("gaps", {}), datetime.fromisoformat(at) if at else None)

    def note(self, sick: Mapping[str, Checked], gaps: list[Checked], now: datetime) -> None:
        self.told |= {name: each.health.state.value for name, each in sick.items()}
        self.gaps |= {each.name: each.gap for each in gaps}
        self.told_at = now

    def forget(self, well: list[Checked]) -> None:
        for each in well:
            del self.told[each.name]

    def to_json(self) -> str:
        at = self.told_at.isoformat() if self.told_at else None
        return json.dumps({"told": self.told, "gaps": self.gaps, "at": at}, ensure_ascii=False)


def _why(each: Checked) -> str:
    last = each.source.last_ok_at
    since = f"마지막 정상 {last.astimezone(KST):%m-%d %H:%M}" if last else "한 번도 되지 않음"
    return f"{each.health.because}; {since}"


def _shortened(lines: list[str]) -> list[str]:
    left = len(lines) - LONGEST_LIST
    return lines[:LONGEST_LIST] + ([f"… 외 {left}곳"] if left > 0 else [])
