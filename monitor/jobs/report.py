"""A reader showed us an article: it is read in its turn like any other, and the reader is told what we know of it."""

from monitor.dedup import article_key
from monitor.jobs.newsroom import Newsroom
from monitor.jobs.whisper import Said, whisper
from monitor.model import Grade, Link, OutletId
from monitor.notify import Report, Slack
from monitor.store import FoundLink, Trace, host_of

REPORTED = "reported"
"""Kind of the verdict that an article (subject) matters to a reader; its value is the address."""
FINDER = "slack:report"
STRAY = OutletId("reported/slack")
"""Whose article it is when no outlet of ours has a source on its host."""
_GRADES = {
    Grade.DEAL: ("딜", "deal"),
    Grade.ACTIVITY: ("활동", "activity"),
    Grade.MENTION: ("언급", "mention"),
    Grade.UNRELATED: ("무관", "unrelated"),
}
_NOTHING = Said(
    "이 메시지에는 기사 주소가 없습니다. 주소가 든 메시지에서 눌러 주세요.",
    "This message holds no address of an article. Press it on one that does.",
)
_NOTED = Said(
    "받았습니다. 곧 읽고, 맞는 소식이면 알립니다. 어떻게 되었는지는 bongsu why 로 봅니다.",
    "Taken. It is read soon and told if it fits; bongsu why tells what became of it.",
)


async def take(report: Report, *, room: Newsroom) -> None:
    """Keep what a reader showed, let it be read soon, and whisper what is known of it."""
    said = await _said(report, room) if report.url else _NOTHING
    speakers = [one for one in room.notifiers.values() if isinstance(one, Slack)]
    speaker = next((one for one in speakers if one.channel == report.channel), next(iter(speakers), None))
    if speaker:
        await whisper(speaker, said, report.who, channel=report.channel)


async def _said(report: Report, room: Newsroom) -> Said:
    key = article_key(report.url)
    await room.store.add_verdict(REPORTED, key, report.url, f"slack:{report.who}", room.now())
    link = FoundLink(key, Link(report.url))
    if await room.store.add_link(link, _outlet(report.url, room), FINDER, room.now()):
        return _NOTED
    return known(await room.store.trace(key))


def _outlet(url: str, room: Newsroom) -> OutletId:
    """Return the outlet with a source on the address's host."""
    host = host_of(url)
    own = (outlet.id for outlet in room.outlets.values() if any(host_of(each.url) == host for each in outlet.sources))
    return next(own, STRAY)


def known(trace: Trace) -> Said:
    """Return what became of an article that we had met before."""
    if trace.stored is None:
        return _unread(trace)
    title, (ko, en) = trace.stored.article.title, _GRADES[trace.stored.relevance.grade]
    receivers = ", ".join(dict.fromkeys(each.receiver for each in trace.alerts))
    if receivers:
        return Said(f"이미 알렸습니다 ({receivers}): {title}", f"Told already ({receivers}): {title}")
    quiet = trace.stored.quiet
    return Said(
        f"이미 읽었고 알리지 않았습니다 ({quiet or ko}): {title}", f"Read before, not told ({quiet or en}): {title}"
    )


def _unread(trace: Trace) -> Said:
    link = trace.link
    if link is not None and link.state == "refused":
        return Said(f"읽을 수 없던 주소입니다: {link.reason}", f"It could not be read: {link.reason}")
    if link is not None:
        return Said("이미 찾았고 읽을 차례를 기다립니다.", "Found before; it waits for its turn.")
    return Said("오래전에 본 주소라 다시 알리지 않습니다.", "An address seen long ago; it is not told again.")
