"""Stamps as Korean pages print them."""

from datetime import UTC, datetime

import pytest

from monitor.extract.stamp import stamp_of, stamps

NOW = datetime(2026, 1, 20, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "utc", "timed"),
    [
        ("작성일 : 2025-12-05 17:09", "2025-12-05T08:09:00", True),
        ("기사입력 2021/05/11 [14:56]", "2021-05-11T05:56:00", True),
        ("업데이트 2025.12.06 17:18 입력 2025.12.06 16:43", "2025-12-06T07:43:00", True),
        ("입력 2025.12.06 16:43 수정 2025.12.06 17:18", "2025-12-06T07:43:00", True),
        ("2023.11.02. 오후 8:06", "2023-11-02T11:06:00", True),
        ("2023.11.02. 오전 12:06", "2023-11-01T15:06:00", True),
        ("2012. 8. 1. 오전 10:30:00", "2012-08-01T01:30:00", True),
        ("2026년 01월 14일 15시 07분", "2026-01-14T06:07:00", True),
        ("2011년 05월 03일 (화) 14:20:31", "2011-05-03T05:20:31", True),
        ("2025-05-15T20:00:52.000+0900", "2025-05-15T11:00:52", True),
        ("2025-05-15T11:00:52Z", "2025-05-15T11:00:52", True),
        ("등록일 : 2023-01-26 조회수 : 117", "2023-01-25T15:00:00", False),
        ("Written: 2023-11-07 15:03:30 / Updated: 2023-11-07 15:30:46", "2023-11-07T06:03:30", True),
    ],
)
def test_a_stamp_is_read_to_the_minute(printed: str, utc: str, timed: bool):
    stamp = stamp_of(printed, NOW)
    assert stamp is not None
    assert (stamp.at, stamp.timed) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), timed)


@pytest.mark.parametrize(
    "printed", ["", "수정일 2026-01-05", "2027-05-01 10:00", "2025-13-01", "1970-01-01 09:00:00", "조회수 20"]
)
def test_what_is_no_first_publication_is_none(printed: str):
    assert stamp_of(printed, NOW) is None


def test_revisions_are_left_out_and_the_rest_is_in_order():
    found = stamps("등록 2026.01.14 10:00 최종수정 2026.01.15 11:00 2026.01.13", NOW)
    assert [stamp.timed for stamp in found] == [True, False]
    assert found[0].labelled
