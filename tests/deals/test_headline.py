"""Firms that only a headline's shape and the body's subject give away; all names are invented."""

import datetime as dt

import pytest

from monitor.deals import DealReader
from monitor.model import Article, ArticleKey
from monitor.text import KST

DAY = dt.datetime(2026, 3, 12, 9, tzinfo=KST)
BODY = "{firm} 나주 혁신산단에 248억원을 투자해 공장을 짓는 투자협약을 체결했다. 고용 인원은 40명이다."


@pytest.fixture(scope="module")
def firms(gazetteer):
    reader = DealReader(gazetteer)

    def firms(title: str, text: str) -> tuple[str, ...]:
        return reader.read(Article(ArticleKey("a" * 64), "https://example.com/1", "town", title, text, DAY)).companies

    return firms


@pytest.mark.parametrize(
    "title",
    [
        "하늘셀, 나주 혁신산단에 248억 투자협약",
        "나주 혁신산단 하늘셀 공장 유치…248억원 MOU 체결",
        "나주에 하늘셀 공장 들어선다",
        "[포토] 하늘셀-나주시 248억 투자 업무협약",
        "나주시·하늘셀, 248억 투자 손잡아",
        "‘하늘셀’ 248억 투자…나주에 새 공장",
    ],
)
def test_a_firm_without_any_mark_is_read_where_the_body_confirms_it(firms, title):
    assert firms(title, BODY.format(firm="하늘셀은")) == ("하늘셀",)


def test_a_number_in_a_name_takes_any_particle(firms):
    assert firms("하늘셀7, 나주에 248억 투자", BODY.format(firm="하늘셀7은")) == ("하늘셀7",)


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("주민들, 나주 공장 유치 반대", "주민들은"),
        ("업계, 나주 투자 환영", "업계는"),
        ("나주시, 248억 투자협약", "나주시는"),
        ("올해, 나주 248억 투자 유치", "올해는"),
        ("하늘셀, 나주에 248억 투자", "이 회사는"),
        ("나주 공장, 248억 투자 유치", "공장은"),
    ],
    ids=["crowd", "trade", "city", "time", "unconfirmed", "thing"],
)
def test_who_is_no_firm_or_is_not_confirmed_is_not_read(firms, title, subject):
    assert firms(title, BODY.format(firm=subject)) == ()


def test_the_second_word_of_a_longer_name_is_no_firm(firms):
    text = "누리 센스는 나주에 248억원을 투자해 공장을 짓는다."
    assert "센스" not in firms("누리 센스, 나주에 248억 투자", text)
