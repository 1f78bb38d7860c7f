"""Releases of one form for different firms: five hundred pairs, none joined; and fifteen copies, all joined (D20)."""

import random
from datetime import timedelta

import pytest

from monitor.model import Facts

SYLLABLES = "가나다라마바사아자차카타하고노도로모보소오조초코토호구누두루무부수우주추쿠투후미비시이지"
ENDS = ("첨단소재", "모빌리티", "바이오텍", "에너지", "로보틱스", "정밀", "푸드", "반도체")
TOWNS = ("들샘군", "해솔시", "가온시", "달빛군", "미르시", "한울군")
FORMS = (
    (
        "{town}, {firm}과 {sum}억 투자협약",
        (
            "{town}는 {day}일 시청 상황실에서 {firm}과 {sum}억 원 규모의 투자협약(MOU)을 체결했다. {firm}은 2028년까지 "
            "{town} 일반산업단지 {area}㎡ 부지에 생산공장을 신축하고 {jobs}명을 신규 고용할 계획이다. 이번 협약에 따라 "
            "{town}는 인허가 등 행정 절차를 적극 지원하고 {firm}은 지역 주민을 우선 채용하기로 했다. 시장은 지역경제 "
            "활성화에 이바지할 것으로 기대한다며 투자가 차질 없이 이뤄지도록 모든 노력을 다하겠다고 말했다."
        ),
    ),
    (
        "{firm}, {town}에 {sum}억 들여 공장 신설…{jobs}명 고용",
        (
            "{firm}이 {town}에 둥지를 튼다. {firm}은 {day}일 {town}와 업무협약을 맺고 {sum}억 원을 들여 {area}㎡ 터에 "
            "공장을 세운다고 밝혔다. 가동은 2028년 말이며 {jobs}명이 새로 일하게 된다. {town} 관계자는 협력업체가 함께 "
            "옮겨 오도록 힘쓰겠다고 말했다. 회사는 지난해 매출의 절반을 수출로 올렸다."
        ),
    ),
)


def form(chance: random.Random, number: int) -> dict[str, object]:
    name = "".join(chance.sample(SYLLABLES, 3))
    return {
        "town": chance.choice(TOWNS), "firm": name + chance.choice(ENDS), "sum": chance.randrange(60, 4900),
        "day": 2, "area": f"{chance.randrange(8, 90)},{number:03d}", "jobs": chance.randrange(15, 640),
    }  # fmt: skip


@pytest.mark.parametrize("pattern", FORMS)
def test_releases_of_one_form_stay_apart(memory, tells, pattern):
    chance = random.Random(7)
    title, text = pattern
    stories = [memory.tell(tells(title.format(**one), text.format(**one), key=str(number)))[0]
               for number in range(250) for one in [form(chance, number)]]  # fmt: skip
    assert len(set(stories)) == 250


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ("firm and sum", 0),
        ("sum and jobs", 0),
        ("town and sum", 0),
        ("firm", 4),
    ],  # with every number equal a short text may count as a copy: known limit
)
def test_a_pair_that_differs_in_little_stays_apart(memory, tells, change, allowed):
    chance = random.Random(11)
    joined = 0
    for number in range(60):
        title, text = FORMS[number % 2]
        one = form(chance, number)
        other = one | {name: form(chance, number)[name] for name in change.split(" and ")}
        first, _ = memory.tell(tells(title.format(**one), text.format(**one), key=f"{number}a"))
        second, _ = memory.tell(tells(title.format(**other), text.format(**other), key=f"{number}b"))
        joined += first == second
    assert joined <= allowed


@pytest.mark.parametrize("copies", [1, 3, 15])
@pytest.mark.parametrize("gap", [timedelta(minutes=2), timedelta(seconds=5), timedelta(hours=6)])
def test_copies_on_many_sites_are_one_story(memory, tells, copies, gap):
    chance = random.Random(copies)
    marks = ("", "[속보] ", "[종합] ", "[포토] ", "[1보] ")
    for number in range(4):
        one = form(chance, number)
        told = set()
        for site in range(copies):
            title, text = FORMS[0][0].format(**one), FORMS[0][1].format(**one)
            at = tells("x").published_at + gap * site
            body = text if site % 3 else text[: 140 + 20 * site]
            told.add(memory.tell(tells(marks[site % 5] + title, body, at=at, key=f"{number}/{site}"), Facts())[0])
        assert len(told) == 1


def test_a_town_s_form_about_a_coming_day_is_no_notice_of_its_next_form(memory, tells):
    chance = random.Random(13)
    title, text = FORMS[0]
    for number in range(60):
        one = form(chance, number) | {"day": 12}
        other = form(chance, number) | {"day": 12, "town": one["town"]}
        day = tells("x").published_at + timedelta(days=10)
        first, _ = memory.tell(tells(title.format(**one), text.format(**one), key=f"{number}a"))
        second, _ = memory.tell(tells(title.format(**other), text.format(**other), key=f"{number}b", at=day))
        assert first != second


STREETS = [
    "가람로",
    "은하길",
    "새터",
    "솔밭",
    "여울",
    "누리목",
    "달맞이",
    "오솔길",
    "한뫼",
    "두물",
    "너른들",
    "꽃재",
    "시냇골",
    "고갯마루",
    "바람골",
    "별내",
]


def test_a_headline_over_strange_bodies_is_no_retelling(memory, tells):
    title = "해솔시, 가람마을 주민 쉼터 5곳 새로 단장해 문 열어"
    first, _ = memory.tell(
        tells(title, " ".join(f"{name}에서는 노인회가 마당을 쓸었다" for name in STREETS[:8]), key="a")
    )
    other = " ".join(f"{name} 아이들은 축구공을 찼고 어른들은 박수를 쳤다" for name in STREETS[8:])
    second, _ = memory.tell(tells(title, other, key="b"))
    assert first != second
