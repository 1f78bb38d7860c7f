"""Money as newsrooms write it; every string here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import amounts

CASES = [
    ("새 공장에 42억 원을 들인다", [(4.2e9, "KRW")]),
    ("총 3조 720억 원을 투자", [(3.072e12, "KRW")]),
    ("7천억원 규모", [(7e11, "KRW")]),
    ("부지에 천800억원을 들여", [(1.8e11, "KRW")]),
    ("5천130억을 투자해", [(5.13e11, "KRW")]),
    ("2억3천4백6십만 원", [(2.346e8, "KRW")]),
    ("1경2000조원", [(1.2e16, "KRW")]),
    ("2.2兆 투자", [(2.2e12, "KRW")]),
    ("4000억→1조 5000억으로", [(4e11, "KRW"), (1.5e12, "KRW")]),
    ("52억5000만 달러", [(5.25e9, "USD")]),
    ("52억弗 수출", [(5.2e9, "USD")]),
    ("25만불 투자", [(2.5e5, "USD")]),
    ("300억불과 함께", [(3e10, "USD")]),
    ("442억대만달러", [(4.42e10, "TWD")]),
    ("30억2000만위안", [(3.02e9, "CNY")]),
    ("100억엔의", [(1e10, "JPY")]),
    ("3410억유로", [(3.41e11, "EUR")]),
    ("90억리얄", [(9e9, "SAR")]),
    ("US$ 5.2 billion 규모", [(5.2e9, "USD")]),
    ("$500M 계약", [(5e8, "USD")]),
    ("6 billion won", [(6e9, "KRW")]),
    ("2억달러(약 2670억원)를", [(2e8, "USD"), (2.67e11, "KRW")]),
    ("5~10억 원의 융자", [(5e8, "KRW"), (1e9, "KRW")]),
    ("100억~200억원", [(1e10, "KRW"), (2e10, "KRW")]),
    ("1억~2억 달러", [(1e8, "USD"), (2e8, "USD")]),
    ("도비 3억5000만, 시비", [(3.5e8, "KRW")]),
    ("$1.2bn 규모", [(1.2e9, "USD")]),
    ("수천억원대 사업", [(1e11, "KRW")]),
    ("1천 원", [(1e3, "KRW")]),
    ("1.6조 자금 공급", [(1.6e12, "KRW")]),
    ("9조 군산 투자하는", [(9e12, "KRW")]),
]
DECOYS = [
    "무역법 232조 조치",
    "제18조에 따라",
    "조회수 2억뷰",
    "110억배럴이 묻힌",
    "40억년 전",
    "71만톤 생산",
    "전수 조사한 결과",
    "4경기 무패",
    "무역법 232조(관세)",
    "인구 3천 명",
    "대상은 3만 불과했다",
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_amounts_are_read_in_order_with_their_currency(text, expected):
    assert [(one.value, one.currency) for one in amounts(text)] == expected


@pytest.mark.parametrize("text", DECOYS)
def test_numbers_that_are_no_money_are_left_out(text):
    assert amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "about"),
    [("약 300억원", True), ("300억여원", True), ("300억원 안팎", True), ("700억 원대", True), ("300억원을", False)],
)
def test_a_sum_says_whether_it_is_about(text, about):
    assert amounts(text)[0].approx is about


def test_a_sum_a_year_says_so():
    assert amounts("연간 1000만 달러 수출")[0].per == "year"
    assert amounts("1000만 달러 수출")[0].per == ""


def test_the_printed_form_and_its_place_are_kept():
    text = "이번에 1억 7100만 달러를 들인다"
    (one,) = amounts(text)
    assert one.text == text[one.span.start : one.span.end] == "1억 7100만 달러"


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_a_sum_of_억_and_만_is_exact(hundred_millions, ten_thousands):
    (one,) = amounts(f"총 {hundred_millions:,}억 {ten_thousands}만 원을 투자한다")
    assert one.value == hundred_millions * 10**8 + ten_thousands * 10**4


@given(st.text("0123456789,.천백십만억조원달러 약여~", max_size=60))
def test_no_text_breaks_the_grammar(text):
    for one in amounts(text):
        assert one.value > 0
        assert text[one.span.start : one.span.end].strip() == one.text


@pytest.mark.parametrize(
    ("text", "value"),
    [("삼천만원을 기부", 3e7), ("이억 오천만 원을 투자", 2.5e8), ("오백억원 규모", 5e10), ("일조 이천억원", 1.2e12)],
)
def test_sums_in_words(text, value):
    assert [one.value for one in amounts(text)] == [value]


@pytest.mark.parametrize("text", ["이천시 만원 축제", "육만엔", "사억만리", "구조원이 도착", "삼만원칙"])
def test_words_that_only_look_like_sums_in_words(text):
    assert [one for one in amounts(text) if one.currency == "KRW" and one.value > 1e5] == []
