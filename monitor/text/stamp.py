"""The time a page or a feed prints for an article: one instant, or nothing."""

import datetime as dt
import re
import unicodedata
from typing import Final

from monitor.text.calendar import day_in
from monitor.text.zones import zone_of

KST: Final = dt.timezone(dt.timedelta(hours=9), "KST")

_OLDEST = dt.datetime(1980, 1, 1, tzinfo=KST)  # before Korean newspapers went online; catches the epoch and zero dates
_FUTURE = dt.timedelta(days=366)  # an embargo or a wrong clock is possible, 2099 is not
_NOON = 12
_MAX = 240  # characters: a stamp is short; more is prose

_LABEL = (
    r"(?:최초\s?)?(?:기사\s?)?(?:입력|등록|승인|발행|작성|게시|송고|배포|보도|게재|출고|노출)(?:\s?(?:일시|일자"
    r"|시간|시각|날짜|일))?"
    r"|날짜|일시|등록자|기사전송|published(?:\s+(?:on|at))?|posted(?:\s+(?:on|at))?|date|on|created"
)
_REVISED = re.compile(
    r"(?:최종\s?)?(?:기사\s?)?(?:수정|업데이트|편집|변경)(?:\s?(?:일시|일자|시간|일))?|updated|modified|last\s",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"(?<![가-힣a-z])(?:{_LABEL})\s*[:：]?", re.IGNORECASE)
_EDGE = " \t\r\n|·:：-–[]()<>\\/,"

_CLOCK = re.compile(
    r"(?P<half>오전|오후|새벽|아침|낮|저녁|밤|[ap]\.?m\.?(?![a-z]))?\s*(?<!\d)"
    r"(?P<hour>\d{1,2})(?:\s?:\s?(?P<minute>\d{2})|\s?시(?!\w*[장청민])(?:\s?(?P<kminute>\d{1,2})\s?분)?)"
    r"(?:\s?[:분]?\s?(?P<second>\d{2})초?(?!\d))?(?:[.,]\d{1,9})?\s*(?P<english>[ap]\.?m\.?(?![a-z]))?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?$")
_AGO = re.compile(r"(?:약\s?)?(\d{1,4}|한|두|세)\s?(초|분|시간|일|주일?|개?월|달|년)\s?전$")
_AGO_ENGLISH = re.compile(r"(?:about\s)?(\d{1,4}|an?)\s(second|minute|hour|day|week|month|year)s?\sago$", re.IGNORECASE)
_COUNTS: Final = {"한": 1, "두": 2, "세": 3, "a": 1, "an": 1}
_SPANS: Final = {
    "초": dt.timedelta(seconds=1), "second": dt.timedelta(seconds=1), "분": dt.timedelta(minutes=1),
    "minute": dt.timedelta(minutes=1), "시간": dt.timedelta(hours=1), "hour": dt.timedelta(hours=1),
    "일": dt.timedelta(days=1), "day": dt.timedelta(days=1), "주": dt.timedelta(weeks=1), "주일": dt.timedelta(weeks=1),
    "week": dt.timedelta(weeks=1), "월": dt.timedelta(days=30), "개월": dt.timedelta(days=30),
    "달": dt.timedelta(days=30), "month": dt.timedelta(days=30), "년": dt.timedelta(days=365),
    "year": dt.timedelta(days=365),
}  # fmt: skip
_NAMED_DAY = re.compile(r"(오늘|금일|어제|어저께|작일|그제|그저께|today|yesterday)\s*", re.IGNORECASE)
_DAYS_BACK: Final = {
    "오늘": 0,
    "금일": 0,
    "today": 0,
    "어제": 1,
    "어저께": 1,
    "작일": 1,
    "yesterday": 1,
    "그제": 2,
    "그저께": 2,
}
_JUST_NOW = re.compile(r"(?:방금(?:\s?전)?|지금|조금\s?전|just now|now)$", re.IGNORECASE)


def parse_date(text: str, now: dt.datetime) -> dt.datetime | None:
    """Read a time as printed on a page or in a feed.

    Args:
        text: a byline, a ``<pubDate>``, a relative form ("3시간 전"); labels such as 기사입력 may stand before it.
        now: aware; relative forms and missing years count from it.

    Returns:
        An aware time (zone-less is KST, a day alone is 00:00), or None when the text is no time or an impossible
        one, lies before 1980, or more than a year after *now*. Of a first publication and a revision, the first.
    """
    stamp = " ".join(unicodedata.normalize("NFKC", text[:_MAX]).replace("\\n", " ").split())
    for piece in _pieces(stamp):
        moment = _moment(piece, now)
        if moment is not None:
            return moment if _OLDEST <= moment <= now + _FUTURE else None
    return None


