"""When was it published? Stamps of feeds and lists, never in the future, never silently dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from monitor.text import parse_date

_KST = timezone(timedelta(hours=9))
# A publisher's clock may run ahead of ours; within this the stamp is set back to now without a word.
_SKEW = timedelta(minutes=10)
# Online news of Korea begins in the nineties; an older stamp is a default value of some program (1970, 1900, 0001).
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_LONGEST = 200  # characters of a stamp that are read

FUTURE = "future date"
UNUSABLE = "unusable date"

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?\s?(?:Z|[+-]\d\d:?\d\d)?")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3},?\s*)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d{1,2}):(\d\d)(?::(\d{1,2}))?\s*(?:(?:GMT|UTC)?([+-])(\d\d?):?(\d\d)?|(GMT|UTC|UT|Z|KST)?)"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """An instant of publication with what is odd about it."""

    at: datetime | None
    flags: tuple[str, ...] = ()


def stamp(printed: Sequence[str], now: datetime) -> Stamp:
    """Return the first of the *printed* stamps that can be used.

    Args:
        printed: as they stand in the feed or row, publication before revision; empty ones are passed over.
        now: when the page was fetched.

    Returns:
        ``Stamp(None)`` when nothing is printed. What is printed but impossible, or lies ahead, becomes *now* with a
        flag: the link is kept, and it never looks newer than the moment it was seen.
    """
    given = [text for text in printed if text.strip()]
    for text in given:
        at = _instant(text.strip()[:_LONGEST], now)
        if at is None or at < _OLDEST:
            continue
        if at > now:
            return Stamp(now, (FUTURE,) if at > now + _SKEW else ())
        return Stamp(at)
    return Stamp(now, (UNUSABLE,)) if given else Stamp(None)


def _instant(text: str, now: datetime) -> datetime | None:
    """The two forms nearly every feed uses are read here; all others by the room of the language."""
    try:
        if _ISO.fullmatch(text):
            return _aware(datetime.fromisoformat(text.replace(",", ".").replace(" Z", "Z")))
        if mail := _MAIL.fullmatch(text):
            return _from_mail(mail)
    except ValueError:
        pass
    found = parse_date(text, now)
    return found.astimezone(UTC) if found else None


def _from_mail(found: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, sign, ahead, minutes, name = found.groups()
    if (number := _MONTHS.get(month.lower())) is None:
        return None
    zone: timezone = _KST if name in {None, "KST"} and not sign else UTC
    if sign:
        offset = timedelta(hours=int(ahead), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
    return datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=zone).astimezone(UTC)


def _aware(at: datetime) -> datetime:
    """Without a zone it is Korean time, as every Korean CMS means it."""
    return (at if at.tzinfo else at.replace(tzinfo=_KST)).astimezone(UTC)
