"""Where, at which stage and when are the stories that a search finds?"""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from monitor.clock import KST
from monitor.model import Stage, StoryId
from monitor.store import tables as t
from monitor.store.database import Desk
from monitor.store.dialect import listed_names, names
from monitor.store.rows import StoryFilter
from monitor.store.search import newest

COUNTED = 1_000
"""The newest stories are counted; with words, those of the newest articles that say them.

A common word stands in half of all articles, and nobody waits for a count of those.
"""


@dataclass(frozen=True, slots=True)
class Facets:
    """How many stories of a result stand where; each count is above 0."""

    stories: int
    is_whole: bool  # False: the result is longer than what was counted
    regions: tuple[tuple[str, int], ...] = ()  # 시도 and 시군구, most stories first
    stages: tuple[tuple[Stage, int], ...] = ()  # in the order of stages; a story with several deals counts for each
    years: tuple[tuple[int, int], ...] = ()  # Korean years of the last news, newest first


class Counting(Desk):
    """Counts beside a list of stories."""

    async def facets(self, wanted: StoryFilter) -> Facets:
        """Count a whole result up to ``COUNTED``, whatever page ``cursor`` and ``limit`` ask for."""
        return await self._db.read(lambda conn: _facets(conn, wanted))


def _facets(conn: Connection, wanted: StoryFilter) -> Facets:
    counted, is_whole = newest(conn, wanted, COUNTED)
    stages = _stages(conn, counted)
    return Facets(
        stories=len(counted),
        is_whole=is_whole,
        regions=_regions(conn, counted),
        stages=tuple((stage, stages[stage]) for stage in Stage if stage in stages),
        years=_years(conn, counted),
    )


def _regions(conn: Connection, stories: tuple[StoryId, ...]) -> tuple[tuple[str, int], ...]:
    rows, story = listed_names(conn, "stories")
    place, count = t.story_region.c.region, func.count()
    said = select(place, count).select_from(rows.join(t.story_region, t.story_region.c.story_id == story))
    found = conn.execute(said.group_by(place), {"stories": names(conn, stories)})
    return tuple(sorted(((region, many) for region, many in found), key=lambda each: (-each[1], each[0])))


def _stages(conn: Connection, stories: tuple[StoryId, ...]) -> dict[Stage, int]:
    rows, story = listed_names(conn, "stories")
    stage, count = t.deal.c.stage, func.count(t.deal.c.story_id.distinct())
    said = select(stage, count).select_from(rows.join(t.deal, t.deal.c.story_id == story)).group_by(stage)
    return {Stage(each): many for each, many in conn.execute(said, {"stories": names(conn, stories)})}


def _years(conn: Connection, stories: tuple[StoryId, ...]) -> tuple[tuple[int, int], ...]:
    rows, story = listed_names(conn, "stories")
    said = select(t.story.c.last_at).select_from(rows.join(t.story, t.story.c.id == story))
    years = Counter(at.astimezone(KST).year for at in conn.scalars(said, {"stories": names(conn, stories)}))
    return tuple(sorted(years.items(), reverse=True))
