"""The only reader of wall time: everything else is handed ``now``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""Korea has had no daylight saving time since 1988, so a fixed offset is exact for news."""

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)
