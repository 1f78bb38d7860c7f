"""What is packed comes back equal."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Deal, Facts, Link, Reason
from monitor.store.codec import pack, unpack, unpack_all

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
WHEN = st.datetimes(timezones=st.just(dt.UTC))


@given(st.builds(Facts, dates=st.lists(st.dates()).map(tuple), companies=st.lists(TEXT).map(tuple)))
def test_facts_come_back(facts):
    assert unpack(Facts, pack(facts)) == facts


@given(st.lists(st.builds(Reason, TEXT, st.floats(allow_nan=False))).map(tuple))
def test_reasons_come_back(reasons):
    assert unpack_all(Reason, pack(reasons)) == reasons


@given(st.builds(Link, TEXT, TEXT, st.none() | WHEN, flags=st.lists(TEXT).map(tuple)))
def test_links_come_back(link):
    assert unpack(Link, pack(link)) == link


@pytest.mark.parametrize("kind", [Facts])
def test_nothing_reads_as_defaults(kind):
    assert unpack(kind, "") == kind()
    assert unpack_all(Deal, "") == ()


def test_a_field_that_was_dropped_is_passed_over():
    assert unpack(Facts, '{"companies":["가"],"once":1}') == Facts(companies=("가",))


def test_only_values_are_packed():
    class Thing:
        pass

    with pytest.raises(TypeError, match="Thing"):
        pack(Thing())


def test_deep_values_come_back():
    @dataclass(frozen=True, slots=True)
    class Pair:
        both: tuple[int, str]
        rest: tuple[Reason, ...] = ()

    assert unpack(Pair, pack(Pair((1, "b"), (Reason("c", 1.0),)))) == Pair((1, "b"), (Reason("c", 1.0),))
