"""Are edited tellings found again among many stories, and at what cost?

    python -m bench.dedup STREAM.jsonl.gz [--stories 100000] [--queries 300] [--letters 480] [--json]

A stream holds one article a line with ``title`` and ``text``. The stories are synthetic: chains of the stream's own
words (order 2), with invented releases of two forms among them. Each query is a stored story edited in one of five
ways; candidates are looked up as the store does (the 24 stories that share most keys). Time is CPU of one thread.

E1 by-line and copyright line; E2 a sentence cut, 5 % of the words changed; E3 70 % kept, 15 % changed, reordered;
E4 half kept, a quarter changed, a sentence added; E5 the first 35 % only. The headline's words are changed alike.
"""

import argparse
import gzip
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from monitor.dedup import fingerprint, same_story
from monitor.model import Article, ArticleKey, Facts, Match, Neighbour, StoryId

NOW = datetime(2027, 3, 2, tzinfo=UTC)
HEADLINE, SENTENCE, LOOK_UP = 8, 12, 24
FORM = (
    "{town}는 2일 시청에서 {firm}과 {sum}억 원 규모의 투자협약을 체결했다. {firm}은 2028년까지 {town} 일반산업단지 "
    "{area}㎡ 부지에 공장을 신축하고 {jobs}명을 신규 고용할 계획이다. {town}는 인허가 등 행정 절차를 지원하고 {firm}은 "
    "지역 주민을 우선 채용하기로 했다. 시장은 지역경제 활성화에 이바지할 것으로 기대한다고 말했다."
)
Edit = Callable[[list[str], random.Random, list[str]], list[str]]


class Chain:
    """Prose with the word pairs of real news."""

    def __init__(self, path: Path, limit: int = 60_000) -> None:
        self.next: dict[tuple[str, str], list[str]] = defaultdict(list)
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for _, line in zip(range(limit), lines, strict=False):
                row = json.loads(line)
                words = f"{row.get('title') or ''} {row.get('text') or ''}".split()
                for one, two, three in zip(words, words[1:], words[2:], strict=False):
                    self.next[one, two].append(three)
        self.starts = list(self.next)
        self.words = [third for thirds in list(self.next.values())[:20_000] for third in thirds]

    def prose(self, letters: int, chance: random.Random) -> list[str]:
        state = chance.choice(self.starts)
        words, length = list(state), 0
        while length < letters:
            state = state if state in self.next else chance.choice(self.starts)
            word = chance.choice(self.next[state])
            words.append(word)
            length += len(word) + 1
            state = (state[1], word)
        return words


def article(words: list[str], key: str) -> Article:
    title, text = " ".join(words[:HEADLINE]), " ".join(words[HEADLINE:])
    return Article(ArticleKey(key), "", key, title, text, told_at(int(key.split("/", maxsplit=1)[0])))


def told_at(number: int) -> datetime:
    """Stories are spread over the three weeks that the store looks back."""
    return NOW - timedelta(seconds=number * 7919 % (21 * 86_400))


def changed(words: list[str], share: float, chance: random.Random, pool: list[str]) -> list[str]:
    return [chance.choice(pool) if chance.random() < share else word for word in words]


def bylined(words: list[str], _chance: random.Random, _pool: list[str]) -> list[str]:
    return [*words, *["김나래", "기자", "narae@paper.test", "저작권자", "무단", "전재", "및", "재배포", "금지"]]


def trimmed(words: list[str], chance: random.Random, pool: list[str]) -> list[str]:
    at = chance.randrange(HEADLINE, max(HEADLINE + 1, len(words) - SENTENCE))
    return changed(words[:at] + words[at + SENTENCE :], 0.05, chance, pool)


def _sentences(words: list[str]) -> list[list[str]]:
    return [words[at : at + SENTENCE] for at in range(HEADLINE, len(words), SENTENCE)]


def _kept(words: list[str], share: float, chance: random.Random) -> list[str]:
    sentences = _sentences(words)
    chosen = chance.sample(sentences, max(1, round(share * len(sentences))))
    return words[:HEADLINE] + [word for sentence in chosen for word in sentence]


def reordered(words: list[str], chance: random.Random, pool: list[str]) -> list[str]:
    return changed(_kept(words, 0.7, chance), 0.15, chance, pool)


def rewritten(words: list[str], chance: random.Random, pool: list[str]) -> list[str]:
    return changed(_kept(words, 0.5, chance), 0.25, chance, pool) + chance.sample(pool, SENTENCE)


def brief(words: list[str], _chance: random.Random, _pool: list[str]) -> list[str]:
    return words[: HEADLINE + round(0.35 * (len(words) - HEADLINE))]


EDITS: dict[str, Edit] = {"E1": bylined, "E2": trimmed, "E3": reordered, "E4": rewritten, "E5": brief}


