"""D20–D23, W14: one alert a story, nothing old, nothing missed, a person told once each way."""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from aiohttp import web

from monitor.jobs.notes import recall_all
from monitor.jobs.watch import Watch
from monitor.model import Source, SourceKind
from tests.acceptance.field import outlet, running
from tests.acceptance.paper import Paper, feed, page
from tests.acceptance.stage import ask, stage
from tests.jobs.site import Site, board, item, rss, watching
from tests.town import START

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
PLACES = ("나주", "군산", "포항", "창원", "청주", "천안", "여수", "구미", "목포", "익산")
MAKES = (
    "배터리 소재",
    "반도체 부품",
    "수소 설비",
    "바이오 의약품",
    "식품",
    "풍력 부품",
    "화장품",
    "로봇",
    "이차전지 분리막",
    "데이터센터",
)
HEADS = (
    "{place}시, {firm}과 {sum}억원 투자협약",
    "{firm}, {place}에 {sum}억 들여 {make} 공장",
    "{place}시-{firm} 업무협약…{make} 공장 {sum}억원 유치",
    "{sum}억 규모 {make} 공장 {place}에 들어선다…{firm}",
)
ENDS = (
    "",
    " 두 기관은 내년 초에 공사를 시작하기로 했다.",
    " 협약식에는 시장과 회사 대표가 참석했다.",
    " 시는 인허가를 한 번에 처리할 계획이다.",
)


TRADES = ("소재", "테크", "바이오", "에너지", "정밀")


