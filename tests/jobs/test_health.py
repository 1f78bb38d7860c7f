"""How long a channel that is not well is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.health import Health, down_wait, outage_wait

NOW = datetime(2026, 3, 4, 3, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 0), (2, 0), (3, 0), (4, 1), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32), (10, 45), (11, 45), (5000, 45)],
)
def test_pauses_double_from_the_fourth_failure_on_up_to_45_seconds(failures: int, seconds: int) -> None:
    assert outage_wait(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("refusals", "seconds"), [(1, 60), (2, 120), (3, 180), (4, 180), (5000, 180)])
def test_a_channel_that_refuses_is_tried_five_times_in_ten_minutes(refusals: int, seconds: int) -> None:
    assert down_wait(refusals) == timedelta(seconds=seconds)


def test_a_new_channel_is_well_and_ready() -> None:
    health = Health()
    assert health.is_well
    assert health.ready_at < NOW
    assert (health.reason, health.remedy, health.since) == ("", "", None)


def test_failures_add_up_and_a_call_that_gets_through_forgets_them() -> None:
    health = Health()
    for _ in range(5):
        health.fails(NOW, "500")
    assert (health.is_well, health.failures, health.reason, health.since) == (False, 5, "500", NOW)
    assert health.ready_at == after(2)
    assert health.works() is False
    assert (health.is_well, health.failures, health.reason, health.since) == (True, 0, "", None)


def test_trouble_began_when_it_began() -> None:
    health = Health()
    health.fails(NOW, "500")
    health.fails(after(9), "503")
    assert (health.since, health.reason) == (NOW, "503")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        pytest.param((30,), 30, id="what it asks for"),
        pytest.param((0,), 0, id="nothing"),
        pytest.param((-5,), 0, id="a time that is over"),
        pytest.param((59, 59), 59, id="asked twice for less than a minute"),
        pytest.param((60,), 60, id="asked once for a minute"),
        pytest.param((60, 60), 600, id="asked twice for a minute"),
        pytest.param((1, 60), 600, id="the second time for a minute"),
        pytest.param((5000,), 900, id="never more than a quarter of an hour"),
        pytest.param((200, 200), 900, id="nor when it insists"),
    ],
)
def test_a_channel_is_believed(asked: tuple[int, ...], seconds: int) -> None:
    health = Health()
    for wait in asked:
        health.fails(NOW, "429", after(wait))
    assert health.ready_at == max(after(seconds), datetime(1970, 1, 1, tzinfo=UTC)) or (seconds == 0)
    assert health.ready_at <= after(seconds)
    assert health.waits == sum(wait > 0 for wait in asked)


def test_a_wait_is_never_shortened_and_the_longer_one_counts() -> None:
    health = Health()
    health.fails(NOW, "429", after(30))
    health.fails(NOW, "500")
    assert health.ready_at == after(30)
    for _ in range(8):
        health.fails(NOW, "500")
    health.fails(NOW, "429", after(3))
    assert health.ready_at == after(45)


def test_a_refusal_is_news_once_for_each_remedy_and_its_end_is_news() -> None:
    health = Health()
    assert health.refuses(NOW, "invalid_auth", "renew the token")
    assert not health.refuses(NOW, "invalid_auth", "renew the token")
    assert health.refuses(NOW, "is_archived", "choose another channel")
    assert health.refuses(NOW, "token_revoked", "renew the token")
    assert (health.is_well, health.refusals, health.reason, health.since) == (False, 4, "token_revoked", NOW)
    assert health.remedy == "renew the token"
    assert health.ready_at == after(180)
    assert health.works() is True
    assert (health.remedy, health.refusals, health.waits) == ("", 0, 0)
