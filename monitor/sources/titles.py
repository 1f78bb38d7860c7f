"""A headline as a list prints it → the headline."""

import html
import re
import unicodedata

# Only what begins like a tag: a headline may hold <단독>.
_TAG = re.compile(r"<[/!]?[a-zA-Z-][^<>]{0,2000}>")
_UNSEEN = ("script", "style")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
# Marks of the list, not of the headline: "new", pinned, has a file, comments "(3)". Boards of public bodies print them.
_MARK = r"(?:새\s?글|새로운\s?글|새\s?게시물|최신\s?글|NEW!?|new|New|HOT|첨부\s?파일(?:\s?있음)?|파일\s?첨부|첨부|N)"
_HEAD = re.compile(rf"^(?:\[\s?(?:공지|{_MARK})\s?\]|(?:공지(?:사항)?|{_MARK})(?=\s))\s*")
_TAIL = re.compile(rf"\s*(?:\[\s?{_MARK}\s?\]|(?<=[\s.…]){_MARK}|\[\d{{1,4}}\])$")
# Where a mark can begin and end: four headlines in five are let through by these alone.
_FIRST_LETTERS = frozenset("[공새최첨파NnH")
_LAST_LETTERS = frozenset("글물!WwTt]일음부N기동림창.")
_DOTS = re.compile(r"\s*(?:\.{2,}|…+|·{3,})$")
_READING_AID = re.compile(
    r"\s*(?:에 대한 글\s?(?:내용)?\s?보기\.?|(?:상세|자세히|내용)\s?보기|바로가기|새\s?창(?:으로)?\s?(?:열림|이동)?)$"
)


def plain(markup: str, limit: int = 2000) -> str:
    """Return the words of a snippet of (possibly twice escaped) HTML on one line, at most *limit* characters."""
    text = markup[: limit * 4]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = html.unescape(_TAG.sub(" ", _without_scripts(text)))
    return " ".join(_INVISIBLE.sub("", text).split())[:limit]


def _without_scripts(text: str) -> str:
    """Cut what a browser would not show; each search goes on where the last ended, so hostile text costs no more."""
    low, pieces, start = text.lower(), list[str](), 0
    for name in _UNSEEN:
        begin = low.find(f"<{name}")
        while begin >= start and (end := low.find(f"</{name}", begin)) >= 0:
            pieces.append(text[start:begin])
            start = end
            begin = low.find(f"<{name}", end)
    return "".join([*pieces, text[start:]])


def headline(printed: str) -> str:
    """Return *printed* without the marks of its list.

    Example:
        >>> headline(" [공지] 나주시, 배터리 공장 유치...  새글 ")
        '나주시, 배터리 공장 유치'
    """
    text = unicodedata.normalize("NFC", plain(printed, 500))
    before = ""
    while text and text != before:
        before = text
        if text[0] in _FIRST_LETTERS:
            text = _HEAD.sub("", text).strip() or text
        if text[-1] in _LAST_LETTERS:
            text = _TAIL.sub("", text).strip() or text
            text = _READING_AID.sub("", text).strip() or text
    return (_DOTS.sub("", text) or text) if text.endswith((".", "…", "·")) else text
