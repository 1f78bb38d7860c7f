"""I1–I3, I5: what strangers write, in every place where it is shown."""

import asyncio
import json
import random
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import aiohttp

from monitor.model import DeliveryId, Story
from monitor.notify import Briefing, Email, Letter, Manners, Slack, Smtp, message_id, render_digest
from tests.acceptance.field import outlet, running
from tests.acceptance.paper import Paper, feed, page
from tests.acceptance.stage import TOOLS, Stage, ask, stage, wait_for
from tests.notify.stories import DEAL, NOON, alert, story, telling

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
TEXT = (
    "나주시는 소재 기업 {firm}과 {won}억원 규모의 투자협약을 맺었다고 밝혔다. "
    "{firm}은 산업단지에 공장을 짓고 90명을 고용한다."
)
PLACES = ("title", "summary", "company", "author", "source")


def titles(seed: int) -> list[str]:
    """Return the suite's hostile titles and some that are made of their parts."""
    path = TOOLS.parent / "suites" / "injection" / "cases.jsonl"
    known = [json.loads(line)["title"] for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    halves = [one[: len(one) // 2] + known[(number * 7 + seed) % len(known)] for number, one in enumerate(known)]
    return [*known, *halves[: 64 - len(known)]]


def hostile(number: int, title: str, place: str) -> Story:
    """Return a story that says ``title`` in one place."""
    plain = "가온소재, 광주에 배터리 소재 공장"
    shown = title if place == "title" else plain
    lead = telling(number, shown, outlet_name=title if place in {"author", "source"} else "광주소식")
    named = {"company": {"companies": (title,)}, "summary": {"site": (title,), "authorities": (title,)}}.get(place, {})
    changes = (title,) if place == "summary" else ()
    return story(number, shown, lead=lead, tellings=(lead,), deals=(replace(DEAL, **named),), changes=changes)


def i1(*, seed: int, quick: bool) -> Verdict:
    """Hostile words in five places of alerts, updates and digests: the sinks find nothing to object to."""
    return asyncio.run(_shown(seed))


async def _shown(seed: int) -> Verdict:
    words = titles(seed)
    with stage(seed=seed, slack_options=("--rate", "0", "--reject-invalid"), smtp=True) as here:
        async with aiohttp.ClientSession() as session:
            base = here.slack + "/api/"
            slack = Slack("desk", token="xoxb-test", channel="C0001", session=session, base_url=base, manners=Manners())
            host, _, port = here.smtp.partition(":")
            smtp = Smtp("mail", host=host, port=int(port), sender="봉수 <b@desk.example>", tls="none")
            mail = Email("mail", smtp=smtp, to=("a@desk.example",), unsubscribe="https://b.example/u/1")
            for number, title in enumerate(words):
                for turn, place in enumerate(PLACES):
                    shown = hostile(number, title, place)
                    told = alert(shown, id=DeliveryId(f"d{number}-{turn}"))
                    receipt = await slack.send(told)
                    await slack.edit(receipt, told)
                    await mail.send(told)
                    await smtp.post(_letter(f"{number}-{turn}", shown))
        report, letters = ask(here.slack + "/__report"), ask(here.mails + "/__report")
        rejected = report["calls"] - report["delivered"]
    figure = {
        "titles": len(words), "places": len(PLACES), "slack_messages": report["delivered"], "rejected": rejected,
        "lint": report["lint"], "mails": letters["kept"], "defects": letters["defects"],
    }  # fmt: skip
    good = not report["lint"] and not letters["defects"] and not rejected
    return good and letters["kept"] == 2 * len(words) * len(PLACES), figure


def _letter(number: str, shown: Story) -> Letter:
    leave = "https://b.example/u/1"
    page = render_digest(Briefing(date(2026, 3, 4), NOON, NOON, (shown,), unsubscribe=leave))
    identity = message_id("digest", number, "a@desk.example", "b@desk.example")
    return Letter("a@desk.example", page.subject, page.text, page.html, identity, NOON, leave)


def i2(*, seed: int, quick: bool) -> Verdict:
    """The farm's hostile feeds through the daemon to a Slack that rejects what is invalid."""
    figure, _ = _through(seed)
    good = figure["sources"] > 0 and figure["shown"] == figure["sources"] and not figure["lint"]
    return good and not figure["rejected"] and figure["most_links"] <= 1, figure


def i3(*, seed: int, quick: bool) -> Verdict:
    """Nothing unfurls."""
    _, posts = _through(seed)
    off = sum(one["unfurl_links"] is False and one["unfurl_media"] is False for one in posts)
    return bool(posts) and off == len(posts), {"messages": len(posts), "without_unfurling": off}


def i5(*, seed: int, quick: bool) -> Verdict:
    """A link's words never name another host, in Slack and in mail."""
    passed, figure = i1(seed=seed, quick=quick)
    through, _ = _through(seed)
    masked = sum(table.get("masked_link", 0) for table in (figure["lint"], figure["defects"], through["lint"]))
    return passed and masked == 0, {
        "masked_links": masked,
        "messages": figure["slack_messages"],
        "mails": figure["mails"],
    }


def _through(seed: int) -> tuple[Figure, list[dict[str, object]]]:
    """Publish hostile titles over texts that are news, each in an outlet of its own, and return what Slack showed."""
    now = datetime.now(UTC)
    with stage(seed=seed, slack_options=("--rate", "0", "--reject-invalid")) as here, Paper() as paper:
        words = [*_farm_titles(here), *random.Random(seed).sample([one for one in titles(seed) if one.strip()], 4)]
        outlets = {}
        for number, title in enumerate(words):
            paper.pages[f"/a{number}"] = page(title, TEXT.format(firm=f"가온{number}소재", won=110 + number), now)
            paper.pages[f"/rss{number}"] = feed([(f"{paper.url}/a{number}", title, now)])
            outlets[f"o{number}"] = outlet(f"누리{number}신문", feed=f"{paper.url}/rss{number}")
        with running(here, outlets, allow=(paper.place,)):
            wait_for(lambda: len(_posts(here)) >= len(words), 40)
            time.sleep(2)
        report, posts = ask(here.slack + "/__report"), _posts(here)
        calls = [one for one in ask(here.slack + "/__calls") if one["method"] == "chat.postMessage"]
    links = [sum(text.count("<http") for text in _mrkdwn(one.get("blocks", []))) for one in posts]
    figure = {
        "sources": len(words), "shown": len(posts), "lint": report["lint"],
        "rejected": sum(not one["delivered"] for one in calls), "most_links": max(links, default=0),
    }  # fmt: skip
    return figure, posts


def _mrkdwn(block: object) -> list[str]:
    """Return every text that Slack reads marks in; plain text and rich text are shown as they stand."""
    if isinstance(block, list):
        return [text for one in block for text in _mrkdwn(one)]
    if not isinstance(block, dict):
        return []
    own = [str(block["text"])] if block.get("type") == "mrkdwn" else []
    return own + [text for one in block.values() if not isinstance(one, str) for text in _mrkdwn(one)]


def _farm_titles(here: Stage) -> list[str]:
    found = []
    for each in ask(here.farm + "/")["endpoints"]:
        if each["path"].startswith("/inj/"):
            with urllib.request.urlopen(here.farm + each["path"], timeout=10) as answer:  # noqa: S310
                found.append(unescape(answer.read().decode().partition("<h1>")[2].partition("</h1>")[0]))
    return found


def _posts(here: Stage) -> list[dict[str, object]]:
    calls = ask(here.slack + "/__calls")
    return [one["payload"] for one in calls if one["delivered"] and one["method"] == "chat.postMessage"]


TESTS = {"I1": i1, "I2": i2, "I3": i3, "I5": i5}
