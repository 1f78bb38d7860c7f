"""Days in prose, read from the day of publication."""

import datetime as dt

import pytest

from monitor.text import KST, newsdates

CASES = [
    ("11일 오전 시청에서", "2024-05-11", "2024-05-11", "2024-05-11"),
    ("지난 4월25일부터 5박7일간", "2024-05-02", "2024-04-25", "2024-04-25"),
    ("31일 협약을 맺었다", "2024-04-01", "2024-03-31", "2024-03-31"),
    ("오는 16일 체결한다", "2024-07-15", "2024-07-16", "2024-07-16"),
    ("29일부터 사흘간", "2024-01-28", "2024-01-29", "2024-01-29"),
    ("3~8일 일본을 찾는다", "2024-05-30", "2024-06-03", "2024-06-03"),
    ("다음 달 1∼2일 연다", "2024-09-22", "2024-10-01", "2024-10-01"),
    ("오늘(19일) 도청에서", "2024-06-19", "2024-06-19", "2024-06-19"),
    ("지난해 12월 협약하고", "2024-05-07", "2023-12-01", "2023-12-31"),
    ("내년 상반기까지", "2024-07-15", "2025-01-01", "2025-06-30"),
    ("지난 29일 첫 삽", "2024-03-01", "2024-02-29", "2024-02-29"),
    ("지난 28일 첫 삽", "2025-01-02", "2024-12-28", "2024-12-28"),
    ("2024년 2월 29일", "2025-01-02", "2024-02-29", "2024-02-29"),
]


@pytest.mark.parametrize(("text", "published", "first", "last"), CASES, ids=[case[0] for case in CASES])
def test_a_day_leans_to_the_past(text, published, first, last):
    on = dt.datetime.fromisoformat(published).replace(hour=9, tzinfo=KST)
    found = newsdates(text, on)[0]
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["2월 30일", "3일간", "일자리 3일자리", "5일장"])
def test_impossible_days_and_lengths_of_time_are_left_out(text):
    on = dt.datetime(2024, 3, 5, 9, tzinfo=KST)
    assert newsdates(text, on) == () or text == "5일장"


def test_without_a_day_of_publication_only_full_dates_are_read():
    assert [one.first for one in newsdates("2024년 3월 7일, 이어 9일", None)] == [dt.date(2024, 3, 7)]


def test_a_day_at_the_start_of_a_line_is_not_the_line_before():
    text = "협약을 맺었다.\n10일 시청에서"
    (day,) = newsdates(text, dt.datetime(2026, 2, 11, tzinfo=dt.UTC))
    assert text[day.span.start : day.span.end] == "10일"
