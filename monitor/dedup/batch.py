"""What is kept of several articles, side by side in arrays: one pass measures all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np

from monitor.dedup.blob import HEAD_BYTES, WITHOUT_PARTY
from monitor.dedup.grams import Flags, Short

Ints: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Bounds: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int64]]


class Part(IntEnum):
    """The parts of a blob in their order; a part ends where the next begins."""

    NAMED = 0
    TITLE = 1  # without NAMED
    BODY = 2
    TITLE_NUMBERS = 3
    BODY_NUMBERS = 4
    TITLE_PLACES = 5
    BODY_PLACES = 6
    RUNS = 7
    END = 8


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes of *n* articles, one after another."""

    codes: Short
    lengths: Ints  # codes of each article
    bounds: Bounds  # n × 9: where each part begins in ``codes``
    steps: Ints  # sampling threshold of each
    parties: Ints  # 0 where a title opens with none

    def total(self, values: Flags, first: Part, end: Part) -> Ints:
        """Count *values*, one for each code, over parts *first* up to *end* of each article."""
        return self.between(self.running(values), first, end)

    def running(self, values: Ints | Flags) -> Ints:
        """Sums of *values* up to each code, for ``between``."""
        sums = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values, out=sums[1:])
        return sums

    def between(self, running: Ints, first: Part, end: Part) -> Ints:
        """What a running sum gains over parts *first* up to *end* of each article."""
        return running[self.bounds[:, end]] - running[self.bounds[:, first]]

    def count(self, first: Part, end: Part) -> Ints:
        """Codes of each article in parts *first* up to *end*."""
        return self.bounds[:, end] - self.bounds[:, first]


def batch(blobs: Sequence[bytes]) -> Batch:
    """Read *blobs*, all of them readable and at least one."""
    packed = np.frombuffer(b"".join([blob[:HEAD_BYTES] for blob in blobs]), dtype=np.uint8)
    heads = packed.astype(np.int64).reshape(len(blobs), HEAD_BYTES)
    codes = np.frombuffer(b"".join([blob[HEAD_BYTES:] for blob in blobs]), dtype="<u2").astype(np.uint16, copy=False)
    lengths = np.array([len(blob) - HEAD_BYTES for blob in blobs], dtype=np.int64) // 2
    ends = np.cumsum(lengths)
    bounds = np.empty((len(blobs), len(Part)), dtype=np.int64)
    bounds[:, 0] = ends - lengths
    bounds[:, 1:] = bounds[:, :1] + np.cumsum(heads[:, 2:], axis=1)
    parties: Ints = np.where(heads[:, 0] == WITHOUT_PARTY, 0, codes[ends - 1].astype(np.int64))
    steps: Ints = heads[:, 1]
    return Batch(codes, lengths, bounds, steps, parties)
