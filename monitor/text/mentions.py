"""Which of many given names stand in a text? One pass, however many names there are."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from monitor.text.trie import pattern_of

_LEGAL = re.compile(r"^(?:주식회사|\(주\))\s*|\s*(?:주식회사|\(주\))$")
_LETTER: Final = "[가-힣a-z0-9]"
_END: Final = (
    r"(?=(?:그룹|측|사|씨|님)?(?:(?:으로|에서|에게|까지|부터|이다|이며|이라는|[은는이가을를과와의에도로만등])의?)?"
    rf"(?!{_LETTER}))"
)
"""A name ends where its word ends, or a particle follows: 가온 is named in "가온은", not in "가온누리"."""


def folded(text: str) -> str:
    """Return *text* as names are compared: one form of each sign (㈜ is (주)), small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def name_key(name: str) -> str:
    """Return a name as it is looked up: folded, without spaces and without the legal mark of a firm.

    Example:
        >>> name_key("㈜가온 Tech")
        '가온tech'
    """
    return "".join(_bare(name).split())


class Mentions:
    """Names, ready to be found; holds no state between texts.

    Args:
        names: looked for as whole words; a space in a name may be left out, a particle may follow.
        stems: looked for inside of Korean words, too (배터리 in 이차전지배터리사업).
    """

    def __init__(self, names: Iterable[str], stems: Iterable[str] = ()) -> None:
        inside = {stem for stem in map(_bare, stems) if not stem.isascii()}
        whole = {*map(_bare, names), *(stem for stem in map(_bare, stems) if stem.isascii())}  # "ai" is not in "main"
        self._patterns: Final = tuple(
            re.compile(tree)
            for tree in (
                f"(?:{pattern_of(sorted(whole), not_after=_LETTER)}){_END}" if whole else "",
                pattern_of(sorted(inside)),
            )
            if tree
        )

    def found(self, text: str) -> Iterator[str]:
        """Yield the ``name_key`` of each name that stands in *text* (``folded``), repeats included.

        Where one name begins with another, the longest that is there counts.
        """
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                yield "".join(match[0].split())


def _bare(name: str) -> str:
    return _LEGAL.sub("", folded(name)).strip()
