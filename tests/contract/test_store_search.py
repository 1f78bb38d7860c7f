"""Every store finds the same stories."""

from datetime import timedelta

import pytest

from monitor.model import Deal, Grade, Money, Stage
from monitor.store import COUNTED, Facets, Store, StoryFilter, spots
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


SPACED = [
    "도청은 투자 협약을 맺었다", "도청은 투자협약을 맺었다", "도청의 투자. 협약은 없다", "투자 유치 협약 끝내",
    "양해 각서 체결식 열려", "양해각서 체결 식순", "양해각서체결식", "협약식 연다", "한빛 Cell 증설",
]  # fmt: skip
FOUND_SPACED = [
    ("투자협약", [0, 1]), ("투자 협약", [0, 1, 2, 3]), ("양해각서", [4, 5, 6]), ("양해각서체결식", [4, 6]),
    ("양해 각서", [4, 5, 6]), ("협약 식", [7]), ("한빛cell", [8]), ("도청투자", []), ("협약투자", []),
]  # fmt: skip


async def test_spaces_inside_a_word_may_be_set_otherwise(store: Store):
    await store.settle_many(
        [told(f"p{at}", at + 1, title=said, text="끝", deals=()) for at, said in enumerate(SPACED)], NOON
    )
    found = {words: sorted(str(story.id) for story in (await store.search(words)).stories) for words, _ in FOUND_SPACED}
    assert found == {words: [f"s-p{at}" for at in places] for words, places in FOUND_SPACED}


@pytest.mark.parametrize(
    ("query", "title", "marked"),
    [
        ("투자협약", "투자 협약, 투자협약", ["투자 협약", "투자협약"]),
        ("투자 협약", "투자협약", ["투자", "협약"]),
        ("광주 광주시", "광주시와 광주", ["광주시", "광주"]),
        ("MOU", "mou 두 건", ["mou"]),
        (".*", "a.*b", [".*"]),
        ("", "아무 말", []),
        ("없는말", "아무 말", []),
    ],
)
def test_spots_are_where_the_words_stand(query, title, marked):
    assert [title[start:end] for start, end in spots(query, title)] == marked


async def test_a_result_is_counted_by_region_stage_and_year(full: Store):
    await full.search("전지")
    everything = await full.facets(StoryFilter(limit=1))
    assert (everything.stories, everything.is_whole, everything.years) == (3, True, ((NOON.year, 3),))
    assert everything.stages == ((Stage.MOU, 1), (Stage.BUILD, 1))
    assert dict(everything.regions)["부산광역시"] == 1
    assert (await full.facets(StoryFilter(text="착공"))).stages == ((Stage.BUILD, 1),)
    assert await full.facets(StoryFilter(text="없는말")) == Facets(0, is_whole=True)


async def test_years_are_korean_and_several_deals_of_a_stage_are_one_story(store: Store):
    eve = NOON.replace(month=12, day=31, hour=16)
    deals = (Deal(Stage.BUILD, companies=("가온",), sido=("부산광역시",)),
             Deal(Stage.BUILD, companies=("미르",), sido=("부산광역시",)))  # fmt: skip
    await store.settle_many([told("n", 1, deals=deals)], eve)
    counted = await store.facets(StoryFilter())
    assert (counted.years, counted.stages) == (((eve.year + 1, 1),), ((Stage.BUILD, 1),))


async def test_only_the_newest_of_a_long_result_are_counted(store: Store):
    many = [telling(f"n{number}", keys=(number,), title=f"전지 {number}", deals=()) for number in range(COUNTED + 1)]
    await store.settle_many(many, NOON)
    await store.search("전지", StoryFilter(limit=1))
    for wanted in (StoryFilter(), StoryFilter(text="전지")):
        counted = await store.facets(wanted)
        assert (counted.stories, counted.is_whole) == (COUNTED, False)
