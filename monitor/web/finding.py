"""Stories that a search finds, with the found words marked and the result counted by region, stage and year."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from monitor.model import Grade
from monitor.notify import Words, words_of
from monitor.store import Facets, StoryFilter, spots
from monitor.web.asking import Ask
from monitor.web.feed import story_entries
from monitor.web.house import House
from monitor.web.lines import line_of, stage_word, stories_table
from monitor.web.sheet import Plain, Sheet
from monitor.web.told import story_told


async def search(house: House, ask: Ask) -> Sheet:
    """Find stories by words (two syllables suffice) and by region, stage, amount, firm and time."""
    wanted = house.named(ask.stories(grade=Grade.UNRELATED))
    is_asked = wanted != StoryFilter(limit=wanted.limit)
    page = await house.store.search(wanted.text, wanted) if wanted.text else await house.store.stories(wanted)
    facets = await house.store.facets(wanted)
    say = words_of(ask.language)
    return Sheet(
        "search.html",
        "검색",
        told=lambda: {
            "stories": [story_told(story) for story in page.stories],
            "cursor": page.cursor,
            "counts": _counts_told(house, facets),
        },
        values={
            "lines": [line_of(story, say) for story in page.stories],
            "cursor": page.cursor,
            "wanted": wanted,
            "is_asked": is_asked,
            "facets": facets,
            "groups": _groups(house, facets, ask, say),
        },
        table=lambda: stories_table(page.stories, say),
        entries=lambda: story_entries(page.stories, say),
    )


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One count beside the result, and the parameters that keep only these stories."""

    word: str
    count: int
    asks: Plain
    is_chosen: bool


def _groups(house: House, facets: Facets, ask: Ask, say: Words) -> tuple[tuple[str, tuple[Narrowing, ...]], ...]:
    """Return the counts by region, stage and year, each under its heading; without those that have none."""
    groups = (
        ("지역", [(say.spot(name), count, {"region": name}) for name, count in _provinces(house, facets)]),
        ("단계", [(stage_word(stage, say), count, {"stage": stage.value}) for stage, count in facets.stages]),
        ("연도", [(str(year), count, _year(year)) for year, count in facets.years]),
    )
    asked = {**ask.query, "region": house.full_name(ask.query.get("region", ""))}
    return tuple(
        (head, tuple(Narrowing(word, count, asks, asks.items() <= asked.items()) for word, count, asks in rows))
        for head, rows in groups
        if rows
    )


def _year(year: int) -> dict[str, str]:
    return {"from": f"{year}-01-01", "to": f"{year}-12-31"}


def _provinces(house: House, facets: Facets) -> list[tuple[str, int]]:
    """Leave out cities and counties: many share a name (중구), and only a 시도 tells where it is."""
    names = {region.name for region in house.regions}
    return [(name, count) for name, count in facets.regions if name in names]


def _counts_told(house: House, facets: Facets) -> Plain:
    return {
        "stories": facets.stories,
        "whole": facets.is_whole,
        "regions": dict(_provinces(house, facets)),
        "stages": {stage.value: count for stage, count in facets.stages},
        "years": {str(year): count for year, count in facets.years},
    }


def marked(text: str, query: str) -> Markup:
    """Return *text* as HTML with the words of *query* in ``<mark>``; every piece is escaped before it is joined."""
    pieces, done = [], 0
    for start, end in spots(query, text):
        pieces += [escape(text[done:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        done = end
    return Markup().join([*pieces, escape(text[done:])])
