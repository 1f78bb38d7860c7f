"""Stories: today's, and one with all that is known of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from aiohttp import web

from monitor.clock import KST
from monitor.model import Grade, KnownDeal, Story, StoryId
from monitor.notify import words_of
from monitor.store import DealStep, Trace
from monitor.web.asking import Ask, korean_midnight
from monitor.web.feed import story_entries
from monitor.web.house import House
from monitor.web.lines import Line, line_of, stories_table
from monitor.web.sheet import Sheet
from monitor.web.told import alert_told, delivery_told, known_told, step_told, story_told

SHOWN_DAYS = 3
"""The first page reaches this far back, so that a Monday shows the weekend."""
_MOST_OF_TODAY = 100


@dataclass(frozen=True, slots=True)
class Numbers:
    """The line of numbers above today's stories."""

    new: int
    tellings: int
    checked: int
    outlets: int
    failing: int
    last: datetime | None


async def today(house: House, ask: Ask) -> Sheet:
    """Show the stories of the last days by day, newest first."""
    asked = ask.stories(grade=Grade.ACTIVITY, days=SHOWN_DAYS)
    wanted = house.named(replace(asked, limit=max(asked.limit, _MOST_OF_TODAY)))
    page = await house.store.stories(wanted)
    told = [line_of(story, words_of(ask.language)) for story in page.stories]
    lines = sorted(told, key=lambda line: line.at, reverse=True)
    return Sheet(
        "today.html",
        "오늘",
        told=lambda: {"stories": [story_told(story) for story in page.stories], "cursor": page.cursor},
        values={
            "days": [(day, list(same)) for day, same in groupby(lines, _day)],
            "numbers": await _numbers(house, ask, page.stories),
            "cursor": page.cursor,
            "wanted": wanted,
        },
        table=lambda: stories_table(page.stories, words_of(ask.language)),
        entries=lambda: story_entries(page.stories, words_of(ask.language)),
    )


@dataclass(frozen=True, slots=True)
class Path:
    """One deal of a story with the steps it took."""

    known: KnownDeal
    steps: tuple[DealStep, ...]


async def story(house: House, ask: Ask) -> Sheet:
    """Show one story: facts with their sentences, its way, its articles, its alerts, and why it was told.

    Raises:
        HTTPNotFound: there is no such story.
    """
    found = await house.store.story(StoryId(ask.match["story"]))
    if found is None:
        raise web.HTTPNotFound(text="no such story")
    known = await house.store.deals_of(found.id)
    steps = await house.store.deal_steps(found.id)
    trace = await house.store.trace(found.tellings[0].key)
    return Sheet(
        "story.html",
        found.title,
        told=lambda: {
            **story_told(found),
            "known_deals": [known_told(each) for each in known],
            "steps": [step_told(step) for step in steps],
            "alerts": [alert_told(alert) for alert in trace.alerts],
            "deliveries": [delivery_told(delivery) for delivery in trace.deliveries],
            "quiet": _quiet(trace),
        },
        values={
            "story": found,
            "line": line_of(found, words_of(ask.language)),
            "paths": [Path(each, tuple(step for step in steps if step.deal == each.id)) for each in known],
            "trace": trace,
            "quiet": _quiet(trace),
            "titles": {telling.key: telling.outlet_name or telling.outlet for telling in found.tellings},
            "verdicts": await house.store.verdicts(subject=found.id),
            "version": trace.stored.relevance.version if trace.stored else "",
        },
        entries=lambda: story_entries((found,), words_of(ask.language)),
    )


def _quiet(trace: Trace) -> str:
    return trace.stored.quiet if trace.stored else ""


def _day(line: Line) -> str:
    return f"{line.at.astimezone(KST):%Y-%m-%d}"


async def _numbers(house: House, ask: Ask, stories: tuple[Story, ...]) -> Numbers:
    midnight = korean_midnight(ask.now.astimezone(KST).date())
    new = [each for each in stories if each.first_at >= midnight]
    states = await house.store.sources()
    asked = [state.last_checked_at for state in states if state.last_checked_at]
    recent = {
        state.outlet_id for state in states if state.last_ok_at and state.last_ok_at > ask.now - timedelta(days=1)
    }
    return Numbers(
        new=len(new),
        tellings=sum(len(each.tellings) for each in new),
        checked=len(recent),
        outlets=len({state.outlet_id for state in states}),
        failing=len({state.outlet_id for state in states if state.failures}),
        last=max(asked, default=None),
    )
