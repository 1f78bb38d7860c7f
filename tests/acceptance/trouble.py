"""D2, D5, D7–D10, D24: a webhook, a Slack in every kind of trouble, and how long news takes."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp

from monitor.jobs.deliver import Postroom
from monitor.notify import Manners, Slack
from monitor.store import Store
from tests.acceptance.field import outlet, running
from tests.acceptance.paper import Answer, Asked, Paper, feed, page
from tests.acceptance.stage import (
    FIRM,
    Stage,
    ask,
    crash_loop,
    stage,
    town,
    wait_for,
    write_config,
)
from tests.jobs.owed import firm, publish
from tests.notify.desk import QUICK, Desk, open_desk, open_slack, words_of
from tests.town import Clock

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
FIRMS = ("한빛소재", "누리배터리", "다온로직스", "새롬바이오", "가온전자", "이든모빌리티", "해솔에너지", "미르반도체")
PLACES = (
    "나주시",
    "광주 광산구",
    "대전 유성구",
    "군산시",
    "포항시",
    "창원시",
    "청주시",
    "천안시",
    "여수시",
    "익산시",
    "구미시",
)
MEMORY = "sqlite+aiosqlite:///:memory:"
_WEBHOOK = """
[receivers.desk]
kind = "slack-webhook"
url_env = "BONGSU_TEST_HOOK"
pace = "0s"
burst = 0
fold = 0
"""


def d2(*, seed: int, quick: bool) -> Verdict:
    """Kill -9 over and over with a plain webhook: at most one marked repeat for each kill that hits a sending."""
    full = {"n": 10000, "rate": 20, "sites": 3, "kills": 200, "min_s": 1, "max_s": 4, "settle_s": 2400}
    small = {"n": 200, "rate": 20, "sites": 3, "kills": 6, "min_s": 1, "max_s": 3, "settle_s": 30}
    asked = small if quick else full
    with stage(seed=seed) as here:
        config = write_config(here, town(here, 3, int(asked["n"])))
        (config / "receivers.toml").write_text(_WEBHOOK)
        os.environ["BONGSU_TEST_HOOK"] = here.slack + "/services/T000/B000/XXXX"
        figure = crash_loop(here, config, seed=seed, **asked)
        figure["unmarked"] = _unmarked(here)
    good = figure["lost"] == 0 and figure["duplicates"] <= figure["kills"] and figure["unmarked"] == 0
    return good, figure


def _unmarked(here: Stage) -> int:
    """Count repeats that do not say so."""
    seen: set[str] = set()
    unmarked = 0
    for call in ask(here.slack + "/__calls"):
        text = json.dumps(call["payload"], ensure_ascii=False)
        firms = set(FIRM.findall(text)) if call["delivered"] else set()
        unmarked += bool(firms & seen) and "(repeat)" not in text
        seen |= firms
    return unmarked


def d5(*, seed: int, quick: bool) -> Verdict:
    """A Slack that loses answers, fails and hangs: everything arrives, once."""
    chaos = {
        "rate": 0, "p_accept_drop": 0.05, "p500": 0.1, "p_reset": 0.05, "p_html": 0.02, "p_timeout": 0.02, "hang_s": 30,
    }  # fmt: skip
    stories = 150 if quick else 2000
    with stage(seed=seed) as here:
        config = write_config(here, town(here, 3, stories))
        figure = crash_loop(
            here, config, seed=seed, n=stories, rate=10, sites=3, kills=0, settle_s=40 if quick else 600,
            chaos=json.dumps(chaos),
        )  # fmt: skip
    good = figure["lost"] == 0 and figure["duplicates"] == 0 and (figure["p95_s"] or 999) <= 60
    return good, figure


def d7(*, seed: int, quick: bool) -> Verdict:
    """Slack is away for an hour of the daemon's clock, in four ways in turn; 500 stories wait for it."""
    return asyncio.run(_outage(seed, 60 if quick else 500))


