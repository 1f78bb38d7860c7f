"""What people said, as labelled cases: articles with the grade, the story and the stage that a person gave them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.jobs.compose import IRRELEVANT, RELEVANT
from monitor.model import DealId, Grade, Stage, Story, StoryId
from monitor.notify import WhyNot
from monitor.store import OTHER_STORY, SAME_STORY, WRONG_STAGE, Store, StoredArticle, Verdict

_OF_WORTH = frozenset({"", WhyNot.ARTICLE.value, WhyNot.KIND.value})
"""Why an alert was called irrelevant, where the grade is to blame: not that its reader covers another region or sector,
wants no word of a firm, or knew it already."""


@dataclass(frozen=True, slots=True)
class Case:
    """One article of a story that people spoke of; ``None`` where they did not say."""

    told: StoredArticle
    grade: Grade | None
    stage: Stage | None


async def cases(store: Store) -> tuple[Case, ...]:
    """Return every article, copies aside, of the stories that people judged, joined, split or corrected, by story.

    A useful story is worth what it was graded, a digest at least; an irrelevant one at most a mention. Where as many
    people say the one as the other, nobody has said.
    """
    verdicts = await store.verdicts()
    stories = await _stories(store, verdicts)
    worth, stages = _worth(verdicts, stories), _stages(verdicts, stories)
    found = []
    for story in dict.fromkeys(story.id for story in stories.values()):
        grade, stage = _grade(worth[story], next(one for one in stories.values() if one.id == story)), stages.get(story)
        found += [Case(told, grade, stage) for told in await store.articles_of(story) if not told.is_copy]
    return tuple(found)


async def _stories(store: Store, verdicts: Sequence[Verdict]) -> dict[str, Story]:
    """Return the stories that verdicts speak of, by each name they use; those that were pruned are left out."""
    names: dict[str, StoryId | None] = {}
    for said in verdicts:
        if said.kind in {RELEVANT, IRRELEVANT, SAME_STORY}:
            names[said.subject] = StoryId(said.subject)
        elif said.kind == OTHER_STORY:
            article = await store.article(said.subject)
            names[said.subject], names[said.value] = article.story if article else None, StoryId(said.value)
        elif said.kind == WRONG_STAGE:
            names[said.subject] = await store.story_of_deal(DealId(said.subject))
    found = {name: await store.story(story) for name, story in names.items() if story}
    return {name: story for name, story in found.items() if story}


def _worth(verdicts: Sequence[Verdict], stories: Mapping[str, Story]) -> Counter[StoryId]:
    votes: Counter[StoryId] = Counter()
    for said in verdicts:
        if said.subject in stories and (said.kind == RELEVANT or (said.kind == IRRELEVANT and said.value in _OF_WORTH)):
            votes[stories[said.subject].id] += 1 if said.kind == RELEVANT else -1
    return votes


def _stages(verdicts: Sequence[Verdict], stories: Mapping[str, Story]) -> dict[StoryId, Stage]:
    return {
        stories[said.subject].id: Stage(said.value)
        for said in verdicts
        if said.kind == WRONG_STAGE and said.subject in stories
    }


def _grade(votes: int, story: Story) -> Grade | None:
    if votes == 0:
        return None
    return max(Grade.ACTIVITY, story.grade) if votes > 0 else Grade.MENTION
