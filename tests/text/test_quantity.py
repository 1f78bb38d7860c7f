"""Head-counts and areas."""

import pytest

from monitor.text import areas, headcounts

JOBS = [
    ("일자리 350여개 창출", 350, True, "jobs"),
    ("총 600명 이상의 신규 일자리를 만든다", 600, True, "jobs"),
    ("천여명의 고용 창출 효과", 1000, True, "jobs"),
    ("고용인원은 1천 300여명에 이를", 1300, True, "jobs"),
    ("직접 고용 규모도 20명에서 130명으로 늘린다", 130, False, "jobs"),
    ("취업 유발 6500명 등의 효과", 6500, False, "induced"),
    ("1만 2천 명의 고용 효과", 12000, False, "jobs"),
]


@pytest.mark.parametrize(("text", "value", "approx", "role"), JOBS, ids=[case[0] for case in JOBS])
def test_promised_jobs_are_counted(text, value, approx, role):
    (one,) = headcounts(text)
    assert (one.value, one.approx, one.role) == (value, approx, role)


@pytest.mark.parametrize("text", ["주민 300여 명이 참석했다", "15개 기업과 협약", "학생 40명이 수강", "3개 사업"])
def test_people_who_attend_and_things_are_no_jobs(text):
    assert headcounts(text) == ()


@pytest.mark.parametrize(
    ("text", "value", "unit", "sqm"),
    [
        ("만8천500㎡ 규모", 18500, "㎡", 18500),
        ("13만천제곱미터에", 131000, "㎡", 131000),
        ("3천평 부지", 3000, "평", 9917.4),
        ("1.58㎢의", 1.58, "㎢", 1580000),
        ("202,234 m²", 202234, "㎡", 202234),
    ],
)
def test_areas_keep_their_unit_and_tell_square_metres(text, value, unit, sqm):
    (one,) = areas(text)
    assert (one.value, one.unit, one.sqm) == (value, unit, sqm)
