"""What is kept of an article to know its story again: sampled text, rare pairs of letters, numbers; and index keys.

Size: at most 24 keys of 8 bytes and 210 bytes, so that a story stays below 400 bytes.
"""

import struct
from dataclasses import dataclass

import numpy as np

from monitor.dedup.grams import Hashes, Short, key, letters, pairs, runs
from monitor.dedup.prose import plain, plain_title, words
from monitor.dedup.rarity import WEIGHTS
from monitor.dedup.slots import Kind, Slot, numbers
from monitor.model import Article, Facts, Fingerprint

VERSION = 1
LEAD = 600
"""Letters of the body that name the event: the first paragraphs; feeds give 200 to 500."""
SAMPLE = 44  # runs kept of a text, whatever its length (40+ needed: findings/performance.md, part 4)
TITLE_PAIRS, BODY_PAIRS, TITLE_NUMBERS, BODY_NUMBERS = 20, 32, 6, 10
TEXT_KEYS, NAME_WORDS = 10, 4
_HEAD = struct.Struct("<BBBBBBH")
_STEPS = 8  # sampling thresholds are powers of 2 ** (1 / 8)
_TEXT, _WORD, _PAIR, _SUM = 1, 2, 3, 4  # name spaces of index keys


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is compared: everything, not only what is kept."""

    title: Short  # hashes of the title's pairs
    body: Short  # of title and lead
    title_numbers: tuple[Slot, ...]
    body_numbers: tuple[Slot, ...]  # of title and lead
    runs: Hashes


@dataclass(frozen=True, slots=True)
class Kept:
    """What a blob holds."""

    step: int
    title: Short
    body: Short
    title_numbers: Short
    body_numbers: Short
    runs: Short
    n_letters: int


def read(article: Article) -> Reading:
    """Read what identifies the story of *article*."""
    title, body = plain_title(article.title), plain(article.text)
    lead = f"{title}\n{body[:LEAD]}"
    return Reading(
        title=pairs(letters(title)),
        body=pairs(letters(lead)),
        title_numbers=numbers(title),
        body_numbers=numbers(lead),
        runs=runs(letters(body)),
    )


def fingerprint(article: Article, facts: Facts) -> Fingerprint:
    """Keep of *article* what its copies, cuts and rewrites will share.

    Args:
        article: Title and body; an empty body is a valid one (feeds give titles alone).
        facts: Parties, places and amounts when they are known; ``Facts()`` is valid.

    Returns:
        At most 24 index keys and a blob of at most 210 bytes.
    """
    reading = read(article)
    step = _step(len(reading.runs))
    sampled = _below(reading.runs, step)[: SAMPLE * 2]
    return Fingerprint(keys=_keys(article, facts, reading), blob=_pack(reading, step, sampled))


def _step(n_runs: int) -> int:
    """The finest threshold that keeps about 44 of *n_runs* runs."""
    step = 0
    while n_runs > SAMPLE * 2 ** (step / _STEPS):
        step += 1
    return step


def _below(hashes: Hashes, step: int) -> Hashes:
    if step == 0:
        return hashes
    return hashes[: int(np.searchsorted(hashes, np.uint64(2 ** (64 - step / _STEPS))))]


def sampled_short(reading: Reading, step: int) -> Short:
    """The low 16 bits of those runs of *reading* that a text with threshold *step* would keep."""
    return _below(reading.runs, step).astype(np.uint16)


def _rarest(hashes: Short, limit: int) -> Short:
    weights = WEIGHTS[hashes].astype(np.int64)
    order = np.argsort(-weights, kind="stable")  # equal weights by hash, so that two texts choose alike
    return np.sort(hashes[order[:limit]])


def rarest(reading: Reading) -> Short:
    """The pairs of title and lead that would be kept of *reading*."""
    return np.concatenate(_chosen(reading))


def _chosen(reading: Reading) -> tuple[Short, Short]:
    title = _rarest(reading.title, TITLE_PAIRS)
    return title, _rarest(np.setdiff1d(reading.body, title), BODY_PAIRS)


def _pack(reading: Reading, step: int, sampled: Hashes) -> bytes:
    title, body = _chosen(reading)
    in_title = _codes(reading.title_numbers)[:TITLE_NUMBERS]
    in_body = _codes(reading.body_numbers)
    in_body = in_body[~np.isin(in_body, in_title)][:BODY_NUMBERS]
    runs_kept = sampled.astype(np.uint16)
    n_letters = min(len(reading.runs), 0xFFFF)
    head = _HEAD.pack(VERSION, step, len(title), len(body), len(in_title), len(in_body), n_letters)
    return head + b"".join(part.astype("<u2").tobytes() for part in (title, body, in_title, in_body, runs_kept))


def unpack(blob: bytes) -> Kept | None:
    """Read a blob; ``None`` when another version wrote it."""
    if len(blob) < _HEAD.size or blob[0] != VERSION:
        return None
    _, step, n_title, n_body, n_in_title, n_in_body, n_letters = _HEAD.unpack_from(blob)
    values = np.frombuffer(blob, dtype="<u2", offset=_HEAD.size).astype(np.uint16)
    ends = np.cumsum([n_title, n_body, n_in_title, n_in_body])
    title, body, in_title, in_body, sampled = np.split(values, ends)
    return Kept(step, title, body, in_title, in_body, sampled, n_letters)


def _codes(slots: tuple[Slot, ...]) -> Short:
    return np.array([slot.code for slot in slots], dtype=np.uint16)


def _keys(article: Article, facts: Facts, reading: Reading) -> tuple[int, ...]:
    text = [key(_TEXT, int(value)) for value in reading.runs[:TEXT_KEYS]]
    names = _names(article, facts)
    singles = [key(_WORD, name) for name in names]
    couples = [key(_PAIR, *sorted((one, other))) for i, one in enumerate(names) for other in names[:i]]
    money = [slot.code for slot in reading.body_numbers if slot.kind is Kind.MONEY][:2]
    sums = [key(_SUM, code, name) for code in money for name in names[:2]]
    return tuple(dict.fromkeys(text + singles + couples + sums))


def _names(article: Article, facts: Facts) -> tuple[str, ...]:
    """The rarest words of the title: whose story it is."""
    del facts
    found = words(plain_title(article.title))
    ranked = sorted(found, key=lambda word: (-_rarity(word), word))
    return tuple(ranked[:NAME_WORDS])


def _rarity(word: str) -> int:
    hashed = pairs(letters(word))
    return int(WEIGHTS[hashed].sum())
