"""Fit the weights that say whether two articles tell one story, and measure them with events held out.

    PYTHONPATH=. python tools/train_stories.py ../shared [--fit-only | --measure-only] [--rounds 5]

``../shared`` holds ``gold/articles.dev.jsonl`` and ``data/news/``. Pairs judged by us are in
``tools/labels/stories.tsv`` (hashes of two addresses, 1 for one story; no text); their texts are looked up in
``data/news/``. Addresses in ``gold/reserved.txt`` are never read.

The regression is fitted on the labelled articles' candidate pairs that no look-alike rule parts, and on our pairs;
pairs of a province's announcement and its towns' shares are left out. Printed weights belong into ``WEIGHTS_OF`` in
``monitor/dedup/measures.py``.
"""

import argparse
import gzip
import hashlib
import json
import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.deals import DealReader
from monitor.dedup import fingerprint, same_story, story_id
from monitor.dedup.comparison import compare
from monitor.dedup.measures import FACTORS, WEIGHTS_OF
from monitor.jobs.stream import DAWN, in_order, recorded
from monitor.model import Article, ArticleKey, Facts, Fingerprint, Neighbour, StoryId
from monitor.text import Gazetteer

ROOT = Path(__file__).resolve().parent.parent
RIDGE = {"always": 0.0, "other_party": 0.3}
"""Penalty where it is not ``USUAL``: parties that differ are seen seldom, and a weight that is shrunk joins them."""
USUAL = 2.0
FOLDS, GOOD = 5, 2  # a deal story has at least grade 2
WINDOW, NEWEST, LOOK_UP = timedelta(days=21), 64, 24  # as the store looks back
Stories: TypeAlias = dict[ArticleKey, StoryId]


