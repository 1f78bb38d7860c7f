"""Has this story been told before, and which one is it?"""

import hashlib
import math
from collections.abc import Sequence
from datetime import datetime

from monitor.dedup.fingerprint import read, unpack
from monitor.dedup.likeness import Likeness, likeness, row, subject
from monitor.model import Article, ArticleKey, Facts, Fingerprint, Match, Neighbour, StoryId

_WEIGHTS = (
    -6.69, 2.25, 2.56, 2.61, 3.47, 1.71, 2.77, 0.63, 0.16, 0.32, 1.23, -1.00, -0.23, 0.00, -0.74, 0.79, 1.36,
)  # fmt: skip
_ENOUGH = 1.0
_SAME_TEXT = 0.9
_TEMPLATE = 0.5
_UNDATED_HOURS = 24.0


def story_id(key: ArticleKey) -> StoryId:
    """Name the story that the article *key* tells first; the first letter is the version of the hash."""
    return StoryId("s" + hashlib.blake2b(key.encode(), digest_size=10).hexdigest())


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
        The best story with the reason in Korean, or ``None`` when the story is new.
    """
    del facts, fingerprint
    new = subject(read(article))
    best: tuple[float, Neighbour, Likeness] | None = None
    for neighbour in neighbours:
        kept = unpack(neighbour.blob)
        if kept is None or neighbour.told_apart:
            continue
        alike = likeness(new, kept, hours=_hours(article.published_at, neighbour), shared=neighbour.shared)
        score = sum(weight * value for weight, value in zip(_WEIGHTS, row(alike), strict=True))
        if _apart(alike):
            continue
        if score > _ENOUGH and (best is None or score > best[0]):
            best = score, neighbour, alike
    if best is None:
        return None
    return _match(*best)


def _apart(alike: Likeness) -> bool:
    """Look-alikes: another turn of a series, or one template with other figures in both titles."""
    return alike.other_turn or (alike.strange_numbers > 0 and alike.text >= _TEMPLATE)


def _hours(published: datetime | None, neighbour: Neighbour) -> float:
    if published is None or neighbour.published_at is None:
        return _UNDATED_HOURS
    return abs((published - neighbour.published_at).total_seconds()) / 3600


def _match(score: float, neighbour: Neighbour, alike: Likeness) -> Match:
    copied = alike.text >= _SAME_TEXT and not alike.tiny
    return Match(neighbour.story, _because(alike, neighbour, copied=copied), 1 / (1 + math.exp(-score)), is_copy=copied)


def _because(alike: Likeness, neighbour: Neighbour, *, copied: bool) -> str:
    if copied:
        return f"본문이 거의 같음 ({alike.text:.0%}): {neighbour.title}"
    said = [f"제목 어휘 {alike.titles:.0%}", f"본문 {alike.text:.0%}"]
    if alike.sums:
        said.append("같은 금액")
    if alike.numbers > alike.sums:
        said.append(f"같은 수치 {alike.numbers - alike.sums}개")
    return f"{' · '.join(said)} 일치: {neighbour.title}"
