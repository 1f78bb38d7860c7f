"""One article's verdict: what it says, whether it is told already, how relevant it is, who hears of it.

Everything here is pure. ``read`` runs before the write lock is taken, because it costs the most; ``decide`` runs inside
the store's write transaction, where the past is certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.classify import Grader
from monitor.deals import DealReader, deal_keys, party_key, same_deal
from monitor.dedup import fingerprint, same_story, story_id
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
    Past,
    Relevance,
    Route,
    Stage,
    When,
)
from monitor.routing import address
from monitor.store import Unsettled

_STEP = {
    Stage.TALKS: 0,
    Stage.PLAN: 0,
    Stage.MOU: 1,
    Stage.AGREEMENT: 1,
    Stage.CONTRACT: 2,
    Stage.BUILD: 3,
    Stage.CHANGED: 4,
    Stage.CANCELLED: 5,
}
"""Stages that a careful reader may swap stand on one step: moving between them is no news."""


RETOLD = timedelta(days=30)
"""A deal of the same firm and sum that is told again after a month is told for a reason."""
ECHO = timedelta(days=3)
"""How long other papers and columns go on about a deal that was told without firm or sum; measured on a month of nine
dailies, where every such repeat came within two days."""


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


@dataclass(frozen=True, slots=True)
class Judge:
    """The thinking rooms in one hand."""

    reader: DealReader
    grader: Grader
    routes: Sequence[Route]
    rules: Rules = Rules()

    def read(self, article: Article) -> Reading:
        """Read facts, relevance and fingerprint; the deals of an article below grade 2 are dropped."""
        facts = self.reader.read(article)
        relevance = self.grader.grade(article, facts)
        mark = fingerprint(article, facts)
        if relevance.grade < Grade.ACTIVITY:
            facts = replace(facts, deals=())
        keys = tuple(dict.fromkeys(key for deal in facts.deals for key in deal_keys(deal)))
        return Reading(article, facts, mark, relevance, keys)

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
        moved = _moved(facts.deals, [known for known in past.deals if known.story != story])
        quiet = self._quiet(article, match, past, now, first_look=first_look) or retold(moved, facts.deals, now)
        quiet = quiet or muted(facts.deals, past.muted)
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
            is_copy=bool(match and match.is_copy),
            alerts=owed,
            quiet=quiet,
            stage_of=tuple((known.id, deal.stage) for deal, known in moved),
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

    def _quiet(self, article: Article, match: Match | None, past: Past, now: datetime, *, first_look: bool) -> str:
        """Return why nobody is told although the grade may ask for it; ``""`` when somebody is."""
        limit = self.rules.first_look if first_look else self.rules.max_age
        published = article.published_at
        if published is not None and now - published > limit + timedelta(days=article.date_only):
            return _OLD
        if match and not match.is_part:
            told = min(known.seen_at for known in past.neighbours if known.story == match.story)
            if now - told > self.rules.max_age:
                return "오래된 이야기를 다시 전한 기사"
        return ""

    def _is_catching_up(self, article: Article, now: datetime) -> bool:
        """Whether an article too old for an alert came late because nobody watched: the digest still tells it."""
        return article.published_at is not None and now - article.published_at <= self.rules.digest_age

    def _owed(self, reading: Reading, moved: Sequence[tuple[Deal, KnownDeal]]) -> tuple[Alert, ...]:
        places = (*reading.facts.sido, *reading.facts.sigungu)
        alerts = address(reading.relevance, reading.article, reading.facts.deals, self.routes, places)
        steps = [deal.stage for deal, known in moved if _STEP[deal.stage] > _STEP[known.deal.stage]]
        if not steps:
            return alerts
        stage = max(steps, key=_STEP.__getitem__)
        return tuple(replace(alert, kind=AlertKind.STAGE, stage=stage) for alert in alerts)


def _moved(deals: Sequence[Deal], known: Sequence[KnownDeal]) -> list[tuple[Deal, KnownDeal]]:
    """Pair each deal with the known deal of an earlier story that it continues."""
    pairs = ((deal, same_deal(deal, known)) for deal in deals)
    return [(deal, found) for deal, found in pairs if found is not None]


def retold(moved: Sequence[tuple[Deal, KnownDeal]], deals: Sequence[Deal], now: datetime) -> str:
    """Return a reason for silence when every deal is one that was told lately, on the step it stood on.

    Silence costs more than a second alert: a month for the same named firm and the very same sum, three days where one
    side names no firm or no sum, and never where the jobs differ.
    """
    if not moved or len(moved) < len(deals) or not all(_is_told(deal, known, now) for deal, known in moved):
        return ""
    return "이미 알린 건의 같은 단계"


def muted(deals: Sequence[Deal], firms: Sequence[str]) -> str:
    """Return a reason for silence when a person has muted the firms of every deal.

    Of a bundle of deals signed together the others are still news: a deal is silent when half of its firms are muted.
    """
    silent = {party_key(name) for name in firms}
    named = [[*deal.companies, *(part.company for part in deal.parts)] for deal in deals] if silent else []
    if not named or not all(2 * sum(party_key(name) in silent for name in each) >= len(each) > 0 for each in named):
        return ""
    first = next(name for name in named[0] if party_key(name) in silent)
    return f"음소거한 기업: {first}"


def _is_told(deal: Deal, known: KnownDeal, now: datetime) -> bool:
    told = known.deal
    if _STEP[deal.stage] > _STEP[told.stage] or (deal.jobs and told.jobs and deal.jobs != told.jobs):
        return False
    is_firm = bool({party_key(name) for name in deal.companies} & {party_key(name) for name in told.companies})
    is_sum = bool(deal.amount and told.amount and deal.amount.value == told.amount.value)
    if is_firm and is_sum:
        return now - known.last_at <= RETOLD
    lacks = is_sum if not (deal.companies and told.companies) else is_firm and not (deal.amount and told.amount)
    return lacks and now - known.last_at <= ECHO