@dataclass
class Index:
    """Sorted keys with their stories; blobs beside them."""

    keys: np.ndarray
    owners: np.ndarray
    blobs: list[bytes]
    bytes_a_story: float

    def neighbours(self, keys: tuple[int, ...]) -> Iterator[Neighbour]:
        wanted = np.array(keys, dtype=np.int64)
        low, high = np.searchsorted(self.keys, wanted), np.searchsorted(self.keys, wanted, side="right")
        hits = [self.owners[start:end] for start, end in zip(low, high, strict=True) if end > start]
        if not hits:
            return
        owners, counts = np.unique(np.concatenate(hits), return_counts=True)
        for at in np.argsort(-counts, kind="stable")[:LOOK_UP]:
            owner, count = int(owners[at]), int(counts[at])
            name = ArticleKey(str(owner))
            at_time = told_at(owner)
            yield Neighbour(StoryId(str(owner)), name, "", "", at_time, at_time, self.blobs[owner], count)


def build(articles: Iterator[Article]) -> tuple[Index, float]:
    keys, owners, blobs, spent = [], [], [], 0.0
    for number, one in enumerate(articles):
        start = time.thread_time()
        kept = fingerprint(one, Facts())
        spent += time.thread_time() - start
        keys.append(np.array(kept.keys, dtype=np.int64))
        owners.append(np.full(len(kept.keys), number, dtype=np.uint32))
        blobs.append(kept.blob)
    flat, owner = np.concatenate(keys), np.concatenate(owners)
    order = np.argsort(flat, kind="stable")
    size = (8 * len(flat) + sum(map(len, blobs))) / len(blobs)
    return Index(flat[order], owner[order], blobs, size), spent / len(blobs)


def ask(index: Index, one: Article) -> tuple[Match | None, float]:
    start = time.thread_time()
    kept = fingerprint(one, Facts())
    match = same_story(one, Facts(), kept, list(index.neighbours(kept.keys)))
    return match, time.thread_time() - start


def release(chance: random.Random) -> list[str]:
    firm = "".join(chance.sample("가나다라마바사아자차카타하고노도로모보소오조", 3)) + chance.choice(
        ("정밀", "소재", "바이오")
    )
    town = "".join(chance.sample("들샘해솔가온달빛미르한울", 2)) + "시"
    told = {"firm": firm, "town": town, "sum": chance.randrange(60, 4900), "jobs": chance.randrange(15, 640)}
    told["area"] = f"{chance.randrange(8, 90)},{chance.randrange(100, 999)}"
    return (f"{town}, {firm}과 {told['sum']}억 투자협약 체결로 새 일자리" + " " + FORM.format(**told)).split()


def measure(path: Path, *, stories: int, queries: int, letters: int, seed: int = 1) -> dict[str, float]:
    chance = random.Random(seed)
    chain = Chain(path)
    asked = [chain.prose(letters, chance) for _ in range(queries)]
    forms = [release(chance) for _ in range(1_000)]
    rest = (chain.prose(letters, chance) for _ in range(stories - queries - len(forms)))
    index, build_s = build(article(words, str(n)) for n, words in enumerate(_chained(asked, forms, rest)))
    figures = {"stories": stories, "bytes_a_story": round(index.bytes_a_story, 1), "build_us": round(build_s * 1e6)}
    spent = []
    for name, edit in EDITS.items():
        found = [ask(index, article(edit(words, chance, chain.words), f"{n}/{name}")) for n, words in enumerate(asked)]
        hits = sum(match is not None and match.story == str(n) for n, (match, _) in enumerate(found))
        figures[f"recall_{name}"] = round(hits / queries, 4)
        spent += [seconds for _, seconds in found]
    new = [ask(index, article(chain.prose(letters, chance), f"{n}/new"))[0] for n in range(queries)]
    other = [ask(index, article(release(chance), f"{n}/form"))[0] for n in range(queries)]
    figures["false_unrelated"] = round(sum(match is not None for match in new) / queries, 4)
    figures["false_one_form"] = round(sum(match is not None for match in other) / queries, 4)
    figures["build_and_query_us"] = round(sum(spent) / len(spent) * 1e6)
    return figures


def _chained(*parts: Iterable[list[str]]) -> Iterator[list[str]]:
    for part in parts:
        yield from part


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", type=Path)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--letters", type=int, default=480)
    parser.add_argument("--quick", action="store_true", help="5,000 stories, 100 queries")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    stories, queries = (5_000, 100) if args.quick else (args.stories, args.queries)
    figures = measure(args.stream, stories=stories, queries=queries, letters=args.letters)
    print(json.dumps(figures) if args.json else "\n".join(f"{name:20} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
