"""Grades of invented articles of each kind: what an officer is alerted to, reads in the digest, never sees."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.classify import Grader
from monitor.classify.lexicon import read_lexicon
from monitor.classify.trust import trusted
from monitor.errors import ConfigError
from monitor.model import Article, ArticleKey, Deal, Facts, Grade, Money, Stage

ROOT = Path(__file__).resolve().parents[2]


def topic() -> dict[str, object]:
    return tomllib.loads((ROOT / "config/topics/investment.toml").read_text())


@pytest.fixture(scope="module")
def grader() -> Grader:
    return Grader.load((ROOT / "config/models/relevance.npz").read_bytes(), topic())


def article(title: str, text: str, outlet: str = "가온일보") -> Article:
    return Article(ArticleKey(""), "https://news.example/a/1", outlet, title, text, None)


DEALS = (
    (
        "경북도·구미시, 배터리 소재 기업과 1200억 투자협약",
        """경북도와 구미시는 12일 도청에서 ㈜한별소재와 1200억원 규모의 투자협약을 체결했다고 밝혔다.
        한별소재는 2028년까지 구미국가산업단지 3만㎡ 부지에 생산시설을 신설하고 150명을 신규 고용할 계획이다.""",
    ),
    (
        "충주시, 3개 기업과 850억 규모 투자협약 체결",
        """충주시는 20일 시청에서 다온테크 등 3개 기업과 총 850억 원 규모의 투자협약을 맺었다. 이들 기업은 충주
        메가폴리스 산업단지에 공장을 증설하고 200여 명을 채용한다.""",
    ),
)
IDLE = (
    (
        "[특징주] 누리전자, 신규 투자 소식에 7% 급등",
        "누리전자 주가가 장중 7% 급등했다. 코스닥 시장에서 전 거래일보다 700원 오른 1만700원에 거래됐다.",
    ),
    (
        "프로야구 개막전 매진…홈팀 3연승",
        "홈팀이 9회말 끝내기 안타로 3연승을 달렸다. 선발 투수는 7이닝 1실점으로 호투했다.",
    ),
)
MENTIONS = (
    (
        "바른은행, 시니어 고객 위한 업무협약 체결",
        "바른은행은 누리복지재단과 시니어 고객의 건강한 노후를 위한 업무협약을 체결했다고 3일 밝혔다.",
    ),
)


@pytest.mark.parametrize(("title", "text"), DEALS)
def test_a_signed_investment_in_a_region_is_an_alert(grader: Grader, title: str, text: str) -> None:
    assert grader.grade(article(title, text), Facts()).grade is Grade.DEAL


@pytest.mark.parametrize(("title", "text"), IDLE)
def test_markets_and_sport_are_unrelated(grader: Grader, title: str, text: str) -> None:
    assert grader.grade(article(title, text), Facts()).grade is Grade.UNRELATED


@pytest.mark.parametrize(("title", "text"), MENTIONS)
def test_a_welfare_agreement_is_at_most_a_mention(grader: Grader, title: str, text: str) -> None:
    assert grader.grade(article(title, text), Facts()).grade <= Grade.MENTION


def test_the_same_article_is_graded_the_same(grader: Grader) -> None:
    told = article(*DEALS[0])
    assert grader.grade(told, Facts()) == grader.grade(told, Facts())


def test_mark_up_does_not_change_the_grade(grader: Grader) -> None:
    title, text = DEALS[1]
    marked = article(title.replace("·", "&amp;middot;"), f"<table><tr><td></td></tr></table><p>{text}</p>")
    assert grader.grade(marked, Facts()).grade is Grade.DEAL


@pytest.mark.parametrize("text", ["", " ", "<", "&", "가", "\u200b" * 50])
def test_an_empty_or_broken_body_is_graded_by_its_title(grader: Grader, text: str) -> None:
    relevance = grader.grade(article("오늘의 날씨", text), Facts())
    assert relevance.grade is Grade.UNRELATED
    assert 0 <= relevance.score <= 1


def test_reasons_are_words_and_the_version_is_named(grader: Grader) -> None:
    relevance = grader.grade(article(*DEALS[0]), Facts())
    assert relevance.version.startswith("relevance-")
    assert relevance.why
    assert all(reason.text and reason.weight for reason in relevance.why)


def test_weights_that_cannot_be_read_are_a_mistake_of_the_configuration() -> None:
    with pytest.raises(ConfigError):
        Grader.load(b"not a zip file", topic())


def test_weights_of_another_topic_are_refused() -> None:
    other = topic()
    other["cue"] = other["cue"][:-1]
    with pytest.raises(ConfigError, match="train them again"):
        Grader.load((ROOT / "config/models/relevance.npz").read_bytes(), other)


@pytest.mark.parametrize("table", ["thresholds", "doubt", "reading", "cue", "pattern", "places", "outlets", "sections"])
def test_a_topic_without_a_table_is_refused(table: str) -> None:
    broken = topic()
    del broken[table]
    with pytest.raises(ConfigError, match=table):
        Grader.load((ROOT / "config/models/relevance.npz").read_bytes(), broken)


# ---- doubt before an alert ---------------------------------------------------------------------------

LEXICON = read_lexicon(topic())
SUM = Money(120_000_000_000, "KRW", "1200억원")


@pytest.mark.parametrize(
    ("title", "deal", "expected"),
    [
        ("한별소재, 나래에 공장", Deal(stage=Stage.PLAN, companies=("한별소재",), amount=SUM), 0.8),
        ("나래시, 한별소재와 협약", Deal(stage=Stage.MOU, companies=("한별소재",), authorities=("나래시",)), 0.8),
        ("한별소재, 나래에 공장", Deal(stage=Stage.BUILD, companies=("한별소재",)), 0.4),
        ("한별소재 공장 이야기", None, 0.4),
        ("[특징주] 한별소재, 나래 공장 소식에 급등", Deal(stage=Stage.PLAN, amount=SUM), 0.0),
        ("나래 한별소재 공장서 화재", Deal(stage=Stage.BUILD, amount=SUM), 0.0),
        ("[사설] 한별소재, 나래에 공장…기대 크다", Deal(stage=Stage.PLAN, amount=SUM), 0.0),
        ("<데스크 칼럼>한별소재의 나래 공장", Deal(stage=Stage.PLAN, amount=SUM), 0.0),
    ],
)
def test_words_alone_are_doubted_and_annoying_families_never_alert(
    title: str, deal: Deal | None, expected: float
) -> None:
    facts = Facts(deals=(deal,) if deal else ())
    assert trusted(0.8, title, facts, LEXICON) == pytest.approx(expected)


@given(st.floats(0, 1), st.text(max_size=40))
def test_doubt_never_raises_a_probability(alert: float, title: str) -> None:
    assert 0 <= trusted(alert, title, Facts(), LEXICON) <= alert
