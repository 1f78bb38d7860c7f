"""Has this story been told before, and which one is it?"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.dedup.blob import unpack
from monitor.dedup.kinship import is_event_of, is_part, is_summary, is_whole
from monitor.dedup.likeness import Likeness, likeness, score, subject
from monitor.dedup.lookalike import apart
from monitor.dedup.reading import read
from monitor.model import Article, ArticleKey, Facts, Fingerprint, Match, Neighbour, StoryId

_ENOUGH = -0.25
"""Log-odds from which two articles are one story: half of its best telling, half of the mean of its tellings. The mean
keeps a story from growing through its odd members (measured: pair precision 0.91 to 0.99 at the same recall)."""
_OWN_PAGES = 1.15
"""Log-odds off when one outlet's two articles share little: it seldom rewrites its own story, and a town's press board
names its town and its mayor in every release."""
_ANNOUNCED = 2.0
"""Log-odds, at least, of an event after its notice: the notice has other words and other figures."""
_SAME_TEXT = 0.9
_OWN_TEXT, _OWN_TITLE = 0.5, 0.7
_UNDATED_HOURS = 24.0


def story_id(key: ArticleKey) -> StoryId:
    """Name the story that the article *key* tells first; the first letter is the version of the hash."""
    return StoryId("s" + hashlib.blake2b(key.encode(), digest_size=10).hexdigest())


@dataclass(frozen=True, slots=True)
class _Compared:
    neighbour: Neighbour
    alike: Likeness
    score: float
    apart: bool
    is_part: bool


def same_story(
    article: Article, facts: Facts, fingerprint: Fingerprint, neighbours: Sequence[Neighbour]
) -> Match | None:
    """Find the story that *article* retells.

    Args:
        article: The new article.
        facts: What it names; ``Facts()`` is valid.
        fingerprint: Its own fingerprint.
        neighbours: Known articles that share index keys, any order; 24 are enough.

    Returns:
        The best story with the reason in Korean; with ``is_part`` the bigger story that a new one is a part of; or
        ``None`` when the story is new.
    """
    del fingerprint
    compared = tuple(_compare(article, facts, neighbours))
    stories = {one.neighbour.story for one in compared if not one.apart}
    ranked = max(((_strength(compared, story), story) for story in stories), default=None)
    if ranked is None or ranked[0] <= _ENOUGH:
        return _part(compared)
    best = max(
        (one for one in compared if one.neighbour.story == ranked[1]), key=lambda one: (not one.apart, one.score)
    )
    return _match(ranked[0], best)


def parts(article: Article, neighbours: Sequence[Neighbour]) -> tuple[StoryId, ...]:
    """Stories told earlier that are parts of what *article* announces for a whole province, each once.

    Args:
        article: The new article.
        neighbours: As for ``same_story``.
    """
    reading = read(article)
    if not is_summary(reading):
        return ()
    new = subject(reading)
    found: dict[StoryId, None] = {}
    for neighbour in neighbours:
        kept = unpack(neighbour.blob)
        if kept is None or neighbour.told_apart:
            continue
        alike = likeness(new, kept, hours=_hours(article.published_at, neighbour), shared=neighbour.shared)
        if is_whole(reading, kept, alike):
            found[neighbour.story] = None
    return tuple(found)


def _compare(article: Article, facts: Facts, neighbours: Iterable[Neighbour]) -> Iterable[_Compared]:
    reading = read(article)
    new = subject(reading)
    for neighbour in neighbours:
        kept = unpack(neighbour.blob)
        if kept is None:
            continue
        hours = _hours(article.published_at, neighbour)
        alike = likeness(new, kept, hours=hours, shared=neighbour.shared)
        within = not neighbour.told_apart and is_part(reading, facts, kept, alike)
        announced = is_event_of(reading, article.published_at, kept, neighbour.published_at)
        doubt = _OWN_PAGES if neighbour.outlet == article.outlet and _loose(alike) else 0.0
        value = max(score(alike) - doubt, _ANNOUNCED if announced else -math.inf)
        parted = neighbour.told_apart or (not announced and apart(alike))
        yield _Compared(neighbour, alike, value, parted, within)


def _loose(alike: Likeness) -> bool:
    return alike.text < _OWN_TEXT and alike.titles < _OWN_TITLE


def _part(compared: tuple[_Compared, ...]) -> Match | None:
    whole = max((one for one in compared if one.is_part), key=lambda one: one.score, default=None)
    if whole is None:
        return None
    because = f"같은 날 광역 단위 발표의 일부: {whole.neighbour.title}"
    return Match(whole.neighbour.story, because, 1 / (1 + math.exp(-whole.score)), is_part=True)


def _strength(compared: tuple[_Compared, ...], story: StoryId) -> float:
    tellings = [one for one in compared if one.neighbour.story == story]
    best = max(one.score for one in tellings if not one.apart)
    return best / 2 + sum(one.score for one in tellings) / len(tellings) / 2


def _hours(published: datetime | None, neighbour: Neighbour) -> float:
    if published is None or neighbour.published_at is None:
        return _UNDATED_HOURS
    return abs((published - neighbour.published_at).total_seconds()) / 3600


def _match(strength: float, best: _Compared) -> Match:
    copied = best.alike.text >= _SAME_TEXT and not best.alike.tiny
    chance = 1 / (1 + math.exp(-strength))
    return Match(best.neighbour.story, _because(best, copied=copied), chance, is_copy=copied)


def _because(best: _Compared, *, copied: bool) -> str:
    alike, title = best.alike, best.neighbour.title
    if copied:
        return f"본문이 거의 같음 ({alike.text:.0%}): {title}"
    said = [f"제목 어휘 {alike.titles:.0%}", f"본문 {alike.text:.0%}"]
    if alike.sums:
        said.append("같은 금액")
    if alike.numbers > alike.sums:
        said.append(f"같은 수치 {alike.numbers - alike.sums}개")
    if alike.same_date:
        said.append("같은 날짜")
    return f"{' · '.join(said)} 일치: {title}"
