"""When a deal that is told again is news, and when it is an echo."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.echo import continued, echoed, retold
from monitor.model import Deal, DealId, Facts, KnownDeal, Money, Stage, StoryId

NOW = datetime(2026, 3, 4, 3, tzinfo=UTC)


def deal(stage: Stage = Stage.AGREEMENT, firm: str = "누리셀", won: float = 1.2e11, jobs: int | None = None) -> Deal:
    amount = Money(won, "KRW", f"{won / 1e8:.0f}억원") if won else None
    return Deal(stage, amount, jobs, companies=(firm,) if firm else (), sido=("광주광역시",))


@pytest.mark.parametrize(
    ("new", "told", "days", "is_echo"),
    [
        pytest.param(deal(), deal(), 10, True, id="same firm and sum within a month"),
        pytest.param(deal(), deal(), 31, False, id="same firm and sum after a month"),
        pytest.param(deal(firm=""), deal(), 1, True, id="same sum, no firm named"),
        pytest.param(deal(firm=""), deal(), 4, False, id="same sum, no firm named, days later"),
        pytest.param(deal(firm="", won=1.3e11), deal(), 1, False, id="another sum, no firm named"),
        pytest.param(deal(won=0), deal(), 1, True, id="same firm, no sum"),
        pytest.param(deal(firm="다온셀"), deal(), 1, False, id="another firm with the same sum"),
        pytest.param(deal(won=5e10), deal(), 1, False, id="the same firm's second deal"),
        pytest.param(deal(Stage.CONTRACT), deal(), 1, False, id="a further step"),
        pytest.param(deal(Stage.MOU), deal(Stage.AGREEMENT), 1, True, id="another word for the same step"),
        pytest.param(deal(firm="", jobs=50), deal(jobs=180), 1, False, id="other jobs"),
    ],
)
def test_only_an_echo_is_silent(new: Deal, told: Deal, days: int, *, is_echo: bool) -> None:
    at = NOW - timedelta(days=days)
    before = KnownDeal(DealId("d"), StoryId("s"), told, at, at)
    assert bool(retold((new,), (before,), NOW)) is is_echo


def test_a_release_with_one_new_deal_is_news() -> None:
    assert retold((deal(), deal(firm="다온셀")), (known(deal()),), NOW) == ""


def known(told: Deal, *, days: float = 1, is_told: bool = True) -> KnownDeal:
    at = NOW - timedelta(days=days)
    return KnownDeal(DealId("d"), StoryId("s"), told, at, at, is_told)


def test_nobody_was_told_of_the_first_one() -> None:
    assert retold((deal(),), (known(deal(), is_told=False),), NOW) == ""


def test_a_deal_printed_with_two_sums_has_come_as_far_as_either() -> None:
    planned, signed = known(deal(Stage.PLAN)), known(deal(Stage.AGREEMENT, won=1.3e11))
    assert retold((deal(Stage.AGREEMENT),), (planned, signed), NOW)
    assert retold((deal(Stage.AGREEMENT),), (planned,), NOW) == ""


def test_a_deal_continues_the_one_that_came_furthest() -> None:
    plan, signed = known(deal(Stage.PLAN, firm="")), known(deal(Stage.AGREEMENT))
    assert continued((deal(),), (plan, signed)) == [(deal(), signed)]
    assert continued((deal(),), (signed, plan)) == [(deal(), signed)]


@pytest.mark.parametrize(
    ("facts", "one", "is_echo"),
    [
        pytest.param(
            Facts(companies=("누리셀",), sido=("광주광역시",)), known(deal()), True, id="a profile of the firm"
        ),
        pytest.param(Facts(companies=("누리셀그룹",)), known(deal()), True, id="its group, no region"),
        pytest.param(Facts(companies=("누리셀",), sido=("부산광역시",)), known(deal()), False, id="another region"),
        pytest.param(Facts(companies=("다온셀",), sido=("광주광역시",)), known(deal()), False, id="another firm"),
        pytest.param(Facts(companies=("누리셀",)), known(deal(), days=4), False, id="days later"),
        pytest.param(Facts(companies=("누리셀",)), known(deal(), is_told=False), False, id="nobody was told"),
    ],
)
def test_what_follows_a_deal_without_naming_one(facts: Facts, one: KnownDeal, *, is_echo: bool) -> None:
    assert bool(echoed(facts, (one,), NOW)) is is_echo
