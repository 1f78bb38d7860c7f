"""The bytes that are kept of an article: its rarest pairs of letters, numbers, places and a sample of its text.

Everything is 16 bits wide: comparing two samples of 44 gives a false hit in one of 34, and two words cost four bytes.
"""

import struct
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from monitor.dedup.grams import Short, among
from monitor.dedup.rarity import WEIGHTS
from monitor.dedup.reading import Reading
from monitor.dedup.slots import Slot

VERSION, WITHOUT_PARTY = 2, 1
"""Blobs of the version before are read as if their titles opened with no party."""
SAMPLE = 44
"""Runs kept of a text, whatever its length: 40 or more are needed (findings/performance.md, part 4)."""
TITLE_PAIRS, BODY_PAIRS, TITLE_NUMBERS, BODY_NUMBERS, PLACES = 18, 28, 6, 10, 3
_HEAD = struct.Struct("<10B")
HEAD_BYTES = _HEAD.size
"""Version, threshold, and how many codes each of eight parts has."""
_STEPS = 8  # sampling thresholds are powers of 2 ** (1 / 8)
LIMITS = np.array([2**64 - 1, *(int(2 ** (64 - step / _STEPS)) for step in range(1, 256))], dtype=np.uint64)
"""Sampling thresholds: a text with threshold *step* keeps its runs below ``LIMITS[step]``."""


Codes: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a blob holds, its runs left out: they are compared in a batch. Plain integers: they are few."""

    party: int
    named: Codes
    title: Codes  # with ``named``
    body: Codes  # without ``title``
    title_numbers: Codes
    body_numbers: Codes  # without ``title_numbers``
    title_places: Codes
    body_places: Codes  # without ``title_places``


def pack(reading: Reading) -> bytes:
    """Write what is kept of *reading*: 10 bytes and two for each hash."""
    step = _step(len(reading.runs))
    title, body = chosen(reading)
    named = among(title, reading.named)
    in_title = codes(reading.title_numbers)[:TITLE_NUMBERS]
    in_body = codes(reading.body_numbers)
    parts = (
        title[named],
        title[~named],
        body,
        in_title,
        in_body[~among(in_body, in_title)][:BODY_NUMBERS],
        reading.title_places[:PLACES],
        reading.body_places[~among(reading.body_places, reading.title_places)][:PLACES],
        reading.runs[: min(SAMPLE * 2, int(np.searchsorted(reading.runs, LIMITS[step])))].astype(np.uint16),
    )
    head = _HEAD.pack(VERSION, step, *(len(part) for part in parts))
    return head + np.concatenate((*parts, [reading.party])).astype("<u2").tobytes()


def readable(blob: bytes) -> bool:
    """Whether *blob* was written by this version or the one before."""
    return len(blob) >= HEAD_BYTES and blob[0] in {VERSION, WITHOUT_PARTY}


def unpack(blob: bytes) -> Kept:
    """Read a readable blob."""
    _, _, *counts, _ = _HEAD.unpack_from(blob)
    values = struct.unpack_from(f"<{sum(counts)}H", blob, _HEAD.size)
    parts, start = [], 0
    for count in counts:
        parts.append(values[start : start + count])
        start += count
    party = 0 if blob[0] == WITHOUT_PARTY else int.from_bytes(blob[-2:], "little")
    return Kept(party, parts[0], parts[0] + parts[1], *parts[2:])


def chosen(reading: Reading) -> tuple[Short, Short]:
    """The pairs of the title and of the lead that are kept of *reading*."""
    title = _rarest(reading.title, TITLE_PAIRS)
    return title, _rarest(reading.body[~among(reading.body, title)], BODY_PAIRS)


def codes(slots: tuple[Slot, ...]) -> Short:
    """Codes of *slots* as an array."""
    return np.array([slot.code for slot in slots], dtype=np.uint16)


def _step(n_runs: int) -> int:
    """The finest threshold that keeps about 44 of *n_runs* runs."""
    return max(0, int(np.ceil(_STEPS * np.log2(max(1, n_runs) / SAMPLE))))


def _rarest(hashes: Short, limit: int) -> Short:
    order = np.argsort(-WEIGHTS[hashes].astype(np.int64), kind="stable")  # ties by hash, so that two texts choose alike
    return hashes[order[:limit]]
