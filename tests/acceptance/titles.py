"""I1–I3, I5: what strangers write, in every place where it is shown."""

import asyncio
import json
import os
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import date

import aiohttp

from monitor.model import DeliveryId, Story
from monitor.notify import Briefing, Email, Letter, Manners, Slack, Smtp, message_id, render_digest
from tests.acceptance.stage import TOOLS, Stage, ask, launch, stage, wait_for, write_config
from tests.notify.stories import DEAL, NOON, alert, story, telling

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
PLACES = ("title", "summary", "company", "author", "source")


def titles(seed: int) -> list[str]:
    """Return the suite's hostile titles and some that are made of their parts."""
    path = TOOLS.parent / "suites" / "injection" / "cases.jsonl"
    known = [json.loads(line)["title"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
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
    with stage(seed=seed, slack_options=("--rate", "0", "--reject-invalid")) as here:
        paths = [one["path"] for one in _endpoints(here) if one["path"].startswith("/inj/")]
        outlets = {
            f"inj{number}": f'name = "누리{number}신문"\nfeeds = ["{here.farm}{path}"]\nevery = "2s"\n'
            for number, path in enumerate(paths)
        }
        config = write_config(here, outlets)
        (config / "routes.toml").write_text('[[routes]]\nreceiver = "desk"\nmin_grade = 1\n')
        daemon = launch(config)
        wait_for(lambda: len(_posts(here)) >= len(paths), 20)
        time.sleep(3)
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
        report, posts = ask(here.slack + "/__report"), _posts(here)
    rejected = Counter(str(status) for status in report["statuses"] if ":" in str(status) and "inval" in str(status))
    links = [json.dumps(one.get("blocks", []), ensure_ascii=False).count("<http") for one in posts]
    figure = {
        "sources": len(paths), "shown": len(posts), "lint": report["lint"], "rejected": dict(rejected),
        "most_links": max(links, default=0),
    }  # fmt: skip
    return figure, posts


def _posts(here: Stage) -> list[dict[str, object]]:
    calls = ask(here.slack + "/__calls")
    return [one["payload"] for one in calls if one["delivered"] and one["method"] == "chat.postMessage"]


def _endpoints(here: Stage) -> list[dict[str, str]]:
    return ask(here.farm + "/")["endpoints"]


TESTS = {"I1": i1, "I2": i2, "I3": i3, "I5": i5}
