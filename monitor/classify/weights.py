"""A trained model and its file: read by the grader, written by whoever trains."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ConfigError

Floats = NDArray[np.float64]

TITLE, BODY = 1, 2  # salts of the two fields
HEADS: Final = ("alert", "digest", "mention")
DENSE_WEIGHT: Final = 0.07
"""How much a standardised feature counts beside a field of syllable groups, before anything is learnt: digest F1 .733,
.708 with .15 (3 x 5 folds)."""
_OTHERS = (
    "relevance weights were trained with other cues than the topic has: train them again "
    "(weights of your own: bongsu train --revert, then bongsu train)"
)
_ARRAYS = ("grams", "mean", "scale", "dense", "bias")


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: one column a question (is it a deal, at least an activity, at least a mention)."""

    grams: NDArray[np.float32]  # (SLOTS, 3)
    mean: Floats  # (dense,)
    scale: Floats  # (dense,)
    dense: Floats  # (dense, 3), of standardised features
    bias: Floats  # (3,)
    names: tuple[str, ...]  # of the dense features
    version: str


def read_weights(packed: bytes, names: tuple[str, ...]) -> Weights:
    """Read the bytes of ``config/models/relevance.npz``.

    Raises:
        ConfigError: they cannot be read, or were trained with other features than *names*.
    """
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as file:
            parts = {name: file[name] for name in (*_ARRAYS, "names", "version")}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as broken:
        raise ConfigError((f"relevance weights cannot be read: {broken}",)) from broken
    if tuple(parts["names"].tolist()) != names:
        raise ConfigError((_OTHERS,))
    floats = {name: parts[name].astype(np.float64) for name in _ARRAYS[1:]}
    return Weights(parts["grams"].astype(np.float32), **floats, names=names, version=str(parts["version"]))


def digest(weights: Weights) -> str:
    """Return eight hex digits that name the numbers of *weights*."""
    return hashlib.sha256(b"".join(each.tobytes() for each in _stored(weights).values())).hexdigest()[:8]


def write_weights(weights: Weights) -> bytes:
    """Return the bytes of a file that ``read_weights`` reads."""
    packed, stored = io.BytesIO(), _stored(weights)
    np.savez_compressed(
        packed,
        grams=stored["grams"],
        mean=stored["mean"],
        scale=stored["scale"],
        dense=stored["dense"],
        bias=stored["bias"],
        names=np.array(weights.names),
        version=np.array(weights.version),
    )
    return packed.getvalue()


def _stored(weights: Weights) -> dict[str, NDArray[np.float32] | NDArray[np.float16]]:
    floats = {name: getattr(weights, name).astype(np.float32) for name in _ARRAYS[1:]}
    return {"grams": weights.grams.astype(np.float16)} | floats
