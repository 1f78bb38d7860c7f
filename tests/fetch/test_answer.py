"""What odd servers mean by their headers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import Blocked, Gone, Incomplete, Throttled, Unreachable
from monitor.fetch.answer import body_failure, failure, fresh_for, retry_at

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = 86_400


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("20", 20),
        (" 20 ", 20),
        ("+20", 20),
        ("1.5", 1),
        ("20s", 20),
        ("20 seconds", 20),
        ("2026", 2026),
        ("86400", DAY),
        ("999999", DAY),
        ("9" * 400, DAY),
        ("Mon, 02 Mar 2026 12:00:20 GMT", 20),
        ("Monday, 02-Mar-26 12:00:20 GMT", 20),
        ("Mon Mar  2 12:00:20 2026", 20),
        ("Mon, 02 Mar 2026 21:00:20 +0900", 20),
        ("Fri, 01 Jan 2100 00:00:00 GMT", DAY),
        (str(int(NOON.timestamp()) + 20), 20),
        (f"{int(NOON.timestamp()) + 20}000", 20),
        *((wrong, None) for wrong in ("", "0", "-5", "soon", "1e9", "NaN", "20, 30", "Mon, 99 Mar 2026", "\0")),
        ("Mon, 02 Mar 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_at(value, NOON) == (None if seconds is None else NOON + timedelta(seconds=seconds))


@given(st.text())
def test_retry_after_is_never_past_nor_far(value):
    at = retry_at(value, NOON)
    assert at is None or NOON < at <= NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": 'max-age="600"', "Age": "100"}, 500),
        ({"Cache-Control": "max-age=10", "Age": "100"}, 0),
        ({"Cache-Control": "max-age=99999999"}, DAY),
        ({"Cache-Control": "no-store, max-age=600"}, 0),
        ({"Expires": "Mon, 02 Mar 2026 12:10:00 GMT"}, 600),
        ({"Expires": "Mon, 02 Mar 2026 12:10:00 GMT", "Date": "Mon, 02 Mar 2026 12:05:00 GMT"}, 300),
        ({"Expires": "Mon, 02 Mar 2020 12:10:00 GMT"}, 0),
        ({"Expires": "-1"}, None),
        ({"Expires": "Thu, 01 Jan 9999 00:00:00 GMT"}, DAY),
    ],
)
def test_freshness(headers, seconds):
    assert fresh_for(headers, NOON) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        *((status, {}, Blocked) for status in (401, 403, 407, 451)),
        *((status, {}, Gone) for status in (404, 410)),
        *(
            (status, {}, Unreachable)
            for status in (100, 204, 300, 304, 400, 405, 408, 418, 425, 500, 502, 503, 599, 999)
        ),
        (206, {}, Incomplete),
        (429, {}, Throttled),
        (429, {"Retry-After": "nonsense"}, Throttled),
        (503, {"Retry-After": "30"}, Throttled),
        (404, {"Retry-After": "30"}, Gone),
        (503, {"cf-mitigated": "challenge"}, Blocked),
    ],
)
def test_a_status_is_a_reaction(status, headers, kind):
    error = failure("http://a.kr/", status, headers, NOON)
    assert type(error) is kind
    assert error.status == status
    assert not isinstance(error, Throttled) or error.retry_at > NOON


def test_a_good_status_is_no_error():
    assert failure("http://a.kr/", 200, {"Retry-After": "30"}, NOON) is None


@pytest.mark.parametrize(
    ("body", "kind", "framed", "error"),
    [
        (b"<html><p>page", "text/html", True, None),
        (b"<html><p>page", "text/html", False, Incomplete),
        (b"<HTML><p>page</HTML>", "text/html", False, None),
        (b"<rss><channel></rss>", "text/xml", False, None),
        (b"<rss><channel>", "text/xml", False, Incomplete),
        (b"<p>a part of a page", "text/html", False, None),
        (b"\x89PNG\r\n", "text/html", True, Gone),
        (b"%PDF-1.7", "", True, Gone),
        (b"abc", "image/jpeg", True, Gone),
        (b"<html>_cf_chl_opt</html>", "text/html", True, Blocked),
        (b"<html>" + b"x" * 40_000 + b"_cf_chl_opt</html>", "text/html", True, None),
    ],
)
def test_a_whole_body_may_still_be_no_page(body, kind, framed, error):
    assert type(body_failure("http://a.kr/", body, {"Content-Type": kind}, framed=framed)) is (error or type(None))
