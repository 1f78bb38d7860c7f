"""A board over a store of invented stories, and what a test wants to know of it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from monitor.daemon import judge_of, newsroom
from monitor.dedup import article_key
from monitor.fetch import Fence, Fetcher, Limits
from monitor.model import (
    Alert,
    AlertKind,
    Article,
    Deal,
    Decision,
    Evidence,
    Facts,
    Fingerprint,
    Grade,
    Money,
    Outlet,
    OutletId,
    OutletKind,
    Part,
    Reason,
    Relevance,
    Source,
    SourceKind,
    Stage,
    StoryId,
    When,
)
from monitor.settings import ReceiverTable, Settings, shipped
from monitor.store import PollResult, Store, Unsettled
from monitor.web.app import make_app, signing_key

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
TOKEN = "sesame-of-the-beacon"
OUTLET = Outlet(
    OutletId("gwangju/noon"), "한낮신문", "gwangju", OutletKind.PAPER,
    (Source("https://noon.example/rss", SourceKind.FEED),),
)  # fmt: skip


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def telling(
    number: int,
    *,
    title: str = "",
    firm: str = "",
    stage: Stage = Stage.MOU,
    grade: Grade = Grade.DEAL,
    at: datetime = NOW - timedelta(hours=2),
    story: str = "",
    kind: OutletKind = OutletKind.PAPER,
    url: str = "",
    because: str = "처음 보는 이야기",
    sido: str = "광주광역시",
    outlet_name: str = "한낮신문",
) -> Unsettled:
    """One invented article and what was decided of it."""
    firm = firm or f"누리소재{number}"
    title = title or f"광주시, {firm}과 투자협약"
    article = Article(
        article_key(f"https://noon.example/news/{number}"), url or f"https://noon.example/news/{number}", OUTLET.id,
        title, f"{title}. 시는 오늘 새 공장을 짓기로 했다.", at, outlet_name=outlet_name, outlet_kind=kind,
    )  # fmt: skip
    deal = Deal(
        stage, Money(3.2e10, "KRW", "320억원"), 200, (firm,), ("광주시",), (sido,), ("광산구",), ("첨단3지구",),
        date=(NOW + timedelta(days=9)).date(), parts=(Part(firm, None, 20),),
        evidence=(Evidence("amount", f"{firm}는 320억원을 들인다."), Evidence("stage", title)), flags=("표시",),
    )  # fmt: skip
    facts = Facts((deal,) if grade >= Grade.ACTIVITY else (), companies=(firm,))
    alerts = (Alert("console", AlertKind.NEW, When.BOTH),) if grade is Grade.DEAL else ()
    name = StoryId(story or f"s{number}")
    return Unsettled(
        article, Fingerprint((number,), b"x"), facts,
        lambda _: Decision(
            article, Fingerprint((number,), b"x"), facts, Relevance(grade, 0.9, (Reason("서명했다", 2.0),), "7"), name,
            name == f"s{number}", because, alerts=alerts,
        ),
        deal_keys=(number,),
    )  # fmt: skip


@dataclass
class Board:
    """A board that answers on 127.0.0.1."""

    client: TestClient
    store: Store
    clock: Clock
    settings: Settings
    base: str

    async def sign_in(self) -> str:
        """Sign in; return the token that forms of this session carry."""
        answer = await self.client.post("/login", data={"token": TOKEN, "next": "/stories/s1"})
        assert answer.status == 200, await answer.text()
        return (await answer.text()).split('name="form_token" value="')[1].split('"')[0]


@asynccontextmanager
async def board(
    folder: Path, *, token: str = TOKEN, told: Iterable[Unsettled] = (), **web: object
) -> AsyncIterator[Board]:
    """Open a board on a store of its own."""
    settings = shipped(store=f"sqlite+aiosqlite:///{folder}/board.db", allow="127.0.0.1", port=0)
    if token:
        (folder / "web.token").write_text(token)
        (folder / "web.token").chmod(0o600)
        web["token_file"] = str(folder / "web.token")
    (folder / "signing").write_text("8f742231b10e8888abcd99yyyzzz85a5")
    (folder / "signing").chmod(0o600)
    slack = ReceiverTable(kind="slack", channel="C1", token_file="none", signing_file=str(folder / "signing"))
    chosen = settings.monitor.model_copy(update={"web": settings.monitor.web.model_copy(update=web)})
    receivers = {"console": ReceiverTable(kind="console"), "desk": slack}
    settings = replace(settings, monitor=chosen, receivers=receivers, outlets=(OUTLET,))
    clock = Clock()
    async with await Store.open(settings.store_url) as store, Fetcher(Limits()) as fetcher, Fence() as fence:
        await store.sync_outlets((OUTLET,), NOW)
        poll = PollResult(OUTLET.id, OUTLET.sources[0].url, ok=True, at=NOW, next_poll_at=NOW, status=200, size=900)
        await store.record_poll(poll)
        for each in told:
            await store.settle_many([each], each.article.published_at or NOW)
        room = newsroom(settings, store, fetcher, fence, judge_of(settings), now=clock)
        app = make_app(settings, store, room, await signing_key(store))
        async with TestClient(TestServer(app)) as client:
            yield Board(client, store, clock, settings, str(client.make_url("/")).rstrip("/"))


def some_news() -> list[Unsettled]:
    """Stories at every stage, one told three times, one without a deal."""
    stages = [telling(n, stage=stage, at=NOW - timedelta(hours=n)) for n, stage in enumerate(Stage, 1)]
    copies = [
        telling(20 + n, story="s1", because="본문이 거의 같음", title=f"누리소재1 {n}번째 소식") for n in range(2)
    ]
    official = telling(30, story="s2", kind=OutletKind.BOARD, because="보도자료")
    old = telling(40, firm="묵은전지", at=NOW - timedelta(days=500), sido="전라남도")
    plain = telling(50, grade=Grade.MENTION, title="동네 잔치 소식")
    return [old, *stages, *copies, official, plain]
