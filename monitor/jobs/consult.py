"""A second opinion where the grader is unsure: cached, within a day's budget, and never the last word for silence."""

import json
from datetime import datetime

import structlog

from monitor.clock import KST
from monitor.jobs.judge import Reading
from monitor.jobs.newsroom import Consultation, Newsroom
from monitor.model import Article, Grade, Opinion
from monitor.store import OPINION, Store

SPENT = "opinions today"
"""The note that counts the day's questions: ``2026-03-04 17``."""
_log = structlog.get_logger(__name__)


async def consult(reading: Reading, room: Newsroom) -> Reading:
    """Return *reading* as it is with a model's opinion; unchanged when nobody is to be asked or the grader is sure."""
    asked = room.consultation
    if asked is None or not asked.above <= reading.relevance.score <= asked.below:
        return reading
    opinion = await _opinion(reading.article, asked, room.store, room.now())
    _log.info("opinion", key=reading.article.key, grade=opinion.grade, because=opinion.because)
    return room.judge.read(reading.article, opinion)


async def _opinion(article: Article, asked: Consultation, store: Store, now: datetime) -> Opinion:
    name = f"{OPINION}{article.key}"
    kept = await store.meta(name)
    if kept:
        said = json.loads(kept)
        return Opinion(Grade(said["grade"]), said["because"], said["who"])
    if not await _spend(store, asked.a_day, now):
        return Opinion(None, f"오늘 몫 {asked.a_day}번을 다 물음 (today's budget is spent)", asked.adviser.model)
    opinion = await asked.adviser.ask(article.title, article.text)
    if opinion.grade is not None:
        said = {"grade": int(opinion.grade), "because": opinion.because, "who": opinion.who}
        await store.set_meta(name, json.dumps(said, ensure_ascii=False))
    return opinion


async def _spend(store: Store, budget: int, now: datetime) -> bool:
    """Count one question of the Korean day; False when there is none left. A failed one costs, too."""
    today = now.astimezone(KST).date().isoformat()
    day, _, count = (await store.meta(SPENT)).partition(" ")
    spent = int(count) if day == today else 0
    if spent >= budget:
        return False
    await store.set_meta(SPENT, f"{today} {spent + 1}")
    return True
