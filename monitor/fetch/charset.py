"""Bytes become text once, here; no parser behind this guesses a charset.

Valid UTF-8 beats any label, because a label is written once and a body every day. Every Korean label means cp949:
Python's ``euc_kr`` knows 2,350 of the 11,172 syllables, browsers and newsrooms mean all. No statistical detector:
they were tried on the Korean samples and are neither faster nor more right than these rules.
"""

import codecs
import re
from collections.abc import Iterator

_KOREAN = frozenset(
    {
        *("cseuckr", "csksc56011987", "euc-kr", "euckr", "euc_kr", "iso-ir-149", "korean", "949", "mskr", "uhc"),
        *("ks_c_5601", "ks_c_5601-1987", "ks_c_5601-1989", "ks-c-5601", "ks-c-5601-1987", "ksc5601", "ksc_5601"),
        *("ksx1001", "ks_x_1001", "ks_x-1001", "x-ksc5601"),
        *("windows-949", "windows949", "x-windows-949", "cp949", "cp-949", "ms949", "ms-949"),
    }
)
_JOHAB = frozenset({"johab", "ksc5601-1992", "ks_c_5601-1992", "ms1361", "cp1361", "windows-1361"})
_MEANT = {
    # what a label means on the web (WHATWG Encoding Standard), where Python reads it more narrowly
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "iso8859-9": "cp1254",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
_WEB = re.compile(
    r"(utf-(8|16-[lb]e)|cp(866|874|932|125\d)|iso8859-\d+|koi8-[ru]|gb18030|big5hkscs|euc_jp|iso2022_jp)$"
)
"""Codecs a page may ask for. Python has others that browsers refuse on purpose (utf-7) or that are not charsets."""

_META = re.compile(
    rb"""<(?:meta\b[^>]{0,400}?|\?xml\b[^>]{0,200}?)(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PARAMETER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_META_WITHIN = 16_384
"""Bytes searched for a declaration. Browsers look at 1,024; Korean pages put scripts before it."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PIECE = 1024 * 1024
"""Bytes decoded at one go: a codec holds the interpreter lock, cp949 takes about 8 ms for this much."""


def decode(body: bytes, content_type: str) -> str:
    """Return *body* as text, whatever its labels say. Never fails; lost bytes become U+FFFD."""
    return read_text(body, content_type)[0]


def read_text(body: bytes, content_type: str) -> tuple[str, str]:
    """Return the text and the name of the codec that gave it.

    Args:
        body: without content codings.
        content_type: the header as sent, ``""`` when there was none.

    Example:
        >>> read_text("뷁".encode("cp949"), "text/html; charset=euc-kr")
        ('뷁', 'cp949')
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], name), name
    if (b"\x1b" in body or b"\0" in body) and (name := _seven_bit(body, _labels(body, content_type))):
        return _decoded(body, name), name
    text = _strictly(body, "utf-8")
    if text is not None:
        return text, "utf-8"
    return _not_utf8(body, _labels(body, content_type))


def _labels(body: bytes, content_type: str) -> tuple[str, ...]:
    """Return codec names: of the header, of the page's own declaration; unknown labels are left out."""
    header = _PARAMETER.search(content_type)
    head = body[:_META_WITHIN]
    meta = _META.search(_COMMENT.sub(b"", head)) or _META.search(head)
    printed = [header.group(1) if header else "", meta.group(1).decode("ascii") if meta else ""]
    return tuple(name for label in printed if (name := _codec(label.lower())))


def _codec(label: str) -> str:
    if label in _KOREAN:
        return "cp949"
    if label in _JOHAB:
        return "johab"
    if label in {"iso-2022-kr", "csiso2022kr"}:
        return "iso2022_kr"
    try:
        name = codecs.lookup(label.replace("x-sjis", "shift_jis").removeprefix("x-")).name if label else ""
    except LookupError:
        return ""
    name = _MEANT.get(name, name)
    return name if _WEB.match(name) else ""


def _seven_bit(body: bytes, labels: tuple[str, ...]) -> str:
    """Return the codec of a body that is valid UTF-8 by accident: escape sequences, or every other byte zero."""
    if b"\x1b$)C" in body[:4096] and b"\x0e" in body:
        return "iso2022_kr"
    if "iso2022_jp" in labels and b"\x1b$" in body:
        return "iso2022_jp"
    start = body[:512]
    if start.count(0) * 4 < len(start):
        return ""
    for label in labels:
        if label.startswith("utf-16"):
            return label
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if abs(odd - even) * 4 < len(start):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _not_utf8(body: bytes, labels: tuple[str, ...]) -> tuple[str, str]:
    """Return text and codec of a body that is not valid UTF-8, the likeliest reading first."""
    if "cp949" in labels:
        text = _strictly(body, "cp949")
        if text is not None and _is_hangul(text):
            return text, "cp949"
    name = _likeliest(body, labels)
    return _decoded(body, name), name


def _likeliest(body: bytes, labels: tuple[str, ...]) -> str:
    if _nearly_utf8(body):
        return "utf-8"
    for label in ("johab", "cp949"):
        if label in labels:
            return label
    if other := next((label for label in labels if label in _NEIGHBOURS and _strictly(body, label) is not None), ""):
        return other
    for name in ("cp949", "johab"):
        if _is_korean(body, name):
            return name
    return next((label for label in labels if label != "utf-8"), _last_resort(body))


_NEIGHBOURS = frozenset({"gb18030", "cp932", "euc_jp", "big5hkscs"})
"""Two-byte codes overlap: a label of one of these is believed when the bytes obey it from first to last."""


def _nearly_utf8(body: bytes) -> bool:
    """Return whether *body* is UTF-8 with a few broken bytes: over ten whole characters for each broken one."""
    text = body[:_PIECE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return _wide(text) - broken > 10 * broken


def _is_korean(body: bytes, name: str) -> bool:
    """Return whether *name* turns most of what is not ASCII into Hangul, with few broken bytes."""
    return _is_hangul(body[:_PIECE].decode(name, "replace"))


def _is_hangul(text: str) -> bool:
    broken = text.count("\ufffd")
    wide = _wide(text) - broken
    return 2 * sum(map(len, _HANGUL.findall(text))) > wide and broken * 20 <= wide


def _wide(text: str) -> int:
    """Return how many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


_HANGUL = re.compile(r"[가-힣]+")


def _last_resort(body: bytes) -> str:
    korean = body[:_PIECE].decode("cp949", "replace").count("\ufffd")
    return "cp949" if korean < body[:_PIECE].decode("utf-8", "replace").count("\ufffd") else "utf-8"


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return "".join(_pieces(body, name, "strict"))
    except UnicodeDecodeError:
        return None


def _decoded(body: bytes, name: str) -> str:
    return "".join(_pieces(body, name, "replace"))


def _pieces(body: bytes, name: str, errors: str) -> Iterator[str]:
    if len(body) <= _PIECE:
        yield body.decode(name, errors)
        return
    decoder = codecs.getincrementaldecoder(name)(errors)
    for start in range(0, len(body), _PIECE):
        yield decoder.decode(body[start : start + _PIECE])
    yield decoder.decode(b"", final=True)
