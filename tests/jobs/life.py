"""A monitor's life as hypothesis plays it: whatever happens in whatever order, each story is told once.

The real store on a file, the real jobs, two papers and a Slack on 127.0.0.1, and the daemon's own clock over a wall
clock that is set back and forth. A crash is a copy of the database at the instant of a request: what the process knew
is gone, what was committed is there, and nothing that it does later reaches anybody.
"""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from pathlib import Path

import structlog
from aiohttp import web
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from monitor.clock import SteadyClock
from monitor.fetch import Fence, Fetcher, Limits
from monitor.jobs.deliver import Postroom
from monitor.jobs.newsroom import Newsroom as Room
from monitor.jobs.newsroom import Tempo
from monitor.jobs.visit import visit
from monitor.model import Outlet
from monitor.store import Store
from tests.jobs.site import a_judge
from tests.notify.desk import Desk, open_desk, open_slack, words_of
from tests.town import START, Newsroom

FIRMS = (
    ("㈜누리셀", "나주시", "혁신산단", "배터리 소재", "1200억원", 180),
    ("㈜다온로직", "아산시", "탕정산단", "반도체 검사 장비", "870억원", 95),
    ("㈜해솔바이오", "춘천시", "거두농공단지", "백신 원료", "340억원", 60),
    ("㈜가람조선", "목포시", "대양산단", "전기 여객선", "2100억원", 410),
    ("㈜이든모터스", "울산광역시", "길천산단", "수소 트럭", "5600억원", 700),
    ("㈜새솔식품", "익산시", "국가식품클러스터", "김치", "155억원", 45),
)
"""Invented: firm, city, place, product, sum, jobs. Told in different words, because these are different stories."""
RELEASES = (
    "{city}는 {what} 기업 {firm}과 {place} 공장 투자협약을 체결했다. {firm}은 {won}을 들여 {jobs}명을 쓴다.",
    "{what} 전문인 {firm}이 {city} {place}에 온다. 양측은 {won} 투자협약을 맺고 일자리 {jobs}개를 약속했다.",
    "{city}가 {firm} 유치에 성공했다. {place} {won} {what} 라인을 세우는 협약에 서명했고 채용은 {jobs}명이다.",
)
TAIL = "{city}는 {firm}의 인허가를 돕고 {what} 분야 인력을 지역 대학과 함께 기르기로 했다. 준공은 내후년이 목표다."
MOMENTS = ("idle", "feed", "article", "asked", "answered")


class Wall:
    """Seconds that pass, and a wall clock that somebody sets."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.ahead = timedelta(0)

    def __call__(self) -> object:
        return START + timedelta(seconds=self.elapsed) + self.ahead


class Trap:
    """The instant at which the process dies: the first request of a kind."""

    def __init__(self) -> None:
        self.moment = ""
        self.copy: Callable[[], None] = lambda: None
        self.sprung = asyncio.Event()

    def spring(self, moment: str) -> None:
        """Die now, if this is the awaited moment and it has not happened."""
        if self.moment == moment and not self.sprung.is_set():
            self.copy()
            self.sprung.set()

    def meet(self, request: web.Request, moment: str) -> None:
        """Hang up on the dead."""
        self.spring(moment)
        if self.sprung.is_set():
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPServiceUnavailable


class MortalDesk(Desk):
    """A Slack that hears nothing from the dead."""

    trap: Trap

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.trap.meet(request, "asked")
        made = await super().answer(request)
        self.trap.meet(request, "answered")
        return made


class MortalPaper(Newsroom):
    """A paper that answers nothing to the dead."""

    trap: Trap

    async def _feed(self, request: web.Request) -> web.Response:
        self.trap.meet(request, "feed")
        return await super()._feed(request)

    async def _page(self, request: web.Request) -> web.Response:
        self.trap.meet(request, "article")
        return await super()._page(request)


class Town:
    """What outlives a process: the papers, the channel, the disk and the time."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="bongsu-life-"))
        self.file = self.folder / "bongsu.db"
        self.runner.run(self._open())

    async def _open(self) -> None:
        self.trap = Trap()
        self.papers = [await self.stack.enter_async_context(MortalPaper(name)) for name in ("새벽신문", "저녁신문")]
        self.desk = await self.stack.enter_async_context(open_desk(MortalDesk))
        for each in (*self.papers, self.desk):
            each.trap = self.trap
        self.fence = await self.stack.enter_async_context(Fence())
        await (await Store.open(f"sqlite+aiosqlite:///{self.folder / 'empty.db'}")).close()

    def clear(self) -> None:
        """Begin another life."""
        self.wall = Wall()
        self.trap.moment, self.trap.copy = "", self.keep_disk
        self.trap.sprung.clear()
        for paper in self.papers:
            paper.articles.clear()
            paper.asked.clear()
            paper.feed_status = 200
        self.desk.shown.clear()
        self.desk.calls.clear()
        self.desk.faults.clear()
        self.put_disk(self.folder / "empty.db")

    def outlets(self) -> list[Outlet]:
        return [paper.outlet(f"paper{number}") for number, paper in enumerate(self.papers)]

    def keep_disk(self) -> None:
        """Copy what is committed."""
        kept = self.folder / "kept.db"
        kept.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.file)) as link:
            link.execute("VACUUM INTO ?", (str(kept),))

    def put_disk(self, file: Path) -> None:
        """Let the database be *file*, as after a power cut."""
        for old in self.folder.glob("bongsu.db*"):
            old.unlink()
        shutil.copyfile(file, self.file)

    def close(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)


