"""Where a Korean noun ends and its particle begins."""

import re
from typing import Final

_FIRST, _LAST = ord("가"), ord("힣")
_RIEUL: Final = 8  # index of the final consonant ㄹ, after which 로 stands for 으로

# Longest first. True: only after a final consonant; False: only without one; None: after either.
_PARTICLES: Final[tuple[tuple[str, bool | None], ...]] = (
    ("으로부터", True), ("이라며", True), ("이라고", True), ("측은", None), ("측이", None), ("측과", None),
    ("에서는", None), ("에게서", None), ("로부터", False), ("으로", True), ("에서", None), ("에는", None),
    ("에게", None), ("에도", None), ("까지", None), ("부터", None), ("이다", True), ("이며", True), ("이나", True),
    ("처럼", None), ("보다", None), ("라고", False), ("와의", False), ("과의", True), ("은", True), ("는", False),
    ("이", True), ("가", False), ("을", True), ("를", False), ("과", True), ("와", False), ("의", None), ("에", None),
    ("도", None), ("로", False), ("만", None), ("측", None), ("등", None), ("사", None),
)  # fmt: skip
_NEVER = re.compile(r"[A-Za-z0-9)]$")


def final_consonant(syllable: str) -> int:
    """Return the index of a Hangul syllable's final consonant, 0 for none; -1 for a sign that is no syllable."""
    code = ord(syllable[-1])
    return (code - _FIRST) % 28 if _FIRST <= code <= _LAST else -1


def split_particle(word: str, *, least: int = 2) -> tuple[str, str]:
    """Split *word* into a noun of at least *least* signs and its particle (``""`` when there is none).

    은/는, 이/가, 을/를, 과/와 are split off only where the sound before them allows it.

    Example:
        >>> split_particle("새빛전자는"), split_particle("하늘바이오")
        (('새빛전자', '는'), ('하늘바이오', ''))
    """
    for particle, after_consonant in _PARTICLES:
        noun = word.removesuffix(particle)
        if noun == word or len(noun) < least or particle == "사":
            continue
        final = final_consonant(noun)
        if final < 0 or after_consonant is None or _agrees(particle, final, after_consonant=after_consonant):
            return noun, particle
    return word, ""


def _agrees(particle: str, final: int, *, after_consonant: bool) -> bool:
    if particle.startswith("로"):
        return final in {0, _RIEUL}
    return (final > 0) == after_consonant
