"""A deal found again at another stage."""

import datetime as dt

import pytest

from monitor.deals import deal_keys, same_deal
from monitor.model import Deal, DealId, KnownDeal, Money, Stage, StoryId

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def won(value: float) -> Money:
    return Money(value, "KRW", f"{value:.0f}원")


def known(deal: Deal, number: int = 1) -> KnownDeal:
    return KnownDeal(DealId(str(number)), StoryId("s"), deal, AT, AT)


SIGNED = Deal(
    Stage.MOU, won(5.7e12), 300, ("새빛프런티어",), ("전주시",), ("전북특별자치도",), ("전주시",), ("전주첨단산단",)
)


@pytest.mark.parametrize(
    "later",
    [
        Deal(Stage.BUILD, won(5.7e12), companies=("새빛프론티어",), sido=("전북특별자치도",), sigungu=("전주시",)),
        Deal(Stage.CONTRACT, None, companies=("㈜새빛프런티어",), sido=("전북특별자치도",), sigungu=("전주시",)),
        Deal(Stage.CHANGED, won(4.6e12), companies=("새빛프런티어",), sigungu=("전주시",)),
        Deal(Stage.CANCELLED, won(5.7e12), companies=("새빛프런티어",)),
    ],
    ids=["spelling", "no sum", "smaller", "no place"],
)
def test_a_deal_is_known_again_at_another_stage(later):
    assert same_deal(later, [known(SIGNED)]) == known(SIGNED)
    assert set(deal_keys(later)) & set(deal_keys(SIGNED))


@pytest.mark.parametrize(
    "other",
    [
        Deal(Stage.BUILD, won(5.7e12), companies=("한빛",), sido=("전북특별자치도",), sigungu=("전주시",)),
        Deal(Stage.BUILD, won(9e10), companies=("새빛프런티어",), sido=("경상남도",), sigungu=("창원시",)),
        Deal(Stage.BUILD, won(9e10), companies=("새빛프런티어",), sido=("전북특별자치도",), sigungu=("익산시",)),
    ],
    ids=["other firm", "other province", "other city and sum"],
)
def test_another_project_is_another_deal(other):
    assert same_deal(other, [known(SIGNED)]) is None


def test_the_likest_of_several_known_deals_is_chosen():
    plant = Deal(Stage.MOU, won(3e11), companies=("새빛프런티어",), sido=("경상남도",), sigungu=("창원시",))
    later = Deal(Stage.BUILD, won(3e11), companies=("새빛프런티어",), sido=("경상남도",), sigungu=("창원시",))
    assert same_deal(later, [known(SIGNED), known(plant, 2)]) == known(plant, 2)


def test_keys_are_signed_64_bit_and_stable():
    keys = deal_keys(SIGNED)
    assert keys == deal_keys(SIGNED)
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_a_deal_without_firms_is_found_by_its_place():
    plan = Deal(Stage.PLAN, won(3e11), sido=("전라남도",), sigungu=("해남군",), site=("솔라시도",))
    later = Deal(Stage.BUILD, won(3e11), sido=("전라남도",), sigungu=("해남군",), site=("솔라시도",))
    assert set(deal_keys(plan)) & set(deal_keys(later))
    assert same_deal(later, [known(plan)]) == known(plan)
