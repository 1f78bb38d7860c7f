"""How long a refusal asks us to wait, whatever it was written like."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(minutes=15)
"""A longer wish is believed for this long and then asked again: an alert is minutes old news."""
UNREADABLE_WAIT = timedelta(minutes=1)
_LONGEST_DIGITS = 6
_NUMBER = re.compile(r"\s*(\d+)(?:\.\d+)?(?![\w:])")


def wait_asked(header: str, now: datetime) -> timedelta | None:
    """Return the wait a ``Retry-After`` header asks for, at most 15 minutes; ``None`` when it cannot be read.

    Seconds (a fraction is rounded up) and HTTP dates are understood. Zero, negative and past values are unreadable:
    nobody refuses a call and means "at once".

    Example:
        >>> now = datetime(2026, 1, 1, tzinfo=UTC)
        >>> [wait_asked(text, now) for text in ("3", "-5", "999999999999", "soon")]
        [datetime.timedelta(seconds=3), None, datetime.timedelta(seconds=900), None]
    """
    found = _NUMBER.match(header)
    if found:
        digits = found[1].lstrip("0")
        if len(digits) > _LONGEST_DIGITS:
            return LONGEST_WAIT
        seconds = int(digits or "0") + ("." in found[0])
        return min(timedelta(seconds=seconds), LONGEST_WAIT) if seconds else None
    try:
        asked = parsedate_to_datetime(header)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    wait = (asked if asked.tzinfo else asked.replace(tzinfo=UTC)) - now
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else None
