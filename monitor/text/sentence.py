"""Where sentences begin and end in Korean news prose."""

import re

from monitor.model import Span

# A sentence ends at a full stop after a Hangul syllable or a closing mark ("밝혔다.", "했다.”"), not inside "3.5%",
# "㈜에스.디.엠" or "2023. 1. 5."; and at every line end.
_END = re.compile(
    r"(?=[.!?。…\n])(?:(?:(?<=[가-힣)\]”’\"'])[.!?。]+[”’\"')\]]*(?=\s|$|[가-힣▲△▷※]{2})|[!?。]+[”’\"')\]]*(?=\s|$)"
    r"|[….]{2,}(?=\s|$))|\n+)"
)
_INITIALS = re.compile(r"(?:^|[\s㈜(.])[가-힣A-Za-z]$")


def sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of *text* (normalized), in order, without surrounding space.

    A headline or a list line without a full stop is a sentence of its own.
    """
    spans: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end.group()[0] == "." and _INITIALS.search(text, max(0, end.start() - 2), end.start()):
            continue
        _keep(spans, text, start, end.end())
        start = end.end()
    _keep(spans, text, start, len(text))
    return tuple(spans)


def _keep(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    finish = end - (len(piece) - len(piece.rstrip()))
    if begin < finish:
        spans.append(Span(begin, finish))
