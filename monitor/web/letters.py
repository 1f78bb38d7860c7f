"""Links in mails and Slack's requests: they prove by a signature who asks, so no login stands before them."""

from aiohttp import web

from monitor.jobs.command import answer
from monitor.jobs.correct import VERDICTS, judge
from monitor.jobs.digest import LEFT
from monitor.jobs.press import hear
from monitor.jobs.report import take
from monitor.notify import (
    Command,
    Gatekeeper,
    Press,
    Report,
    SignedFeedback,
    SignedLeave,
    read_request,
)
from monitor.web.asking import Ask
from monitor.web.house import House
from monitor.web.sheet import Sheet


async def ask_feedback(house: House, ask: Ask) -> Sheet:
    """Show what the link would say; a mail scanner that follows it changes nothing."""
    said = _feedback(house, ask.match["token"])
    story = await house.store.story(said.story)
    title = story.title if story else said.story
    told = {"story": said.story, "title": title, "verdict": said.verdict}
    return Sheet("confirm.html", "피드백", told=lambda: told, values={"title": title, "said": said, "is_done": False})


async def give_feedback(house: House, ask: Ask) -> Sheet:
    """Keep the reader's word."""
    said = _feedback(house, ask.match["token"])
    await judge(house.store, said.story, VERDICTS[said.verdict], said.who, ask.now)
    told = {"story": said.story, "verdict": said.verdict, "done": True}
    return Sheet("confirm.html", "피드백", told=lambda: told, values={"title": "", "said": said, "is_done": True})


def _feedback(house: House, token: str) -> SignedFeedback:
    said = house.pen.read_feedback(token)
    if said is None or said.verdict not in VERDICTS:
        raise web.HTTPNotFound(text="this link is not ours or is damaged")
    return said


async def ask_leave(house: House, ask: Ask) -> Sheet:
    """Show whom the link would unsubscribe."""
    wish = _wish(house, ask.match["token"])
    return Sheet(
        "leave.html", "수신 거부", told=lambda: {"address": wish.address}, values={"wish": wish, "is_done": False}
    )


async def leave(house: House, ask: Ask) -> Sheet:
    """Unsubscribe at once: mail programs press this button themselves (RFC 8058)."""
    wish = _wish(house, ask.match["token"])
    await house.store.add_verdict(LEFT, wish.address, wish.receiver, wish.address, ask.now)
    told = {"address": wish.address, "done": True}
    return Sheet("leave.html", "수신 거부", told=lambda: told, values={"wish": wish, "is_done": True})


def _wish(house: House, token: str) -> SignedLeave:
    wish = house.pen.read_leave(token)
    if wish is None:
        raise web.HTTPNotFound(text="this link is not ours or is damaged")
    return wish


async def slack(house: House, keepers: tuple[Gatekeeper, ...], request: web.Request) -> web.Response:
    """Take a button, a shortcut or a command from Slack, once, when its signature is right; any other gets 401."""
    body = await request.read()
    now = house.room.now()
    if not any(keeper.admits(request.headers, body, now) for keeper in keepers):
        raise web.HTTPUnauthorized(text="the signature is missing, wrong, too old, or used before")
    asked = read_request(body)
    if isinstance(asked, Press):
        await hear(asked, store=house.store, notifiers=house.room.notifiers, now=house.room.now)
    elif isinstance(asked, Report):
        await take(asked, room=house.room)
    elif isinstance(asked, Command):
        text = await answer(asked, store=house.store, now=house.room.now)
        return web.json_response({"response_type": "ephemeral", "text": text})
    return web.Response()
