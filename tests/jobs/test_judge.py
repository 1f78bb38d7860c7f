"""When a deal that is told again is news, and when it is an echo."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.judge import retold
from monitor.model import Deal, DealId, KnownDeal, Money, Stage, StoryId

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
    known = KnownDeal(DealId("d"), StoryId("s"), told, at, at)
    assert bool(retold([(new, known)], (new,), NOW)) is is_echo


def test_a_release_with_one_new_deal_is_news() -> None:
    known = KnownDeal(DealId("d"), StoryId("s"), deal(), NOW, NOW)
    assert retold([(deal(), known)], (deal(), deal(firm="다온셀")), NOW) == ""
