"""Run a recorded stream through the whole pipeline and tell what would have been alerted."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.clock import KST
from monitor.jobs.judge import Judge
from monitor.jobs.stream import DAWN, Recorded, settled
from monitor.model import Alert, AlertKind, Article, ArticleKey, Deal, Decision, Reason, StoryId, When
from monitor.store import Store

MEMORY = "sqlite+aiosqlite:///:memory:"


@dataclass(frozen=True, slots=True)
class Told:
    """One alert of a replay."""

    at: datetime
    story: StoryId
    article: ArticleKey
    title: str
    url: str
    outlet: str
    receiver: str
    kind: AlertKind
    score: float
    deals: tuple[Deal, ...]
    why: tuple[Reason, ...]
    text: str


@dataclass(slots=True)
class Replay:
    """What a stream came to; ``stories`` maps each article to its story, ``digest`` counts stories for it alone."""

    articles: int = 0
    stories: dict[ArticleKey, StoryId] = field(default_factory=dict)
    firsts: dict[StoryId, Article] = field(default_factory=dict)  # the first telling of each story
    judged: dict[ArticleKey, str] = field(default_factory=dict)  # grade and, where nobody was told, why
    grades: Counter[int] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)
    digest: int = 0

    def alerts_a_day(self) -> dict[date, int]:
        """Return the alerts of each Korean day on which the stream has articles, in order of days."""
        alerts = Counter(each.at.astimezone(KST).date() for each in self.told)
        return {day: alerts[day] for day in sorted(self.days)}


@dataclass(frozen=True, slots=True)
class Turn:
    """An alert that one set of rules gives and the other does not, with what each said of its article."""

    told: Told
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of rules would do to a stream."""

    added: tuple[Turn, ...]
    dropped: tuple[Turn, ...]
    merged: tuple[tuple[Article, ...], ...]  # first tellings of stories that become one
    split: tuple[tuple[Article, ...], ...]  # first tellings of the stories that one becomes


async def replay(stream: Sequence[Recorded], judge: Judge, *, on_article: Callable[[], None] = lambda: None) -> Replay:
    """Settle *stream* on a store of its own in memory, on the stream's clock.

    Args:
        stream: in the order of discovery (``in_order``).
        judge: the rules to try.
        on_article: called after each article, for a progress bar.
    """
    result, owed, noted = Replay(), set[tuple[StoryId, Alert]](), set[StoryId]()
    store = await Store.open(MEMORY)
    try:
        async for line, _, decision in settled(stream, judge, store):
            _count(result, line, decision)
            for alert in decision.alerts:
                if alert.when is When.DIGEST:
                    noted.add(decision.story)
                elif (decision.story, alert) not in owed:
                    owed.add((decision.story, alert))
                    result.told.append(_told(line, decision, alert))
            on_article()
    finally:
        await store.close()
    result.digest = len(noted)
    return result


def _count(result: Replay, line: Recorded, decision: Decision) -> None:
    result.articles += 1
    result.stories[decision.article.key] = decision.story
    result.firsts.setdefault(decision.story, decision.article)
    relevance, quiet = decision.relevance, f" · {decision.quiet}" if decision.quiet else ""
    result.judged[decision.article.key] = f"등급 {int(relevance.grade)} ({relevance.score:.2f}){quiet}"
    result.grades[int(decision.relevance.grade)] += 1
    if line.seen_at:
        result.days[line.seen_at.astimezone(KST).date()] += 1


def _told(line: Recorded, decision: Decision, alert: Alert) -> Told:
    article = decision.article
    return Told(
        at=line.seen_at or DAWN,
        story=decision.story,
        article=article.key,
        title=article.title,
        url=article.url,
        outlet=article.outlet_name,
        receiver=alert.receiver,
        kind=alert.kind,
        score=decision.relevance.score,
        deals=decision.facts.deals,
        why=decision.relevance.why,
        text=article.text,
    )


def compare(before: Replay, after: Replay) -> Change:
    """Return what *after*'s rules add, drop, merge and split, measured on the same stream."""
    old, new = _alerted(before), _alerted(after)
    return Change(
        added=tuple(_turn(each, before, after) for each in after.told if each.article in new - old),
        dropped=tuple(_turn(each, before, after) for each in before.told if each.article in old - new),
        merged=_joined(before, after),
        split=_joined(after, before),
    )


def _alerted(result: Replay) -> set[ArticleKey]:
    """Return all articles of alerted stories: a story that is now told by another of its articles is the same alert."""
    stories = {each.story for each in result.told}
    return {article for article, story in result.stories.items() if story in stories}


def _turn(told: Told, before: Replay, after: Replay) -> Turn:
    return Turn(told, before.judged[told.article], after.judged[told.article])


def _joined(apart: Replay, together: Replay) -> tuple[tuple[Article, ...], ...]:
    """Return groups of stories of *apart* that are one story in *together*, each by its first telling."""
    groups: dict[StoryId, dict[StoryId, None]] = {}
    for article, story in apart.stories.items():
        groups.setdefault(together.stories[article], {})[story] = None
    return tuple(tuple(apart.firsts[story] for story in group) for group in groups.values() if len(group) > 1)
