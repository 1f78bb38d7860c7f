"""When was it first published, by the stamps a page prints?"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from monitor.text import parse_date

KST = timezone(timedelta(hours=9))

# A page's own clock may run ahead of ours, a plan for next year is not a publication.
_AHEAD = timedelta(days=1)

# The oldest newspaper page on the web is younger than this; 1970 is an empty field.
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[-./년]\s?(?P<month>\d{1,2})\s?[-./월]\s?(?P<day>\d{1,2})(?!\d)"
    r"(?:일|\.)?(?:\s?[(\[]?[월화수목금토일](?:요일)?[)\]]?(?=[\s,]))?"
    r"(?:(?:[T,|\s]|&nbsp;){0,4}[\[(]?\s?(?P<half>오전|오후|[AaPp]\.?[Mm]\.?)?\s?"
    r"(?P<hour>\d{1,2})\s?(?::|시)\s?(?P<minute>\d{1,2})(?!\d)(?:\s?(?::|분)\s?(?P<second>\d{2})?)?"
    r"(?:\.\d{1,9})?(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})(?!\d))?)?"
)
_FIRST = re.compile(
    r"입력|승인|등록|작성|게시|발행|송고|배포|보도|날짜|일시|기사작성|최초|Written|Posted|Published|Entered",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"수정|업데이트|최종|갱신|변경|편집|마감|기간|오늘|만료|접수|Updated|Modified|Revised|until",
    re.IGNORECASE,
)
# A label stands right before its stamp: "등록일 : 2026-01-02"; further off it belongs to something else.
_LABEL_REACH = 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """One printed date: ``at`` is aware UTC; ``timed`` says whether a time of day was printed."""

    at: datetime
    timed: bool
    labelled: bool = False


def stamps(text: str, now: datetime) -> tuple[Stamp, ...]:
    """Every stamp of first publication in *text*, in reading order; revisions are left out.

    Zone-less is Korean time. Dates after *now* by more than a day, or before 1990, are no publication.
    """
    found: list[Stamp] = []
    last = 0
    for match in _STAMP.finditer(text):
        label = text[max(last, match.start() - _LABEL_REACH) : match.start()]
        last = match.end()
        if _LATER.search(label):
            continue
        stamp = _read(match, labelled=bool(_FIRST.search(label)))
        if stamp is not None and plausible(stamp.at, now):
            found.append(stamp)
    return tuple(found)


def stamp_of(text: str, now: datetime) -> Stamp | None:
    """The stamp of first publication in *text*: a labelled one, else the first; ``None`` without one."""
    found = stamps(text[:400], now)
    if found:
        return next((stamp for stamp in found if stamp.labelled), found[0])
    if _STAMP.search(text[:400]) or len(text) > _LONGEST_STAMP or not any(c.isdigit() for c in text):
        return None
    at = parse_date(text.strip(), now)
    return Stamp(at.astimezone(UTC), ":" in text) if at is not None and plausible(at, now) else None


# "Wednesday, September 30, 2026 at 11:59:59 PM Korea Standard Time" has 64 letters.
_LONGEST_STAMP = 80


def plausible(at: datetime, now: datetime) -> bool:
    """Whether *at* may be the publication of a page that was there at *now*."""
    return _OLDEST <= at <= now + _AHEAD


def _read(match: re.Match[str], *, labelled: bool) -> Stamp | None:
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    if match["half"] and hour <= 12:  # noqa: PLR2004 - hours of a half day
        hour = hour % 12 + (12 if match["half"][0] in "후Pp" or match["half"] == "오후" else 0)
    try:
        at = datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            hour,
            minute,
            int(match["second"] or 0),
            tzinfo=_zone(match["zone"]),
        )
    except ValueError:
        return None
    return Stamp(at.astimezone(UTC), match["hour"] is not None, labelled)


def _zone(text: str | None) -> timezone:
    if not text:
        return KST
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
