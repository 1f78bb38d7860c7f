"""Times as pages and feeds print them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import KST, has_time, parse_date

NOW = dt.datetime(2026, 11, 22, 13, 5, tzinfo=KST)

READ = [
    ("기사입력 2024/03/07 [09:41]", "2024-03-07T09:41"),
    ("승인 2024.03.07 09:41", "2024-03-07T09:41"),
    ("2024년 3월 7일 오후 9시 41분", "2024-03-07T21:41"),
    ("2024. 3. 7. 오전 12:41", "2024-03-07T00:41"),
    ("24.03.07 09:41", "2024-03-07T09:41"),
    ("2024.03.07(목) 09:41", "2024-03-07T09:41"),
    ("등록일 : 2024-03-07", "2024-03-07T00:00"),
    ("2024-03-07T00:41:00Z", "2024-03-07T09:41"),
    ("Thu, 07 Mar 2024 09:41:00 +0900", "2024-03-07T09:41"),
    ("Thu, 07 Mar 2024 00:41:00 GMT", "2024-03-07T09:41"),
    ("Wed, 06 Mar 2024 19:41 EST", "2024-03-07T09:41"),
    ("March 7, 2024 09:41 KST", "2024-03-07T09:41"),
    ("jeu., 07 mars 2024 01:41:00 +0100", "2024-03-07T09:41"),
    ("20240307094100", "2024-03-07T09:41"),
    ("1709772060", "2024-03-07T09:41"),
    ("2024-03-07 24:00", "2024-03-08T00:00"),
    ("２０２４．０３．０７ ０９：４１", "2024-03-07T09:41"),
    ("최종수정 2024.03.09 18:30 | 기사입력 2024.03.07 09:41", "2024-03-07T09:41"),
    ("2024.03.07 자정", "2024-03-07T00:00"),
    ("2024.03.07 밤 11시", "2024-03-07T23:00"),
    ("2024-03-07 01:41 Europe/Brussels", "2024-03-07T09:41"),
    ("2024-03-07 09:41 America/Indiana", "2024-03-07T09:41"),
    ("03/30/2024 9:41 am", "2024-03-30T09:41"),
    ("30.10.23", "2023-10-30T00:00"),
    ("3시간 전", "2026-11-22T10:05"),
    ("방금 전", "2026-11-22T13:05"),
    ("어제 15:20", "2026-11-21T15:20"),
    ("11:32", "2026-11-22T11:32"),
    ("23:10", "2026-11-21T23:10"),
    ("12-30 09:00", "2025-12-30T09:00"),
    ("02-29 09:00", "2024-02-29T09:00"),
]
NOTHING = [
    "",
    "2024-13-07 09:00",
    "2023-02-29",
    "2024-03-07 25:00",
    "0000-00-00 00:00:00",
    "1970-01-01 00:00:00 UTC",
    "2099-01-01 00:00",
    "조회수 : 20240307",
    "전화 02-123-2024",
    "12,000,000원",
    "10.4 선언",
    "단기 4357년 3월 7일",
    "9999년 전",
    "9999-12-31 24:00",
]


@pytest.mark.parametrize(("printed", "expected"), READ, ids=[printed for printed, _ in READ])
def test_a_printed_time_is_one_instant(printed, expected):
    assert parse_date(printed, NOW) == dt.datetime.fromisoformat(expected).replace(tzinfo=KST)


@pytest.mark.parametrize("printed", NOTHING)
def test_what_is_no_time_or_impossible_is_nothing(printed):
    assert parse_date(printed, NOW) is None


def test_a_missing_year_at_new_year_is_the_year_before():
    new_year = dt.datetime(2026, 1, 1, 0, 5, tzinfo=KST)
    assert parse_date("12-31 23:50", new_year) == dt.datetime(2025, 12, 31, 23, 50, tzinfo=KST)


@pytest.mark.parametrize(
    ("printed", "timed"),
    [("2024-03-07", False), ("2024-03-07 09:41", True), ("3시간 전", True), ("2024.03.07 정오", True)],
)
def test_a_stamp_tells_whether_it_has_a_time_of_day(printed, timed):
    assert has_time(printed) is timed


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2026, 11, 22)))  # noqa: DTZ001 the zone is put on below
def test_every_minute_comes_back_from_the_forms_of_newspapers(moment):
    moment = moment.replace(second=0, microsecond=0, tzinfo=KST)
    for form in ("%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M", "%Y/%m/%d [%H:%M]", "%Y%m%d%H%M00", "%a, %d %b %Y %H:%M:00 +0900"):
        assert parse_date(moment.strftime(form), NOW) == moment


@given(st.text(max_size=80))
def test_no_text_breaks_it(text):
    moment = parse_date(text, NOW)
    assert moment is None or moment.tzinfo is not None
