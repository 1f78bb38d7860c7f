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


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "나주시, ㈜하늘셀 본사·연구소 유치…248억 투자협약",
            "나주시는 ㈜하늘셀과 본사와 연구소를 옮기는 투자협약을 맺었다.",
        ),
        (
            "나주시 경제사절단, ㈜하늘셀 248억 수출계약 성사",
            "나주시 경제사절단은 ㈜하늘셀의 248억원 수출계약을 성사시켰다.",
        ),
    ],
    ids=["seat", "delegation"],
)
def test_a_firms_seat_and_a_delegation_are_no_firms(firms, title, text):
    assert firms(title, text) == ("하늘셀",)


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


def test_a_word_in_one_list_with_a_known_firm_signs_too(firms):
    text = "영암군은 12일 군청에서 한국산업단지공단, 하늘씨, ㈜새봄엔지니어링과 업무협약을 체결했다."
    assert firms("영암군, 재생에너지 협약", text) == ("하늘씨", "새봄엔지니어링")


def test_a_clause_before_a_firm_is_no_firm(firms):
    text = "영암군은 협의회를 열었으며, ㈜새봄엔지니어링과 업무협약을 체결했다."
    assert firms("영암군, 재생에너지 협약", text) == ("새봄엔지니어링",)


def test_what_a_firm_supplies_to_does_not_sign(firms):
    text = "영암군은 ㈜새봄테크윈과 투자협약을 체결했다. 새봄테크윈은 누리로보틱스 등에 부품을 공급하고 있다."
    assert firms("영암군, 새봄테크윈 투자협약", text) == ("새봄테크윈",)


def test_a_group_gives_way_to_two_of_its_own_firms(firms):
    text = "하늘금융그룹은 12일 부산시와 협약을 체결했다. 하늘은행과 하늘증권이 협약에 참여한다."
    assert firms("하늘금융그룹, 부산 기업 지원 협약", text) == ("하늘은행", "하늘증권")


def test_a_word_glued_to_a_name_by_the_page_is_no_second_firm(firms):
    text = "전력 직접 공급새빛전자는 12일 영암군과 협약을 체결했다. 새빛전자는 300억원을 투자한다."
    assert firms("새빛전자, 영암에 300억 투자", text) == ("새빛전자",)
