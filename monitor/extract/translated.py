"""Where does a machine-translated tail begin?"""

import re
from collections.abc import Sequence

_NOTICE = re.compile(
    r"구글\s?번역|영문\s?기사의?\s?['‘\"]?\s?전문|영문\s?번역|Google Translate|"
    r"translated (?:by|from|version)|The following is",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_HANGUL = re.compile(r"[가-힣]")
# Below this share of Hangul among letters a line is in another language; Korean prose full of brand names has 0.4.
_FOREIGN = 0.15
# A tail shorter than this is a quotation or a list of names.
_TAIL_LETTERS = 200


def split_translation(lines: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Split *lines* into the Korean article and its translation, ``""`` when it has none.

    The tail is the longest run of foreign lines at the end, with the notice above it; a page without a Korean line
    above has no tail. Rule from 브레이크뉴스, whose articles end in an English text by a machine.
    """
    start = _foreign_from(lines)
    tail = lines[start:]
    if sum(len(line) for line in tail) < _TAIL_LETTERS or not any(map(_HANGUL.search, lines[:start])):
        return tuple(lines), ""
    korean = list(lines[:start])
    while korean and _NOTICE.search(korean[-1]):
        korean.pop()
    return tuple(korean), "\n".join(line for line in tail if not _NOTICE.search(line))


def _foreign_from(lines: Sequence[str]) -> int:
    start = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        if _is_foreign(lines[index]):
            start = index
        elif not (_NOTICE.search(lines[index]) or _is_stray(lines[index])):
            break
    return start


def _is_foreign(line: str) -> bool:
    sample = line[:600]
    letters = len(_LETTER.findall(sample))
    return letters > 0 and len(_HANGUL.findall(sample)) < _FOREIGN * letters


def _is_stray(line: str) -> bool:
    """Whether a line has too few letters to have a language: ``- - -``, a phone number."""
    return len(_LETTER.findall(line[:600])) == 0
