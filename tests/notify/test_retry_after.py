"""What a refusal may write where it asks for time."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.notify.retry_after import LONGEST_WAIT, wait_asked

NOW = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("1", 1),
        (" 7 ", 7),
        ("007", 7),
        ("899", 899),
        ("900", 900),
        ("901", 900),
        ("1.5", 2),
        ("2.5", 3),
        ("3.5", 4),
        ("0.2", 1),
        ("12, 30", 12),
        ("999999", 900),
        ("9999999", 900),
        ("9" * 40, 900),
        ("Thu, 01 Jan 2026 09:00:01 GMT", 1),
        ("Thu, 01 Jan 2026 09:05:00 GMT", 300),
        ("Thu, 01 Jan 2026 18:05:00 +0900", 300),
        ("Thu, 01 Jan 2026 09:05:00 -0000", 300),
        ("Fri, 02 Jan 2026 09:00:00 GMT", 900),
    ],
)
def test_a_wait(header: str, seconds: int) -> None:
    assert wait_asked(header, NOW) == timedelta(seconds=seconds) <= LONGEST_WAIT


@pytest.mark.parametrize(
    "header",
    ["", "soon", "0", "000", "-5", "12:30", "5th", "Thu, 01 Jan 2026 09:00:00 GMT", "Thu, 01 Jan 2026 08:59:59 GMT",
     "Thu, 32 Jan 2026 09:00:00 GMT", "Thu, 01 Jan 999999999999 09:00:00 GMT"],
)  # fmt: skip
def test_what_says_no_wait(header: str) -> None:
    assert wait_asked(header, NOW) is None
