"""Many names in one text: as words, with particles and spaces as papers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import Mentions, folded, name_key

MENTIONS = Mentions(["㈜가온", "가온 테크", "마루 한빛", "Maru Hanbit"], ["배터리", "AI"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("㈜가온은 12일", ["가온"]),
        ("가온과의 협약", ["가온"]),
        ("주식회사 가온측은", ["가온"]),
        ("가온누리센터", []),
        ("새가온이", []),
        ("가온테크가 밝혔다", ["가온테크"]),
        ("가온 테크 대표", ["가온테크"]),
        ("가온 기술", ["가온"]),
        ("마루한빛 회장은", ["마루한빛"]),
        ("MARU HANBIT, chairman", ["maruhanbit"]),
        ("Maru Hanbits", []),
        ("이차전지배터리소재", ["배터리"]),
        ("AI와 반도체", ["ai"]),
        ("MAIN HALL", []),
        ("도서관 휴관", []),
    ],
)
def test_names_are_found_as_papers_write_them(text: str, names: list[str]) -> None:
    assert list(MENTIONS.found(folded(text))) == names


NAMES = st.lists(st.text("가나다라 ab", min_size=1, max_size=5).filter(name_key), min_size=1, max_size=8)


@given(NAMES, st.data())
def test_each_name_is_found_where_it_stands_alone(names: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names))
    assert name_key(name) in Mentions(names).found(folded(f". {name} ."))


@given(NAMES)
def test_nothing_is_found_that_is_not_a_name(names: list[str]) -> None:
    text = "가나 다라는 ab 가나다라ab를"
    assert set(Mentions(names).found(folded(text))) <= set(map(name_key, names))
