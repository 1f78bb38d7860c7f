"""Days as pages and feeds print them, in Korean, English, French and German."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final

_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "mär": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "jui": 6, "aoû": 8, "aou": 8,
    "déc": 12,
}  # fmt: skip
_WEEKDAYS: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_NEAR_FUTURE = dt.timedelta(days=1)  # a clock that runs ahead, a page dated for tomorrow's paper
_LEAP_YEARS = 9  # the longest wait from one 29 February to the next

_FULL = re.compile(
    r"(?<![\d가-힣.-])(?P<y>\d{4})(?:\s?[-./]\s?|\s?년\s?)(?P<m>\d{1,2})(?:\s?[-./]\s?"
    r"|\s?월\s?)(?P<d>\d{1,2})(?:\s?일|\.(?!\d))?(?!\d)"
)
_SHORT = re.compile(r"(?<![\d-])(?P<a>\d{2})\s?[./-]\s?(?P<b>\d{1,2})\s?[./-]\s?(?P<c>\d{2})(?:\.(?!\d))?(?![\d-])")
_LATE = re.compile(r"(?<!\d)(?P<a>\d{1,2})[./ -](?P<b>\d{1,2})[./ -](?P<y>\d{4})(?!\d)")
_WORD = r"(?P<mon>[A-Za-zäéûÀ-ÿ]{3,9})\.?"
_DAY_FIRST = re.compile(
    rf"(?<![\d:])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ -]{_WORD},?[ -](?P<y>\d{{4}}|\d{{2}})(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<![A-Za-z]){_WORD}\s(?P<d>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?,?\s(?:(?:\d{{2}}:?){{2,3}}\s(?:[A-Z]{{3,4}}(?:[+-]\d{{4}})?\s)?)?(?P<y>\d{{4}})(?!\d)"
)
_MONTH_ONLY = re.compile(rf"^{_WORD}\s(?P<y>\d{{4}})$")
# A month and a day without a year: only when the whole stamp is that, or a clock time follows.
_NO_YEAR = re.compile(
    r"^(?P<m>\d{1,2})(?:[-./]|\s?월\s?)(?P<d>\d{1,2})(?:\s?일|\.)?(?:\s?\([월화수목금토일]\))?(?=$|\s+(?:오전"
    r"|오후|\[?\d{1,2}:))"
)

Found = tuple[dt.date, int, int]


def day_in(text: str, today: dt.date) -> Found | None:
    """Return the first day printed in *text* with its offsets, or None (also when it is impossible).

    A year is not invented for a bare "10.4": it needs a clock time, a closing dot, or the word 월.
    """
    for read in _READERS:
        found = read(text, today)
        if found is not None:
            return found
    return None


def _full(text: str, _today: dt.date) -> Found | None:
    found = _FULL.search(text)
    if found is None or text[: found.start()].rstrip().endswith(("단기", "제")):
        return None
    return _found(found, int(found["y"]), int(found["m"]), int(found["d"]))


def _named_month(text: str, _today: dt.date) -> Found | None:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for found in pattern.finditer(text):
            month = _month(found["mon"])
            if month:
                year = int(found["y"])
                return _found(found, year if year > 99 else 2000 + year, month, int(found["d"]))  # noqa: PLR2004
    found_month = _MONTH_ONLY.match(text)
    if found_month and _month(found_month["mon"]):
        return _found(found_month, int(found_month["y"]), _month(found_month["mon"]), 1)
    return None


def _month(word: str) -> int:
    word = word.lower()
    if word.startswith("juil"):
        return 7
    return _MONTHS.get(word[:3], 0)


def _late_year(text: str, _today: dt.date) -> Found | None:
    """Read 09/15/2014 and 26/06/2020: the weekday decides, then the American order (the usual one in feeds)."""
    found = _LATE.search(text)
    if found is None:
        return None
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    readings = [one for one in (_date(year, first, second), _date(year, second, first)) if one]
    weekday = _WEEKDAYS.get(text[:3].lower())
    best = next((one for one in readings if one.weekday() == weekday), readings[0] if readings else None)
    return (best, found.start(), found.end()) if best else None


def _short_year(text: str, today: dt.date) -> Found | None:
    """Read 23.01.05 (Korean), then 30.10.23 and 10/30/23: the first reading that is not in the future."""
    found = _SHORT.search(text)
    if found is None:
        return None
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    readings = (_date(2000 + a, b, c), _date(2000 + c, a, b), _date(2000 + c, b, a))
    best = next((one for one in readings if one and one <= today + _NEAR_FUTURE), None)
    return (best, found.start(), found.end()) if best else None


def _no_year(text: str, today: dt.date) -> Found | None:
    found = _NO_YEAR.match(text)
    if found is None or (found.end() == len(text) and not re.search(r"[.일)]$|^\d{2}[-/]\d{2}$", found[0])):
        return None
    for year in range(today.year + 1, today.year - _LEAP_YEARS, -1):
        day = _date(year, int(found["m"]), int(found["d"]))
        if day and day <= today + _NEAR_FUTURE:
            return day, found.start(), found.end()
    return None


def _found(found: re.Match[str], year: int, month: int, day: int) -> Found | None:
    date = _date(year, month, day)
    return (date, found.start(), found.end()) if date else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_READERS: Final[tuple[Callable[[str, dt.date], Found | None], ...]] = (
    _full,
    _named_month,
    _late_year,
    _short_year,
    _no_year,
)