def _story(number: int, seed: int) -> dict[str, object]:
    chance = random.Random(f"{seed}-{number}")
    syllables = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"
    return {
        "place": PLACES[number % len(PLACES)], "make": MAKES[(number // 3) % len(MAKES)], "sum": 110 + 17 * number,
        "firm": "㈜" + "".join(chance.sample(syllables, 3)) + chance.choice(TRADES),
        "jobs": 30 + chance.randrange(400),
    }  # fmt: skip


def _telling(story: dict[str, object], copy: int) -> tuple[str, str]:
    words = (
        "{place}시는 {make} 기업 {firm}과 투자협약을 체결했다고 밝혔다. {firm}은 {sum}억원을 "
        "들여 {place} 산업단지에 {make} 공장을 짓고 {jobs}명을 새로 고용한다."
    )
    return HEADS[copy % len(HEADS)].format(**story), words.format(**story) + ENDS[copy % len(ENDS)]


def d20(*, seed: int, quick: bool) -> Verdict:
    """Stories with 1, 3 and 15 copies on 15 sites: one alert each; distinct stories are never merged."""
    stories = 24 if quick else 500
    with stage(seed=seed) as here, Paper() as paper:
        entries: dict[int, list[tuple[str, str, datetime]]] = {site: [] for site in range(15)}
        now = datetime.now(UTC)
        articles = 0
        for number in range(stories):
            story = _story(number, seed)
            for copy in range((1, 3, 15)[number % 3]):
                title, body = _telling(story, copy)
                path = f"/s{copy}/a{number}"
                paper.pages[path] = page(title, body, now)
                entries[copy].append((f"{paper.url}{path}", title, now))
                articles += 1
        for site, rows in entries.items():
            paper.pages[f"/s{site}/rss"] = feed(rows)
        outlets = {f"s{n}": outlet(f"누리{n}신문", feed=f"{paper.url}/s{n}/rss") for n in entries}
        with running(here, outlets, allow=(paper.place,)) as run:
            run.until(lambda: run.one("SELECT count(*) FROM article") >= articles, 45 if quick else 600, 0.3)
            told = run.rows("SELECT url, story_id FROM article")
            alerts = run.one("SELECT count(*) FROM delivery WHERE kind = 'new'")
    by_story: dict[str, set[str]] = {}
    for url, story_id in told:
        by_story.setdefault(url.rpartition("/a")[2], set()).add(story_id)
    first: dict[str, str] = {}
    merged = sum(first.setdefault(story_id, number) != number for number, ids in by_story.items() for story_id in ids)
    figure = {
        "stories": stories,
        "articles": len(told),
        "of": articles,
        "alerts": alerts,
        "alerts_per_story": round(alerts / stories, 3),
        "false_merges": merged,
        "split": sum(len(ids) > 1 for ids in by_story.values()),
    }
    return alerts == stories and not merged and len(told) == articles, figure


def d21(*, seed: int, quick: bool) -> Verdict:
    """Churning guids, a flapping feed, edited titles, a republished article: no second alert."""
    marks = (
        "[1보]",
        "[2보]",
        "[3보]",
        "[4보]",
        "[속보]",
        "[상보]",
        "[단독]",
        "[종합]",
        "[종합2보]",
        "(종합)",
        "[수정]",
        "[포토]",
    )
    with stage(seed=seed) as here, Paper() as paper:
        title, words = _telling(_story(7, seed), 0)
        polls = {"n": 0}

        def edited(_: object):
            polls["n"] += 1
            mark = marks[min(polls["n"], len(marks)) - 1]
            late = datetime.now(UTC)
            paper.pages["/edit"] = page(f"{mark} {title}", words, late)
            # the republished one stands under another address, with the date of the day
            paper.pages["/again"] = page(title, words, late)
            rows = [(f"{paper.url}/edit?v={polls['n']}&utm_source=rss", f"{mark} {title}", late)]
            return feed(rows + ([(f"{paper.url}/again", title, late)] if polls["n"] > 6 else []))

        paper.pages["/rss"] = edited
        outlets = {
            "churn": outlet("새것신문", feed=f"{here.farm}/feed/guid-churn", every="1s"),
            "flap": outlet("깜박신문", feed=f"{here.farm}/feed/flap", every="1s"),
            "edited": outlet("고침신문", feed=f"{paper.url}/rss", every="1s"),
        }
        alerts = '\n[alerts]\nmax_age = "3650d"\nfirst_look = "3650d"\n'
        with running(here, outlets, allow=(paper.place,), settings=alerts) as run:
            run.until(lambda: (run.one("SELECT min(polls) FROM source") or 0) >= 12, 50, 0.3)
            looks = dict(run.rows("SELECT outlet_id, polls FROM source"))
            owed = run.one("SELECT count(*) FROM delivery WHERE kind IN ('new', 'stage')")
            stories = run.one("SELECT count(*) FROM story")
            twice = run.one(
                "SELECT count(*) FROM (SELECT story_id FROM delivery WHERE kind IN ('new', 'stage') "
                "GROUP BY 1 HAVING count(*) > 1)"
            )
            of_edit = run.one("SELECT count(DISTINCT story_id) FROM article WHERE url LIKE ?", f"{paper.url}/%")
            of_farm = run.one("SELECT count(*) FROM article WHERE url LIKE ?", f"{here.farm}/%")
    figure = {
        "looks": looks,
        "stories": stories,
        "alerts": owed,
        "extra_alerts": twice + max(0, of_edit - 1),
        "farm_articles": of_farm,
    }
    return not figure["extra_alerts"] and of_farm <= 20 and min(looks.values()) >= 10, figure


def d22(*, seed: int, quick: bool) -> Verdict:
    """The first start on a source with 100 old articles alerts nobody."""
    with stage(seed=seed) as here, Paper() as paper:
        old = datetime.now(UTC) - timedelta(hours=9)
        rows = []
        for number in range(100):
            title, words = _telling(_story(number, seed), 0)
            at = old - timedelta(hours=number)
            paper.pages[f"/a{number}"] = page(title, words, at)
            rows.append((f"{paper.url}/a{number}", title, at))
        paper.pages["/rss"] = feed(rows)
        with running(here, {"old": outlet("오랜신문", feed=f"{paper.url}/rss")}, allow=(paper.place,)) as run:
            run.until(
                lambda: run.one("SELECT count(*) FROM link WHERE state = 'pending'") == 0 and run.tried("%") > 0,
                50,
                0.3,
            )
            known, stored = run.one("SELECT count(*) FROM link"), run.one("SELECT count(*) FROM article")
            time.sleep(3)
        shown = sum(call["delivered"] for call in ask(here.slack + "/__calls"))
    return shown == 0 and known == 100, {"alerts": shown, "known": known, "read": stored}


def d23(*, seed: int, quick: bool) -> Verdict:
    """Lists that turned over between two polls: paged back, another list followed, or the hole reported."""
    figure = asyncio.run(_turned_over())
    return all(each["missing"] == 0 or each["reported"] for each in figure.values()) and figure["alone"][
        "reported"
    ], figure


async def _turned_over() -> Figure:
    async with Site() as site:
        site.publish(*range(1, 81))

        def entries(numbers: range) -> str:
            return rss(item(f"{site.url}/news/{n}", n, START + timedelta(minutes=n)) for n in reversed(numbers))

        roads: Figure = {}
        for name in ("paged", "listed", "alone"):
            for path in ("/rss", "/board", "/news/articleList.html"):
                site.pages.pop(path, None)
            kind, path = (SourceKind.LIST, "/board") if name == "paged" else (SourceKind.FEED, "/rss")
            old, new = range(1, 21), range(61, 81)
            site.pages[path] = board(reversed(old)) if name == "paged" else entries(old)
            async with watching(site.outlet(Source(site.url + path, kind))) as watchers:
                await watchers.look()
                site.pages[path] = board(reversed(new), 2) if name == "paged" else entries(new)
                for number in (2, 3, 4):
                    posts = range(80 - 20 * (number - 1), 60 - 20 * (number - 1), -1)
                    site.pages[f"/board?page={number}"] = board(posts, number + 1)
                if name == "listed":
                    site.pages["/news/articleList.html"] = board(range(80, 10, -1))
                watchers.clock.passes(hours=2)
                await watchers.look()
                known = (await watchers.store.counts()).articles
                gaps = [notes.gap for notes in (await recall_all(watchers.store)).values() if notes.gap]
                roads[name] = {"missing": 80 - known, "reported": bool(gaps)}
        return roads


def w14(*, seed: int, quick: bool) -> Verdict:
    """A source that fails for long: asked at most hourly, recovers by itself, told once each way."""
    figure = asyncio.run(_long_failure(days=3 if quick else 14))
    good = (
        figure["most_an_hour"] <= 1
        and figure["told_down"] == 1
        and figure["told_up"] == 1
        and figure["recovered_h"] <= 8
    )
    return good and figure["longest_gap_h"] <= 24, figure


async def _long_failure(days: int) -> Figure:
    told: list[str] = []

    async def tell(text: str, _: str) -> None:
        told.append(text)

    async with Site() as site:
        site.publish(1)
        site.pages["/rss"] = rss([item(f"{site.url}/news/1", 1, START)])
        asked_at: list[datetime] = []
        async with watching(site.outlet(Source(site.url + "/rss", SourceKind.FEED))) as watchers:
            await watchers.look()
            watch = Watch(watchers.store, watchers.clock, tell, {})

            def down(_: web.Request) -> web.Response:
                asked_at.append(watchers.clock())
                return web.Response(status=500)

            site.pages["/rss"] = down
            await _passes(watchers, watch, days * 24 * 6)
            site.pages["/rss"] = rss([item(f"{site.url}/news/1", 1, START)])
            began = watchers.clock()
            while len(told) < 2 and watchers.clock() - began < timedelta(days=2):
                await _passes(watchers, watch, 1)
            recovered = (watchers.clock() - began) / timedelta(hours=1)
    settled = [at for at in asked_at if at - asked_at[0] > timedelta(hours=3)]
    gaps = [(b - a) / timedelta(hours=1) for a, b in pairwise(settled)]
    down_told = sum("문제가 있습니다" in text for text in told)
    return {
        "days": days, "probes": len(asked_at), "most_an_hour": 1 if min(gaps) >= 1 else 2,
        "shortest_gap_h": round(min(gaps), 2),
        "longest_gap_h": round(max(gaps), 2), "told_down": down_told, "told_up": len(told) - down_told,
        "recovered_h": round(recovered, 1),
    }  # fmt: skip


async def _passes(watchers, watch: Watch, steps: int) -> None:
    for _ in range(steps):
        watchers.clock.passes(minutes=10)
        await watchers.look()
        await watch.look()


TESTS = {"D20": d20, "D21": d21, "D22": d22, "D23": d23, "W14": w14}
