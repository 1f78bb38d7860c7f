"""The nouns: frozen values that two or more rooms say.

``Outlet`` (a source of links) → ``Link`` → ``Page`` → ``Article`` (one outlet's telling) → ``Story`` (what happened)
→ ``Deal`` (who, where, how much, which stage) → ``Alert`` (a story for a receiver) → delivery (the ledger's row).

All instants are aware and UTC; calendar dates are Korean. Collections are tuples, so that every value may be a key.
"""

import datetime as dt
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NewType

OutletId = NewType("OutletId", str)
"""``region/name``: the path of the outlet's file below ``config/outlets`` without ``.toml``."""
ArticleKey = NewType("ArticleKey", str)
"""The canonical address of one article, the same for every form of its URL (``dedup.article_key``)."""
StoryId = NewType("StoryId", str)
"""Hash of the key of the story's first article; its first letter is the version of the hash."""
DealId = NewType("DealId", str)
DeliveryId = NewType("DeliveryId", str)


# ---- where news comes from ---------------------------------------------------------------------


class SourceKind(StrEnum):
    """What a polled address answers with."""

    FEED = "feed"  # RSS, Atom, JSON Feed
    LIST = "list"  # an HTML page of links
    SITEMAP = "sitemap"  # sitemap, news sitemap, sitemap index


class Render(StrEnum):
    """Which pages of an outlet are empty until a browser runs their scripts."""

    NEVER = ""
    LIST = "list"
    ARTICLE = "article"
    BOTH = "both"


class OutletKind(StrEnum):
    """Who speaks: a prior of relevance, and how an original release is told from its copies."""

    PAPER = "paper"  # regional paper
    DAILY = "daily"  # national or business daily
    WIRE = "wire"  # news agency
    RELEASE = "release"  # press-release wire
    BOARD = "board"  # press board of a public body
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Source:
    """One address that is polled for links."""

    url: str
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors an outlet file may give for a custom list or page; ``""`` means the family's own."""

    item: str = ""
    link: str = ""
    title: str = ""
    date: str = ""
    next_page: str = ""
    body: str = ""
    headline: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One newspaper or press board, as its file says."""

    id: OutletId
    name: str
    region: str  # slug in config/regions.toml, "national" when it has none
    kind: OutletKind
    sources: tuple[Source, ...]
    home: str = ""
    layout: str = ""  # CMS family, optionally "@version"; "" = recognise it on the page
    every: timedelta | None = None  # fixed interval; None = learnt from the outlet's rhythm
    selectors: Selectors = Selectors()
    enabled: bool = True
    note: str = ""
    headers_file: str = ""  # secret request headers (one "Name: value" a line), never shown
    render: Render = Render.NEVER


@dataclass(frozen=True, slots=True)
class Link:
    """An address on a list or in a feed that may be an article."""

    url: str
    title: str = ""
    published_at: datetime | None = None
    summary: str = ""
    guid: str = ""
    flags: tuple[str, ...] = ()  # e.g. "future date"


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page, decoded once.

    ``text`` is ``""`` and ``not_modified`` true when the server said 304.
    """

    url: str  # after redirects
    asked: str
    status: int
    text: str
    fetched_at: datetime
    content_type: str = ""
    encoding: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""  # hash of the decoded bytes, to see an unchanged page at once
    size: int = 0  # bytes after inflating
    not_modified: bool = False
    fresh_for: timedelta | None = None  # what Cache-Control or Expires allows


