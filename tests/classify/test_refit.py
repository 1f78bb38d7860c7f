"""What people said moves the weights a little: towards them, and nowhere else."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from monitor.classify import Grader, Lesson
from monitor.classify.refit import refit
from monitor.classify.weights import DENSE_WEIGHT
from monitor.model import Article, ArticleKey, Facts, Grade

ROOT = Path(__file__).resolve().parents[2]
TOPIC = tomllib.loads((ROOT / "config/topics/investment.toml").read_text())
SIGNED = (
    "한별시, 배터리 소재 기업과 1200억 투자협약",
    "한별시는 12일 ㈜누리셀과 1200억원 규모의 투자협약을 체결했다고 밝혔다. 산업단지에 공장을 짓고 150명을 고용한다.",
)
WELFARE = (
    "바른은행, 시니어 고객 위한 업무협약 체결",
    "바른은행은 누리복지재단과 시니어 고객의 건강한 노후를 위한 업무협약을 체결했다고 3일 밝혔다.",
)
GAME = (
    "프로야구 개막전 매진…홈팀 3연승",
    "홈팀이 9회말 끝내기 안타로 3연승을 달렸다. 선발 투수는 7이닝 1실점으로 호투했다.",
)


@pytest.fixture(scope="module")
def grader() -> Grader:
    return Grader.load((ROOT / "config/models/relevance.npz").read_bytes(), TOPIC)


def lesson(grader: Grader, told: tuple[str, str], grade: Grade, weight: float = 1.0) -> Lesson:
    article = Article(ArticleKey(""), "https://news.example/a/1", "가온일보", *told, None)
    return Lesson(grader.read(article, Facts()), grade, weight)


def odds(grader: Grader, told: tuple[str, str], *lessons: Lesson, strength: float = 1.0) -> np.ndarray:
    taught = Grader.of(grader.lexicon, refit(grader.weights, lessons, strength))
    chance = np.array(taught.probabilities(lesson(grader, told, Grade.DEAL).features))
    return np.log(chance / (1 - chance))


@pytest.mark.parametrize("told", [SIGNED, WELFARE, GAME])
@pytest.mark.parametrize(("grade", "way"), [(Grade.DEAL, 1), (Grade.MENTION, -1)])
def test_an_article_moves_the_way_that_was_said(grader: Grader, told: tuple[str, str], grade: Grade, way: int) -> None:
    said = lesson(grader, told, grade)
    mild, strong = (odds(grader, told, said, strength=strength) for strength in (0.1, 1.0))
    before = odds(grader, told)

    assert all(way * (mild - before)[:2] > 0)
    assert all(way * (strong - mild)[:2] > 0)


def test_the_correction_is_the_best_one(grader: Grader) -> None:
    """At the least penalised loss every lesson pulls with strength times what is still wrong about it."""
    strength, said = 3.0, (lesson(grader, SIGNED, Grade.MENTION), lesson(grader, WELFARE, Grade.DEAL))
    taught = refit(grader.weights, said, strength)
    told = Grader.of(grader.lexicon, taught)
    standard = np.array([(each.features.dense - taught.mean) / taught.scale for each in said])
    wrong = [answer - told.probabilities(each.features)[0] for answer, each in zip((0, 1), said, strict=True)]
    moved = DENSE_WEIGHT**2 * strength * standard.T @ np.array(wrong)

    assert np.allclose(taught.dense[:, 0] - grader.weights.dense[:, 0], moved, atol=1e-4)


def test_two_who_contradict_each_other_move_less_than_one(grader: Grader) -> None:
    for_it, against = lesson(grader, WELFARE, Grade.DEAL), lesson(grader, WELFARE, Grade.MENTION)
    alone = odds(grader, WELFARE, for_it) - odds(grader, WELFARE)
    both = odds(grader, WELFARE, for_it, against) - odds(grader, WELFARE)

    assert all(np.abs(both)[:2] < np.abs(alone)[:2])


def test_what_nobody_spoke_of_stays_nearly_where_it_was(grader: Grader) -> None:
    against = lesson(grader, WELFARE, Grade.MENTION)
    own = np.abs(odds(grader, WELFARE, against) - odds(grader, WELFARE))[0]

    assert np.abs(odds(grader, GAME, against) - odds(grader, GAME))[0] < own / 5


def test_a_question_that_was_not_answered_is_left_alone(grader: Grader) -> None:
    useful, irrelevant = (lesson(grader, SIGNED, grade) for grade in (Grade.ACTIVITY, Grade.MENTION))
    before, after = grader.weights.dense, refit(grader.weights, (useful,)).dense

    assert np.array_equal(before[:, 0], after[:, 0])
    assert not np.array_equal(before[:, 1], after[:, 1])
    assert np.array_equal(before[:, 2], refit(grader.weights, (irrelevant,)).dense[:, 2])


def test_copies_of_one_story_weigh_as_one(grader: Grader) -> None:
    once = odds(grader, SIGNED, lesson(grader, SIGNED, Grade.MENTION))
    halves = odds(grader, SIGNED, *(lesson(grader, SIGNED, Grade.MENTION, 0.5) for _ in range(2)))

    assert np.allclose(once, halves, atol=1e-6)


def test_taught_weights_are_named_and_kept_in_a_file(grader: Grader) -> None:
    taught = grader.taught((lesson(grader, WELFARE, Grade.DEAL),))
    again = Grader.load(taught.packed(), TOPIC)
    told = lesson(grader, WELFARE, Grade.DEAL).features

    assert taught.weights.version.startswith(f"{grader.weights.version}+")
    assert again.weights.version == taught.weights.version
    assert np.allclose(again.probabilities(told), taught.probabilities(told), atol=1e-3)
    assert replace(refit(grader.weights, ()), version="") == replace(grader.weights, version="")
