import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Link
from monitor.sources import CEILING, FLOOR, Rhythm, backoff, next_poll, overlaps

from .conftest import NOW

MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)  # 09:00 in Korea
chances = st.floats(0, 0.999)


def office_hours(weeks: int = 6) -> Rhythm:
    """Ten articles each weekday, 09 to 11 in Korea."""
    start = MONDAY - timedelta(weeks=weeks)
    times = [
        start + timedelta(days=day, minutes=12 * number + 3)
        for day in range(7 * weeks)
        if day % 7 < 5
        for number in range(10)
    ]
    return Rhythm().learnt(times, MONDAY)


def test_polls_are_denser_when_news_is_expected():
    rhythm = office_hours()
    morning = next_poll(rhythm, MONDAY + timedelta(minutes=10)) - (MONDAY + timedelta(minutes=10))
    night = next_poll(rhythm, MONDAY + timedelta(hours=12)) - (MONDAY + timedelta(hours=12))
    assert morning * 2 < night


def test_the_budget_holds_over_a_week():
    rhythm, now, polls = office_hours(), MONDAY, 0
    while now < MONDAY + timedelta(days=7):
        now, polls = next_poll(rhythm, now), polls + 1
    assert 0.7 < polls / 7 / rhythm.polls_a_day() < 1.3


def test_a_poll_near_the_full_hour_is_made_just_after_it():
    now = datetime(2026, 11, 18, 4, 51, tzinfo=UTC)
    assert next_poll(Rhythm(), now, rng=0.5).minute == 1


def test_a_fixed_interval_replaces_the_rhythm():
    at = next_poll(office_hours(), NOW, every=timedelta(minutes=5), rng=0.5)
    assert at == NOW + timedelta(minutes=5)


@given(chances, st.integers(0, 50), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
def test_a_poll_is_never_too_soon_nor_given_up(rng, failures, moment):
    now = moment.replace(tzinfo=UTC)
    step = next_poll(office_hours(1), now, failures=failures, rng=rng) - now
    assert FLOOR * 0.75 <= step <= CEILING * 1.25


@given(chances)
def test_a_dead_source_costs_at_most_a_probe_an_hour_and_is_asked_daily(rng):
    assert all(timedelta(minutes=45) <= backoff(count, rng) <= timedelta(hours=8) for count in (7, 30, 10_000))


def test_backoff_doubles_from_a_minute():
    assert [backoff(count, 0.5) / timedelta(minutes=1) for count in (1, 2, 3, 4)] == [1, 2, 4, 8]


def test_the_servers_wish_is_believed_for_a_day_at_most():
    assert next_poll(Rhythm(), NOW, retry_at=NOW + timedelta(hours=9)) == NOW + timedelta(hours=9)
    assert next_poll(Rhythm(), NOW, retry_at=NOW + timedelta(days=900)) == NOW + timedelta(days=1)


def test_a_rhythm_survives_its_text():
    rhythm = office_hours()
    back = Rhythm.from_json(rhythm.to_json())
    assert abs(back.polls_a_day() - rhythm.polls_a_day()) < 0.1
    assert max(abs(a - b) for a, b in zip(back.weights(), rhythm.weights(), strict=True)) < 1e-3


def test_a_damaged_text_is_a_rhythm_that_knows_nothing():
    for text in ("", "null", "[]", "{", '{"c": [1]}', '{"c": "x", "t": 0, "b": 1, "s": 0, "g": 1}'):
        assert Rhythm.from_json(text) == Rhythm()


def test_a_busy_outlet_gets_more_polls_than_a_silent_one():
    busy = Rhythm().learnt([NOW - timedelta(minutes=5 * n) for n in range(2000)], NOW)
    silent = Rhythm().learnt([NOW - timedelta(days=3 * n) for n in range(1, 8)], NOW)
    assert busy.polls_a_day() > 2 * silent.polls_a_day()


def test_days_without_a_time_do_not_become_a_midnight_rhythm():
    midnight = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
    rhythm = Rhythm().learnt([midnight - timedelta(days=n) for n in range(20)], NOW)
    assert max(rhythm.weights()) < 0.05


def test_overlap_asks_for_one_known_article():
    links = (Link("https://p.kr/2"), Link("https://p.kr/1"))
    assert overlaps([False, True], links)
    assert not overlaps([False, False], links)
    assert overlaps([], ())


def test_a_burst_brings_the_next_poll_nearer_and_a_lull_puts_it_off():
    rhythm = office_hours()
    at = MONDAY + timedelta(minutes=40)
    burst = rhythm.learnt([at - timedelta(minutes=n) for n in range(8)], at)
    assert next_poll(burst, at) < next_poll(rhythm, at)
    assert burst.lift(at) > 1 > rhythm.lift(at + timedelta(hours=1))
    assert abs(burst.lift(at + timedelta(days=20)) - rhythm.lift(at + timedelta(days=20))) < 0.2


def test_the_memory_of_bursts_survives_a_restart_and_an_older_note():
    kept = office_hours().to_json()
    older = re.sub(r', "l": \[[^]]*\]', "", kept)
    assert abs(Rhythm.from_json(kept).lift(MONDAY) - office_hours().lift(MONDAY)) < 0.01
    assert older != kept
    assert Rhythm.from_json(older).rate() == Rhythm.from_json(kept).rate()
