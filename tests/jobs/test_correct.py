"""People split and join stories, and their word holds against every later copy."""

from datetime import datetime

from monitor.dedup import article_key
from monitor.jobs.cases import cases
from monitor.jobs.correct import judge, named_story, split, unsay
from monitor.model import Article, Decision, Grade, Stage, StoryId
from monitor.store import Store
from tests.jobs.site import a_judge
from tests.town import Clock

RELEASE = (
    "광주광역시는 배터리 소재 기업 ㈜누리셀과 첨단3지구에 공장을 짓는 투자협약을 체결했다고 밝혔다. 협약에 따라 "
    "㈜누리셀은 2028년까지 1200억원을 들여 첨단3지구 3만㎡ 터에 양극재 공장을 세우고 180명을 새로 고용한다. 시는 "
    "인허가를 한 번에 처리하는 전담 창구를 두고, 도로와 용수를 제때 대기로 했다. 누리셀 대표는 지역 청년을 먼저 "
    "뽑겠다고 말했다."
)
EDITED = RELEASE.replace("밝혔다", "4일 밝혔다")
OTHER = (
    "충주시는 20일 시청에서 다온테크와 850억 원 규모의 투자협약을 맺었다. 다온테크는 충주 메가폴리스 산업단지에 "
    "로봇 부품 공장을 증설하고 200여 명을 채용한다. 시장은 기업이 뿌리내리도록 돕겠다고 말했다."
)


async def tell(store: Store, number: int, now: datetime, text: str = RELEASE, title: str = "") -> Decision:
    url = f"http://paper{number}.example/news/articleView.html?idxno={number}"
    title = title or "광주시, ㈜누리셀과 1200억원 투자협약"
    article = Article(article_key(url), url, f"gwangju/paper{number}", title, text, now)
    judge_ = a_judge()
    (decision,) = await store.settle_many([judge_.unsettled(judge_.read(article), now=now)], now)
    return decision


async def part(store: Store, told: Decision, clock: Clock) -> StoryId:
    article = await store.article(told.article.key)
    assert article is not None
    own = await split(store, article, "kim", clock())
    assert own is not None
    return own


async def test_copies_of_a_split_copy_tell_its_story(store: Store, clock: Clock) -> None:
    first, second = await tell(store, 1, clock()), await tell(store, 2, clock(), EDITED)
    assert second.story == first.story
    assert second.is_copy
    own = await part(store, second, clock)
    clock.passes(hours=1)

    assert (await tell(store, 3, clock(), EDITED)).story == own != first.story
    assert (await tell(store, 4, clock())).story == first.story
    story = await store.story(own)
    assert story is not None
    assert [deal.companies for deal in story.deals] == [("누리셀",)]


async def test_a_joined_story_takes_the_copies_of_both(store: Store, clock: Clock) -> None:
    first, second = await tell(store, 1, clock()), await tell(store, 2, clock(), OTHER, "충주시, 다온테크와 협약")
    assert second.story != first.story
    assert await store.join_stories(first.story, second.story, "kim", clock())
    clock.passes(hours=1)

    assert (await tell(store, 3, clock(), OTHER, "충주시, 다온테크 유치")).story == first.story
    assert (await tell(store, 4, clock())).story == first.story


async def test_a_split_article_that_is_told_again_stays_where_it_was_put(store: Store, clock: Clock) -> None:
    await tell(store, 1, clock())
    second = await tell(store, 2, clock())
    own = await part(store, second, clock)

    article = await store.article(second.article.key)
    assert article is not None
    assert (await tell(store, 2, clock())).story == own
    assert await split(store, article, "kim", clock()) is None


async def test_a_story_is_named_by_id_page_or_article(store: Store, clock: Clock) -> None:
    told = await tell(store, 1, clock())

    for name in (told.story, f"https://board.example/stories/{told.story}", told.article.url, told.article.key):
        assert await named_story(store, name) == told.story
    assert await named_story(store, "https://board.example/stories/none") is None


async def test_what_people_said_becomes_labelled_cases(store: Store, clock: Clock) -> None:
    good, bad = await tell(store, 1, clock()), await tell(store, 2, clock(), OTHER, "충주시, 다온테크와 협약")
    await tell(store, 3, clock())
    await judge(store, good.story, "relevant", "kim", clock())
    await judge(store, bad.story, "not relevant", "kim", clock())
    (known,) = await store.deals_of(bad.story)
    await store.correct_stage(known.id, Stage.PLAN, "lee", clock())

    found = {case.told.article.key: (case.grade, case.stage) for case in await cases(store)}

    assert found == {good.article.key: (Grade.DEAL, None), bad.article.key: (Grade.MENTION, Stage.PLAN)}


async def test_a_word_that_says_nothing_of_the_grade_is_no_label(store: Store, clock: Clock) -> None:
    told = await tell(store, 1, clock())
    await store.add_verdict("not relevant", told.story, "known", "kim", clock())
    await judge(store, told.story, "relevant", "lee", clock())
    assert [case.grade for case in await cases(store)] == [Grade.DEAL]

    await judge(store, told.story, "not relevant", "park", clock())
    assert [case.grade for case in await cases(store)] == [None]
    assert await unsay(store, told.story, "park")
    assert not await unsay(store, told.story, "park")
