"""Numbers as slots: what each number counts, and which ones are one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup.slots import Kind, day_code, is_mark, kind_of, korean_day, mark_code, numbers, same_series


def code(text: str, published: datetime | None = None) -> int:
    (slot,) = numbers(text, published)
    return slot.code


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("1조 2천5백억원", Kind.MONEY, 1_250_000_000_000, id="mixed"),
        pytest.param("3억2천만원", Kind.MONEY, 320_000_000, id="a thousand of ten thousands"),
        pytest.param("5십억원", Kind.MONEY, 5_000_000_000, id="tens"),
        pytest.param("100만원", Kind.MONEY, 1_000_000, id="the least sum"),
        pytest.param("99만원", Kind.COUNT, 990_000, id="a price"),
        pytest.param("1,390원", Kind.COUNT, 1390, id="a rate"),
        pytest.param("50만", Kind.MONEY, 500_000, id="written large, of nothing"),
        pytest.param("2000", Kind.YEAR, 2000, id="a bare year"),
        pytest.param("9999만명", Kind.COUNT, 99_990_000, id="many people"),
        pytest.param("1억 톤", Kind.MONEY, 100_000_000, id="a hundred million of anything"),
        pytest.param("1899", Kind.COUNT, 1899, id="before the years"),
        pytest.param("1900", Kind.YEAR, 1900, id="the first year"),
        pytest.param("2100", Kind.YEAR, 2100, id="the last year"),
        pytest.param("2101", Kind.COUNT, 2101, id="after the years"),
        pytest.param("50년", Kind.YEAR, 50, id="years"),
        pytest.param("2026 년도", Kind.COUNT, 2026, id="years apart"),
        pytest.param("12차", Kind.ORDINAL, 12, id="a meeting"),
        pytest.param("12 차", Kind.COUNT, 12, id="cars, perhaps"),
        pytest.param("3,000호", Kind.ORDINAL, 3000, id="the last that is numbered"),
        pytest.param("3,001호", Kind.COUNT, 3001, id="a count of flats"),
        pytest.param("45%", Kind.PERCENT, 45, id="a share"),
        pytest.param("4.5 %", Kind.PERCENT, 4.5, id="a share apart"),
        pytest.param("31일", Kind.DAY, 31, id="the last day"),
        pytest.param("32일", Kind.COUNT, 32, id="no day of a month"),
        pytest.param("23 일", Kind.COUNT, 23, id="days apart"),
        pytest.param("23일간", Kind.COUNT, 23, id="a span of days"),
        pytest.param("9명", Kind.SMALL, 9, id="few"),
        pytest.param("10명", Kind.COUNT, 10, id="many"),
        pytest.param("3백 명", Kind.COUNT, 300, id="hundreds"),
        pytest.param("한빛7", Kind.NAMED, 7, id="part of a name"),
        pytest.param("k-77", Kind.NAMED, 77, id="part of a name behind a dash"),
        pytest.param("한빛 7", Kind.SMALL, 7, id="beside a name"),
        pytest.param("약5%", Kind.PERCENT, 5, id="a share behind a word"),
        pytest.param("1,234.5톤", Kind.COUNT, 1234.5, id="a fraction"),
    ],
)
def test_what_a_number_counts(text: str, kind: Kind, value: float):
    (slot,) = numbers(text)
    assert (slot.kind, slot.value) == (kind, value)
    assert kind_of(slot.code) is kind


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("52억5000만 달러", "52.5억弗", True),
        ("1조2341억원", "1조2341억4천만원", True),
        ("1조2341억원", "1조2347억원", False),
        ("5조7천억원", "57,000억원", True),
        ("12차", "13차", False),
        ("12차", "12호", False),
        ("230명", "231명", False),
        ("230명", "230%", False),
    ],
)
def test_which_numbers_are_one(one: str, other: str, alike: bool):
    assert (code(one) == code(other)) is alike


def test_ordinals_of_one_series_differ_by_their_number_alone():
    meetings = [code(f"{number}차") for number in range(1, 41)]
    assert len(set(meetings)) > 36, "eight bits hold a number; some share them"
    assert all(same_series(meetings[0], each) for each in meetings)
    assert not any(same_series(each, code("12호")) for each in meetings)


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        pytest.param("오는 23일", "2026-03-14T03:00", date(2026, 3, 23), id="ahead"),
        pytest.param("지난 27일", "2026-03-04T03:00", date(2026, 2, 27), id="behind"),
        pytest.param("5일", "2026-03-04T15:00", date(2026, 3, 5), id="today in Korea"),
        pytest.param("1일", "2026-07-16T03:00", date(2026, 7, 1), id="fifteen days behind"),
        pytest.param("31일", "2026-07-16T03:00", date(2026, 7, 31), id="fifteen days ahead"),
        pytest.param("1일", "2026-06-16T03:00", date(2026, 6, 1), id="as near ahead as behind"),
        pytest.param("7월 5일", "2026-03-04T03:00", date(2026, 7, 5), id="with its month"),
        pytest.param("오는 11월 23일", "2026-03-04T03:00", date(2026, 11, 23), id="with a month of two figures"),
    ],
)
def test_a_day_is_the_nearest_one(text: str, published: str, day: date):
    slots = numbers(text, datetime.fromisoformat(published).replace(tzinfo=UTC))
    assert day_code(day) in [slot.code for slot in slots if slot.kind is Kind.DAY]
    assert kind_of(day_code(day)) is Kind.DAY


def test_a_day_that_no_month_nearby_has_stays_undated():
    assert code("31일", datetime(2026, 4, 30, tzinfo=UTC)) == code("31일")


def test_a_day_begins_at_midnight_in_korea():
    days = [korean_day(datetime(2026, 3, 4, hour, 59, tzinfo=UTC)) for hour in (14, 15)]
    assert days == [date(2026, 3, 4), date(2026, 3, 5)]


def test_each_slot_is_told_once_in_reading_order():
    kinds = [slot.kind for slot in numbers("12차 회의에서 300명이 12차 안건을, 300명이 40%를")]
    assert kinds == [Kind.ORDINAL, Kind.COUNT, Kind.PERCENT]


@given(st.text(st.sampled_from("0123456789.,조억만천백원명차일월년% 가"), max_size=30))
def test_a_code_has_16_bits_and_its_kind_above(text: str):
    for slot in numbers(text):
        assert 0 < slot.code < 1 << 16
        assert kind_of(slot.code) is slot.kind
        assert not is_mark(slot.code)


def test_the_mark_of_a_column_is_no_number():
    marks = {mark_code(name) for name in ("인사", "부고", "날씨", "운세")}
    assert len(marks) == 4
    assert all(is_mark(each) and kind_of(each) is Kind.SMALL and each < 1 << 16 for each in marks)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        *(("12차", 22658), ("13호", 18694), ("5천억원", 10848), ("45%", 56837), ("23일", 24964)),
        *(("300명", 39499), ("한빛7", 44748), ("2026년", 59135), ("9명", 1369)),
    ],
)
def test_codes_stay_what_they_are(text: str, kept: int):
    """They are kept in the index: other codes need another version of what is kept."""
    assert code(text) == kept


def test_codes_of_days_and_marks_stay_what_they_are():
    assert (day_code(date(2026, 3, 23)), mark_code("인사")) == (31934, 4335)
