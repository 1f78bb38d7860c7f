"""Measure what learning from people's verdicts does to articles that nobody judged, with simulated people.

    PYTHONPATH=. python tools/measure_verdicts.py SHARED [--strengths 0.1 0.3 1]

Each partition trains on three folds, shows a fourth to a simulated reader, corrects the weights by what the reader
says (``monitor.classify.refit``) and measures on the fifth. A reader calls what is shown useful when its label says
digest or more, and errs once in ten. A second reader also wants nothing of one kind of news: deals that name no firm.
"""

import argparse
import json
import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.model_selection import StratifiedGroupKFold
from train_relevance import (
    DENSE_WEIGHT,
    ROOT,
    SEEDS,
    TRUST,
    figures,
    fit,
    gram_matrix,
    groups,
    packed,
    rarity,
    read_all,
    read_rows,
)

from monitor.classify import Grader, Lesson
from monitor.classify.features import Features
from monitor.classify.lexicon import read_lexicon
from monitor.classify.refit import refit
from monitor.deals import DealReader
from monitor.model import Grade
from monitor.text import Gazetteer

FOLDS, SLIPS = 5, 0.1
SHOWN = 2  # grade from which a reader sees it

Reader = Callable[[int], bool]
Said = dict[tuple[str, float], NDArray[np.int64]]  # reader and strength (0: nothing learnt) -> grades of all rows


class Town:
    """Labelled articles, their features, and graders trained on some of them."""

    def __init__(self, shared: Path) -> None:
        self.lexicon = read_lexicon(tomllib.loads((ROOT / "config/topics/investment.toml").read_text()))
        places = Gazetteer.from_toml(tomllib.loads((ROOT / "config/regions.toml").read_text()))
        self.rows = read_rows(shared)
        self.features = read_all(self.rows, self.lexicon, DealReader(places).read)
        self.grades = np.array([row.grade for row in self.rows])
        self.gold = np.array([row.origin == "gold" for row in self.rows])
        self.families = groups(self.rows)
        firm = self.lexicon.names.index("deal:firm")
        deals = self.lexicon.names.index("deals")
        dense = np.array([each.dense for each in self.features])
        self.firmless = (dense[:, deals] > 0) & (dense[:, firm] == 0)

    def grader(self, train: NDArray[np.int64]) -> Grader:
        """Train as the shipped weights are, on *train* alone."""
        features = [self.features[index] for index in train]
        dense = np.array([each.dense for each in features])
        mean, scale = dense.mean(axis=0), dense.std(axis=0) + 1e-3
        slots = gram_matrix(features)
        weight_of = rarity(slots)
        columns = sparse.hstack([slots @ sparse.diags(weight_of), (dense - mean) / scale * DENSE_WEIGHT]).tocsr()
        trust = np.array([TRUST[self.rows[index].origin] for index in train])
        found, bias = fit(columns, self.grades[train], trust)
        return Grader.of(self.lexicon, packed(found, bias, weight_of, mean, scale, self.lexicon.names))


def grades_of(grader: Grader, features: Sequence[Features]) -> NDArray[np.int64]:
    return np.array([int(grader.grade_of(*grader.probabilities(each))) for each in features])


def lessons(
    town: Town, shown: NDArray[np.int64], said: NDArray[np.int64], likes: Reader, chance: random.Random
) -> list[Lesson]:
    """Return what a reader says of the articles that were shown, as ``jobs.cases`` labels it."""
    seen = [(index, grade) for index, grade in zip(shown, said, strict=True) if grade >= SHOWN]
    tellings = Counter(town.families[index] for index, _ in seen)
    kinds = []
    for index, grade in seen:
        useful = likes(index) != (chance.random() < SLIPS)
        worth = Grade(max(SHOWN, grade)) if useful else Grade.MENTION
        kinds.append(Lesson(town.features[index], worth, 1 / tellings[town.families[index]]))
    return kinds


def main() -> None:
    options = _options()
    town = Town(options.shared)
    readers = {
        "fair": lambda index: town.grades[index] >= SHOWN,
        "no firmless deals": lambda index: town.grades[index] >= SHOWN and not town.firmless[index],
    }
    for seed in SEEDS[: options.partitions]:
        said, taught = _partition(town, readers, options.strengths, seed)
        for (reader, strength), grades in said.items():
            print(
                json.dumps(
                    {"seed": seed, "reader": reader, "strength": strength, **_told(town, grades), **taught[reader]}
                )
            )


def _partition(
    town: Town, readers: dict[str, Reader], strengths: Sequence[float], seed: int
) -> tuple[Said, dict[str, Counter[str]]]:
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    folds = [test for _, test in splitter.split(town.grades, town.grades, town.families)]
    chance, said = random.Random(seed), defaultdict(lambda: np.zeros_like(town.grades))
    counts = {reader: Counter() for reader in readers}
    for number, test in enumerate(folds):
        pool = folds[(number + 1) % FOLDS]
        base = town.grader(np.setdiff1d(np.arange(len(town.rows)), np.concatenate([test, pool])))
        shown = pool[town.gold[pool]]
        first = grades_of(base, [town.features[index] for index in shown])
        tested = [town.features[index] for index in test]
        for reader, likes in readers.items():
            learnt = lessons(town, shown, first, likes, chance)
            counts[reader].update({"lessons": len(learnt), "disliked": sum(one.grade < SHOWN for one in learnt)})
            said[reader, 0.0][test] = grades_of(base, tested)
            for strength in strengths:
                corrected = Grader.of(town.lexicon, refit(base.weights, learnt, strength))
                said[reader, strength][test] = grades_of(corrected, tested)
    return said, counts


def _told(town: Town, said: NDArray[np.int64]) -> dict[str, float]:
    """Return the usual figures on gold, and the share of worthy deals without a firm that are still shown."""
    worthy = town.gold & town.firmless & (town.grades >= SHOWN)
    told = figures(town.grades[town.gold], said[town.gold])
    return told | {"firmless_shown": round(float((said[worthy] >= SHOWN).mean()), 3)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--strengths", type=float, nargs="+", default=(0.1, 0.3, 1.0, 3.0))
    parser.add_argument("--partitions", type=int, default=len(SEEDS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
