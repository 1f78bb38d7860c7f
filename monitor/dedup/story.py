"""Has this story been told before, and which one is it?"""

import hashlib
import math
from collections.abc import Iterator, Sequence

from monitor.dedup.blob import unpack
from monitor.dedup.comparison import Comparison, compare
from monitor.dedup.kinship import is_part, is_summary, is_whole, speaks_of_deal
from monitor.dedup.likeness import Likeness
from monitor.dedup.measures import FACTORS, Floats
from monitor.dedup.reading import Reading, read
from monitor.model import Article, ArticleKey, Facts, Fingerprint, Match, Neighbour, StoryId

_PARTED = 2.0
"""Log-odds off a story all of whose tellings only look alike, in proportion: the president's thanks at a signing
resemble some reports of the signing and are strange to others. Without it, and with the strength alone choosing among
stories, the held-out pair precision was 0.85 instead of 0.99; 1.5 to 2.5 give the same."""
_SAME_TEXT = 0.9


def story_id(key: ArticleKey) -> StoryId:
    """Name the story that the article *key* tells first; the first letter is the version of the hash."""
    return StoryId("s" + hashlib.blake2b(key.encode(), digest_size=10).hexdigest())


def same_story(
    article: Article,
    facts: Facts,
    fingerprint: Fingerprint,
    neighbours: Sequence[Neighbour],
    factors: Floats = FACTORS,
) -> Match | None:
    """Find the story that *article* retells.

    Args:
        article: The new article.
        facts: What it names; ``Facts()`` is valid.
        fingerprint: Its own fingerprint.
        neighbours: Known articles that share index keys, any order; 24 are enough.
        factors: Of the regression, for measuring others than the shipped ones.

    Returns:
        The best story with the reason in Korean; with ``is_part`` the bigger story that a new one is a part of; or
        ``None`` when the story is new.
    """
    del fingerprint
    compared = compare(article, neighbours)
    if compared is None:
        return None
    scores = compared.scores(factors)
    ranked = max(_strengths(compared, scores), default=None)
    if ranked is None:
        return _part(compared, scores, read(article), facts)
    _, _, best, strength = ranked
    return _match(strength, compared, best)


def parts(article: Article, neighbours: Sequence[Neighbour]) -> tuple[StoryId, ...]:
    """Stories told earlier that are parts of what *article* announces for a whole province, each once.

    Args:
        article: The new article.
        neighbours: As for ``same_story``.
    """
    reading = read(article)
    compared = compare(article, neighbours) if is_summary(reading) else None
    if compared is None:
        return ()
    rows = [compared.neighbours[at] for at in compared.same_day()]
    return tuple(dict.fromkeys(each.story for each in rows if is_whole(reading, unpack(each.blob))))


def _strengths(compared: Comparison, scores: Sequence[float]) -> Iterator[tuple[float, StoryId, int, float]]:
    """Each story that is likelier than not: the score of its best telling, its name, that telling's row, its strength.

    Half of the strength is the best telling that is not apart, half the mean of all, which keeps a story from growing
    through its odd members (measured: pair precision 0.91 to 0.99 at the same recall). The best telling chooses among
    stories. Whether tellings are look-alikes is asked of few neighbours: of stories that could be strong enough.
    """
    rows: dict[StoryId, list[int]] = {}
    for at in sorted(range(len(scores)), key=lambda at: -scores[at]):
        rows.setdefault(compared.neighbours[at].story, []).append(at)
    for story, tellings in rows.items():
        mean = sum(scores[at] for at in sorted(tellings)) / len(tellings)
        if scores[tellings[0]] + mean <= 0:
            continue
        parted = {at for at in tellings if compared.parted(at)}
        best = next((at for at in tellings if at not in parted), None)
        if best is None:
            continue
        strength = (scores[best] + mean) / 2 - _PARTED * len(parted) / len(tellings)
        if strength > 0:
            yield scores[best], story, best, strength


def _part(compared: Comparison, scores: Sequence[float], reading: Reading, facts: Facts) -> Match | None:
    if not speaks_of_deal(reading):
        return None
    wholes = [at for at in compared.same_day() if is_part(reading, facts, unpack(compared.neighbours[at].blob))]
    if not wholes:
        return None
    best = max(wholes, key=scores.__getitem__)
    whole = compared.neighbours[best]
    because = f"같은 날 광역 단위 발표의 일부: {whole.title}"
    return Match(whole.story, because, 1 / (1 + math.exp(-scores[best])), is_part=True)


def _match(strength: float, compared: Comparison, best: int) -> Match:
    alike, neighbour = compared.alike(best), compared.neighbours[best]
    copied = alike.text >= _SAME_TEXT and not alike.tiny
    chance = 1 / (1 + math.exp(-strength))
    return Match(neighbour.story, _because(alike, neighbour.title, copied=copied), chance, is_copy=copied)


def _because(alike: Likeness, title: str, *, copied: bool) -> str:
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
