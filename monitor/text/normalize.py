"""Text as every room reads it: one form of each syllable, one kind of space."""

import html
import re
import unicodedata

# Zero-width characters, soft hyphen, byte-order mark, bidi controls: invisible, and able to split or hide a name.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]"
)
_ODD_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_UNUSUAL = re.compile("|".join(one.pattern for one in (_INVISIBLE, _ODD_SPACE, _CONTROL)))  # most texts have none


def normalize(text: str) -> str:
    """Return *text* as NFC with plain spaces and plain line ends, without invisible or control characters.

    The law ``normalize(normalize(x)) == normalize(x)`` holds. Offsets of every other function of this room refer to
    the normalized text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    if _UNUSUAL.search(text):
        text = _CONTROL.sub("", _ODD_SPACE.sub(" ", _INVISIBLE.sub("", text)))
    return unicodedata.normalize("NFC", text)


_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,2000}|!--.{0,2000}?--)>")
_SPACES = re.compile(r" {2,}")


def plain(text: str) -> str:
    """Return normalized prose of a text that may hold markup: entities (also doubled ones) resolved, tags dropped.

    For reading only, never for showing: ``&lt;b&gt;`` becomes a tag and is gone.
    """
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = normalize(text)
    return _SPACES.sub(" ", text) if "  " in text else text
