"""The tables. Instants are whole microseconds since 1970 (UTC), the same number on every database.

Why integers: SQLite has no instants, text is four times as wide, and both databases then sort and compare alike.
Collections that are only ever read whole (reasons, facts) are JSON text; what is searched has columns of its own.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the number that is stored; a naive instant raises TypeError."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant of a stored number."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


BIG_ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only for a column called INTEGER."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0, server_default="0")


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False, server_default=text("false"))


def _when(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Instant, nullable=nullable)


# ---- schedule ----------------------------------------------------------------------------------

outlet = Table(
    "outlet",
    metadata,
    Column("id", Text, primary_key=True),
    _words("name"),
    _words("region"),
    _words("kind"),
    _words("home"),
    _when("retired_at", nullable=True),
)

source = Table(
    "source",
    metadata,
    Column("outlet_id", Text, ForeignKey("outlet.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    _words("kind"),
    Column("host", Text, nullable=False),
    _when("next_poll_at"),
    _words("etag"),
    _words("last_modified"),
    _words("digest"),
    _words("rhythm"),
    _count("failures"),
    _words("error"),
    _when("first_polled_at", nullable=True),
    _when("last_ok_at", nullable=True),
    _when("last_new_at", nullable=True),
    _when("last_checked_at", nullable=True),
    _when("probe_at", nullable=True),
    _count("polls"),
    _count("found"),
    _when("retired_at", nullable=True),
    Index("ix_source_host", "host", "next_poll_at"),
)

host = Table(
    "host",
    metadata,
    Column("host", Text, primary_key=True),
    _when("ready_at"),
    Column("token", BigInteger, nullable=False, default=0, server_default="0"),
    _when("lease_until", nullable=True),  # null when nobody visits
    _words("claim"),  # of the call that took the lease: finds it again when the answer to a COMMIT is lost
    _when("hold_until", nullable=True),  # the circuit breaker: nothing may pull ready_at before it
    _when("woken_at", nullable=True),  # links came from another host during the visit
    Index("ix_host_ready", "ready_at"),
    Index(
        "ix_host_leased",
        "lease_until",
        sqlite_where=text("lease_until IS NOT NULL"),
        postgresql_where=text("lease_until IS NOT NULL"),
    ),
)

server = Table(
    # Many small papers share a hosting company: visits are limited by the address that answers, too.
    "server",
    metadata,
    Column("host", Text, primary_key=True),
    Column("address", Text, nullable=False, index=True),
)

duty = Table(
    "duty",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    _when("until"),
)

request = Table(
    "request",
    metadata,
    Column("outlet_id", Text, primary_key=True),
    Column("source_url", Text, primary_key=True),
    Column("slot", Integer, primary_key=True),  # polls modulo the log's length: bounded without deleting
    _when("at"),
    _count("status"),
    _count("size"),
    _count("ms"),
    _count("new"),
    _words("error"),
)

# ---- novelty -----------------------------------------------------------------------------------

seen = Table(
    # The memory of novelty lives for ever, so it is 8 bytes a key: 15 bytes a row on disk against 155 for the text.
    "seen",
    metadata,
    Column("hash", BIG_ID, primary_key=True, autoincrement=False),
)

link = Table(
    "link",
    metadata,
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    _words("title"),
    _when("published_at", nullable=True),
    _words("summary"),
    _words("guid"),
    _words("flags"),
    Column("outlet_id", Text, nullable=False),
    _words("source_url"),
    Column("host", Text, nullable=False),
    Column("state", Text, nullable=False),
    _words("reason"),
    _count("tries"),
    _flag("first_look"),
    _when("found_at"),
    _when("next_try_at"),
    Index(
        "ix_link_pending",
        "host",
        "next_try_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
    Index("ix_link_found", "found_at"),
)

IS_PENDING = link.c.state == literal_column("'pending'", Text)
"""Written out, because an index of some rows is used only where the statement itself shows that they are the ones."""

# ---- articles, stories, deals ------------------------------------------------------------------

article = Table(
    "article",
    metadata,
    Column("n", BIG_ID, primary_key=True, autoincrement=False),  # in order of arrival: settlings go one by one
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    _words("outlet"),
    _words("outlet_name"),
    _words("outlet_kind"),
    _words("title"),
    _words("text"),
    _when("published_at", nullable=True),
    _when("seen_at"),
    _words("rest"),  # the article's other fields
    Column("story_id", Text, nullable=False),
    _words("because"),
    _flag("is_copy"),
    _flag("is_release"),
    _words("quiet"),
    Column("grade", Integer, nullable=False),
    Column("score", Float, nullable=False),
    _words("why"),
    _words("version"),
    _words("facts"),
    Column("blob", LargeBinary, nullable=False),
    _flag("is_indexed"),  # searchable
    Index("ix_article_story", "story_id"),
    Index("ix_article_seen", "seen_at"),
    Index("ix_article_unindexed", "n", sqlite_where=text("is_indexed = 0"), postgresql_where=text("NOT is_indexed")),
)

fingerprint_key = Table(
    "fingerprint_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

story = Table(
    "story",
    metadata,
    Column("id", Text, primary_key=True),
    _words("title"),
    Column("grade", Integer, nullable=False),
    Column("score", Float, nullable=False),
    _words("why"),
    _when("first_at"),
    _when("last_at"),
    Column("parent", Text, nullable=True),
    Column("joined_into", Text, nullable=True),  # a person said that it is the same as that one
    _count("revision"),
    _count("tellings"),
    _words("changes"),
    Index("ix_story_last", "last_at", "id"),
    Index("ix_story_grade", "grade", "last_at"),
)

deal = Table(
    "deal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("story_id", Text, nullable=False),
    _count("place"),  # order within its story
    Column("stage", Text, nullable=False),
    Column("amount_krw", Float, nullable=True),  # only where won was printed
    _words("firms"),  # names in one line, to look for a part of one
    _when("first_at"),
    _when("last_at"),
    Column("body", Text, nullable=False),
    Index("ix_deal_story", "story_id", "place"),
)

deal_key = Table(
    "deal_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("deal_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)

story_region = Table(
    "story_region",
    metadata,
    Column("region", Text, primary_key=True),  # 시도 and 시군구
    Column("story_id", Text, primary_key=True),
    Index("ix_story_region_story", "story_id"),
    sqlite_with_rowid=False,
)

deal_step = Table(
    "deal_step",
    metadata,
    Column("deal_id", Text, primary_key=True),
    Column("article_key", Text, primary_key=True),
    Column("stage", Text, nullable=False),
    _when("at"),
)

# ---- what is owed ------------------------------------------------------------------------------

alert = Table(
    "alert",
    metadata,
    Column("story_id", Text, primary_key=True),
    Column("receiver", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("stage", Text, primary_key=True),  # "" = none
    Column("when", Text, nullable=False),
    _when("at"),
    Index("ix_alert_receiver", "receiver", "at"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("n", BIG_ID, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("receiver", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    _count("tries"),
    _when("created_at"),
    _when("next_try_at"),
    Column("story_id", Text, nullable=True),
    Column("stage", Text, nullable=True),
    _when("claimed_at", nullable=True),
    _words("claimed_by"),
    _words("claim"),
    _words("channel"),
    _words("message_id"),
    _count("revision"),
    _when("edit_at", nullable=True),
    _words("error"),
    _words("payload"),
    _when("sent_at", nullable=True),
    Index(
        "ix_delivery_open",
        "receiver",
        "n",
        sqlite_where=text("state = 'owed'"),
        postgresql_where=text("state = 'owed'"),
    ),
    Index("ix_delivery_state", "state", "next_try_at"),
    Index("ix_delivery_story", "story_id"),
    Index(
        "ix_delivery_edit",
        "edit_at",
        sqlite_where=text("edit_at IS NOT NULL"),
        postgresql_where=text("edit_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

IS_OWED = delivery.c.state == literal_column("'owed'", Text)
"""Written out like ``IS_PENDING``."""

digest = Table(
    "digest",
    metadata,
    Column("receiver", Text, primary_key=True),
    Column("subscriber", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("state", Text, nullable=False),
    _count("tries"),
    _when("next_try_at"),
    _when("claimed_at", nullable=True),
    _words("claimed_by"),
    _words("message_id"),
    _words("error"),
    _when("sent_at", nullable=True),
)

verdict = Table(
    "verdict",
    metadata,
    Column("n", BIG_ID, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    _words("value"),
    _words("who"),
    _when("at"),
    UniqueConstraint("subject", "kind", "value", "who"),
    sqlite_autoincrement=True,
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
