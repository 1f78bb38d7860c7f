"""The tolerant path for feeds that XML cannot mend: feedparser, kept from what it is slow at."""

import re
from collections.abc import Mapping
from io import BytesIO

import feedparser

# feedparser 6.0.14 took over 60 s for half a megabyte of attributes on one element and 12.6 s for 20,000 entries
# (2026-11). Real feeds stay far below: the longest tag of the 199 feeds of a public benchmark has under 8,000 letters.
_LONGEST_TAG = 20_000
_MOST_ENTRIES = 2_000
_MOST_TAGS = 200_000
_MOST_BYTES = 4_000_000
_LONG_TAG = re.compile(rb"<[^<>]{20000}")
# Its pattern for e-mail addresses walks back over every run of letters and dots.
_LONG_WORD = re.compile(rb"[\w.+-]{5000}")
_FAULTS = (LookupError, AttributeError, TypeError, ValueError, AssertionError, RecursionError)
"""What feedparser's handlers of single elements raise for one that stands where they do not expect it: a podcast's
``<psc:chapter>`` without its list is a KeyError (found by coverage-guided fuzzing, 6.0.14)."""


def is_bounded(body: bytes) -> bool:
    """Tell whether the tolerant path answers *body* in bounded time."""
    return (
        len(body) <= _MOST_BYTES
        and body.count(b"<") <= _MOST_TAGS
        and len(re.findall(rb"<(?:\w+:)?(?:item|entry)\b", body)) <= _MOST_ENTRIES
        and not _LONG_TAG.search(body)
        and not _LONG_WORD.search(body)
        and b"<!ENTITY" not in body
    )


def parse_tolerantly(body: bytes, headers: Mapping[str, str]) -> feedparser.FeedParserDict:
    """Return everything feedparser reads in *body*.

    Args:
        body: the feed as it came; its declaration and *headers* say how it is written.
        headers: names in lower case; ``content-location`` is the base of relative links. An answer without a
            type is read as XML: servers of feeds forget it, and it is no defect of the feed.

    Returns:
        What feedparser returns; without entries, and with the fault in ``bozo_exception``, when it stumbles itself.
    """
    answered = {"content-type": "application/xml", **headers} if headers else {}
    try:
        return feedparser.parse(BytesIO(body), response_headers=answered)
    except _FAULTS as fault:
        return feedparser.FeedParserDict(bozo=True, bozo_exception=fault, entries=[], feed=feedparser.FeedParserDict())
