"""A title and a body as they are compared: marks of versions and of the page dropped, words without particles."""

import html
import re
import unicodedata

_VERSIONS = re.compile(r"[\[<〈【(](?:종합\d?보?|\d보|속보|영상|포토\S{0,3}|사진|상보|단독|긴급)[\]>〉】)]")
_SERIES = re.compile(r"[\[<〈【(](인사|부고|부음|동정|특징주|사설|칼럼|기고|운세|날씨)[^\]>〉】)]{0,8}[\]>〉】)]")
_LABELS = re.compile(r"^\s*(?:[\[<〈【][^\]>〉】]{1,20}[\]>〉】]\s*)+|\s*[\[<〈【][^\]>〉】]{1,20}[\]>〉】]\s*$")
_WORD = re.compile(r"(?:[가-힣]+[a-z]*|[a-z]{2,})\d{0,6}|[一-鿿]+[가-힣]*")
_PARTICLES = {
    "으로부터", "에서는", "이라고", "에서", "에게", "으로", "라고", "까지", "부터", "보다", "처럼", "와의", "과의",
    "하고", "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "로", "만", "서",
}  # fmt: skip
_STEM, _LONGEST = 2, 4
_PARTY = re.compile(r"[\"'“‘]?([가-힣a-z][가-힣a-z0-9&]{1,13})(?:\s[가-힣a-z0-9&]{1,10})?\s?[,，]")


def plain(text: str) -> str:
    """*text* in one form: entities read (feeds escape them twice), compatibility letters folded, lower case."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return unicodedata.normalize("NFKC", text).lower()


def plain_title(title: str) -> str:
    """*title* in one form, without marks such as [속보] or (종합) and without a column's name in brackets."""
    bare = _LABELS.sub(" ", _VERSIONS.sub(" ", plain(title))).strip()
    return bare or plain(title)


def series(title: str) -> str:
    """The kind of column that a plain title is marked with ("인사", "특징주"), or ``""``."""
    marked = _SERIES.search(title)
    return marked[1] if marked else ""


def party(title: str) -> str:
    """The first two letters of the party that a plain title opens with ("해솔시, …"), or ``""``.

    Two letters, because the same party is printed as "한빛그룹", "한빛" and "한빛重". A name in Chinese letters
    ("李대통령") is none: the text spells it in another way.
    """
    opened = _PARTY.match(title)
    return opened[1][:2] if opened else ""


def words(text: str) -> tuple[str, ...]:
    """Words of *text* without their particles, in reading order, each once."""
    return tuple(dict.fromkeys(_stem(word) for word in _WORD.findall(text) if len(word) > 1))


def _stem(word: str) -> str:
    for length in range(min(_LONGEST, len(word) - _STEM), 0, -1):
        if word[-length:] in _PARTICLES:
            return word[:-length]
    return word
