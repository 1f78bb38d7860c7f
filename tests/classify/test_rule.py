"""A user's pattern costs little whatever it says, and one that would is switched off with its reason."""

import re

import pytest

from monitor.classify.rule import LARGEST, Rule
from monitor.errors import ConfigError

LINEAR = ["(a+)+$", "(a|aa)+$", "(a*)*b", "([a-zA-Z]+)*$", "^(a?){25}a{25}$", ".*.*.*.*=.*", r"(\w+\s?)+!$"]


@pytest.mark.parametrize("pattern", LINEAR)
def test_no_pattern_hangs_on_a_long_title(pattern: str) -> None:
    rule = Rule.of("rule", pattern)

    assert rule.refused == ""
    assert rule.count("a" * 100_000 + "!") <= 2


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("(?=공장)착공", "(?="), (r"(공장)\1", "escape"), ("(.*a){1000}", "too large"), ("(?<!외)투자", "(?<!")],
)
def test_what_could_cost_too_much_is_switched_off_with_its_reason(pattern: str, words: str) -> None:
    rule = Rule.of("plant", pattern)

    assert rule.refused.startswith("plant: ")
    assert words in rule.refused
    assert (rule.count("공장공장 착공 투자 a"), rule.is_in("공장착공")) == (0, False)


@pytest.mark.parametrize("pattern", ["(", "[가", "*"])
def test_what_is_no_pattern_is_a_mistake(pattern: str) -> None:
    with pytest.raises(ConfigError, match="plant"):
        Rule.of("plant", pattern)


@pytest.mark.parametrize(
    "text", ["광주시, 누리소재와 투자협약 체결", "공장 공장공장", "", "착공 3,200억원을 들여 준공"]
)
@pytest.mark.parametrize(
    "pattern", ["공장", r"(?:투자)?협약[^.]{0,20}?(?:체결|맺)", r"[0-9](?:[0-9,.]|\s?[조억])*\s?원"]
)
def test_it_counts_what_pythons_engine_counts(pattern: str, text: str) -> None:
    assert Rule.of("rule", pattern).count(text) == len(re.findall(pattern, text))
    assert Rule.of("rule", pattern).is_in(text) is (re.search(pattern, text) is not None)


def test_the_cap_leaves_room_above_the_largest_shipped_pattern() -> None:
    assert LARGEST >= 2 * 1_427
