"""Which region is meant."""

import datetime as dt

import pytest

from monitor.errors import ConfigError
from monitor.text import Gazetteer

CASES = [
    ("전라북도 군산시에", [("전북특별자치도", ""), ("전북특별자치도", "군산시")]),
    ("강원도 원주시와", [("강원특별자치도", ""), ("강원특별자치도", "원주시")]),
    ("경남 고성군과", [("경상남도", ""), ("경상남도", "고성군")]),
    ("강원 고성에서", [("강원특별자치도", ""), ("강원특별자치도", "고성군")]),
    ("경기도 광주시는", [("경기도", ""), ("경기도", "광주시")]),
    ("광주시 북구에", [("광주광역시", ""), ("광주광역시", "북구")]),
    ("포항시 북구 흥해읍", [("경상북도", "포항시")]),
    (
        "부산 강서구와 서울 강서구",
        [("부산광역시", ""), ("부산광역시", "강서구"), ("서울특별시", ""), ("서울특별시", "강서구")],
    ),
    ("창원특례시는", [("경상남도", "창원시")]),
    ("성남금토 공공주택지구에", [("경기도", "성남시")]),
    ("완도금일 해상풍력은", [("전라남도", "완도군")]),
    ("전남해상풍력 1단지", [("전라남도", "")]),
    ("전북도·군산시", [("전북특별자치도", ""), ("전북특별자치도", "군산시")]),
    (
        "밀양·양산·고성·함안",
        [("경상남도", "밀양시"), ("경상남도", "양산시"), ("경상남도", "고성군"), ("경상남도", "함안군")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_places_are_told_by_their_present_official_names(gazetteer, text, expected):
    assert [(one.sido, one.sigungu) for one in gazetteer.regions(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "대구은행은",
        "서울대가",
        "경기가 나빠져",
        "제주항공",
        "새 예산을 세우고",
        "양산 체제",
        "음성 인식",
        "진도가 느리다",
        "목표를 달성하고",
        "달성 이후",
        "원주민 보상",
    ],
)
def test_banks_schools_and_common_words_are_no_regions(gazetteer, text):
    assert gazetteer.regions(text) == ()


def test_a_moved_county_belongs_where_it_was_on_that_day(gazetteer):
    before = gazetteer.regions("군위군이", dt.date(2022, 5, 1))
    after = gazetteer.regions("군위군이", dt.date(2024, 5, 1))
    assert (before[0].sido, after[0].sido) == ("경상북도", "대구광역시")


def test_a_namesake_that_nothing_settles_is_left_out(gazetteer):
    assert gazetteer.regions("중구에 들어선다") == ()


def test_a_complex_knows_its_province(gazetteer):
    (one,) = gazetteer.regions("새만금 국가산단에 들어선다")
    assert (one.kind, one.sido) == ("site", "전북특별자치도")


def test_every_sigungu_is_there(gazetteer):
    names = {
        name
        for meanings in gazetteer._names.values()
        for name in meanings
        if name.kind == "sigungu" and name.holds(None)
    }
    current = {(name.sido, name.sigungu) for name in names if name.since is None or name.since <= dt.date(2026, 1, 1)}
    assert len({sido for sido, _ in current}) == 16  # 세종 has none
    assert len(current) == 226 + 2  # 시군구 and the two 행정시


def test_all_mistakes_of_the_rows_are_told_at_once():
    rows = {"sido": [{"name": "가나도", "sigungu": ["다라시"]}, {}], "site": [{"name": "마바산단", "sido": "없는도"}]}
    with pytest.raises(ConfigError) as caught:
        Gazetteer.from_toml(rows)
    assert len(caught.value.mistakes) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("구미공장에서", ["구미시"]),
        ("화성캠퍼스에", ["화성시"]),
        ("이천 3공장", ["이천시"]),
        ("구미 양극재 공장에", ["구미시"]),
        ("화성동탄 신도시에", ["화성시"]),
        ("구미가 당기는", []),
        ("화성 탐사선", []),
        ("양산공장을 갖춘", []),
    ],
)
def test_a_city_that_is_a_word_too_is_one_before_a_plant(gazetteer, text, found):
    assert [place.name for place in gazetteer.regions(text)] == found
