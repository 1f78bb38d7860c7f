"""What a reader may change: a verdict, a join, a split, a stage, a silence. The guard has checked who asks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from monitor.jobs.correct import VERDICTS, judge, named_article, named_story
from monitor.jobs.correct import split as part
from monitor.jobs.press import mute as silence
from monitor.model import DealId, OutletId, Stage, StoryId
from monitor.notify import one_line
from monitor.web.desk import TAKEN_BACK
from monitor.web.house import House

WHO = "web"
LONGEST_MUTE = 365


@dataclass(frozen=True, slots=True)
class Form:
    """One correction: its fields, its address, when it was pressed."""

    fields: dict[str, str]
    match: dict[str, str]
    now: datetime

    def field(self, name: str, most: int = 300) -> str:
        """Return a field as one clean line.

        Raises:
            HTTPBadRequest: it is missing or too long.
        """
        value = one_line(self.fields.get(name, ""))
        if not value or len(value) > most:
            raise web.HTTPBadRequest(text=f"{name}: missing or too long")
        return value


Act = Callable[[House, Form], Awaitable[str]]
"""Acts and returns the page to go to."""


async def say(house: House, form: Form) -> str:
    """Note that a story was useful or not relevant."""
    kind = VERDICTS.get(form.field("value"))
    if kind is None:
        raise web.HTTPBadRequest(text="value: useful or irrelevant")
    story = await _story(house, form.match["story"])
    await judge(house.store, story, kind, WHO, form.now)
    return f"/stories/{story}"


async def join(house: House, form: Form) -> str:
    """Make another story part of this one; it is named by its id or by the address of its page or of its article."""
    keep = await _story(house, form.match["story"])
    other = await named_story(house.store, form.field("other", 2000))
    if other is None:
        raise web.HTTPNotFound(text="no such story")
    if not await house.store.join_stories(keep, other, WHO, form.now):
        raise web.HTTPConflict(text="they are one story already")
    return f"/stories/{keep}"


async def split(house: House, form: Form) -> str:
    """Let one article be the first telling of a story of its own."""
    told = await named_article(house.store, form.field("article", 2000))
    own = await part(house.store, told, WHO, form.now) if told else None
    if own is None:
        raise web.HTTPConflict(text="the article stands alone already, or is unknown")
    return f"/stories/{own}"


async def stage(house: House, form: Form) -> str:
    """Set the stage of a deal."""
    name = form.field("stage")
    if name not in set(Stage):
        raise web.HTTPBadRequest(text=f"stage: {', '.join(Stage)}")
    deal = DealId(form.match["deal"])
    if not await house.store.correct_stage(deal, Stage(name), WHO, form.now):
        raise web.HTTPNotFound(text="no such deal")
    return f"/stories/{await house.store.story_of_deal(deal)}"


async def mute(house: House, form: Form) -> str:
    """Hear nothing of a firm for some days."""
    firm, days = form.field("firm", 100), form.field("days")
    if not (days.isascii() and days.isdecimal()) or not 1 <= int(days) <= LONGEST_MUTE:
        raise web.HTTPBadRequest(text=f"days: 1 to {LONGEST_MUTE}")
    await silence(firm, timedelta(days=int(days)), store=house.store, who=WHO, now=form.now)
    return "/feedback"


async def undo(house: House, form: Form) -> str:
    """Take a verdict back."""
    kind = form.field("kind")
    if kind not in TAKEN_BACK:
        raise web.HTTPBadRequest(text="this is not taken back by a button")
    subject = form.field("subject")
    if not await house.store.take_back(kind, subject, form.field("who")):
        raise web.HTTPNotFound(text="nobody said so")
    await house.store.edit_now(StoryId(subject))
    return "/feedback"


async def look(house: House, form: Form) -> str:
    """Ask an outlet's sources at once."""
    name = OutletId(f"{form.match['region']}/{form.match['outlet']}")
    if not await house.store.poll_now(name, form.now):
        raise web.HTTPNotFound(text="no such outlet")
    return f"/outlets/{name}"


ACTS: dict[str, Act] = {
    "/stories/{story}/verdict": say,
    "/stories/{story}/join": join,
    "/stories/{story}/split": split,
    "/deals/{deal}/stage": stage,
    "/firms/mute": mute,
    "/feedback/undo": undo,
    "/outlets/{region}/{outlet}/look": look,
}


async def _story(house: House, name: str) -> StoryId:
    found = await house.store.story(StoryId(name))
    if found is None:
        raise web.HTTPNotFound(text="no such story")
    return found.id
