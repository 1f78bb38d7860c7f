"""Is this source well? It may die without an error, so silence is measured against its own rhythm."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.sources.rhythm import Rhythm

# In a row. A list that is empty three times is no chance; a paper has days of photo pages, so bodies get six.
_FAILURES = 3
_EMPTIES = 3
_BODILESS = 6
# Three times the silence that one look in twenty exceeds; below a dozen publications there is no rhythm to go by.
_QUIET = 3.0
_LEAST_KNOWN = 12.0


class State(StrEnum):
    """How a source is doing."""

    OK = "ok"
    FAILING = "failing"
    EMPTY = "empty"
    BODY_MISSING = "body_missing"
    QUIET = "quiet"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Health:
    """A state and the reason a person reads; the reason is ``""`` when all is well."""

    state: State
    because: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """What the last looks at a source gave; each count is in a row, up to the last look."""

    failures: int = 0
    empties: int = 0
    bodiless: int = 0  # articles whose body was not found
    blocked: bool = False  # the last look was refused by robots.txt, the site or our own guard
    error: str = ""
    last_new_at: datetime | None = None


def health(looks: Looks, rhythm: Rhythm, now: datetime) -> Health:
    """Judge a source by its last looks and its own rhythm.

    Args:
        looks: counted by the caller.
        rhythm: learnt from the source's publications; says how long a silence is usual at this hour and day.
        now: aware.

    Returns:
        The gravest state that holds: blocked, failing, empty, body missing, quiet, ok.
    """
    if looks.blocked:
        return Health(State.BLOCKED, looks.error or "접근이 거부됨")
    counted = (
        (State.FAILING, looks.failures, _FAILURES, f"오류 {looks.failures}회 연속: {looks.error}"),
        (State.EMPTY, looks.empties, _EMPTIES, f"빈 목록 {looks.empties}회 연속"),
        (State.BODY_MISSING, looks.bodiless, _BODILESS, f"본문을 찾지 못한 기사 {looks.bodiless}건 연속"),
    )
    for state, count, limit, because in counted:
        if count >= limit:
            return Health(state, because)
    return _quiet(looks, rhythm, now) or Health(State.OK)


def _quiet(looks: Looks, rhythm: Rhythm, now: datetime) -> Health | None:
    if looks.last_new_at is None or sum(rhythm.counts) < _LEAST_KNOWN:
        return None
    missed = rhythm.expected(looks.last_new_at, now)
    if missed <= _QUIET * rhythm.gap:
        return None
    hours = (now - looks.last_new_at).total_seconds() / 3600
    return Health(State.QUIET, f"{hours:.0f}시간째 새 기사 없음 (평소라면 {missed:.0f}건)")
