"""What the status line and headers of an answer mean: pure, so that every odd server is a row in a test table."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.errors import Blocked, FetchError, Gone, Incomplete, Throttled, Unreachable

_WAIT_CAP = timedelta(hours=24)
"""Longest wait a server may ask for; a larger one is believed as far as this, so that a typing error costs a day."""
_WAIT_DEFAULT = timedelta(minutes=5)
"""For a 429 that names no time."""
_FRESH_CAP = timedelta(days=1)
_DAY_S = 86_400
_SECONDS = re.compile(r"\s*\+?(\d+)(?:\.\d+)?\s*(?:s|sec|secs|seconds)?\s*$", re.IGNORECASE)
_MAX_AGE = re.compile(r'(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*"?(\d{1,12})', re.IGNORECASE)

_MAGIC = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF-",
    b"PK\x03\x04",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
    b"\x00\x00\x01\x00",
)
"""PNG, JPEG, GIF, PDF, zip (also HWPX and Office), WebP and AVI, OLE (HWP), icon."""
_NOT_TEXT = re.compile(
    r"\s*(?:image|video|audio|font)/(?!svg)|\s*application/(?:pdf|zip|x-hwp|haansoft|vnd\.|msword)", re.IGNORECASE
)
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|_Incapsula_Resource|sucuri_cloudproxy_js|slowAES\.decrypt|ddos-guard/js-challenge", re.IGNORECASE
)
_CHALLENGE_WITHIN = 32_768
"""Challenge pages are small; a newspaper that writes about one is not."""

_OPENED = re.compile(rb"<(html|rss|feed|urlset|rdf:RDF)[\s>]", re.IGNORECASE)


def retry_at(value: str, now: datetime) -> datetime | None:
    """Return the instant a Retry-After header names, capped at 24 hours from *now*.

    Seconds and the three HTTP date forms are read, also Unix time in seconds or milliseconds as some interfaces
    send it. ``None`` for what cannot be read or lies in the past.

    Example:
        >>> retry_at("120", datetime(2026, 3, 2, tzinfo=UTC))
        datetime.datetime(2026, 3, 2, 0, 2, tzinfo=datetime.timezone.utc)
    """
    found = _SECONDS.match(value)
    at = _after(int(found.group(1)[:15]), now) if found else _http_date(value) or now
    return min(at, now + _WAIT_CAP) if at > now else None


def _after(seconds: int, now: datetime) -> datetime:
    """Tell a delay from a point in time: nobody asks to wait a quarter of the years since 1970."""
    for point in (seconds, seconds // 1000):
        if abs(point - now.timestamp()) < 30 * _DAY_S:
            return datetime.fromtimestamp(point, UTC)
    return now + timedelta(seconds=min(seconds, _DAY_S))


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long Cache-Control or Expires lets a page be kept, at most a day; ``None`` when they say nothing.

    Zero when they forbid it.
    """
    control = headers.get("Cache-Control", "")
    if re.search(r"\bno-(?:store|cache)\b", control, re.IGNORECASE):
        return timedelta(0)
    if found := _MAX_AGE.search(control):
        age = headers.get("Age", "0").strip()
        left = int(found.group(1)) - (int(age[:9]) if age.isdecimal() else 0)
        return min(timedelta(seconds=max(0, min(left, _DAY_S))), _FRESH_CAP)
    expires = _http_date(headers.get("Expires", ""))
    if expires is None:
        return None
    since = _http_date(headers.get("Date", "")) or now
    return min(max(expires - since, timedelta(0)), _FRESH_CAP)


def _http_date(value: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def failure(url: str, status: int, headers: Mapping[str, str], now: datetime) -> FetchError | None:
    """Return the error that a status stands for, or ``None`` when a body may be read (200, 203)."""
    if status in {200, 203}:
        return None
    reason = f"the server answered {status}"
    asked_wait = retry_at(headers.get("Retry-After", ""), now)
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return Blocked(url, "a challenge page for browsers", status=status)
    if status == 429 or (asked_wait and status >= 500):  # noqa: PLR2004 - status codes are their own names
        return Throttled(url, reason, asked_wait or now + _WAIT_DEFAULT, status=status)
    kind = _MEANING.get(status, Unreachable)
    return kind(url, reason, status=status)


_MEANING: dict[int, type[Blocked | Gone | Incomplete]] = {
    401: Blocked,
    403: Blocked,
    407: Blocked,
    451: Blocked,
    404: Gone,
    410: Gone,
    206: Incomplete,  # nobody asked for a part
}


def body_failure(url: str, body: bytes, headers: Mapping[str, str], *, framed: bool) -> FetchError | None:
    """Return why a body that came whole is no page all the same.

    Args:
        url: for the error.
        body: without content codings.
        headers: of the answer.
        framed: whether length or chunks told where the body ends; otherwise a cut looks like an end, and only a
            document that closes what it opened is believed.
    """
    kind = headers.get("Content-Type", "")
    if _NOT_TEXT.match(kind) or body.startswith(_MAGIC):
        return Gone(url, f"not a text: {kind or 'unlabelled'}")
    if len(body) <= _CHALLENGE_WITHIN and _CHALLENGE.search(body):
        return Blocked(url, "a challenge page for browsers", status=200)
    if not framed and (opened := _OPENED.search(body, 0, 4096)) and b"</" + opened[1].lower() not in body.lower():
        return Incomplete(url, "the document is not closed and nothing told its length")
    return None
