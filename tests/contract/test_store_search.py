"""Every store finds the same stories."""

from datetime import timedelta

import pytest

from monitor.model import Deal, Grade, Money, Stage
from monitor.store import Store, StoryFilter
from tests.store.telling import NOON, telling


def told(name: str, number: int, **more):
    return telling(name, keys=(number,), outlet=f"gwangju/{name}", **more)


@pytest.fixture
async def full(store: Store) -> Store:
    deal = Deal(Stage.BUILD, Money(9e11, "KRW", "9천억 원"), companies=("한빛Cell",), sido=("부산광역시",))
    await store.settle_many([told("a", 1, title="광주시, 전지 기업과 투자협약", text="GGM 공장 옆에 들어선다.")], NOON)
    await store.settle_many(
        [told("b", 2, title="부산에 한빛Cell 착공", text="전지를 만든다", deals=(deal,))], NOON + timedelta(hours=1)
    )
    await store.settle_many(
        [told("c", 3, title="봄꽃 축제", text="시민이 모였다", grade=Grade.UNRELATED, deals=())],
        NOON + timedelta(hours=2),
    )
    return store


SAID = [
    ("투자", "a"), ("협약", "a"), ("투자협약", "a"), ("전지", "ba"), ("전지 광주", "a"), ("ggm", "a"), ("GG", "a"),
    ("한빛cell", "b"), ("꽃", ""), ("봄", "c"), ("광주 축제", ""), ("자투", ""), ("%", ""), ("'; --", ""),
    ("지기", ""), ("전지 기업과", "a"), ('협약 "', "a"),
]  # fmt: skip


async def test_two_syllables_find_a_story(full: Store):
    found = {words: [story.id for story in (await full.search(words)).stories] for words, _ in SAID}
    assert found == {words: [f"s-{name}" for name in names] for words, names in SAID}


FILTERS = [
    (StoryFilter(), "cba"),
    (StoryFilter(grade_min=Grade.DEAL), "ba"),
    (StoryFilter(region="부산광역시"), "b"),
    (StoryFilter(region="광산구"), "a"),
    (StoryFilter(stage=Stage.MOU), "a"),
    (StoryFilter(min_amount_krw=5e11), "b"),
    (StoryFilter(min_amount_krw=5e11, stage=Stage.MOU), ""),
    (StoryFilter(firm="한빛cell"), "b"),
    (StoryFilter(outlet="gwangju/a"), "a"),
    (StoryFilter(since=NOON + timedelta(hours=1)), "cb"),
    (StoryFilter(until=NOON + timedelta(hours=1)), "a"),
    (StoryFilter(text="전지", region="부산광역시"), "b"),
    (StoryFilter(text="전지", since=NOON + timedelta(minutes=1)), "b"),
]


async def test_filters_narrow_the_list(full: Store):
    while await full.index_new():
        pass
    found = {wanted: [story.id for story in (await full.stories(wanted)).stories] for wanted, _ in FILTERS}
    assert found == {wanted: [f"s-{name}" for name in names] for wanted, names in FILTERS}


@pytest.mark.parametrize("text", ["", "전지"])
async def test_pages_follow_one_another(store: Store, text):
    await store.settle_many(
        [telling(f"n{number}", keys=(number,), title=f"전지 {number}") for number in range(7)], NOON
    )
    await store.index_new()
    found, cursor = [], ""
    for _ in range(4):
        page = await store.stories(StoryFilter(text=text, limit=3, cursor=cursor))
        found += [story.id for story in page.stories]
        cursor = page.cursor
        if not cursor:
            break
    assert sorted(found) == [f"s-n{number}" for number in range(7)]
