"""A later telling fills blanks and overwrites nothing."""

import datetime as dt

import pytest

from monitor.model import Deal, Money, Stage
from monitor.store.growth import grown

WON = Money(1e11, "KRW", "1천억 원")
MORE = Money(2e11, "KRW", "2천억 원")


def deal(*firms: str, **facts) -> Deal:
    return Deal(Stage.MOU, companies=firms, **facts)


@pytest.mark.parametrize(
    ("known", "told", "filled", "changes"),
    [
        ([deal("가람")], [deal("가람", amount=WON)], [deal("가람", amount=WON)], ["가람 금액: 미공개 → 1천억 원"]),
        ([deal("가람", amount=WON)], [deal("가람", amount=MORE)], [deal("가람", amount=WON)], []),
        ([deal()], [deal("가람", jobs=1200)], [deal("가람", jobs=1200)], ["가람 고용: 1,200명", "기업: 가람"]),
        ([deal("가람")], [deal("나루", amount=WON)], [deal("가람")], []),
        ([deal("가람")], [deal(jobs=5)], [deal("가람", jobs=5)], ["고용: 5명"]),
        ([deal("가람"), deal("나루")], [deal(jobs=5)], [deal("가람"), deal("나루")], []),
        (
            [deal("가람"), deal("나루")],
            [deal("나루", date=dt.date(2026, 3, 2))],
            [deal("가람"), deal("나루", date=dt.date(2026, 3, 2))],
            ["나루 날짜: 2026-03-02"],
        ),
        ([], [deal("가람")], [], []),
    ],
)
def test_blanks_are_filled(known, told, filled, changes):
    assert grown(known, told) == (tuple(filled), tuple(changes))
