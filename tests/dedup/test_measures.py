"""Neighbours are measured together as they would be alone. All prose is invented."""

from dataclasses import fields

import numpy as np
import pytest

from monitor.dedup.batch import batch
from monitor.dedup.blob import VERSION, WITHOUT_PARTY, pack, unpack
from monitor.dedup.measures import FACTORS, WEIGHTS_OF, measures
from monitor.dedup.reading import read
from monitor.dedup.subject import subject

TOLD = (
    (
        "해솔시, 가람소재와 1840억 투자협약",
        "해솔시는 2일 가람소재와 1,840억 원의 투자협약을 맺었다. 230명을 새로 뽑는다.",
    ),
    ("가람소재, 해솔에 공장 짓는다", "가람소재가 해솔 북부산단에 1천840억원을 들여 공장을 짓는다고 2일 밝혔다." * 9),
    ("들샘군, 도서관 개관", ""),
    ("", "시장은 3일 장터를 찾았다."),
)


@pytest.mark.parametrize("at", range(len(TOLD)))
def test_a_row_does_not_depend_on_the_other_neighbours(tells, at):
    readings = [read(tells(title, text, key=str(number))) for number, (title, text) in enumerate(TOLD)]
    blobs = [pack(each) for each in readings]
    hours, shared, own = np.arange(4.0), np.arange(1, 5), np.array([True, False, True, False])
    new = subject(readings[at])
    together = measures(new, batch(blobs), hours, shared, own)
    for row, blob in enumerate(blobs):
        one = slice(row, row + 1)
        alone = measures(new, batch([blob]), hours[one], shared[one], own[one])
        for field in fields(together):
            assert getattr(together, field.name)[row] == getattr(alone, field.name)[0], field.name
        assert together.scores(FACTORS)[row] == pytest.approx(alone.scores(FACTORS)[0])


@pytest.mark.parametrize(("title", "text"), TOLD[:3])
def test_an_article_tells_all_of_itself(tells, title, text):
    reading = read(tells(title, text, key=title))
    same = measures(
        subject(reading), batch([pack(reading)]), np.zeros(1), np.ones(1, dtype=int), np.ones(1, dtype=bool)
    )
    assert (same.titles[0], same.title_told[0], same.title_known[0]) == (1.0, 1.0, 1.0)
    assert same.lead_told[0] == bool(text)
    assert same.text[0] == 1.0 or same.tiny[0]
    assert not same.other_party[0]
    assert not same.own_pages[0]
    assert same.untold[0] == 0


def test_names_of_a_new_headline_that_the_earlier_article_does_not_tell_are_weighed(tells):
    first, second = (read(tells(title, text, key=title)) for title, text in TOLD[:2])
    thanks = read(tells("해솔시장 “두레모터스 소방차 기증 감사”", "두레모터스 소방차 기증에 해솔시장이 2일 감사했다."))
    untold = [
        measures(
            subject(new), batch([pack(first)]), np.zeros(1), np.ones(1, dtype=int), np.zeros(1, dtype=bool)
        ).untold[0]
        for new in (second, thanks)
    ]
    assert untold[0] < untold[1]


def test_a_blob_of_the_version_before_opens_with_no_party(tells):
    blob = pack(read(tells(*TOLD[0])))
    before = bytes([WITHOUT_PARTY]) + blob[1:-2]
    assert blob[0] == VERSION
    assert unpack(blob).party != 0
    assert unpack(before).party == 0
    assert unpack(before).title == unpack(blob).title
    assert batch([before, blob]).parties.tolist() == [0, unpack(blob).party]


