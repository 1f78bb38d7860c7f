"""Neighbours are measured together as they would be alone. All prose is invented."""

from dataclasses import fields

import numpy as np
import pytest

from monitor.dedup.batch import batch
from monitor.dedup.blob import VERSION, WITHOUT_PARTY, pack, unpack
from monitor.dedup.measures import FACTORS, measures
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
