"""Letters into hashes: sampled runs of a text, and the pairs of letters its words are made of.

Everything is done on arrays of code points (findings/performance.md, part 4: stripping with ``re`` costs twice what
the hashing does). Hashes are fixed by the constants below; the version in a fingerprint changes when they change.
"""

from typing import TypeAlias

import numpy as np

Hashes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]
Short: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint16]]
Letters: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]

_ALL, _PRIME = (1 << 64) - 1, 0x9E3779B97F4A7C15
RUN = 5
"""Letters in a run: 5 found 71 % of half-kept rewrites where 8 found 34 % (findings/performance.md, part 4)."""

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_STEP = np.uint64(0x9E3779B97F4A7C15)
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


def runs(points: Letters) -> Hashes:
    """Hashes of every run of five letters or digits, spaces and punctuation left out, each once, ascending."""
    kept = points[_KEPT[points]]
    if len(kept) < RUN:
        return np.empty(0, dtype=np.uint64)
    rolled = kept[: len(kept) - RUN + 1].copy()
    for shift in range(1, RUN):
        rolled = rolled * _STEP + kept[shift : len(kept) - RUN + 1 + shift]
    return np.unique(mixed(rolled))


def pairs(points: Letters) -> Short:
    """16-bit hashes of neighbouring letters inside words, each once, ascending; digits part words."""
    is_letter = _LETTER[points]
    both = is_letter[:-1] & is_letter[1:]
    hashed = _pair(points[:-1][both], points[1:][both])
    return np.unique(hashed)


def pair_hashes(text: str) -> Short:
    """16-bit hashes of every two neighbours of *text*, in order."""
    points = letters(text)
    return _pair(points[:-1], points[1:])


def _pair(first: Letters, second: Letters) -> Short:
    return (mixed(first * _STEP + second) >> _S48).astype(np.uint16)


def key(*parts: int | str) -> int:
    """One 64-bit signed integer from numbers and words, the same in every process."""
    value = 0
    for part in parts:
        value = _mixed((value * _PRIME + (_word(part) if isinstance(part, str) else part)) & _ALL)
    return value - (1 << 64) if value >> 63 else value


def _word(text: str) -> int:
    value, letters_left = 1, text.encode()
    for start in range(0, len(letters_left), 8):
        value = _mixed((value * _PRIME + int.from_bytes(letters_left[start : start + 8], "little")) & _ALL)
    return value


def _mixed(value: int) -> int:
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _ALL
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _ALL
    return value ^ value >> 31