async def _outage(seed: int, stories: int) -> Verdict:
    clock = Clock()
    modes = ["503", "refuse", "timeout", "429"]
    modes = modes[seed % 4 :] + modes[: seed % 4]
    with stage(seed=seed) as here:
        _control(here, rate=0, hang_s=0.05)
        async with (
            await Store.open(MEMORY) as store,
            aiohttp.ClientSession() as session,
        ):
            slack = Slack(
                "desk", token="xoxb-test", channel="C0001", session=session, base_url=here.slack + "/api/", now=clock,
                manners=Manners(pace=timedelta(0)),
            )  # fmt: skip
            room = Postroom(store=store, notifiers={"desk": slack}, now=clock)
            for second in range(3600):
                if second % 900 == 0:
                    _control(here, outage=[0, 10**6], outage_mode=modes[second // 900], retry_after=3)
                if second * stories // 3600 != (second - 1) * stories // 3600:
                    await publish(store, second, clock(), "desk")
                await room.tick()
                clock.passes(seconds=1)
            attempts = len(ask(here.slack + "/__calls"))
            _control(here, outage=None)
            first = await _until(room, clock, lambda: any(one["delivered"] for one in ask(here.slack + "/__calls")))
            await _until(room, clock, lambda: False, seconds=300)
            figure = _told(here, store_firms(stories))
    figure |= {"attempts": attempts, "first_s": first, "modes": modes}
    good = figure["lost"] == 0 and figure["duplicates"] == 0 and attempts <= 100 and first <= 60
    return good and bool(figure["summary"]), figure


def store_firms(stories: int) -> list[str]:
    """Return the firms of the stories that ``_outage`` publishes, in the order of time."""
    due = [second for second in range(3600) if second * stories // 3600 != (second - 1) * stories // 3600]
    return [firm(second) for second in due]


def _control(here: Stage, **faults: object) -> None:
    ask(here.slack + "/__control", faults)


async def _until(room: Postroom, clock: Clock, is_over: Callable[[], bool], seconds: int = 600) -> int:
    """Tick each second of the clock until it is over; return how many seconds that were."""
    for second in range(seconds):
        await room.tick()
        if is_over():
            return second
        clock.passes(seconds=1)
    return seconds


def _told(here: Stage, firms: list[str]) -> Figure:
    shown: dict[str, int] = {}
    order: list[str] = []
    texts = [json.dumps(one["payload"], ensure_ascii=False) for one in ask(here.slack + "/__calls") if one["delivered"]]
    for text in texts:
        named = [name for name in firms if name in text]
        order += named
        for name in named:
            shown[name] = shown.get(name, 0) + 1
    return {
        "stories": len(firms),
        "lost": len(firms) - len(shown),
        "duplicates": sum(times - 1 for times in shown.values()),
        "in_order": order == sorted(order),
        "messages": len(texts),
        "summary": sum("밀린 알림" in text for text in texts),
    }


def d8(*, seed: int, quick: bool) -> Verdict:
    """A channel or token that a person must mend: few calls, the operator told, all delivered after the fix."""
    return asyncio.run(_mended())


async def _mended() -> Verdict:
    figure: Figure = {}
    for error in ("channel_not_found", "token_revoked", "is_archived", "invalid_auth"):
        clock = Clock()
        async with (
            await Store.open(MEMORY) as store,
            open_desk() as desk,
            open_desk() as other,
            open_slack(desk, now=clock) as slack,
            open_slack(other, name="ops", now=clock) as ops,
        ):
            room = Postroom(store=store, notifiers={"desk": slack, "ops": ops}, now=clock, ops="ops")
            desk.outage = f"error:{error}"
            await publish(store, 1, clock(), "desk")
            await _until(room, clock, lambda: False, seconds=600)
            calls, red = len(desk.calls), room.health()[0].remedy
            desk.outage = ""
            back = await _until(room, clock, lambda desk=desk: bool(desk.posts))
            await _until(room, clock, lambda: False, seconds=5)
            figure[error] = {
                "calls": calls, "told": len(other.posts), "red": bool(red), "delivered": len(desk.posts),
                "back_s": back,
            }  # fmt: skip
    good = all(
        each["calls"] <= 5 and each["red"] and each["told"] == 2 and each["delivered"] == 1 for each in figure.values()
    )
    return good, figure


SHAPES = (
    "86400", "9" * 20, "-7", "", "soon", "0", "0x10", "٣", "Wed, 21 Oct 2065 07:28:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT", "1e9", "NaN", " 120 ", "120, 240",
)  # fmt: skip


def d9(*, seed: int, quick: bool) -> Verdict:
    """A Retry-After of any odd shape: believed, capped, never a busy loop (a plain "3" means three seconds)."""
    return asyncio.run(_waits())


async def _waits() -> Verdict:
    calls: dict[str, int] = {}
    for shape in SHAPES:
        clock = Clock()
        async with await Store.open(MEMORY) as store, open_desk() as desk, open_slack(desk, now=clock) as slack:
            desk.outage = f"429:{shape.encode().decode('latin-1')}"
            await publish(store, 1, clock(), "desk")
            await _until(Postroom(store=store, notifiers={"desk": slack}, now=clock), clock, lambda: False, seconds=600)
            calls[shape] = len(desk.calls)
    return max(calls.values()) <= 2, {"calls_in_10_min": calls}


def d10(*, seed: int, quick: bool) -> Verdict:
    """One message that Slack refuses among many: shortened and delivered, and nobody waits for it."""
    return asyncio.run(_refused(30 if quick else 300, seed))


async def _refused(stories: int, seed: int) -> Verdict:
    bad = {firm((seed * 7 + turn * 11) % stories) for turn in range(3)}

    def refuse(payload: dict[str, object]) -> str:
        return "invalid_blocks" if "blocks" in payload and any(name in words_of(payload) for name in bad) else ""

    clock = Clock()
    took = {}
    for name, rule in (("well", None), ("refused", refuse)):
        desk: Desk
        async with await Store.open(MEMORY) as store, open_desk() as desk, open_slack(desk, now=clock) as slack:
            assert slack.manners == QUICK
            desk.refuse = rule
            for number in range(stories):
                await publish(store, number, clock(), "desk")
            began = time.monotonic()
            await Postroom(store=store, notifiers={"desk": slack}, now=clock).tick()
            took[name] = time.monotonic() - began
            shown = sum(firm(number) in words_of(post) for number, post in enumerate(desk.posts))
    extra = took["refused"] - took["well"]
    return shown == stories and extra <= 5, {"stories": stories, "in_order": shown, "extra_s": round(extra, 2)}


class Country:
    """50 outlets, each with a story of its own every minute; its pages say what is published by now."""

    def __init__(self, paper: Paper, sites: int, seconds: int) -> None:
        self.began = time.time()
        self.due = {(site, turn): turn * 60 + site * 60 / sites for site in range(sites) for turn in range(30)}
        self.due = {key: at for key, at in self.due.items() if at < seconds}
        self._paper = paper
        for site in range(sites):
            paper.pages[f"/{site}/rss"] = partial(self._feed, site)
        for site, turn in self.due:
            paper.pages[f"/{site}/{turn}"] = self._page(site, turn)

    def told(self, site: int, turn: int) -> tuple[str, str]:
        """Return the firm and the title of a story."""
        number = turn * 50 + site
        name = FIRMS[number % len(FIRMS)] + str(number)
        return name, f"{name}, {PLACES[number % len(PLACES)]}에 {110 + 7 * number}억 투자협약"

    def _feed(self, site: int, _: Asked) -> Answer:
        now = time.time() - self.began
        shown = [key for key, at in self.due.items() if key[0] == site and at <= now]
        return feed([(f"{self._paper.url}/{site}/{turn}", self.told(site, turn)[1], None) for _, turn in shown])

    def _page(self, site: int, turn: int) -> Answer:
        name, title = self.told(site, turn)
        won, jobs = 110 + 7 * (turn * 50 + site), 20 + (turn * 50 + site) % 400
        place = PLACES[(turn * 50 + site) % len(PLACES)]
        body = f"{name}은 {place}에 {won}억원을 투자해 공장을 짓는 투자협약(MOU)을 체결했다. 고용 인원은 {jobs}명이다."
        return page(title, body, datetime.now(UTC))


def d24(*, seed: int, quick: bool) -> Verdict:
    """50 sources, a story a minute on each: from publication to the sink, by a daemon that runs already."""
    interval, seconds = (10, 40) if quick else (30, 1800)
    with stage(seed=seed) as here, Paper() as paper:
        ask(here.slack + "/__control", {"rate": 0})
        outlets = {
            f"s{site}": outlet(f"누리{site}신문", feed=f"{paper.url}/{site}/rss", every=f"{interval}s")
            for site in range(50)
        }
        for site in range(50):
            paper.pages[f"/{site}/rss"] = feed([])
        with running(here, outlets, allow=(paper.place,)) as run:
            run.until(lambda: run.tried("%") == len(outlets), 30)
            country = Country(paper, 50, seconds)
            wait_for(lambda: len(_lags(here, country)) == len(country.due), seconds + interval + 15, 1)
        lags = _lags(here, country)
        twice = ask(here.slack + "/__report")["delivered"] - len(lags)
    figure: Figure = {"stories": len(country.due), "lost": len(country.due) - len(lags), "duplicates": twice}
    for name, share in (("p50_s", 0.5), ("p95_s", 0.95), ("max_s", 1)):
        figure[name] = round(lags[min(len(lags) - 1, int(share * len(lags)))], 2) if lags else None
    figure |= {"interval_s": interval, "bar_s": interval + 10}
    good = figure["lost"] == 0 and figure["duplicates"] == 0 and (figure["p95_s"] or 999) <= interval + 10
    return good, figure


def _lags(here: Stage, country: Country) -> list[float]:
    """Return the seconds from each story's publication to its first alert, sorted."""
    due = {country.told(*key)[0]: country.began + at for key, at in country.due.items()}
    first: dict[str, float] = {}
    for call in ask(here.slack + "/__calls"):
        if call["delivered"]:
            for name in set(FIRM.findall(json.dumps(call["payload"], ensure_ascii=False))) & set(due):
                first.setdefault(name, call["t"])
    return sorted(at - due[name] for name, at in first.items())


TESTS = {"D2": d2, "D5": d5, "D7": d7, "D8": d8, "D9": d9, "D10": d10, "D24": d24}
