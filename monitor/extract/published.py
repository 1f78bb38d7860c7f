"""When did the outlet publish it first?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from selectolax.lexbor import LexborNode

from monitor.extract.document import Document, plain
from monitor.extract.layout import Layout
from monitor.extract.stamp import KST, Stamp, plausible, stamp_of, stamps

_METAS = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "published_at",
    "dc.date.issued",
    "dc.date",
    "date",
    "parsely-pub-date",
    "sailthru.date",
)
_SPOKEN = ("time[datetime][pubdate]", "[itemprop=datePublished]", "time[datetime]")
_NAMED = (".published", ".article_date", ".articleDate", ".dateStamp", ".date")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_\d.-]|$)")


@dataclass(frozen=True, slots=True)
class Published:
    """First publication: ``at`` aware UTC; ``timed`` is false when only a day was printed (then 00:00 KST)."""

    at: datetime
    timed: bool


def read_published(document: Document, layout: Layout | None, title: str, own: str = "") -> Published | None:
    """The moment of first publication, ``None`` when the page tells none.

    A printed stamp with a time wins over metadata: systems put the fetch time, a revision or a local time with a
    wrong zone into it. A printed day takes its time from metadata of the same day.
    """
    if own or layout is None:
        printed = _printed(document.groups((own,) if own else ()), document.now)
    else:
        printed = _printed(document.groups(layout.published, layout.printed), document.now)
    claimed = _claimed(document)
    if printed is None and claimed is None:
        printed = _anywhere(document, title)
    return _settle(printed, claimed) or _from_url(document)


def _settle(printed: Stamp | None, claimed: Stamp | None) -> Published | None:
    if printed is None or claimed is None:
        stamp = printed or claimed
        return Published(stamp.at, stamp.timed) if stamp else None
    same_minute = timedelta(0) <= claimed.at - printed.at < timedelta(minutes=1)
    same_day = claimed.at.astimezone(KST).date() == printed.at.astimezone(KST).date()
    best = claimed if same_minute or (same_day and not printed.timed) else printed
    return Published(best.at, best.timed)


def _printed(groups: Iterable[Iterable[LexborNode]], now: datetime) -> Stamp | None:
    day: Stamp | None = None
    for nodes in groups:
        for node in nodes:
            stamp = stamp_of(plain(node), now)
            if stamp is not None and stamp.timed:
                return stamp
            day = day or stamp
        if day is not None:
            return day
    return None


def _claimed(document: Document) -> Stamp | None:
    day: Stamp | None = None
    for claim in (document.head.meta(*_METAS), document.head.claim.published):
        stamp = stamp_of(claim, document.now) if claim else None
        if stamp is not None and stamp.timed:
            return stamp
        day = day or stamp
    return day


def _anywhere(document: Document, title: str) -> Stamp | None:
    """A stamp of the elements made for it, else of the text below *title*, a labelled one, one of the usual names.

    A ``.date`` comes late: papers print today's date under that name above everything.
    """
    spoken = _of_elements(document, _SPOKEN)
    if spoken is not None:
        return spoken
    body = document.tree.body
    text = body.text(separator=" ", strip=True)[:_SEARCHED] if body is not None else ""
    below = _below(text, title, document)
    if below is not None and (below.timed or below.labelled):
        return below
    found = stamps(text, document.now)
    labelled = next((stamp for stamp in found if stamp.labelled), None)
    return labelled or below or _of_elements(document, _NAMED) or (found[0] if len(found) == 1 else None)


def _of_elements(document: Document, selectors: tuple[str, ...]) -> Stamp | None:
    for nodes in document.groups(selectors):
        for node in islice(nodes, 3):
            written = node.attributes.get("datetime") or node.attributes.get("content") or plain(node)
            stamp = stamp_of(written, document.now)
            if stamp is not None:
                return stamp
    return None


def _below(text: str, title: str, document: Document) -> Stamp | None:
    """The stamp right below one of the places where *title* is printed; one with a time first.

    Without a time, also one that does not begin with its year: ``26.01.14 15:07``, ``Jan. 14, 2026``.
    """
    at = text.find(title) if title else -1
    other: Stamp | None = None
    while at >= 0:
        near = text[at + len(title) : at + len(title) + _BELOW]
        found = stamps(near, document.now)
        timed = next((stamp for stamp in found if stamp.timed), None)
        if timed is not None:
            return timed
        other = other or stamp_of(near[:_NEAREST].strip(), document.now) or (found[0] if found else None)
        at = text.find(title, at + 1)
    return other


# Between headline and stamp stand a subtitle, a reporter and the words of share buttons.
_BELOW = 300
# Between them and a stamp that is no plain one, next to nothing.
_NEAREST = 80


# Menus of public bodies come before the article and are long; nothing useful comes after this many letters.
_SEARCHED = 60_000


def _from_url(document: Document) -> Published | None:
    found = _IN_URL.search(document.url)
    if found is None:
        return None
    at = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=KST)
    return Published(at, timed=False) if plausible(at, document.now) else None