@dataclass(frozen=True, slots=True)
class Asked:
    """One article with its candidates."""

    article: Article
    kept: Fingerprint
    candidates: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of the regression."""

    rows: NDArray[np.float64]
    same: NDArray[np.float64]
    events: tuple[tuple[str, str], ...]

    def without(self, events: set[str]) -> "Pairs":
        """The pairs that touch none of *events*."""
        left = [at for at, pair in enumerate(self.events) if events.isdisjoint(pair)]
        return Pairs(self.rows[left], self.same[left], tuple(self.events[at] for at in left))


@dataclass(frozen=True, slots=True)
class Gold:
    """What readers say of the labelled articles."""

    event: dict[ArticleKey, str]
    parent: dict[str, str | None]
    grade: dict[str, int]

    def is_kin(self, one: str, other: str) -> bool:
        """Whether two events are a province's announcement and a town's share, or two shares of one."""
        mine, theirs = self.parent.get(one), self.parent.get(other)
        return mine == other or theirs == one or (mine is not None and mine == theirs)


def read_gold(shared: Path) -> tuple[list[Article], Gold]:
    """Return the labelled articles in the order of their discovery, each once, and their labels."""
    records = [json.loads(line) for line in (shared / "gold/articles.dev.jsonl").read_text().splitlines()]
    lines = [recorded(record, {}, number) for number, record in enumerate(records, 1)]
    labels = {record["id"]: record["gold"] for record in records}
    gold = Gold({}, {}, {})
    for each in lines:
        label = labels[each.id]
        gold.event.setdefault(each.article.key, label["event"])
        gold.parent[label["event"]] = label["parent"]
        gold.grade.setdefault(label["event"], label["grade"])
    return list({each.article.key: each.article for each in reversed(in_order(lines))}.values())[::-1], gold


def judged_pairs(shared: Path) -> Iterator[tuple[Article, Article, bool]]:
    """Yield the pairs of ``tools/labels/stories.tsv`` whose texts are found: later article, earlier one, verdict."""
    lines = (ROOT / "tools/labels/stories.tsv").read_text().splitlines()
    labels = [line.split("\t") for line in lines if not line.startswith("#")]
    texts = dict(_texts(shared, {name for label in labels for name in label[:2]}))
    for later, earlier, verdict in labels:
        if later in texts and earlier in texts:
            yield texts[later], texts[earlier], verdict == "1"


def _texts(shared: Path, wanted: set[str]) -> Iterator[tuple[str, Article]]:
    wanted -= set((shared / "gold/reserved.txt").read_text().split())
    for path in sorted((shared / "data/news").glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            for line in lines:
                record = json.loads(line)
                name = hashlib.sha1(record["url"].encode(), usedforsecurity=False).hexdigest()[:12]
                if name in wanted:
                    wanted.remove(name)
                    yield name, recorded(record, {}, 1).article


def asked_of(articles: Iterable[Article], facts: Callable[[Article], Facts]) -> list[Asked]:
    """Return each article with the candidates that the store would hand over: most shared keys first, no copies."""
    kept: list[Neighbour] = []
    owners: defaultdict[int, list[int]] = defaultdict(list)
    asked = []
    for article in articles:
        mark = fingerprint(article, facts(article))
        shares = Counter(owner for key in mark.keys for owner in owners[key][-NEWEST:])
        ranked = sorted(shares, key=lambda owner: (-shares[owner], -owner))
        near = [replace(kept[owner], shared=shares[owner]) for owner in ranked if _is_near(article, kept[owner])]
        asked.append(Asked(article, mark, tuple(near[:LOOK_UP])))
        match = same_story(article, Facts(), mark, asked[-1].candidates)
        if match is None or not match.is_copy:
            for key in mark.keys:
                owners[key].append(len(kept))
        kept.append(_neighbour(article, mark, 0))
    return asked


def _is_near(article: Article, earlier: Neighbour) -> bool:
    return abs((article.published_at or DAWN) - (earlier.published_at or DAWN)) <= WINDOW


def _neighbour(article: Article, mark: Fingerprint, shared: int) -> Neighbour:
    name, at = story_id(article.key), article.published_at or DAWN
    return Neighbour(name, article.key, article.outlet, article.title, at, article.published_at, mark.blob, shared)


def gold_pairs(asked: Sequence[Asked], gold: Gold) -> Pairs:
    """Return the candidate pairs of the labelled articles."""
    found = []
    for each in asked:
        mine = gold.event[each.article.key]
        for row, key in _rows(each):
            theirs = gold.event[key]
            if mine == theirs or not gold.is_kin(mine, theirs):
                found.append((row, float(mine == theirs), (mine, theirs)))
    return _pairs(found)


def own_pairs(shared: Path, facts: Callable[[Article], Facts]) -> Pairs:
    """Return the pairs that we judged; they belong to no event."""
    found = []
    for later, earlier, same in judged_pairs(shared):
        mark, known = fingerprint(later, facts(later)), fingerprint(earlier, facts(earlier))
        near = _neighbour(earlier, known, len(set(mark.keys) & set(known.keys)))
        found += [(row, float(same), ("", "")) for row, _ in _rows(Asked(later, mark, (near,)))]
    return _pairs(found)


def _rows(asked: Asked) -> Iterator[tuple[NDArray[np.float64], ArticleKey]]:
    compared = compare(asked.article, asked.candidates)
    if compared:
        columns = np.column_stack(compared.measured.columns())
        for at, each in enumerate(compared.neighbours):
            if not compared.parted(at):
                yield columns[at], each.article


def _pairs(found: Sequence[tuple[NDArray[np.float64], float, tuple[str, str]]]) -> Pairs:
    rows, same, events = zip(*found, strict=True)
    return Pairs(np.array(rows), np.array(same), events)


def fit(*parts: Pairs) -> NDArray[np.float64]:
    """Return the factors of a logistic regression with a ridge, by Newton's steps."""
    rows, same = np.vstack([part.rows for part in parts]), np.concatenate([part.same for part in parts])
    ridge = np.diag([RIDGE.get(name, USUAL) for name in WEIGHTS_OF])
    factors = np.zeros(len(ridge))
    for _ in range(40):
        chance = 1 / (1 + np.exp(-rows @ factors))
        slope = rows.T @ (chance - same) + ridge @ factors
        factors -= np.linalg.solve((rows.T * (chance * (1 - chance))) @ rows + ridge, slope)
    return factors


