"""Letters into hashes: sampled runs of a text, and the pairs of letters its words are made of.

Everything is done on arrays of code points (findings/performance.md, part 4: stripping with ``re`` costs twice what
the hashing does). Hashes are fixed by the constants below; the version in a fingerprint changes when they change.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias, TypeVar
from zlib import crc32

import numpy as np

Hashes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]
Short: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint16]]
Flags: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]
Letters: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]
Array = TypeVar("Array", Hashes, Short)

RUN = 5
"""Letters in a run: 5 found 71 % of half-kept rewrites where 8 found 34 % (findings/performance.md, part 4)."""

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = 0x9E3779B1
_S30, _S27, _S31, _S48 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(48)
_LETTER = np.zeros(0x10000, dtype=bool)
_LETTER[0xAC00:0xD7A4] = True
_LETTER[ord("a") : ord("z") + 1] = True
_LETTER[0x4E00:0xA000] = True
_DIGIT = np.zeros(0x10000, dtype=bool)
_DIGIT[ord("0") : ord("9") + 1] = True
_KEPT = _LETTER | _DIGIT


def mixed(values: Hashes) -> Hashes:
    """Hash integers to 64 well-spread bits (the finaliser of splitmix64)."""
    values = (values ^ (values >> _S30)) * _MIX[0]
    values = (values ^ (values >> _S27)) * _MIX[1]
    return values ^ (values >> _S31)


def letters(text: str) -> Letters:
    """Code points of *text*, those outside the basic plane as zero."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    return np.where(points < np.uint64(0x10000), points, np.uint64(0))


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of five letters or digits in reading order, spaces and punctuation left out."""

    hashes: Hashes
    inner: Short  # 16-bit hashes of the pairs inside, four a run; row i of pairs starts at pair i
    joined: Flags  # whether a pair stands in one word


def runs(points: Letters) -> Runs:
    """Hash every run of *points*."""
    where = np.flatnonzero(_KEPT[points])
    kept = points[where]
    if len(kept) < RUN:
        return Runs(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint16), np.empty(0, dtype=bool))
    rolled = kept[: len(kept) - RUN + 1].copy()
    for shift in range(1, RUN):
        rolled = rolled * _STEP + kept[shift : len(kept) - RUN + 1 + shift]
    return Runs(mixed(rolled), _pair(kept[:-1], kept[1:]), np.diff(where) == 1)


def pairs(points: Letters) -> Short:
    """16-bit hashes of neighbouring letters inside words, each once, ascending; digits part words."""
    is_letter = _LETTER[points]
    both = is_letter[:-1] & is_letter[1:]
    return ascending(_pair(points[:-1][both], points[1:][both]))


def among(hashes: Short, few: Short) -> Flags:
    """Which of *hashes* stand in *few*.

    A sorted search: a table of 65,536 flags takes 27 µs to get from the system and ``np.isin`` 40, this 4.
    """
    if not len(few):
        return np.zeros(len(hashes), dtype=bool)
    ordered = np.sort(few)
    found: Flags = ordered[np.minimum(np.searchsorted(ordered, hashes), len(ordered) - 1)] == hashes
    return found


def pair_hashes(text: str) -> Short:
    """16-bit hashes of every two neighbours of *text*, in order."""
    points = letters(text)
    return _pair(points[:-1], points[1:])


def _pair(first: Letters, second: Letters) -> Short:
    return (mixed(first * _STEP + second) >> _S48).astype(np.uint16)


def key(*parts: int | str) -> int:
    """One 64-bit signed integer from numbers and words, the same in every process."""
    digest = blake2b("\0".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def bits(text: str, width: int) -> int:
    """A hash of a short word, *width* bits wide."""
    return (crc32(text.encode()) * _SPREAD & 0xFFFFFFFF) >> (32 - width)


def ascending(hashes: Array) -> Array:
    """Each of *hashes* once, ascending (``np.unique`` takes five times as long on a thousand)."""
    ordered = np.sort(hashes)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered
