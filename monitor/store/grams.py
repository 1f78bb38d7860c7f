"""Korean text as bigrams, so that two syllables find what they stand in.

Eojeol as words miss 23–43 % of true hits (particles stick to nouns) and trigrams find no word of two syllables at
all; bigrams of each run of Hangul find every one.
"""

import re
import unicodedata
from itertools import pairwise

LONGEST = 64
"""Letters of a Latin token; what is longer is no word."""
PARTED = 4
"""Letters of a word that may also be written in parts: a part of one syllable would match far too much."""
_SYLLABLE_BEFORE = re.compile(r"([가-힣ㄱ-ㅎㅏ-ㅣ一-鿿ぁ-ヿ])\s+$")
_RUN = re.compile(r"([가-힣ㄱ-ㅎㅏ-ㅣ一-鿿ぁ-ヿ]+)|([^\W_가-힣ㄱ-ㅎㅏ-ㅣ一-鿿ぁ-ヿ]+)")


def grams(text: str) -> tuple[str, ...]:
    """Return the distinct tokens of a text, in no particular order.

    Example:
        >>> sorted(grams("투자협약, MOU 3건"))
        ['3', 'mou', '건', '자협', '투자', '협약']
    """
    return tuple({token for run in _RUN.finditer(folded(text)) for token in _tokens(run)})


def folded(text: str) -> str:
    """Return the text as it is compared: NFC, lower case."""
    return unicodedata.normalize("NFC", text).lower()


def words(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded; all of them must be found."""
    return tuple(dict.fromkeys(folded(query).split()))


def spots(query: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where *text* says words of *query*, as (start, end) from left to right, without overlap.

    Example:
        >>> spots("투자협약 mou", "광주시 투자 협약(MOU)")
        ((4, 9), (10, 13))
    """
    asked_for = sorted(words(query), key=len, reverse=True)
    one = "|".join((" ?" if len(word) >= PARTED else "").join(map(re.escape, word)) for word in asked_for)
    return tuple(found.span() for found in re.finditer(one, text, re.IGNORECASE)) if one else ()


Term = tuple[str, bool]
"""A token to look for, and whether it is only the beginning of one."""


def asked(query: str, *, as_written: bool = False) -> tuple[tuple[Term, ...], ...]:
    """Return what a text must say: of each group of terms at least one.

    Spaces are set freely in Korean. A word of four syllables or more may be parted where both parts keep two: the pair
    of syllables across the gap may be missing, but every syllable stands in some pair. A syllable alone begins some
    pair, or ends the one it makes with the word before; a Latin word may be cut short.

    Args:
        query: the words.
        as_written: every pair of a word must be there.

    Example:
        >>> asked("투자 협")
        ((('투자', False),), (('협', True), ('자협', False)))
        >>> asked("투자협약")
        ((('투자', False),), (('협약', False),))
    """
    folds = folded(query)
    found: dict[tuple[Term, ...], None] = {}
    for run in _RUN.finditer(folds):
        found |= dict.fromkeys(_groups(run, folds, as_written=as_written))
    return tuple(found)


def _groups(run: "re.Match[str]", query: str, *, as_written: bool) -> list[tuple[Term, ...]]:
    tokens = _tokens(run)
    if run.group(1) is None:
        return [((tokens[0], True),)]
    if len(run.group(1)) == 1:
        before = _SYLLABLE_BEFORE.search(query, 0, run.start())
        return [((tokens[0], True), *(((before.group(1) + tokens[0], False),) if before else ()))]
    if as_written or len(run.group(1)) < PARTED:
        return [((token, False),) for token in tokens]
    inner = tokens[1:-1]
    either = [((one, False), (other, False)) for one, other in pairwise(inner)]
    return [((tokens[0], False),), *either, ((tokens[-1], False),)]


def _tokens(run: "re.Match[str]") -> list[str]:
    syllables, latin = run.groups()
    if latin is not None:
        return [latin[:LONGEST]]
    return [syllables[at : at + 2] for at in range(len(syllables) - 1)] or [syllables]