def joined(asked: Sequence[Asked], factors: NDArray[np.float64]) -> Stories:
    """Return the story that each article is told to be of, decided one after another."""
    told: Stories = {}
    for each in asked:
        candidates = [replace(one, story=told[one.article]) for one in each.candidates]
        match = same_story(each.article, Facts(), each.kept, candidates, factors)
        told[each.article.key] = match.story if match and not match.is_part else story_id(each.article.key)
    return told


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over judged events; sums over folds are sums of these."""

    right: int
    wrong: int
    missed: int
    precise: tuple[float, ...]  # of each article, B cubed
    complete: tuple[float, ...]
    told: tuple[int, ...]  # stories of each event that was told more than once
    deals: tuple[int, ...]  # of these, of deal events


def tally(told: Stories, gold: Gold, judged: set[str]) -> Tally:
    """Count the pairs, articles and events of which at least one side is in *judged*."""
    stories, events = _members(told.items()), _members(gold.event.items())
    pairs = [pair for members in stories.values() for pair in combinations((gold.event[key] for key in members), 2)]
    right = sum(one == other for one, other in pairs if one in judged)
    wrong = sum(
        one != other and not gold.is_kin(one, other) for one, other in pairs if judged.intersection((one, other))
    )
    every = sum(len(members) * (len(members) - 1) // 2 for event, members in events.items() if event in judged)
    precise, complete = [], []
    for key, event in gold.event.items():
        if event in judged:
            mates = [gold.event[other] for other in stories[told[key]]]
            precise.append(sum(one == event or gold.is_kin(one, event) for one in mates) / len(mates))
            complete.append(mates.count(event) / len(events[event]))
    counts = {event: len({told[key] for key in members}) for event, members in events.items() if len(members) > 1}
    split = tuple(count for event, count in counts.items() if event in judged)
    deals = tuple(count for event, count in counts.items() if event in judged and gold.grade[event] >= GOOD)
    return Tally(right, wrong, every - right, tuple(precise), tuple(complete), split, deals)


def _members(labels: Iterable[tuple[ArticleKey, str]]) -> dict[str, list[ArticleKey]]:
    members: defaultdict[str, list[ArticleKey]] = defaultdict(list)
    for key, label in labels:
        members[label].append(key)
    return members


def figures(tallies: Sequence[Tally]) -> dict[str, float]:
    """Return pair precision and recall, B cubed, and stories a told event."""
    right, wrong, missed = (
        sum(values) for values in zip(*((t.right, t.wrong, t.missed) for t in tallies), strict=True)
    )
    precise = mean(value for each in tallies for value in each.precise)
    complete = mean(value for each in tallies for value in each.complete)
    return {
        "pairs_p": round(right / (right + wrong), 4),
        "pairs_r": round(right / (right + missed), 4),
        "b_cubed": round(2 * precise * complete / (precise + complete), 4),
        "alerts_per_told_story": round(mean(value for each in tallies for value in each.told), 4),
        "alerts_per_told_deal_story": round(mean(value for each in tallies for value in each.deals), 4),
    }


def cross_validate(asked: Sequence[Asked], gold: Gold, pairs: Pairs, own: Pairs, rounds: int) -> list[Tally]:
    """Return the tallies of held-out events: no pair that touches one is fitted to."""
    tallies = []
    for seed in range(rounds):
        events = sorted(set(gold.event.values()))
        random.Random(seed).shuffle(events)
        for fold in range(FOLDS):
            judged = set(events[fold::FOLDS])
            tallies.append(tally(joined(asked, fit(pairs.without(judged), own)), gold, judged))
    return tallies


def main() -> None:
    """Fit, measure, print."""
    options = _options()
    places = Gazetteer.from_toml(tomllib.loads((ROOT / "config/regions.toml").read_text()))
    facts = DealReader(places).read
    articles, gold = read_gold(options.shared)
    asked = asked_of(articles, facts)
    pairs, own = gold_pairs(asked, gold), own_pairs(options.shared, facts)
    every = set(gold.event.values())
    print(json.dumps({"pairs": len(pairs.same), "own": len(own.same), "articles": len(asked), "events": len(every)}))
    if not options.measure_only:
        factors = fit(pairs, own).round(2)
        print(json.dumps({"weights": dict(zip(WEIGHTS_OF, factors.tolist(), strict=True))}))
        print(json.dumps({"apparent": figures([tally(joined(asked, factors), gold, every)])}))
    print(json.dumps({"shipped": figures([tally(joined(asked, FACTORS), gold, every)])}))
    if not options.fit_only:
        print(json.dumps({"held_out": figures(cross_validate(asked, gold, pairs, own, options.rounds))}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure-only", action="store_true")
    parser.add_argument("--fit-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
