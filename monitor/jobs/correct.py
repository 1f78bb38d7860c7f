"""A person corrects us: what a story is worth, which articles tell it. Board, command line and mail act alike."""

from datetime import datetime
from urllib.parse import urlsplit

from monitor.deals import deal_keys
from monitor.dedup import article_key, fingerprint, story_id
from monitor.jobs.compose import IRRELEVANT, RELEVANT
from monitor.model import StoryId
from monitor.store import Store, StoredArticle

VERDICTS = {"useful": RELEVANT, "irrelevant": IRRELEVANT}
"""What people press and type → the kind of verdict that is kept."""
_OPPOSITE = {RELEVANT: IRRELEVANT, IRRELEVANT: RELEVANT}


async def judge(store: Store, story: StoryId, kind: str, who: str, now: datetime) -> None:
    """Keep one person's word on a story; it replaces the opposite one, and sent messages show it."""
    await store.take_back(_OPPOSITE[kind], story, who)
    await store.add_verdict(kind, story, "", who, now)
    await store.edit_now(story)


async def unsay(store: Store, story: StoryId, who: str) -> bool:
    """Take back what a person said of a story's worth; False when they said nothing."""
    said = sum([await store.take_back(kind, story, who) for kind in _OPPOSITE])
    await store.edit_now(story)
    return said > 0


async def split(store: Store, told: StoredArticle, who: str, now: datetime) -> StoryId | None:
    """Let an article be the first telling of a story of its own; None when it is that already."""
    own = story_id(told.article.key)
    keys = fingerprint(told.article, told.facts).keys
    parted = await store.split_article(told.article.key, own, who, now, keys=keys, keys_of=deal_keys)
    return own if parted else None


async def named_story(store: Store, name: str) -> StoryId | None:
    """Find the story that a person means by an id, by the board's page of it, or by an article's address."""
    path = urlsplit(name).path if name.startswith(("http://", "https://")) else f"/stories/{name}"
    story = await store.story(StoryId(path.removeprefix("/stories/"))) if path.startswith("/stories/") else None
    if story:
        return story.id
    article = await named_article(store, name)
    return article.story if article else None


async def named_article(store: Store, name: str) -> StoredArticle | None:
    """Find an article by its key or its address, in whatever form it was copied."""
    return await store.article(name) or await store.article(article_key(name))
