"""A clock that is set under a daemon does not throw its plans off."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SteadyClock

NOON = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A wall clock that can be set, and a counter that cannot."""

    def __init__(self) -> None:
        self.wall = NOON
        self.seconds = 100.0
        self.steady = SteadyClock(lambda: self.wall, lambda: self.seconds)

    def passes(self, seconds: float) -> datetime:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds
        return self.steady()

    def passes_by_seconds(self, seconds: int) -> datetime:
        return [self.passes(1) for _ in range(seconds)][-1]


@pytest.mark.parametrize("step", [HOUR, -HOUR, timedelta(days=3650), timedelta(seconds=-90)])
def test_a_clock_that_is_set_and_set_back_within_a_minute_changes_little(step: timedelta) -> None:
    machine = Machine()
    machine.passes_by_seconds(60)
    machine.wall += step
    machine.passes_by_seconds(60)
    machine.wall -= step
    assert abs(machine.passes_by_seconds(90) - machine.wall) <= timedelta(seconds=2)


def test_a_machine_that_slept_or_started_with_a_wrong_time_is_believed_after_two_minutes() -> None:
    machine = Machine()
    machine.wall += 8 * HOUR
    assert machine.passes_by_seconds(100) < NOON + HOUR
    assert machine.passes_by_seconds(60) == machine.wall


def test_a_clock_that_is_set_back_for_good_is_met_at_half_speed() -> None:
    machine = Machine()
    machine.wall -= timedelta(minutes=10)
    machine.passes_by_seconds(120)
    before = machine.steady()
    assert machine.passes_by_seconds(600) - before == timedelta(minutes=5)
    assert abs(machine.passes_by_seconds(700) - machine.wall) <= timedelta(seconds=2)


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(-1e6, 1e6)), max_size=40))
def test_it_never_runs_back(changes: list[tuple[float, float]]) -> None:
    machine, last = Machine(), NOON
    for seconds, step in changes:
        machine.wall += timedelta(seconds=step)
        now = machine.passes(seconds)
        assert now >= last
        last = now
