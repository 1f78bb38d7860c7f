"""What the store hands out and takes in besides the nouns of ``monitor.model``.

Frozen values; every instant is aware and UTC.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.model import (
    Article,
    ArticleKey,
    Deal,
    DealId,
    Decision,
    Delivery,
    Facts,
    Fingerprint,
    Grade,
    Link,
    OutletId,
    Past,
    Relevance,
    SourceKind,
    Stage,
    Story,
    StoryId,
    Telling,
)

KeysOf = Callable[[Deal], tuple[int, ...]]
"""Names the parties of a deal as 64-bit signed hashes, for the store's lookup (``deals.deal_keys``)."""
Decide = Callable[[Past], Decision]
"""Pure; runs inside the write transaction, so it must stay in the microseconds."""


# ---- schedule ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to visit one host until ``until``; ``token`` fences off a holder that slept past it."""

    host: str
    token: int
    until: datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of one polled address."""

    outlet_id: OutletId
    url: str
    kind: SourceKind
    host: str
    next_poll_at: datetime
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    rhythm: str = ""  # opaque here: the cadence's own notes
    failures: int = 0  # in a row
    error: str = ""
    first_polled_at: datetime | None = None  # None until a poll has succeeded: the next one is the first look
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    last_checked_at: datetime | None = None
    probe_at: datetime | None = None
    polls: int = 0
    found: int = 0  # links ever found
    noted: str = ""  # what the jobs noted beside it; only an ``Agenda`` tells


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due at one host: sources, longest waiting first, and whether articles are."""

    sources: tuple[SourceState, ...]
    has_links: bool


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link on a list. ``skip`` says why it is remembered but will never be fetched ("" = fetch it)."""

    key: ArticleKey
    link: Link
    first_look: bool = False  # found by the first poll of its source: history, not news
    skip: str = ""


@dataclass(frozen=True, slots=True)
class PollResult:
    """One poll of a source and all it brought.

    ``links`` may repeat known ones: only unknown keys become pending. ``rhythm``, ``etag`` … replace what was
    remembered when ``ok``; a failed poll changes only ``failures`` (+1), ``error``, ``next_poll_at``, the request log.
    """

    outlet_id: OutletId
    source_url: str
    ok: bool
    at: datetime
    next_poll_at: datetime
    error: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    rhythm: str = ""
    links: tuple[FoundLink, ...] = ()
    status: int = 0
    size: int = 0  # bytes
    ms: int = 0
    probe_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingLink:
    """A link whose article is still to be read."""

    key: ArticleKey
    link: Link
    outlet_id: OutletId
    source_url: str
    host: str
    tries: int
    found_at: datetime
    next_try_at: datetime
    first_look: bool = False


# ---- settling ----------------------------------------------------------------------------------

ALREADY = "already stored"
"""``Decision.quiet`` of an article that the store knew before: nothing was written, no alert is owed anew."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An article that was read, with everything computed that needs no past.

    ``deal_keys``: keys of all deals the facts name, to look up known deals. ``keys_of`` gives the keys of one deal;
    without it each stored deal is filed under all of ``deal_keys``. ``link_key``: the link that led here, when a
    redirect or a canonical address made ``article.key`` another one.
    """

    article: Article
    fingerprint: Fingerprint
    facts: Facts
    decide: Decide
    deal_keys: tuple[int, ...] = ()
    keys_of: KeysOf | None = None
    link_key: ArticleKey | None = None


# ---- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which stories to list, newest first. Empty values mean no limit; all given ones must hold."""

    since: datetime | None = None  # last_at >= since
    until: datetime | None = None  # last_at < until
    grade_min: Grade = Grade.UNRELATED
    region: str = ""  # full 시도 name, or a 시군구
    stage: Stage | None = None
    min_amount_krw: float = 0.0  # compares amounts printed in won only: nothing is converted
    outlet: str = ""
    firm: str = ""  # part of a company's name
    text: str = ""  # searched, two syllables suffice
    limit: int = 50
    cursor: str = ""  # StoryPage.cursor of the page before
    official: bool = False  # only stories of which an original release is known


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One page of stories; ``cursor`` is "" on the last one."""

    stories: tuple[Story, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with what was decided about it."""

    article: Article
    story: StoryId
    seen_at: datetime
    because: str
    is_copy: bool
    quiet: str
    relevance: Relevance
    facts: Facts


@dataclass(frozen=True, slots=True)
class LinkTrace:
    """What became of a link: ``pending``, ``done`` or ``refused`` (with the reason)."""

    key: ArticleKey
    url: str
    title: str
    outlet_id: OutletId
    source_url: str
    state: str
    reason: str
    tries: int
    found_at: datetime
    next_try_at: datetime
    first_look: bool


@dataclass(frozen=True, slots=True)
class OwedAlert:
    """An alert as it was decided, before any sending."""

    receiver: str
    kind: str
    when: str
    stage: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything known of one address, from discovery to delivery; None and () where it never came so far."""

    key: ArticleKey
    is_seen: bool  # the key is in the memory of novelty
    link: LinkTrace | None = None
    stored: StoredArticle | None = None
    story: Story | None = None
    alerts: tuple[OwedAlert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class DealStep:
    """A deal came to a stage, as told by one article."""

    deal: DealId
    stage: Stage
    at: datetime
    article: ArticleKey


# ---- delivery ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutboxDepth:
    """How many deliveries wait, by receiver; ``oldest`` is when the longest waiting one was owed."""

    receiver: str
    owed: int
    sending: int
    uncertain: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """The ledger's row of one subscriber's digest of one Korean day."""

    receiver: str
    subscriber: str
    day: dt.date
    state: str  # owed, sending, sent, uncertain, failed
    tries: int
    next_try_at: datetime
    message_id: str = ""
    error: str = ""
    sent_at: datetime | None = None


# ---- people ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a story (or of two: ``value`` is then the other one)."""

    kind: str  # "relevant", "not relevant", "same story", "other story", "wrong stage", …
    subject: str
    value: str
    who: str
    at: datetime


# ---- health ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the bounded request log of a source."""

    at: datetime
    status: int
    size: int
    ms: int
    new: int
    error: str


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source has been lately; ``requests`` newest first, at most 20."""

    state: SourceState
    outlet_name: str
    region: str
    pending: int
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of everything, for a status page and for metrics."""

    outlets: int
    sources: int
    hosts: int
    links_pending: int
    links_refused: int
    seen: int
    articles: int
    stories: int
    deals: int
    owed: int
    sent: int
    uncertain: int
    failed: int


@dataclass(frozen=True, slots=True)
class Lags:
    """How long a receiver waited for new stories.

    ``counts`` has one number for each of ``LAG_EDGES`` (waited no longer than that, but longer than the edge before)
    and one for all that waited longer; ``seconds`` is their sum.
    """

    receiver: str
    counts: tuple[int, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows a pruning dropped."""

    links: int
    fingerprint_keys: int
    articles: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class MovedTable:
    """One table after a move: rows and checksum on both sides."""

    table: str
    rows: int
    checksum: str
    rows_there: int
    checksum_there: str


__all__ = [
    "ALREADY",
    "Counts",
    "DealStep",
    "Decide",
    "Digest",
    "FoundLink",
    "KeysOf",
    "Lease",
    "LinkTrace",
    "MovedTable",
    "OutboxDepth",
    "OwedAlert",
    "PendingLink",
    "PollResult",
    "Pruned",
    "Request",
    "SourceHealth",
    "SourceState",
    "StoredArticle",
    "StoryFilter",
    "StoryPage",
    "Telling",
    "Trace",
    "Unsettled",
    "Verdict",
]
