"""Days that prose names ("지난 15일", "내년 상반기"), read from the day of publication."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from monitor.model import Span

KST: Final = dt.timezone(dt.timedelta(hours=9), "KST")


@dataclass(frozen=True, slots=True)
class NewsDate:
    """A named time: from ``first`` to ``last`` (equal for a day)."""

    first: dt.date
    last: dt.date
    span: Span

    @property
    def is_day(self) -> bool:
        """Return whether it names one day."""
        return self.first == self.last


_YEAR: Final = {"지난해": -1, "작년": -1, "올해": 0, "금년": 0, "올": 0, "내년": 1, "재작년": -2}
_MONTH: Final = {
    "지난달": -1,
    "지난 달": -1,
    "이달": 0,
    "이번달": 0,
    "이번 달": 0,
    "다음달": 1,
    "다음 달": 1,
    "내달": 1,
}
_DAY: Final = {"오늘": 0, "어제": -1, "그제": -2, "내일": 1, "모레": 2}
_DAY_OF = re.compile(
    r"[0-9](?<![\d.,].)(?P<two>[0-9]?)(?![0-9])(?:\s?[~∼–-]\s?\d{1,2})?\s?일"
    r"(?!본|자리|간|정|까지\s?간|곱|반|당|제|대|원|\d|\s?(?:동안|만에|전|연속|째|이내|후))"
)
_LEFT_OF_DAY = re.compile(
    r"(?:(?<!\d)(?P<year>\d{4})\s?년\s?|(?P<ryear>지난해|작년|재작년|올해|금년|내년|(?<![가-힣])올)\s?)?"
    r"(?:(?<!\d)(?P<month>\d{1,2})\s?월\s?|(?P<rmonth>지난\s?달|이번?\s?달|다음\s?달|내달)\s?)?"
    r"(?:(?P<ahead>오는(?<![가-힣]오는)|내달)\s?|(?P<past>지난)\s?)?\Z"
)
_OTHER = re.compile(
    r"(?=[0-9오어그내모지작재올금])(?:[0-9](?<!\d.)(?P<iso>[0-9]{3})[.-]\s?(?P<im>\d{1,2})[.-]\s?(?P<id>\d{1,2})(?!\d)"
    r"|(?P<near>오늘|어제|그제|내일|모레)(?<![가-힣]..)(?:\(\d{1,2}일\))?(?![가-힣]{2})"
    r"|(?:[0-9](?<!\d.)(?P<year2>[0-9]{3})\s?년|(?P<ryear2>지난해|작년|재작년|올해|금년|내년))\s?"
    r"(?:(?P<half>[상하]반기)|(?P<month2>\d{1,2})\s?월(?!\s?\d)))"
)
_LEFT = 18  # characters before a day in which its month and year stand


def newsdates(text: str, published: dt.datetime | None) -> tuple[NewsDate, ...]:
    """Return the days, months and half-years that *text* (normalized) names, in reading order.

    A bare "31일" is the last 31st before publication (news tells the past) unless it is the next day or two, or 오는
    stands before it. Without a day of publication only full dates are read. Impossible days (2월 30일) are left out.
    """
    today = published.astimezone(KST).date() if published else None
    found = [one for match in _DAY_OF.finditer(text) if (one := _of_month(text, match, today))]
    found += [NewsDate(*days, Span(*match.span())) for match in _OTHER.finditer(text) if (days := _other(match, today))]
    return tuple(sorted(found, key=lambda one: one.span.start))


def _of_month(text: str, match: re.Match[str], today: dt.date | None) -> NewsDate | None:
    left = _LEFT_OF_DAY.search(text, max(0, match.start() - _LEFT), match.start())
    if left is None:
        return None
    number = int(match[0][: 1 + len(match["two"])])
    day = _day(left, number, today) if today else _full(left, number)
    return NewsDate(day, day, Span(left.start(), match.end())) if day else None


def _full(left: re.Match[str], day: int) -> dt.date | None:
    return _date(int(left["year"]), int(left["month"]), day) if left["year"] and left["month"] else None


def _other(match: re.Match[str], today: dt.date | None) -> tuple[dt.date, dt.date] | None:
    if match["iso"]:
        return _one(_date(int(match[0][:4]), int(match["im"]), int(match["id"])))
    if match["near"]:
        return _one(today + dt.timedelta(days=_DAY[match["near"]])) if today else None
    return _period(match, today)


def _one(day: dt.date | None) -> tuple[dt.date, dt.date] | None:
    return (day, day) if day else None


def _period(match: re.Match[str], today: dt.date | None) -> tuple[dt.date, dt.date] | None:
    if match["year2"]:
        year = int(match[0][:4])
    elif today is not None:
        year = today.year + _YEAR[match["ryear2"]]
    else:
        return None
    if match["half"]:
        first, last = (1, 6) if match["half"] == "상반기" else (7, 12)
    else:
        first = last = int(match["month2"])
    if not 1 <= first <= last <= 12 or not 1 <= year <= 9999:  # noqa: PLR2004
        return None
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _day(match: re.Match[str], day: int, today: dt.date) -> dt.date | None:
    if match["year"] or match["ryear"]:
        year = int(match["year"]) if match["year"] else today.year + _YEAR[match["ryear"]]
        month = int(match["month"]) if match["month"] else today.month
        return _date(year, month, day)
    if match["month"]:
        return _nearest_year(int(match["month"]), day, today, ahead=bool(match["ahead"]))
    if match["rmonth"]:
        return _shifted(today, _MONTH[_spaced(match["rmonth"])], day)
    if match["ahead"]:
        return _first([_shifted(today, step, day) for step in (0, 1, 2)], lambda one: one > today)
    return _bare(day, today, past=bool(match["past"]))


_SOON = dt.timedelta(days=6)  # a bare day this near ahead is an announced one: "3~8일 방문한다" five days before


def _bare(day: int, today: dt.date, *, past: bool) -> dt.date | None:
    """Read a day without a month: today or before, else a few days ahead."""
    readings = [_shifted(today, step, day) for step in (0, -1, 1)]
    if not past:
        for one in readings:
            if (
                one
                and one != today
                and today < one <= today + _SOON
                and (one.month != today.month or one.day - today.day <= _SOON.days)
            ):
                return one
    return _first([_shifted(today, step, day) for step in (0, -1, -2)], lambda one: one <= today)


def _nearest_year(month: int, day: int, today: dt.date, *, ahead: bool) -> dt.date | None:
    readings = [one for one in (_date(today.year + step, month, day) for step in (0, -1, 1)) if one]
    if ahead:
        readings = [one for one in readings if one >= today]
    return min(readings, key=lambda one: (abs((one - today).days), one), default=None)


def _first(readings: list[dt.date | None], good: Callable[[dt.date], bool]) -> dt.date | None:
    return next((one for one in readings if one and good(one)), None)


def _shifted(today: dt.date, months: int, day: int) -> dt.date | None:
    index = today.year * 12 + today.month - 1 + months
    return _date(index // 12, index % 12 + 1, day)


def _spaced(word: str) -> str:
    return word.replace(" ", "")


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
