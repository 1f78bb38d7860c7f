"""Who told a story, listed once below its message."""

from monitor.model import Story, Telling
from monitor.notify.clean import clean, cut, mrkdwn, web_address
from monitor.notify.message import Message
from monitor.notify.slack_blocks import LISTED_ADDRESS, fitting, link
from monitor.notify.words import Words, clock_time, words

SHOWN_OUTLETS = 20
"""Outlets named below one message: with their links they stay below 4,000 characters."""


def outlets_text(message: Message) -> str:
    """Return the outlets that told a story, each once with its first article, in the order in which we saw them.

    ``brief`` forms are without links.
    """
    story, say = message.stories[0], words(message.language)
    told = _firsts(story)
    lines = [_line(each, say, linked=not message.brief) for each in told[:SHOWN_OUTLETS]]
    if len(told) > SHOWN_OUTLETS:
        lines.append(mrkdwn(say.others.format(n=len(told) - SHOWN_OUTLETS)))
    return fitting([mrkdwn(say.outlets.format(n=len(told))), *lines])


def _firsts(story: Story) -> tuple[Telling, ...]:
    """Return the first telling of each outlet."""
    firsts: dict[str, Telling] = {}
    for telling in story.tellings:
        firsts.setdefault(telling.outlet_name or telling.outlet, telling)
    return tuple(firsts.values())


def _line(telling: Telling, say: Words, *, linked: bool) -> str:
    name = cut(clean(telling.outlet_name or telling.outlet), 40)
    is_linked = linked and len(web_address(telling.url)) <= LISTED_ADDRESS
    pieces = [clock_time(telling.published_at or telling.seen_at)]
    pieces.append(link(telling.url, name, say) if is_linked else mrkdwn(name))
    if telling.is_release:
        pieces.append(mrkdwn(say.official))
    return "• " + " · ".join(pieces)