class Process:
    """What a crash takes: the open store, the clock, the paces and outages that are remembered."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.now = SteadyClock(town.wall, lambda: town.wall.elapsed)
        self.stack = AsyncExitStack()

    async def start(self) -> None:
        town, enter = self.town, self.stack.enter_async_context
        self.store = await enter(await Store.open(f"sqlite+aiosqlite:///{town.file}", lock=True))
        limits = Limits(allow_private=("127.0.0.0/8",), gap=timedelta(0))
        fetcher = await enter(Fetcher(limits, now=self.now))
        slack = await enter(open_slack(town.desk, now=self.now))
        outlets = town.outlets()
        await self.store.sync_outlets(outlets, self.now())
        await self.store.free_leases(self.now())
        known = {each.id: each for each in outlets}
        tempo = Tempo(robots=False)
        self.room = Room(self.store, fetcher, town.fence, a_judge(), known, tempo, self.now, lambda: 0.5)
        self.post = Postroom(store=self.store, notifiers={"desk": slack}, now=self.now)

    async def look(self) -> None:
        for _ in range(8):
            leases = await self.store.claim_hosts(self.now(), 10, self.room.tempo.lease)
            if not leases:
                return
            await asyncio.gather(*(visit(lease, self.room) for lease in leases))

    async def stop(self) -> None:
        await self.stack.aclose()


TOWN: list[Town] = []


class Life(RuleBasedStateMachine):
    """The rules are what may happen; the model is the set of stories that were published."""

    steps = 0  # of all lives, for the figure

    def __init__(self) -> None:
        super().__init__()
        self.town = TOWN[0]
        self.town.clear()
        self.run = self.town.runner.run
        self.told: set[int] = set()
        self.next_page = 1
        self.process = Process(self.town)
        self.run(self.process.start())
        self.run(self.process.look())  # the first look, at empty papers: all that comes is news

    # ---- what may happen -----------------------------------------------------------------------

    @rule(story=st.integers(0, len(FIRMS) - 1), paper=st.integers(0, 1), words=st.integers(0, len(RELEASES) - 1))
    def publish(self, story: int, paper: int, words: int) -> None:
        """Print a story: for the first time, as another paper's copy, or again on another page."""
        firm, city, place, what, won, jobs = FIRMS[story]
        facts = {"firm": firm, "city": city, "place": place, "what": what, "won": won, "jobs": jobs}
        title = f"{city}, {firm}과 {won} 투자협약" if paper else f"{firm}, {city}에 {won} 투자"
        body = (RELEASES[words if story not in self.told else story % 3].format(**facts), TAIL.format(**facts))
        self.town.papers[paper].publish(self.next_page, title, *body, at=self.town.wall())
        self.next_page += 1
        self.told.add(story)

    @rule(paper=st.integers(0, 1), back=st.integers(1, 4))
    def edit(self, paper: int, back: int) -> None:
        """Change a title that is already out."""
        printed = list(self.town.papers[paper].articles.values())
        if len(printed) >= back:
            printed[-back].title = "[종합] " + printed[-back].title.removeprefix("[종합] ")

    @rule(minutes=st.integers(0, 15))
    def poll(self, minutes: int) -> None:
        self._pass(minutes=minutes)
        self.run(self.process.look())

    @rule(seconds=st.integers(0, 90))
    def deliver(self, seconds: int) -> None:
        self._pass(seconds=seconds)
        self.run(self.process.post.tick())

    @rule(
        faults=st.lists(
            st.sampled_from(["429:3", "429:70", "500", "html", "drop", "reset", "error:fatal_error"]), max_size=3
        )
    )
    def slack_fails(self, faults: list[str]) -> None:
        """Let the next messages be answered like this."""
        self.town.desk.faults.extend(faults)

    @rule(paper=st.integers(0, 1), status=st.sampled_from([200, 500, 503]))
    def paper_fails(self, paper: int, status: int) -> None:
        self.town.papers[paper].feed_status = status

    @rule(seconds=st.sampled_from([-3600, -90, 90, 3600]))
    def set_clock(self, seconds: int) -> None:
        """Set the wall clock; it is never more than six hours wrong."""
        ahead = self.town.wall.ahead + timedelta(seconds=seconds)
        if abs(ahead) <= timedelta(hours=6):
            self.town.wall.ahead = ahead

    @rule(moment=st.sampled_from(MOMENTS), seconds=st.integers(0, 300))
    def crash(self, moment: str, seconds: int) -> None:
        """Die at the first request of a kind while everything goes on, or in the end; then start again."""
        self._pass(minutes=4)
        self.run(self._die(moment))
        self._pass(seconds=seconds)
        self._start()

    @rule(minutes=st.integers(0, 15))
    def restart(self, minutes: int) -> None:
        """Stop in order and start again."""
        self.run(self.process.stop())
        self._pass(minutes=minutes)
        self._start()

    # ---- what must be so -----------------------------------------------------------------------

    @invariant()
    def nothing_is_told_twice(self) -> None:
        Life.steps += 1
        heard = self._heard()
        assert all(times <= 1 for times in heard.values()), heard

    def teardown(self) -> None:
        """Let everything work again, wait, and see that every story was told once."""
        for paper in self.town.papers:
            paper.feed_status = 200
        self.town.desk.faults.clear()
        for _ in range(40):
            self.run(self.process.look())
            self.run(self.process.post.tick())
            if set(self._heard()) == self.told:
                break
            self._pass(minutes=15)
        heard, wrong = self._heard(), self.run(self.process.store.check())
        self.run(self.process.stop())
        assert heard == dict.fromkeys(self.told, 1), (heard, self.told)
        assert not wrong, wrong

    def _heard(self) -> dict[int, int]:
        posts = [words_of(post) for post in self.town.desk.posts]
        counts = {number: sum(story[0] in words for words in posts) for number, story in enumerate(FIRMS)}
        return {number: count for number, count in counts.items() if count}

    def _pass(self, **parts: float) -> None:
        self.town.wall.elapsed += timedelta(**parts).total_seconds()

    def _start(self) -> None:
        self.process = Process(self.town)
        self.run(self.process.start())

    async def _die(self, moment: str) -> None:
        trap = self.town.trap
        trap.moment = moment
        work = asyncio.create_task(self._work())
        dead = asyncio.create_task(trap.sprung.wait())
        await asyncio.wait({work, dead}, return_when=asyncio.FIRST_COMPLETED)
        trap.spring(moment)  # nothing of the kind was asked: it dies now
        for task in (work, dead):
            task.cancel()
        await asyncio.gather(work, dead, return_exceptions=True)
        await self.process.stop()
        self.town.put_disk(self.town.folder / "kept.db")
        trap.moment = ""
        trap.sprung.clear()

    async def _work(self) -> None:
        await self.process.look()
        await self.process.post.tick()


def live(*, lives: int, steps: int, number: int) -> None:
    """Play *lives* lives of *steps* steps each; a counterexample is an AssertionError with its shortest steps."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    TOWN.append(Town())
    chosen = settings(
        max_examples=lives, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        run_state_machine_as_test(seed(number)(Life), settings=chosen)
    finally:
        TOWN.pop().close()
