"""Text from strangers, made harmless before it is shown.

A title may try to mention a channel, to hide where a link goes, to turn the line's direction or to smuggle a header.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u3164\u115f\u1160\uffa0]+")
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINER = re.compile(
    "(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)
_PILED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)
_ODD = re.compile("  |[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\u3164\u115f\u1160\uffa0]")
"""What a printable text may hold that is not shown as it is: runs of spaces, marks that pile up, Hangul fillers."""
_SPACES = re.compile("  +")
"""What stands around a hidden character that was taken out."""
_MARK = re.compile(r"(?:(?<![^\W_])[*_~`]+(?=\S))|(?:(?<=\S)[*_~`]+(?![^\W_]))")
_PLAIN = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
_SCHEME = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://")
_HOST = re.compile(r"(?i)(?:[\w-]+[.。．｡])+[^\W\d_]{2,}")
_DOTS = str.maketrans("。．｡", "...")
_SAFE_URL = "/:?=;@!$'()*,+-._~%#[]"


def clean(text: str) -> str:
    r"""Return one line of visible text: NFC, no controls, no direction marks, no hidden characters.

    Hangul fillers and odd spaces become a space; a joiner stays only between emoji; at most three marks pile up on a
    letter.

    Example:
        >>> clean("제목\r\nBcc: v")
        '제목 Bcc: v'
    """
    if text.isprintable() and not _ODD.search(text) and unicodedata.is_normalized("NFC", text):
        return text.strip()  # nearly every title: a third of the time
    return _scrubbed(text)


def _scrubbed(text: str) -> str:
    line = _HIDDEN.sub("", _BREAKS.sub(" ", unicodedata.normalize("NFC", text)))
    return _SPACES.sub(" ", _PILED.sub(r"\1", _JOINER.sub("", line))).strip()


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, ending in "…" when something was left out, never inside a grapheme.

    Example:
        >>> cut("투자협약을 맺었다", 5)
        '투자협약…'
    """
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and _clings(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def _clings(before: str, after: str) -> bool:
    """Return whether two characters are parts of one grapheme (marks, joined emoji, conjoining Hangul, flags)."""
    if unicodedata.combining(after) or unicodedata.category(after) in {"Mn", "Me", "Mc"}:
        return True
    if "\u200d" in (before, after) or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if "\u1160" <= after <= "\u11ff":
        return True
    return all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, after))


def mrkdwn(text: str) -> str:
    """Return cleaned text that Slack shows as it stands: escaped, and no pair of marks that would format it.

    Marks are replaced only where Slack would read them ("3~5일" stays as it is).

    Example:
        >>> mrkdwn("<!channel> *A&B* 3~5일")
        '&lt;!channel&gt; ∗A&amp;B∗ 3~5일'
    """
    shown = _SCHEME.sub("", clean(text))
    shown = _MARK.sub(lambda found: found.group().translate(_PLAIN), shown)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn_within(text: str, limit: int) -> str:
    """Return escaped text of at most ``limit`` characters; it is cut before it is escaped, so that no escape is halved.

    Example:
        >>> mrkdwn_within("A&B&C", 9)
        'A&amp;B…'
    """
    room = limit
    while len(shown := mrkdwn(cut(clean(text), room))) > limit:
        room -= max(1, (len(shown) - limit) // len("&amp;"))
    return shown


def web_address(url: str) -> str:
    """Return ``url`` with everything quoted that could end a link, or ``""`` when it is not a web address."""
    try:
        parts = urlsplit(_HIDDEN.sub("", url.strip()))
        is_web = parts.scheme.lower() in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    if not is_web:
        return ""
    return quote(parts.geturl(), safe=_SAFE_URL + "&")


def names_other_host(label: str, url: str) -> bool:
    """Return whether a link's label shows a host that is not the link's own (a title can be written to mislead)."""
    host = (urlsplit(url).hostname or "").lower()
    shown = unicodedata.normalize("NFKC", label).translate(_DOTS).lower()
    return any(name != host and not host.endswith("." + name) for name in _HOST.findall(shown))
