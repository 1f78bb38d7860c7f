"""When a digest is due: a time of day in a zone, on working days of Korea or every day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import holidays

from monitor.clock import KST


@cache
def _korea() -> holidays.HolidayBase:
    return holidays.country_holidays("KR")


def is_working_day(day: dt.date) -> bool:
    """Return whether offices in Korea work: no weekend, holiday, substitute holiday or election day.

    Example:
        >>> is_working_day(dt.date(2026, 5, 4)), is_working_day(dt.date(2026, 5, 5))
        (True, False)
    """
    return bool(_korea().is_working_day(day))


def every_day(_: dt.date) -> bool:
    """Return that a digest goes out on any day."""
    return True


@dataclass(frozen=True, slots=True)
class Timetable:
    """When digests go out. A time that a clock change skips counts an hour later; one that it repeats counts once."""

    at: dt.time = dt.time(7, 30)
    zone: dt.tzinfo = KST
    works: Callable[[dt.date], bool] = is_working_day

    def due(self, day: dt.date) -> datetime:
        """Return the instant at which the digest of ``day`` is due."""
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def day_due(self, now: datetime) -> dt.date | None:
        """Return today when its digest is due by now, ``None`` on a day off or before the time."""
        today = now.astimezone(self.zone).date()
        return today if self.works(today) and self.due(today) <= now else None

    def before(self, day: dt.date) -> dt.date:
        """Return the last day before ``day`` on which a digest was due."""
        for back in range(1, 31):
            earlier = day - timedelta(days=back)
            if self.works(earlier):
                return earlier
        return day - timedelta(days=1)

    def begins_week(self, day: dt.date) -> bool:
        """Return whether ``day`` is the first due day of its week: its digest goes out even when nothing is new."""
        monday = day - timedelta(days=day.weekday())
        return not any(self.works(monday + timedelta(days=after)) for after in range(day.weekday()))
