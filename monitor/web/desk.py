"""The editor's desk: what people said, the digest of a day, and the settings in force."""

import datetime as dt
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape

from aiohttp import web

from monitor.clock import KST
from monitor.daemon import timetable_of
from monitor.jobs.digest import Subscription, brief
from monitor.jobs.workdays import Timetable
from monitor.model import Stage, Story, StoryId
from monitor.notify import Letter, RenderedDigest, render_digest
from monitor.settings import chosen
from monitor.store import MUTED, Verdict
from monitor.web.asking import Ask, day_of
from monitor.web.feed import joined, newest, tag
from monitor.web.house import House
from monitor.web.lines import kst
from monitor.web.sheet import Entry, Sheet, Table
from monitor.web.speech import spoken
from monitor.web.told import verdict_told

USEFUL, IRRELEVANT = "relevant", "not relevant"
TAKEN_BACK = frozenset({USEFUL, IRRELEVANT, MUTED})
"""Verdicts that a button takes back; joining is undone by splitting, a stage by setting another."""
_ATTRIBUTE = re.compile(r"""\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ELEMENT = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_SHOWN = 300
_GROUPS = 12
"""Rules and outlets named above the list."""


async def feedback(house: House, ask: Ask) -> Sheet:
    """List what people said, newest first, with a way back."""
    verdicts = tuple(reversed(await house.store.verdicts(ask.word("kind"))))
    kinds = Counter(each.kind for each in verdicts)
    stories = await _stories(house, verdicts[:_SHOWN])
    wrong = [stories[each.subject] for each in verdicts[:_SHOWN] if each.kind == IRRELEVANT and each.subject in stories]
    return Sheet(
        "feedback.html",
        "피드백",
        told=lambda: {
            "verdicts": [verdict_told(each) for each in verdicts],
            "rules": dict(_rules(wrong)),
            "outlets": dict(_outlets(wrong)),
        },
        values={
            "verdicts": verdicts[:_SHOWN],
            "kinds": kinds.most_common(),
            "taken_back": TAKEN_BACK,
            "titles": {name: story.title for name, story in stories.items()},
            "rules": _rules(wrong),
            "outlets": _outlets(wrong),
        },
        table=lambda: Table(
            ("시각(KST)", "말", "대상", "값", "누가"),
            tuple((kst(each.at), each.kind, each.subject, each.value, each.who) for each in verdicts),
        ),
        entries=lambda: newest(verdicts[:_SHOWN], lambda each: _verdict_entry(each, stories, ask.language)),
    )


def _verdict_entry(each: Verdict, stories: Mapping[str, Story], language: str) -> Entry:
    known = stories.get(each.subject)
    return Entry(
        id=tag("verdict", each.kind, each.subject, each.who, each.at.isoformat()),
        path=f"/stories/{each.subject}" if known else "/feedback",
        title=joined(spoken(each.kind, language), known.title if known else each.subject),
        at=each.at,
        summary=joined(spoken(each.value, language), each.who),
    )


async def _stories(house: House, verdicts: tuple[Verdict, ...]) -> dict[str, Story]:
    """Return the stories that were spoken of, by the name they were called."""
    names = dict.fromkeys(each.subject for each in verdicts if each.kind in (USEFUL, IRRELEVANT))
    found = {name: await house.store.story(StoryId(name)) for name in names}
    return {name: story for name, story in found.items() if story is not None}


def _rules(wrong: Iterable[Story]) -> list[tuple[str, int]]:
    """Count the stories that nobody wanted by what spoke most for telling them."""
    first = (max(story.why, key=lambda reason: reason.weight, default=None) for story in wrong)
    return Counter(reason.text for reason in first if reason is not None).most_common(_GROUPS)


def _outlets(wrong: Iterable[Story]) -> list[tuple[str, int]]:
    """Count the stories that nobody wanted by the outlet that told them first."""
    return Counter(story.lead.outlet_name or story.lead.outlet for story in wrong).most_common(_GROUPS)


class _NoMail:
    """Stands where a relay would: a preview is never posted."""

    name = "preview"

    async def post(self, letter: Letter) -> None:
        """Refuse: nothing here is sent."""
        del letter
        raise web.HTTPMethodNotAllowed("POST", ["GET"])


def _subscription(house: House, receiver: str, ask: Ask) -> Subscription:
    return Subscription(
        receiver=receiver,
        mailer=_NoMail(),
        sender="",
        to=(),
        timetable=timetable_of(house.settings),
        language=ask.language,
        detail=lambda story: f"{ask.origin}/stories/{story}",
    )


async def _digest(house: House, ask: Ask, day: dt.date, receiver: str) -> tuple[RenderedDigest, int]:
    """Build the mail of a day from the ledger that the sent one came from, with the same template."""
    subscription = _subscription(house, receiver, ask)
    until = subscription.timetable.due(day)
    since = subscription.timetable.due(subscription.timetable.before(day))
    briefing = await brief(store=house.store, subscription=subscription, day=day, since=since, until=until)
    return render_digest(briefing), len(briefing.stories)


def _receiver(house: House, ask: Ask) -> str:
    names = list(house.settings.receivers)
    asked = ask.word("receiver")
    if asked and asked not in names:
        raise web.HTTPNotFound(text="no such receiver")
    mailed = [name for name, table in house.settings.receivers.items() if table.kind == "email"]
    return asked or next(iter([*mailed, *names]), "")


def next_issue(now: datetime, timetable: Timetable) -> dt.date:
    """Return the day whose digest holds what is decided now: the next one that goes out."""
    day = now.astimezone(KST).date()
    for ahead in range(31):
        after = day + timedelta(days=ahead)
        if timetable.works(after) and timetable.due(after) > now:
            return after
    return day


async def digests(house: House, ask: Ask) -> Sheet:
    """Show the digest that is being collected now.

    Raises:
        HTTPSeeOther: to the page of that day.
    """
    day = next_issue(ask.now, _subscription(house, "", ask).timetable)
    raise web.HTTPSeeOther(f"/digest/{day}")


async def digest(house: House, ask: Ask) -> Sheet:
    """Show the mail of a day beside the days before and after it."""
    day = day_of(ask.match["day"], "day")
    receiver = _receiver(house, ask)
    page, count = await _digest(house, ask, day, receiver)
    return Sheet(
        "digest.html",
        page.subject,
        told=lambda: {
            "day": day.isoformat(),
            "receiver": receiver,
            "subject": page.subject,
            "text": page.text,
            "stories": count,
        },
        values={
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "receiver": receiver,
            "receivers": list(house.settings.receivers),
            "page": page,
        },
    )


async def mail(house: House, ask: Ask) -> web.Response:
    """Answer the mail itself, to be framed by the page of its day; its styles are named by their hashes."""
    day = day_of(ask.match["day"], "day")
    page, _ = await _digest(house, ask, day, _receiver(house, ask))
    headers = {"Content-Security-Policy": mail_policy(page.html), "X-Frame-Options": "SAMEORIGIN"}
    html = page.html.replace("<head>", '<head><base target="_blank">', 1)  # a link must not open inside the frame
    return web.Response(text=html, content_type="text/html", headers=headers)


def mail_policy(html: str) -> str:
    """Return a policy that allows just the styles of this mail and no script."""
    inline = (unescape(found[1] or found[2] or "") for found in _ATTRIBUTE.finditer(html))
    styles = [*(found[1] for found in _ELEMENT.finditer(html)), *inline]
    hashes = " ".join(
        dict.fromkeys(f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in styles)
    )
    return (
        f"default-src 'none'; style-src 'unsafe-hashes' {hashes}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation allow-popups"
    )


async def settings(house: House, ask: Ask) -> Sheet:
    """Show every value in force with where it comes from; secrets are named, never shown."""
    del ask
    values = chosen(house.settings)
    routes = [replace(route, stages=tuple(map(Stage, route.stages))) for route in house.settings.routes]
    return Sheet(
        "settings.html",
        "설정",
        told=lambda: {
            "folder": str(house.settings.folder),
            "values": [{"name": each.name, "value": each.value, "origin": each.origin} for each in values],
        },
        values={"folder": house.settings.folder, "chosen": values, "routes": routes},
        table=lambda: Table(("이름", "값", "출처"), tuple((each.name, each.value, each.origin) for each in values)),
    )
