"""What people said moves the weights a little, away from the shipped ones and never far.

A correction d of the weights is fitted to the cases: the least ``sum of w log(1 + exp(-y f)) + |d|^2 / (2 STRENGTH)``,
where f is the shipped model's log-odds plus the correction's. The bias is left alone: people judge what they were
shown, and what they were not shown must not sink with it. As d is a sum of the cases' own features, only their likeness
to each other is needed (n by n numbers for n cases), not a solver for 131,000 weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.classify import grams
from monitor.classify.features import Features
from monitor.classify.weights import BODY, DENSE_WEIGHT, HEADS, TITLE, Floats, Weights
from monitor.model import Grade

STRENGTH: Final = 1.0
_ROUNDS: Final = 25
_STILL: Final = 1e-6
_BLOCK: Final = 4096  # slots multiplied at once: 16 MB for a thousand lessons
_ANSWERS: Final = {
    Grade.DEAL: (1, 1, 1),
    Grade.ACTIVITY: (None, 1, 1),
    Grade.MENTION: (0, 0, None),
    Grade.UNRELATED: (0, 0, 0),
}
"""What a person's grade answers of the three questions: "useful" for a digest entry does not say that it is no deal,
"not relevant" does not say that it is not even a mention."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One article with the grade that a person gave it; the lessons of one story weigh 1 together."""

    features: Features
    grade: Grade
    weight: float = 1.0


def refit(weights: Weights, lessons: Sequence[Lesson], strength: float = STRENGTH) -> Weights:
    """Return *weights* with a correction that is fitted to *lessons*; the same lessons give the same weights.

    Args:
        weights: the shipped ones; a correction of a correction would count old lessons twice.
        lessons: any order; a thousand take 3 s of CPU, and cost grows with their square.
        strength: inverse of the penalty on the correction.
    """
    if not lessons:
        return weights
    standard = (np.array([each.features.dense for each in lessons]) - weights.mean) / weights.scale
    rows = [_groups(each.features) for each in lessons]
    likeness = DENSE_WEIGHT**2 * (standard @ standard.T) + _shared(rows)
    said = standard @ weights.dense + weights.bias
    said += np.array([(weights.grams[slots] * values[:, None]).sum(axis=0) for slots, values in rows])
    moved = np.stack([_moved(likeness, said[:, head], lessons, head, strength) for head in range(len(HEADS))], axis=1)
    changed = weights.grams.copy()
    for (slots, values), each in zip(rows, moved, strict=True):
        np.add.at(changed, slots, (values[:, None] * each).astype(np.float32))
    return replace(weights, grams=changed, dense=weights.dense + DENSE_WEIGHT**2 * (standard.T @ moved))


def _groups(features: Features) -> tuple[NDArray[np.int64], Floats]:
    """Return the slots of both fields and what each counts, as the grader adds them up."""
    fields = [grams.slots(text, salt) for text, salt in ((features.title_text, TITLE), (features.body_text, BODY))]
    values = [np.full(len(slots), 1 / np.sqrt(max(len(slots), 1))) for slots in fields]
    return np.concatenate(fields), np.concatenate(values)


def _shared(rows: Sequence[tuple[NDArray[np.int64], Floats]]) -> Floats:
    """Return the inner products of all pairs of rows; slots of one row alone count for that row only."""
    owner = np.repeat(np.arange(len(rows)), [len(slots) for slots, _ in rows])
    slots, values = np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])
    _, place, count = np.unique(slots, return_inverse=True, return_counts=True)
    common = count[place] > 1
    shared = np.zeros((len(rows), len(rows)))
    np.fill_diagonal(shared, np.bincount(owner[~common], values[~common] ** 2, len(rows)))
    column = (np.cumsum(count > 1) - 1)[place[common]]
    owner, values = owner[common], values[common]
    for start in range(0, int(column.max(initial=-1)) + 1, _BLOCK):
        here = (column >= start) & (column < start + _BLOCK)
        block = np.zeros((len(rows), _BLOCK), dtype=np.float32)
        np.add.at(block, (owner[here], column[here] - start), values[here])
        shared += block @ block.T
    return shared


def _moved(likeness: Floats, said: Floats, lessons: Sequence[Lesson], head: int, strength: float) -> Floats:
    """Return how far each lesson moves one question's weights along its own features (Newton's method)."""
    answers = [_ANSWERS[each.grade][head] for each in lessons]
    wanted = np.array([answer or 0 for answer in answers], dtype=np.float64)
    pull = strength * np.array(
        [0.0 if answer is None else each.weight for answer, each in zip(answers, lessons, strict=True)]
    )

    def wrong(moved: Floats) -> Floats:
        return moved - pull * (wanted - _chance(said + likeness @ moved))

    moved = np.zeros(len(lessons))
    for _ in range(_ROUNDS):
        chance = _chance(said + likeness @ moved)
        slope = np.eye(len(lessons)) + (pull * chance * (1 - chance))[:, None] * likeness
        left = wrong(moved)
        step = np.linalg.solve(slope, left)
        while np.abs(step).max() > _STILL and np.linalg.norm(wrong(moved - step)) >= np.linalg.norm(left):
            step /= 2  # far from the answer a whole step may overshoot for ever
        moved -= step
        if np.abs(step).max() < _STILL:
            break
    return moved


def _chance(odds: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-odds))
    return chance
