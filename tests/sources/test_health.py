from datetime import UTC, datetime, timedelta

import pytest

from monitor.sources import Looks, Rhythm, State, health

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 10:00 in Korea
FRIDAY_EVENING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def weekday_paper() -> Rhythm:
    """One article an hour, 09 to 18 on weekdays, learnt as it came."""
    rhythm = Rhythm()
    for day in range(42):
        for hour in range(10):
            at = MONDAY - timedelta(days=42 - day) + timedelta(hours=hour)
            if at.weekday() < 5:
                rhythm = rhythm.learnt([at], at)
    return rhythm


@pytest.mark.parametrize(
    ("looks", "state"),
    [
        (Looks(), State.OK),
        (Looks(failures=2), State.OK),
        (Looks(failures=3, error="500"), State.FAILING),
        (Looks(empties=3), State.EMPTY),
        (Looks(bodiless=5), State.OK),
        (Looks(bodiless=6), State.BODY_MISSING),
        (Looks(blocked=True, failures=9), State.BLOCKED),
    ],
)
def test_counted_states(looks, state):
    assert health(looks, Rhythm(), MONDAY).state is state


def test_a_silent_weekend_is_usual_and_a_silent_working_day_is_not():
    rhythm = weekday_paper()
    looks = Looks(last_new_at=FRIDAY_EVENING)
    monday_morning = FRIDAY_EVENING + timedelta(days=2, hours=15, minutes=30)
    assert health(looks, rhythm, monday_morning).state is State.OK
    assert health(looks, rhythm, FRIDAY_EVENING + timedelta(days=5, hours=6)).state is State.QUIET


def test_a_source_that_is_hardly_known_is_not_called_quiet():
    rhythm = Rhythm().learnt([MONDAY - timedelta(days=n) for n in range(5)], MONDAY)
    assert health(Looks(last_new_at=MONDAY), rhythm, MONDAY + timedelta(days=30)).state is State.OK
