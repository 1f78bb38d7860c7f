"""Announced signings and ground-breakings as an iCalendar feed (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from monitor.model import KnownDeal, Stage
from monitor.notify import Words, one_line, words_of
from monitor.web.asking import Ask
from monitor.web.house import House
from monitor.web.lines import amount_of, firms_of, place_of

LOOKED_BACK = timedelta(days=365)
_DATED = frozenset({Stage.MOU, Stage.AGREEMENT, Stage.CONTRACT, Stage.BUILD})
_LINE = 75
"""Octets of a content line; longer ones go on in the next line after a space."""


async def calendar(house: House, ask: Ask) -> str:
    """Return the feed: all-day events, one for each deal that names its day."""
    deals = await house.store.agenda(ask.now - LOOKED_BACK)
    return feed((each for each in deals if each.deal.stage in _DATED), words_of(ask.language), ask)


def feed(deals: Iterable[KnownDeal], say: Words, ask: Ask) -> str:
    """Return the calendar of *deals*."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bongsu//board//KO", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{_text('봉수 협약식·착공식')}"]  # fmt: skip
    for each in deals:
        lines += _event(each, say, ask)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(each: KnownDeal, say: Words, ask: Ask) -> list[str]:
    deal, day = each.deal, each.deal.date
    if day is None:
        return []
    parts = (say.stage(deal.stage), place_of(deal, say), firms_of(deal), amount_of(deal.amount, say))
    return [
        "BEGIN:VEVENT",
        f"UID:{each.id}@bongsu",
        f"DTSTAMP:{_stamp(each.last_at)}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(' '.join(part for part in parts if part))}",
        f"LOCATION:{_text(' '.join((*deal.sido, *deal.sigungu, *deal.site)))}",
        f"URL:{ask.origin}/stories/{each.story}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    r"""Return one line with what separates values escaped.

    Example:
        >>> _text("투자, 협약; 체결")
        '투자\\, 협약\\; 체결'
    """
    line = one_line(value)
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Break a line at 75 octets, never inside a letter."""
    pieces, size, piece = list[str](), 0, ""
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE - bool(pieces):
            pieces.append(piece)
            size, piece = 0, ""
        size, piece = size + width, piece + letter
    return "\r\n ".join([*pieces, piece])
