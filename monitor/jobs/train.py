"""Learn from what people said: corrected weights, and what they would have changed. Nothing is applied here."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.classify import Grader, Lesson
from monitor.jobs.cases import cases
from monitor.jobs.judge import Judge
from monitor.jobs.replay import Change, compare, replay
from monitor.jobs.stream import Recorded
from monitor.model import Article, Grade
from monitor.store import Store

MOST = 20_000
"""Newest articles that old and new weights are compared on: some minutes, and a month of 160 outlets."""

LABELS = 1_000
"""Newest labels that are learnt from: a thousand take 3 s of CPU, and time and space grow with their square."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with the grade that a person gave it; those of one story weigh as one."""

    article: Article
    grade: Grade
    story: str


@dataclass(frozen=True, slots=True)
class Trained:
    """Corrected weights with what they know: how many of the labels the grader in force and the new one agree with."""

    grader: Grader
    labels: int
    agreed_before: int
    agreed_after: int


async def labelled(store: Store) -> tuple[Labelled, ...]:
    """Return the graded cases of the store."""
    found = await cases(store)
    return tuple(Labelled(each.told.article, each.grade, each.told.story) for each in found if each.grade is not None)


def train(labels: Sequence[Labelled], judge: Judge, shipped: Grader) -> Trained:
    """Correct the shipped weights by *labels*.

    Args:
        labels: what people said, newest last; none give the shipped weights, and of many the last ``LABELS`` count.
        judge: what is in force, to compare with.
        shipped: where every correction starts, so that no label counts twice.
    """
    labels = labels[-LABELS:]
    tellings = Counter(each.story for each in labels)
    lessons = [_lesson(each, judge, shipped, 1 / tellings[each.story]) for each in labels]
    new = shipped.taught(lessons) if lessons else shipped
    agreed = [sum(_agrees(grader, each) for each in lessons) for grader in (judge.grader, new)]
    return Trained(new, len(labels), *agreed)


def _lesson(label: Labelled, judge: Judge, shipped: Grader, weight: float) -> Lesson:
    return Lesson(shipped.read(label.article, judge.reader.read(label.article)), label.grade, weight)


def _agrees(grader: Grader, lesson: Lesson) -> bool:
    """Whether what a person wanted shown is shown, and what they did not want is not."""
    shown = grader.grade_of(*grader.probabilities(lesson.features)) >= Grade.ACTIVITY
    return shown == (lesson.grade >= Grade.ACTIVITY)


async def stream_since(store: Store, since: datetime) -> list[Recorded]:
    """Return the store's own articles as a recorded stream."""
    return [Recorded(each.article.key, each.article, each.seen_at) for each in await store.articles_since(since, MOST)]


async def would_change(
    stream: Sequence[Recorded], judge: Judge, grader: Grader, on_article: Callable[[], None] = lambda: None
) -> Change:
    """Return what *grader* instead of the judge's own would do to *stream* (each article is settled twice)."""
    before = await replay(stream, judge, on_article=on_article)
    return compare(before, await replay(stream, replace(judge, grader=grader), on_article=on_article))