# ---- what was read -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """One outlet's telling of a story."""

    key: ArticleKey
    url: str
    outlet: str  # OutletId in the daemon; the outlet's printed name in a recorded stream
    title: str
    text: str
    published_at: datetime | None
    outlet_name: str = ""
    outlet_kind: OutletKind = OutletKind.OTHER
    byline: str = ""
    image: str = ""
    captions: tuple[str, ...] = ()
    translated: str = ""  # a machine-translated tail, kept apart from the body
    layout: str = ""
    warnings: tuple[str, ...] = ()
    release_of: str = ""  # who released it, when the text is an original release
    section: str = ""
    date_only: bool = False  # the page gave a day without a time; published_at is that day 00:00 KST


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets into the text that was read; ``text[start:end]`` is what was printed."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as printed; nothing is converted, because a rate needs a date."""

    value: float  # in the currency's own unit; whole numbers where the text has them
    currency: str  # ISO 4217
    text: str  # the printed form
    approx: bool = False
    per: str = ""  # "year" for 연간 …
    span: Span = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence a fact was read from."""

    fact: str  # "amount", "jobs", "stage", "companies", …
    sentence: str


class Stage(StrEnum):
    """How far a deal has come."""

    TALKS = "talks"
    PLAN = "plan"
    MOU = "mou"
    AGREEMENT = "agreement"
    CONTRACT = "contract"
    BUILD = "build"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Part:
    """One firm's share of a bundle of deals signed together."""

    company: str
    amount: Money | None = None
    jobs: int | None = None
    sigungu: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """Who invests or signs, where, how much, how many jobs, at which stage."""

    stage: Stage
    amount: Money | None = None
    jobs: int | None = None
    companies: tuple[str, ...] = ()  # without ㈜ and (주)
    authorities: tuple[str, ...] = ()
    sido: tuple[str, ...] = ()  # full official names
    sigungu: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    date: dt.date | None = None
    parts: tuple[Part, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[str, ...] = ()  # e.g. "headline says contract, body says mou"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything an article names, before anyone judges it: features of relevance, slots of identity."""

    deals: tuple[Deal, ...] = ()
    amounts: tuple[Money, ...] = ()
    companies: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sido: tuple[str, ...] = ()
    sigungu: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    dates: tuple[dt.date, ...] = ()


class Grade(IntEnum):
    """How much a regional investment officer wants to know it."""

    UNRELATED = 0
    MENTION = 1
    ACTIVITY = 2
    DEAL = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One weighed argument for a grade."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Relevance:
    """A grade with its score in [0, 1] (probability-like: how sure the grade is an alert) and why."""

    grade: Grade
    score: float
    why: tuple[Reason, ...] = ()
    version: str = ""  # of the model and rules that judged


class WatchKind(StrEnum):
    """What a watched name is the name of."""

    FIRM = "firm"
    PERSON = "person"
    REGION = "region"
    SECTOR = "sector"


@dataclass(frozen=True, slots=True)
class Watch:
    """A name of which somebody wants to hear always, or never."""

    name: str  # of a region: the full official name
    kind: WatchKind
    aliases: tuple[str, ...] = ()
    least: Grade | None = Grade.ACTIVITY  # what an article that names it is graded at least; None silences


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a language model said of an article that the grader is unsure about."""

    grade: Grade | None  # None: it gave no usable answer
    because: str  # its reason, or why there is no answer
    who: str  # the model's name


# ---- have we told it before --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of an article to know its copies again.

    ``keys`` are looked up in the store's index (64-bit signed integers: sampled text grams and hashed slots);
    ``blob`` is opaque outside ``dedup``.
    """

    keys: tuple[int, ...]
    blob: bytes


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known article that shares index keys with a new one."""

    story: StoryId
    article: ArticleKey
    outlet: str
    title: str
    seen_at: datetime
    published_at: datetime | None
    blob: bytes
    shared: int  # how many index keys it shares
    told_apart: bool = False  # a person said that this story is another one


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """A deal of an earlier story that shares a party with a new article's deals."""

    id: DealId
    story: StoryId
    deal: Deal
    first_at: datetime
    last_at: datetime
    is_told: bool = True  # an alert was owed for its story, so that somebody has heard of it


@dataclass(frozen=True, slots=True)
class Past:
    """What the store knows that may matter to one new article, read inside the write transaction."""

    neighbours: tuple[Neighbour, ...] = ()
    deals: tuple[KnownDeal, ...] = ()
    muted: tuple[str, ...] = ()  # firms of which people want to hear nothing for now


@dataclass(frozen=True, slots=True)
class Match:
    """The story an article retells, or the bigger story it is a part of, with the reason in words."""

    story: StoryId
    because: str
    score: float
    is_copy: bool = False  # nearly the same text: it adds nothing to the index
    is_part: bool = False  # a part of ``story`` (its parent), told as a story of its own


# ---- who hears of it ---------------------------------------------------------------------------


class When(StrEnum):
    """When a receiver hears of a story."""

    NOW = "now"
    DIGEST = "digest"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Route:
    """Which stories go to a receiver. Empty tuples and zero mean no limit."""

    receiver: str
    when: When = When.NOW
    min_grade: Grade = Grade.DEAL
    regions: tuple[str, ...] = ()  # full 시도 names
    sectors: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    min_stage: Stage | None = None
    min_amount_krw: float = 0.0
    language: str = "ko"


class AlertKind(StrEnum):
    """Why a receiver is told."""

    NEW = "new"
    STAGE = "stage"  # a known deal has come to another stage


@dataclass(frozen=True, slots=True)
class Alert:
    """A story owed to a receiver; unique by story, receiver, kind and stage."""

    receiver: str
    kind: AlertKind
    when: When
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is stored for one article, all of it or nothing."""

    article: Article
    fingerprint: Fingerprint
    facts: Facts
    relevance: Relevance
    story: StoryId
    is_new_story: bool
    because: str
    parent: StoryId | None = None
    parts: tuple[StoryId, ...] = ()  # stories told earlier that are parts of this one
    is_copy: bool = False
    alerts: tuple[Alert, ...] = ()
    quiet: str = ""  # why no alert is owed although the grade would give one
    stage_of: tuple[tuple[DealId, Stage], ...] = ()  # known deals that this article moves


# ---- delivery ----------------------------------------------------------------------------------


class DeliveryState(StrEnum):
    """Life of one owed message: retries are rows."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger."""

    id: DeliveryId
    receiver: str
    kind: str  # an AlertKind, or "note", "outlets", "ops", "digest"
    state: DeliveryState
    tries: int
    created_at: datetime
    next_try_at: datetime
    story: StoryId | None = None
    stage: Stage | None = None
    claimed_at: datetime | None = None
    channel: str = ""
    message_id: str = ""
    revision: int = 0
    error: str = ""
    payload: str = ""  # text of an ops message or a note, the delivery above a list of outlets; "" for a story


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story as a reader sees it."""

    key: ArticleKey
    url: str
    title: str
    outlet: str
    outlet_name: str
    outlet_kind: OutletKind
    published_at: datetime | None
    seen_at: datetime
    because: str
    is_release: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """All that a channel, a page or a mail needs to show one story."""

    id: StoryId
    title: str
    url: str
    grade: Grade
    score: float
    why: tuple[Reason, ...]
    first_at: datetime
    last_at: datetime
    lead: Telling
    tellings: tuple[Telling, ...]
    deals: tuple[Deal, ...] = ()
    parent: StoryId | None = None
    revision: int = 0
    changes: tuple[str, ...] = field(default=())  # new facts since the first telling, in words
