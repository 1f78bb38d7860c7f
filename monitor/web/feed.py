"""Lists as feeds: what of a page is news to somebody who reads it in a feed reader, each with its instant."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import quote

from monitor.model import Story
from monitor.notify import Words, one_line
from monitor.web.lines import line_of, safe_link
from monitor.web.sheet import Entry

MOST = 100
"""Entries of a feed: readers ask often and keep what they saw."""
Row = TypeVar("Row")


def newest(rows: Iterable[Row], entry: Callable[[Row], Entry]) -> tuple[Entry, ...]:
    """Return the entries of some rows, newest first, ``MOST`` at most."""
    return tuple(sorted(map(entry, rows), key=lambda each: (each.at, each.id), reverse=True)[:MOST])


def tag(*parts: str) -> str:
    """Return an id of these parts in letters that an address may have.

    Example:
        >>> tag("outlet", "gwangju/noon", "차단")
        'outlet/gwangju%2Fnoon/%EC%B0%A8%EB%8B%A8'
    """
    return "/".join(quote(part, safe="") for part in parts)


def joined(*parts: str) -> str:
    """Return what is known of some parts as one clean line.

    Example:
        >>> joined("MOU", "", "광주")
        'MOU · 광주'
    """
    return " · ".join(part for part in map(one_line, parts) if part)


def story_entries(stories: Iterable[Story], say: Words) -> tuple[Entry, ...]:
    """Return stories as entries, in the order of the page."""
    return tuple(_story_entry(story, say) for story in stories)


def _story_entry(story: Story, say: Words) -> Entry:
    line = line_of(story, say)
    return Entry(
        id=tag("story", story.id),
        path=f"/stories/{story.id}",
        title=f"{joined(f'{line.glyph} {line.word}', line.place, line.firm)} — {line.title}",
        at=story.last_at,
        summary=joined(line.amount, say.others.format(n=line.others) if line.others > 0 else ""),
        first_at=story.first_at,
        author=line.outlet,
        source=safe_link(story.url),
    )
