"""One article's verdict: what it says, whether it is told already, how relevant it is, who hears of it.

Everything here is pure. ``read`` runs before the write lock is taken, because it costs the most; ``decide`` runs inside
the store's write transaction, where the past is certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.classify import Grader, WatchList, heeded, raised
from monitor.deals import DealReader, deal_keys
from monitor.dedup import fingerprint, parts, same_story, story_id
from monitor.jobs.echo import STEP, continued, echoed, muted, retold
from monitor.model import (
    Alert,
    AlertKind,
    Article,
    ArticleKey,
    Deal,
    Decision,
    Facts,
    Fingerprint,
    Grade,
    KnownDeal,
    Match,
    Opinion,
    Past,
    Relevance,
    Route,
    Stage,
    StoryId,
    When,
)
from monitor.routing import address
from monitor.store import Unsettled

_OLD = "오래된 기사"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is too old to be told."""

    max_age: timedelta = timedelta(hours=48)
    first_look: timedelta = timedelta(hours=6)
    digest_age: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is known of an article before its past is looked up."""

    article: Article
    facts: Facts
    fingerprint: Fingerprint
    relevance: Relevance
    deal_keys: tuple[int, ...]
    silence: str = ""  # why the watch list keeps it from everybody


@dataclass(frozen=True, slots=True)
class Judge:
    """The thinking rooms in one hand."""

    reader: DealReader
    grader: Grader
    routes: Sequence[Route]
    rules: Rules = Rules()
    watch: WatchList = field(default_factory=lambda: WatchList(()))

    def read(self, article: Article, opinion: Opinion | None = None) -> Reading:
        """Read facts, relevance and fingerprint; the deals of an article below grade 2 are dropped."""
        facts = self.reader.read(article)
        watched = self.watch.named(article, facts)
        relevance = raised(heeded(self.grader.grade(article, facts), opinion), watched)
        mark = fingerprint(article, facts)
        if relevance.grade < Grade.ACTIVITY:
            facts = replace(facts, deals=())
        keys = dict.fromkeys(key for deal in facts.deals for key in deal_keys(deal))
        if relevance.grade is Grade.DEAL and facts.companies and not keys:
            keys = dict.fromkeys(deal_keys(Deal(Stage.TALKS, companies=facts.companies)))
        return Reading(article, facts, mark, relevance, tuple(keys), self.watch.silence(watched, article, facts))

    def decide(self, reading: Reading, past: Past, *, now: datetime, first_look: bool = False) -> Decision:
        """Say which story the article tells and which alerts are owed for it.

        Args:
            reading: what ``read`` returned.
            past: the neighbours and known deals, as the write transaction sees them.
            now: the instant of the decision.
            first_look: the article stood in its source when the source was looked at for the first time.

        Returns:
            The decision; alerts repeat what an earlier telling owed, and the ledger keeps each once.
        """
        article, facts = reading.article, reading.facts
        match = same_story(article, facts, reading.fingerprint, past.neighbours)
        own = story_id(article.key)
        story = match.story if match and not match.is_part else own
        is_old = self._is_old(match, past, now)
        # A deal whose furthest telling is this very story moves nothing: the story's own alert has told it. Unless it
        # was told days ago and stands a step further now, as when an announced investment is signed.
        pairs = continued(facts.deals, past.deals)
        moved = [pair for pair in pairs if pair[1].story != story or (is_old and _is_further(*pair))]
        quiet = self._too_old(article, now, first_look=first_look)
        if is_old and not any(_is_further(*pair) for pair in moved):
            quiet = quiet or "오래된 이야기를 다시 전한 기사"
        quiet = quiet or self._echo(facts, story, past, now) or reading.silence or muted(facts.deals, past.muted)
        owed = () if quiet else self._owed(reading, moved)
        if quiet == _OLD and not first_look and not match and self._is_catching_up(article, now):
            owed = tuple(replace(alert, when=When.DIGEST) for alert in self._owed(reading, moved))
        return Decision(
            article=article,
            fingerprint=reading.fingerprint,
            facts=facts,
            relevance=reading.relevance,
            story=story,
            is_new_story=story == own,
            because=match.because if match else "처음 보는 이야기",
            parent=match.story if match and match.is_part else None,
            parts=tuple(part for part in parts(article, past.neighbours) if part != story),
            is_copy=bool(match and match.is_copy),
            alerts=owed,
            quiet=quiet,
            stage_of=tuple((known.id, _furthest(deal, known)) for deal, known in moved),
        )

    def unsettled(
        self, reading: Reading, *, now: datetime, first_look: bool = False, link_key: ArticleKey | None = None
    ) -> Unsettled:
        """Pack a reading for the store, which calls ``decide`` inside its write transaction."""
        return Unsettled(
            article=reading.article,
            fingerprint=reading.fingerprint,
            facts=reading.facts,
            decide=partial(self.decide, reading, now=now, first_look=first_look),
            deal_keys=reading.deal_keys,
            keys_of=deal_keys,
            link_key=link_key,
        )

    def _too_old(self, article: Article, now: datetime, *, first_look: bool) -> str:
        """Return why an article is too old to be told; ``""`` when it is not."""
        limit = self.rules.first_look if first_look else self.rules.max_age
        published = article.published_at
        is_late = published is not None and now - published > limit + timedelta(days=article.date_only)
        return _OLD if is_late else ""

    def _is_old(self, match: Match | None, past: Past, now: datetime) -> bool:
        """Whether the story that the article retells was first told days ago."""
        if match is None or match.is_part:
            return False
        return now - min(one.seen_at for one in past.neighbours if one.story == match.story) > self.rules.max_age

    def _echo(self, facts: Facts, story: StoryId, past: Past, now: datetime) -> str:
        """Return why the article only repeats what other stories told."""
        others = [one for one in past.deals if one.story != story]
        return retold(facts.deals, others, now) if facts.deals else echoed(facts, past.deals, now)

    def _is_catching_up(self, article: Article, now: datetime) -> bool:
        """Whether an article too old for an alert came late because nobody watched: the digest still tells it."""
        return article.published_at is not None and now - article.published_at <= self.rules.digest_age

    def _owed(self, reading: Reading, moved: Sequence[tuple[Deal, KnownDeal]]) -> tuple[Alert, ...]:
        places = (*reading.facts.sido, *reading.facts.sigungu)
        alerts = address(reading.relevance, reading.article, reading.facts.deals, self.routes, places)
        steps = [deal.stage for deal, known in moved if _is_further(deal, known)]
        if not steps:
            return alerts
        stage = max(steps, key=STEP.__getitem__)
        return tuple(replace(alert, kind=AlertKind.STAGE, stage=stage) for alert in alerts)


def _is_further(deal: Deal, known: KnownDeal) -> bool:
    return STEP[deal.stage] > STEP[known.deal.stage]


def _furthest(deal: Deal, known: KnownDeal) -> Stage:
    """A later article that still calls a signed deal a plan does not undo the signing."""
    return deal.stage if _is_further(deal, known) else known.deal.stage