LONG = (
    "해솔시는 2일 시청에서 가람소재와 1,840억 원의 투자협약을 맺었다. 가람소재는 북부산단 6만㎡에 공장을 짓고 230명을 "
    "새로 뽑는다. 시장은 인허가를 돕겠다고 말했다. 대표는 항구가 가까운 자리를 골랐다고 답했다."
)
EARLIER = (*TOLD[:3], ("가람소재, 해솔시에 1840억 투자…230명 채용", LONG))
ROWS = {
    "titles": (0.883, 0.572, 0, 0.792),
    "title_told": (1, 0.730, 0, 0.833),
    "title_known": (0.925, 0.550, 0, 0.925),
    "the lesser of both": (0.925, 0.550, 0, 0.833),
    "common": (1.548, 1.163, 0, 1.386),  # 37, 22, 0 and 30, as a logarithm of tenths
    "lead_told": (1, 0.485, 0, 1),
    "lead_known": (0.380, 0.228, 0, 0.959),
    "text": (0.750, 0.059, 0, 1),
    "title_numbers": (1, 0, 0, 1),
    "hours": (0, 0.606, 1.792, 1.609),  # of 0, 5 and 30; the last is two days off and tells the same date
    "tiny": (0, 0, 1, 0),
    "shared": (2.303, 1.609, 0.693, 3.045),  # 9, 4, 1 and 20 keys
    "other_party": (0, 0, 0, 0),
    "own_pages": (0, 1, 1, 0),
    "untold": (0, 0.5, 1.233, 0),
}


def test_what_a_retelling_shares_with_each_of_those_before_it(tells):
    """The weights are fitted on these figures: where one changes, they are fitted anew."""
    new = subject(read(tells("해솔시-가람소재 1,840억 투자협약 체결", LONG[:150])))
    olds = batch([pack(read(tells(title, text, key=str(number)))) for number, (title, text) in enumerate(EARLIER)])
    hours, shared, own = np.array([0.0, 5.0, 30.0, 50.0]), np.array([9, 4, 1, 20]), np.ones(4, dtype=bool)
    always, *columns = measures(new, olds, hours, shared, own).columns()
    assert always.tolist() == [1.0] * 4
    for (name, expected), column in zip(ROWS.items(), columns, strict=True):
        assert column.tolist() == pytest.approx(expected, abs=0.001), name


@pytest.mark.parametrize(
    ("title", "text", "is_other"),
    [
        pytest.param(
            "두레모터스, 설 앞두고 대금 조기 지급", "두레모터스가 대금을 준다.", True, id="two that do the same"
        ),
        pytest.param(
            "두레모터스, 설 앞두고 대금 조기 지급", "두레모터스와 가람그룹이 대금을 준다.", False, id="told, too"
        ),
        pytest.param("가람그룹, 설 앞두고 대금 조기 지급", "대금을 준다.", False, id="the same party"),
        pytest.param("설 앞두고 대금 조기 지급", "대금을 준다.", False, id="no party"),
    ],
)
def test_when_another_party_opens_the_title(tells, title, text, is_other):
    told = read(tells("가람그룹, 설 앞두고 대금 조기 지급", "가람그룹이 대금을 준다.", key="a"))
    telling = read(tells(title, text, key="b"))
    for new, known in ((telling, told), (told, telling)):
        found = measures(subject(new), batch([pack(known)]), np.zeros(1), np.ones(1), np.zeros(1, dtype=bool))
        assert bool(found.other_party[0]) is is_other


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ("들샘군은 2일 장터를 열었다.", True),
        ("들샘군은 3일 장터를 열었다.", False),
        ("들샘군은 12차 장터에 1,840억 원을 들였다.", False),
        ("들샘군은 장터를 열었다.", False),
    ],
)
def test_only_a_day_that_both_tell_is_the_same_date(tells, text, is_same):
    new = subject(read(tells("해솔시 12차 협약", "해솔시는 2일 12차 협약에서 1,840억 원을 약속받았다.", key="n")))
    known = batch([pack(read(tells("들샘군 장터", text, key="a")))])
    found = measures(new, known, np.zeros(1), np.ones(1), np.zeros(1, dtype=bool))
    assert bool(found.same_date[0]) is is_same


def test_what_is_shared_speaks_for_one_story_and_what_is_strange_against_it():
    against = {name for name, weight in WEIGHTS_OF.items() if weight < 0}
    assert against == {"always", "hours", "other_party", "own_pages", "untold"}
