"""What is read of an article before it is judged: prose, words, pairs, syllable groups, facts."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.classify import dealings, grams
from monitor.classify.features import read_features
from monitor.classify.lexicon import Lexicon, Vocabulary, character_pairs, read_lexicon
from monitor.classify.names import OTHER_NAMES
from monitor.classify.prose import Prose, read_prose
from monitor.errors import ConfigError
from monitor.model import Article, ArticleKey, Deal, Facts, Money, OutletKind, Stage

ROOT = Path(__file__).resolve().parents[2]


def topic() -> dict[str, object]:
    return tomllib.loads((ROOT / "config/topics/investment.toml").read_text())


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon(topic())


def article(title: str, text: str = "", outlet: str = "가온일보", url: str = "https://news.example/1") -> Article:
    return Article(ArticleKey(""), url, outlet, title, text, None)


def value_of(lexicon: Lexicon, name: str, told: Article, facts: Facts | None = None) -> float:
    prose = read_prose(told, lead=lexicon.lead, body=lexicon.body)
    return read_features(told, facts or Facts(), prose, lexicon).dense[lexicon.names.index(name)]


# ---- prose ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("[가온일보 나래=김하나 기자] 나래시는 협약을 맺었다.", "나래시는 협약을 맺었다."),
        ("【가온일보 나래=김하나 기자】 나래시는 협약을 맺었다.", "나래시는 협약을 맺었다."),
        ("(나래=가온통신) 김하나 기자 = 나래시는 협약을 맺었다.", "나래시는 협약을 맺었다."),
        ("[사진=나래시] 나래시는 협약을 맺었다.", "나래시는 협약을 맺었다."),
        ("&amp;lsquo;첫 삽&amp;rsquo; 떴다", "‘첫 삽’ 떴다"),
        ("<table width=10><tr><td><img src=x.jpg></td></tr></table>착공했다", "착공했다"),
        ("줄\n\n바꿈\t있음", "줄 바꿈 있음"),
    ],
)
def test_the_lead_starts_with_the_first_sentence(text: str, lead: str) -> None:
    assert read_prose(article("제목", text), lead=200, body=100).lead == lead


@given(st.text(max_size=400), st.integers(0, 50), st.integers(0, 50))
def test_no_more_is_read_than_asked(text: str, lead: int, body: int) -> None:
    prose = read_prose(article("", text), lead=lead, body=body)
    assert len(prose.lead) <= lead
    assert len(prose.body) <= body


def test_a_hostile_body_of_brackets_is_read_in_bounds() -> None:
    assert len(read_prose(article("", "<" * 200_000), lead=240, body=900).opening) <= 1140


# ---- words and patterns ----------------------------------------------------------------------------


@given(
    st.lists(st.text("가나다라", min_size=1, max_size=4), max_size=8, unique=True), st.text("가나다라 ", max_size=30)
)
def test_a_vocabulary_finds_what_a_plain_search_finds(words: list[str], text: str) -> None:
    vocabulary = Vocabulary.of((word, 0) for word in words)
    assert {word for word, _ in vocabulary.found(text, character_pairs(text))} == {
        word for word in words if word in text
    }


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("body_signs", "나래시는 4일 한별소재와 업무협약을 체결했다"),
        ("firm_signs_with_body", "1200억원 규모의 투자협약을 체결했다"),
        ("money_invested_at_site", "총 1,200억원을 투자해 공장을 짓는다"),
        ("plant_act", "한별소재는 나래 공장 증설을 마쳤다"),
        ("plant_act", "열병합발전소가 본격 운영에 들어갔다"),
        ("export_contract", "300만 달러 수출계약을 맺었다"),
        ("will_sign", "투자협약을 체결할 예정이다"),
        ("undone", "호텔 투자 계획이 끝내 무산됐다"),
        ("plant_abroad", "베트남 현지에 공장을 짓는다"),
        ("region_attracts", "5천억원 규모의 투자를 유치했다"),
    ],
)
def test_a_pattern_sees_its_act(lexicon: Lexicon, pattern: str, text: str) -> None:
    assert value_of(lexicon, f"first:{pattern}", article("제목", text)) == 1


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("body_signs", "나래시는 비가 왔다. 협약은 없다."),
        ("plant_act", "프로야구가 개막했다"),
        ("export_contract", "수출이 늘었다"),
        ("undone", "투자협약을 체결했다"),
    ],
)
def test_a_pattern_stays_silent_without_it(lexicon: Lexicon, pattern: str, text: str) -> None:
    assert value_of(lexicon, f"first:{pattern}", article("제목", text)) == 0


def test_a_pair_is_the_product_of_its_parts(lexicon: Lexicon) -> None:
    told = article("구미시, 투자협약", "구미시는 투자협약을 체결했다")
    left, right = value_of(lexicon, "title:place", told), value_of(lexicon, "lead:signed", told)
    assert value_of(lexicon, "title:place&lead:signed", told) == left * right > 0


@pytest.mark.parametrize(
    ("outlet", "name"), [("나주시", "outlet:board"), ("뉴스와이어", "outlet:release"), ("연합뉴스", "outlet:wire")]
)
def test_the_printed_name_tells_who_speaks(lexicon: Lexicon, outlet: str, name: str) -> None:
    assert value_of(lexicon, name, article("제목", outlet=outlet)) == 1


def test_a_configured_kind_tells_who_speaks(lexicon: Lexicon) -> None:
    told = Article(ArticleKey(""), "https://a.example/", "x/y", "제목", "", None, outlet_kind=OutletKind.BOARD)
    assert value_of(lexicon, "outlet:board", told) == 1


def test_a_market_page_is_told_by_its_address(lexicon: Lexicon) -> None:
    assert value_of(lexicon, "section:against", article("제목", url="https://a.example/news/stock/1")) == 1


@pytest.mark.parametrize(
    "row", [{"left": "title:nothing", "right": "lead:signed"}, {"left": "title:place"}, {"left": "", "right": ""}]
)
def test_a_pair_of_unknown_features_is_refused(row: dict[str, str]) -> None:
    broken = topic()
    broken["pair"] = [row]
    with pytest.raises(ConfigError):
        read_lexicon(broken)


@pytest.mark.parametrize(
    ("table", "row"), [("cue", {"name": "x"}), ("pattern", {"name": "x", "label": "y", "needs": ["z"], "regex": "("})]
)
def test_a_broken_row_is_refused(table: str, row: dict[str, object]) -> None:
    broken = topic()
    broken[table] = [row]
    with pytest.raises(ConfigError):
        read_lexicon(broken)


# ---- syllable groups --------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_slots_are_distinct_and_in_range(text: str) -> None:
    slots = grams.slots(text, 1)
    assert len(np.unique(slots)) == len(slots)
    assert ((slots >= 0) & (slots < grams.SLOTS)).all()


def test_fields_do_not_share_slots_by_rule() -> None:
    assert set(grams.slots("투자협약", 1)) != set(grams.slots("투자협약", 2))


def test_figures_and_names_are_hidden() -> None:
    assert grams.hide_figures("총 1,200.5억 AI") == "총 0억 ai"
    assert grams.mask("구미시와 구미공장", ("구미",), "R") == "R시와 R공장"


# ---- facts ------------------------------------------------------------------------------------------


def test_facts_fill_their_names() -> None:
    assert len(dealings.fact_values("", Facts())) == len(dealings.NAMES)
    deal = Deal(Stage.MOU, Money(5e10, "KRW", "500억원"), 30, ("한별소재",), ("구미시",), ("경상북도",), ("구미시",))
    values = dict(zip(dealings.NAMES, dealings.fact_values("구미 한별소재", Facts((deal,))), strict=True))
    assert values["stage:mou"] == values["signed:firm_body"] == values["deal:firm_body_sum"] == 1
    assert values["built:firm_place"] == 0
    assert 0 < values["deal:size"] < 1


@pytest.mark.parametrize("value", [0.0, 1.0, 1e20])
def test_the_size_of_a_sum_stays_between_nothing_and_one(value: float) -> None:
    deal = Deal(Stage.PLAN, Money(value, "USD", "?"))
    assert 0 <= dict(zip(dealings.NAMES, dealings.fact_values("", Facts((deal,))), strict=True))["deal:size"] <= 1


def test_every_name_is_said_once(lexicon: Lexicon) -> None:
    assert len(set(lexicon.names)) == len(lexicon.names)
    assert set(OTHER_NAMES) < set(lexicon.names)


def test_an_empty_article_has_all_features(lexicon: Lexicon) -> None:
    features = read_features(article(""), Facts(), Prose("", "", ""), lexicon)
    assert len(features.dense) == len(lexicon.names)
