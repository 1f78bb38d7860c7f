"""Firms, people, sentences and plain text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import companies, normalize, people, plain, sentences, split_particle

FIRMS = [
    ("㈜한빛모아는 새 공장을", ["한빛모아"]),
    ("다솜이엔티(주)와 (주)나래울이", ["다솜이엔티", "나래울"]),
    ("주식회사 보람찬이 들어선다", ["보람찬"]),
    ("㈜솔과 협약을 맺었다", ["솔"]),
    ("㈜다담은, 새봄전자가", ["다담은", "새봄전자"]),
    ("부품업체인 하늘메카텍이", ["하늘메카텍"]),
    ("로봇 전문기업 아람이 문을 연다", ["아람"]),
    ("새론바이오와 두레솔루션즈는", ["새론바이오", "두레솔루션즈"]),
    ("김하늘 가온누리 대표이사", ["가온누리"]),
    ("가람, 나눔·다온 등 3개 기업", ["가람", "나눔", "다온"]),
    ("한별이 320억원을 들여", ["한별"]),
]


@pytest.mark.parametrize(("text", "expected"), FIRMS, ids=[text for text, _ in FIRMS])
def test_firms_are_known_by_their_marks(text, expected):
    assert [one.name for one in companies(text)] == expected


@pytest.mark.parametrize("text", ["신재생에너지와 반도체 산업을", "지역 기업 유치를", "시스템을 갖춘", "김하늘 대표는"])
def test_common_nouns_and_people_are_no_firms(text):
    assert companies(text) == ()


def test_people_are_known_by_their_titles():
    text = "박하람 시장과 이소담 가온누리 대표, 부산 시장, 최누리 지사가"
    assert [one.name for one in people(text)] == ["박하람", "최누리"]


def test_sentences_end_where_prose_ends_them():
    text = "㈜에이.비.씨가 3.5%를 냈다. “좋다.” 그는 말했다.\n다음 줄"
    assert [text[one.start : one.end] for one in sentences(text)] == [
        "㈜에이.비.씨가 3.5%를 냈다.",
        "“좋다.”",
        "그는 말했다.",
        "다음 줄",
    ]


@given(st.text(max_size=200))
def test_normal_text_stays_as_it_is(text):
    assert normalize(normalize(text)) == normalize(text)


@given(st.text("가나다.!?\n “”a1", max_size=120))
def test_sentences_lie_in_order_and_lose_only_space(text):
    spans = sentences(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert "".join("".join(text[one.start : one.end].split()) for one in spans) == "".join(text.split())


def test_plain_text_loses_tags_and_entities():
    assert plain("가&amp;nbsp;나<br>다&lt;b&gt;라") == "가 나 다 라"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("회사는", ("회사", "는")),
        ("건설이", ("건설", "이")),
        ("하늘바이오", ("하늘바이오", "")),
        ("시청에서", ("시청", "에서")),
    ],
)
def test_a_particle_is_split_where_sound_allows_it(word, expected):
    assert split_particle(word) == expected


@pytest.mark.parametrize(
    "sign", ["1", "천", " ", "1,", "가.", "(주)", "서울 ", "1천", "가", "㈜", "X", "기업 ", "등 3개 기업 "]
)
def test_a_long_line_is_read_in_one_pass(sign, gazetteer):
    """The pytest time-out is the budget: a square cost would take minutes."""
    line = sign * (100_000 // len(sign))
    companies(line), people(line), sentences(line), gazetteer.regions(line)


@pytest.mark.parametrize(
    "text",
    [
        "통합관제시스템을 공급한다",
        "토큰증권을 발행한다",
        "주거래은행을 정했다",
        "K건설의 해",
        "해양바이오 산업",
        "제조업체㈜",
    ],
)
def test_things_with_a_firms_ending_are_no_firms(text):
    assert companies(text) == ()


def test_a_stop_before_a_name_ends_the_sentence_but_initials_belong():
    assert [one.name for one in companies("컨퍼런스콜.새빛전자는 말했다")] == ["새빛전자"]
    assert [one.name for one in companies("㈜에스.디.엠은 말했다")] == ["에스.디.엠"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("세계 1위 하늘파워 코리아가 부산에", "하늘파워 코리아"), ("시행사인 ‘새론코어PFV’는", "새론코어PFV")],
)
def test_branches_of_foreign_firms_stand_in_two_words(text, name):
    assert name in [one.name for one in companies(text)]


@pytest.mark.parametrize("text", ["초고압 송전선을 놓고", "축사시스템을 갖춘", "글로벌 빅테크가 한국에 투자"])
def test_other_things_with_a_firms_ending(text):
    assert not companies(text)
