"""What every page needs, opened once for a board."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.jobs.newsroom import Newsroom
from monitor.notify import Pen
from monitor.settings import Settings
from monitor.store import Store, StoryFilter


@dataclass(frozen=True, slots=True)
class Region:
    """One 시도: its full name, its everyday name, and every other printed form."""

    name: str
    short: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class House:
    """The open rooms behind the pages; nothing else is kept between two requests."""

    settings: Settings
    store: Store
    room: Newsroom
    pen: Pen
    regions: tuple[Region, ...]

    def full_name(self, region: str) -> str:
        """Return the full name of a 시도 from any printed form; a 시군구 stays as it is."""
        return next((each.name for each in self.regions if region in (each.name, *each.forms)), region)

    def named(self, wanted: StoryFilter) -> StoryFilter:
        """Let a region be asked for by any printed form."""
        return replace(wanted, region=self.full_name(wanted.region)) if wanted.region else wanted


def regions_of(table: Mapping[str, object]) -> tuple[Region, ...]:
    """Return the 시도 of ``regions.toml``, in its order."""
    rows = table.get("sido")
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return tuple(
        Region(
            str(row["name"]),
            str(row.get("short", row["name"])),
            tuple(map(str, (row.get("short", ""), *row.get("names", ())))),
        )
        for row in found
    )
