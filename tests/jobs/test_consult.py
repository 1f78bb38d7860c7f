"""A language model is asked where the grader is unsure; whatever it does, nothing is lost and the reasons say so."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from aiohttp import web

from monitor.dedup import article_key
from monitor.fetch import Adviser, Fence, Fetcher, Limits
from monitor.jobs.consult import consult
from monitor.jobs.judge import Reading
from monitor.jobs.newsroom import Consultation, Newsroom
from monitor.model import Article, Grade, Source, SourceKind
from monitor.store import OPINION, Store
from tests.jobs.site import Site, a_judge, item, rss, watching
from tests.town import START, Clock

DOUBTFUL = Article(
    article_key("http://paper.example/1"),
    "http://paper.example/1",
    "gwangju/paper",
    "한별시, 반도체 기업 유치 나선다",
    "한별시는 4일 반도체 기업을 유치하기 위해 투자설명회를 열었다고 밝혔다. " * 40,
    None,
)


@dataclass
class Model:
    """A server that speaks the OpenAI chat protocol; ``says`` is the content of its answers."""

    says: str = '{"grade": 3, "because": "투자를 약속했다"}'
    status: int = 200
    pause: float = 0.0
    asked: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.pause)
        return web.json_response({"choices": [{"message": {"content": self.says}}]}, status=self.status)


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    made = Model()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = "http://127.0.0.1:{1}/v1".format(*runner.addresses[0])
    yield made
    await runner.cleanup()


Ask = Callable[..., Awaitable[Reading]]


@pytest.fixture
async def ask(store: Store, clock: Clock, model: Model) -> AsyncIterator[Ask]:
    async with Fetcher(Limits(allow_private=("127.0.0.1",)), now=clock) as fetcher, Fence() as fence:

        async def run(
            article: Article = DOUBTFUL, *, a_day: int = 9, above: float = 0.0, patience: float = 5
        ) -> Reading:
            adviser = Adviser(
                model.url, "small", "sesame", session=fetcher.session,
                patience=timedelta(seconds=patience), excerpt=100,
            )  # fmt: skip
            room = Newsroom(store, fetcher, fence, a_judge(), {}, now=clock)
            room = replace(room, consultation=Consultation(adviser, above, 1.0, a_day))
            return await consult(room.judge.read(article), room)

        yield run


def other(number: int) -> Article:
    return replace(DOUBTFUL, key=article_key(f"http://paper.example/{number}"))


async def test_an_opinion_raises_a_grade_and_says_why(ask: Ask, model: Model) -> None:
    reading = await ask()

    assert reading.relevance.grade is Grade.DEAL
    assert reading.relevance.why[0].text == "모형 small의 의견 (a model's opinion): 등급 3, 투자를 약속했다"
    assert reading.relevance.score == a_judge().read(DOUBTFUL).relevance.score
    assert model.keys == ["Bearer sesame"]


async def test_only_title_and_excerpt_go_out(ask: Ask, model: Model) -> None:
    await ask(replace(DOUBTFUL, byline="김가온 기자", captions=("사진",)))

    (question,) = model.asked
    said = json.dumps(question, ensure_ascii=False)
    assert question["messages"][1]["content"] == f"제목: {DOUBTFUL.title}\n본문: {DOUBTFUL.text[:100]}"  # type: ignore[index]
    assert "가온" not in said
    assert "paper.example" not in said


async def test_nobody_is_asked_where_the_grader_is_sure(ask: Ask, model: Model) -> None:
    reading = await ask(above=1.0)

    assert model.asked == []
    assert reading == a_judge().read(DOUBTFUL)


async def test_a_model_takes_an_alert_down_to_the_digest_and_never_out_of_it(ask: Ask, model: Model) -> None:
    signed = replace(
        DOUBTFUL,
        title="경북도·구미시, 배터리 소재 기업과 1200억 투자협약",
        text="경북도와 구미시는 12일 도청에서 ㈜한별소재와 1200억원 규모의 투자협약을 체결했다고 밝혔다. "
        "한별소재는 구미국가산업단지에 생산시설을 신설하고 150명을 신규 고용할 계획이다.",
    )
    assert a_judge().read(signed).relevance.grade is Grade.DEAL
    model.says = '{"grade": 0, "because": "광고다"}'

    reading = await ask(signed)
    assert reading.relevance.grade is Grade.ACTIVITY
    assert reading.facts.deals


NONSENSE = [
    "그럼요! 등급은 3입니다.",
    '{"grade": 7, "because": "아주 큼"}',
    '{"grade": true, "because": "참"}',
    '{"grade": "3", "because": "글자"}',
    '{"grade": 3}',
    '{"grade": 3, "because": ""}',
    '{"grade": 3, "because": "좋음", "also": 1}',
    "[3]",
]


@pytest.mark.parametrize("says", NONSENSE)
async def test_nonsense_leaves_the_grade_and_is_told(ask: Ask, model: Model, says: str) -> None:
    model.says = says

    await unanswered(await ask(), "뜻 모를 답")


@pytest.mark.parametrize(("status", "reason"), [(500, "HTTP 500"), (401, "HTTP 401"), (302, "HTTP 302")])
async def test_a_failing_server_leaves_the_grade(ask: Ask, model: Model, status: int, reason: str) -> None:
    model.status = status

    await unanswered(await ask(), reason)


async def test_a_slow_server_leaves_the_grade(ask: Ask, model: Model) -> None:
    model.pause = 5

    await unanswered(await ask(patience=0.1), "0.1초 안에 답이 없음")


async def test_a_server_that_is_not_there_leaves_the_grade(ask: Ask, model: Model) -> None:
    model.url = "http://127.0.0.1:9/v1"

    await unanswered(await ask(), "이어지지 않음")


async def test_an_address_that_is_not_allowed_is_not_asked(ask: Ask, model: Model) -> None:
    model.url = "http://10.255.0.1/v1"

    await unanswered(await ask(), "이어지지 않음")


async def unanswered(reading: Reading, reason: str) -> None:
    alone = a_judge().read(DOUBTFUL).relevance
    first, *others = reading.relevance.why
    assert reading.relevance.grade is alone.grade
    assert tuple(others) == alone.why
    assert reason in first.text
    assert "규칙의 판단을 따름" in first.text


async def test_an_article_is_asked_about_once(ask: Ask, model: Model, store: Store) -> None:
    first = await ask()
    model.says = '{"grade": 0, "because": "달라졌다"}'

    assert await ask() == first
    assert len(model.asked) == 1
    assert list(await store.metas(OPINION)) == [f"{OPINION}{DOUBTFUL.key}"]


async def test_the_days_budget_holds_and_returns_the_next_day(ask: Ask, model: Model, clock: Clock) -> None:
    for number in (2, 3):
        await ask(other(number), a_day=2)
    spent = await ask(other(4), a_day=2)
    assert len(model.asked) == 2
    assert "오늘 몫 2번을 다 물음" in spent.relevance.why[0].text

    clock.passes(hours=24)
    await ask(other(5), a_day=2)
    assert len(model.asked) == 3


async def test_what_was_said_of_pruned_articles_is_forgotten(ask: Ask, store: Store, clock: Clock) -> None:
    await ask()
    await store.prune(clock(), timedelta(days=90))
    assert await store.metas(OPINION) == {}


async def test_a_visit_asks_before_it_settles(model: Model) -> None:
    async with Site() as site:
        site.pages["/rss"] = rss([item(f"{site.url}/news/1", 1, START)])
        site.publish(1)
        async with watching(site.outlet(Source(f"{site.url}/rss", SourceKind.FEED))) as watchers:
            adviser = Adviser(
                model.url, "small", "", session=watchers.room.fetcher.session,
                patience=timedelta(seconds=5), excerpt=100,
            )  # fmt: skip
            watchers.room = replace(watchers.room, consultation=Consultation(adviser, 0.0, 1.0, 9))
            await watchers.look()
            stored = await watchers.store.article(f"{site.url}/news/1")

    assert stored is not None
    assert stored.relevance.why[0].text.startswith("모형 small의 의견 (a model's opinion): 등급 3")
    assert model.keys == [""]
