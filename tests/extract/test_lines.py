"""Lines that papers print below every article do not reach the body; lines that only look like them do."""

import pytest

from monitor.extract.lines import sort_lines
from monitor.extract.prose import Line
from monitor.extract.translated import split_translation

STORY = [
    "가람시가 누리셀과 1천200억원 규모의 투자협약을 맺었다고 14일 밝혔다.",
    "누리셀은 2028년까지 가람산단에 공장을 세우고 180명을 새로 뽑는다.",
    "한결 시장은 “기업이 뿌리내리도록 돕겠다”고 말했다.",
]


def kept(*extra: str) -> tuple[str, ...]:
    return sort_lines([Line(text) for text in (*STORY, *extra)], "제목").prose


@pytest.mark.parametrize(
    "chaff",
    [
        "저작권자 © 가람신문 무단전재 및 재배포 금지",
        "<저작권자ⓒ가람일보사. 무단전재-재배포 금지>",
        "Copyright ⓒ 가람신문. All rights reserved. 무단 전재 및 재배포 금지.",
        "ⓒ 지역을 밝히는 신문 가람 / 무단전재 및 재배포금지",
        "가람신문은 24시간 여러분의 제보를 기다립니다.",
        "나들목 기자 nadeul@example.com",
        "가람=나들목 기자",
        "nadeul@example.com",
        "[관련기사]",
        "▶ 이 기사와 관련된 기사",
        "입력 2026.01.14 16:43",
        "※ 별첨 : 사진",
        "(투자유치과장 나들목, 주무관 한가람 270-0000)",
        "본 저작물은 공공누리 제1유형에 따라 이용할 수 있습니다.",
        "ADVERTISEMENT",
    ],
)
def test_chaff_below_a_story_is_left_out(chaff: str):
    assert kept(chaff) == tuple(STORY)


@pytest.mark.parametrize(
    "prose",
    [
        "이번 협약은 지역 신문 기자 출신인 오누리 대표가 이끌었다.",
        "가람시는 유튜브 채널 구독자가 1만 명을 넘었다고 덧붙였다.",
        "△부지 3만3천㎡ △고용 180명 △투자 1천200억원",
        "누리셀 관계자는 “사진 공유 서비스도 준비하고 있다”고 했다.",
    ],
)
def test_news_that_looks_like_chaff_stays(prose: str):
    assert kept(prose) == (*STORY, prose)


def test_nothing_follows_a_copyright_line():
    assert kept("저작권자 © 가람신문 무단전재 및 재배포 금지", "다른 기사의 첫 문장이 이어진다.") == tuple(STORY)


def test_pointers_to_other_stories_go_and_links_inside_prose_stay():
    lines = [Line(STORY[0], linked=5), *map(Line, STORY[1:]), Line("☞ 나래군 봄꽃 축제 개막", linked=12)]
    assert sort_lines(lines, "제목").prose == tuple(STORY)


def test_the_headline_at_the_top_of_a_body_is_not_repeated():
    lines = [Line("가람시, 누리셀과 투자협약"), *map(Line, STORY)]
    assert sort_lines(lines, "가람시, 누리셀과 투자협약!").prose == tuple(STORY)


def test_captions_and_signatures_are_kept_apart():
    found = sort_lines(
        [*map(Line, STORY), Line("사진 설명)"), Line("한결 시장이 협약서를 들어 보이고 있다."), Line("나들목 기자")],
        "제목",
    )
    assert found.prose == tuple(STORY)
    assert found.captions == ("사진 설명)", "한결 시장이 협약서를 들어 보이고 있다.")
    assert found.signatures == ("나들목 기자",)


def test_a_signature_at_the_end_of_the_last_sentence_is_cut():
    assert kept("공장은 내년에 문을 연다. 가람=나들목 기자 nadeul@example.com")[-1] == "공장은 내년에 문을 연다."


ENGLISH = [
    "Garam City has signed an investment agreement with Nuricell worth 120 billion won, the city said on Wednesday.",
    "Nuricell will build a new plant in the Garam industrial complex and hire 180 people by 2028, it said.",
]


def test_a_translated_tail_is_kept_apart_with_its_notice_dropped():
    notice = "*아래는 위 기사를 '구글 번역'으로 번역한 영문 기사의 '전문' 입니다."
    korean, tail = split_translation([*STORY, notice, *ENGLISH])
    assert korean == tuple(STORY)
    assert tail == "\n".join(ENGLISH)


def test_an_english_article_has_no_tail_and_a_quotation_is_none():
    assert split_translation(ENGLISH) == (tuple(ENGLISH), "")
    assert split_translation([*STORY, "“Welcome to Garam,” he said."])[1] == ""


@pytest.mark.parametrize("words", ["가 ", "네이버 블로그 ", "좋아요 0 ", "#a,", "[2026.01.14 ", "(사진="])
def test_a_line_of_nothing_but_such_words_is_read_in_one_way_only(words: str):
    line = words * (110 // len(words)) + "!x"
    assert kept(line)[: len(STORY)] == tuple(STORY)  # and ends: in two ways it would be tried 2 ** 18 times
