"""A memory that looks candidates up as the store does: articles that share index keys, the 24 with the most."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.dedup import fingerprint, same_story, story_id
from monitor.model import Article, ArticleKey, Facts, Match, Neighbour, StoryId

NOON = datetime(2027, 3, 2, 3, 0, tzinfo=UTC)


def telling(title: str, text: str = "", *, at: datetime = NOON, key: str = "") -> Article:
    return Article(ArticleKey(key or title), "https://paper.test/a", "test/paper", title, text, at)


class Memory:
    """Stories in reading order."""

    def __init__(self) -> None:
        self.by_key: dict[int, list[Neighbour]] = defaultdict(list)
        self.told_apart: set[StoryId] = set()

    def tell(self, article: Article, facts: Facts | None = None) -> tuple[StoryId, Match | None]:
        facts = facts or Facts()
        kept = fingerprint(article, facts)
        match = same_story(article, facts, kept, self.neighbours(kept.keys))
        story = match.story if match and not match.is_part else story_id(article.key)
        if not (match and match.is_copy):
            known = self._neighbour(article, story, kept.blob)
            for key in kept.keys:
                self.by_key[key].append(known)
        return story, match

    def neighbours(self, keys: tuple[int, ...]) -> list[Neighbour]:
        shared = Counter(id(known) for key in keys for known in self.by_key[key])
        known = {id(one): one for key in keys for one in self.by_key[key]}
        return [self._counted(known[one], count) for one, count in shared.most_common(24)]

    def _counted(self, one: Neighbour, count: int) -> Neighbour:
        return Neighbour(
            one.story, one.article, one.outlet, one.title, one.seen_at, one.published_at, one.blob, count,
            one.story in self.told_apart,
        )  # fmt: skip

    @staticmethod
    def _neighbour(article: Article, story: StoryId, blob: bytes) -> Neighbour:
        seen = article.published_at or NOON
        return Neighbour(story, article.key, article.outlet, article.title, seen, article.published_at, blob, 0)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def tells() -> Callable[..., Article]:
    return telling
