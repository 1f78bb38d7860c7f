"""An article with what was decided about it, as a row and as a value."""

from datetime import datetime

from sqlalchemy import RowMapping

from monitor.model import Article, Decision, Facts, Grade, OutletKind, Reason, Relevance, StoryId
from monitor.store.codec import fill, pack, pack_some, storable, unpack, unpack_all
from monitor.store.rows import StoredArticle

_RELEASES = (OutletKind.RELEASE, OutletKind.BOARD)
_COLUMNS = ("key", "url", "outlet", "outlet_name", "outlet_kind", "title", "text", "published_at")
_REST = frozenset(Article.__slots__) - frozenset(_COLUMNS)


def article_row(decision: Decision, now: datetime) -> dict[str, object]:
    """Return the row of an article as it was decided at *now*."""
    article, relevance = decision.article, decision.relevance
    row: dict[str, object] = {name: getattr(article, name) for name in _COLUMNS}
    row |= {name: storable(getattr(article, name)) for name in ("title", "text", "url", "outlet_name")}
    return row | {
        "outlet_kind": article.outlet_kind.value,
        "seen_at": now,
        "rest": pack_some(article, _REST),
        "story_id": decision.story,
        "because": decision.because,
        "is_copy": decision.is_copy,
        "is_release": bool(article.release_of) or article.outlet_kind in _RELEASES,
        "quiet": decision.quiet,
        "grade": int(relevance.grade),
        "score": relevance.score,
        "why": pack(relevance.why),
        "version": relevance.version,
        "facts": pack(decision.facts),
        "blob": decision.fingerprint.blob,
        "is_indexed": False,
    }


def stored_article(row: RowMapping) -> StoredArticle:
    """Return a row of the table of articles as a value."""
    columns = {name: row[name] for name in _COLUMNS} | {"outlet_kind": OutletKind(row["outlet_kind"])}
    return StoredArticle(
        article=fill(Article(**columns), row["rest"]),
        story=StoryId(row["story_id"]),
        seen_at=row["seen_at"],
        because=row["because"],
        is_copy=row["is_copy"],
        quiet=row["quiet"],
        relevance=Relevance(Grade(row["grade"]), row["score"], unpack_all(Reason, row["why"]), row["version"]),
        facts=unpack(Facts, row["facts"]),
    )