def _moment(piece: str, now: dt.datetime) -> dt.datetime | None:
    try:
        return _absolute(piece, now) or _relative(piece, now)
    except OverflowError:  # "9999년 전", 9999-12-31 24:00: beyond the calendar
        return None


def has_time(text: str) -> bool:
    """Return whether a printed stamp names a time of day (a day alone does not)."""
    stamp = unicodedata.normalize("NFKC", text[:_MAX]).strip()
    return bool(
        _CLOCK.search(stamp)
        or re.search(r"자정|정오|전$|T\d{4}|\d{12}", stamp)
        or re.fullmatch(r"\d{10}|\d{13}", stamp)
    )


def _pieces(stamp: str) -> list[str]:
    """Return the readings to try: after a label of first publication, then before a revision, then the whole."""
    first = [_FIRST.sub("", stamp[found.start() :], count=1) for found in _FIRST.finditer(stamp)]
    cut = [_REVISED.split(piece, maxsplit=1)[0] for piece in [*first, stamp]]
    return [piece.strip(_EDGE) for piece in [*cut, _REVISED.sub("", stamp)] if piece.strip(_EDGE)]


def _absolute(piece: str, now: dt.datetime) -> dt.datetime | None:
    if re.fullmatch(r"1\d{9}|1\d{12}", piece):
        return dt.datetime.fromtimestamp(int(piece[:10]), tz=dt.UTC)
    compact = _COMPACT.match(piece)
    if compact:
        return _compact(compact)
    found = day_in(piece, now.astimezone(KST).date())
    if found is None:
        return None
    day, start, end = found
    rest = piece[:start] + " " + piece[end:]
    return _at(day, rest)


def _compact(found: re.Match[str]) -> dt.datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    zone = zone_of(found[7]) if found[7] else None
    try:
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone or KST)
    except ValueError:
        return None


def _at(day: dt.date, rest: str) -> dt.datetime | None:
    """Join a day with the clock time and the zone that stand beside it; None when the clock time is impossible."""
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=KST)
    if "정오" in rest:
        return midnight + dt.timedelta(hours=12)
    clock = _CLOCK.search(rest)
    if clock is None:
        zone = zone_of(rest)
        return midnight.replace(tzinfo=zone) if zone else midnight
    since = _since_midnight(clock)
    if since is None:
        return None
    zone = zone_of(rest[clock.end() :]) or KST
    return midnight.replace(tzinfo=zone) + since


def _since_midnight(clock: re.Match[str]) -> dt.timedelta | None:
    hour, minute = int(clock["hour"]), int(clock["minute"] or clock["kminute"] or 0)
    second = int(clock["second"] or 0)
    half = (clock["half"] or clock["english"] or "").lower().replace(".", "")
    hour = _of_day(hour, half)
    since = dt.timedelta(hours=hour, minutes=minute, seconds=second)
    possible = minute < 60 and second <= 60 and since <= dt.timedelta(days=1)  # noqa: PLR2004
    return since if possible else None


def _of_day(hour: int, half: str) -> int:
    """Turn a hour of a half day into one of the day: 오전 12시 is 0, 밤 11시 is 23, but 밤 1시 is 1."""
    if half in {"오전", "새벽", "아침", "am"}:
        return 0 if hour == _NOON else hour
    from_hour = {"오후": 0, "저녁": 0, "pm": 0, "밤": 6, "낮": 0}.get(half)
    to_hour = 6 if half == "낮" else _NOON
    return hour + _NOON if from_hour is not None and from_hour <= hour < to_hour else hour


def _relative(piece: str, now: dt.datetime) -> dt.datetime | None:
    if _JUST_NOW.match(piece):
        return now
    ago = _AGO.match(piece) or _AGO_ENGLISH.match(piece)
    if ago:
        count = _COUNTS.get(ago[1].lower()) or int(ago[1])
        return now - count * _SPANS[ago[2].lower()]
    today = now.astimezone(KST).date()
    named = _NAMED_DAY.match(piece)
    if named:
        return _at(today - dt.timedelta(days=_DAYS_BACK[named[1].lower()]), piece[named.end() :])
    clock = _CLOCK.fullmatch(piece)
    if clock is None:
        return None
    moment = _at(today, piece)
    # A list that prints only a clock time means the last time it was so late.
    return moment - dt.timedelta(days=1) if moment and moment > now + dt.timedelta(hours=1) else moment
