"""What we noted about one source beside its timetable: kept in the store, so that a restart forgets nothing."""

import json
from dataclasses import asdict, dataclass, fields

from monitor.store import SOURCE_NOTES, Store


@dataclass(frozen=True, slots=True)
class Notes:
    """Counts in a row and habits of one source; the defaults say that nothing was noted.

    ``empties`` are looks that listed nothing, ``bodiless`` articles whose text was not where the outlet's own
    selectors say; ``unreliable`` when the source said "not modified" about a page that had changed; ``gap`` is the last
    hole between two looks that could not be closed; ``patch`` is what
    to write into the outlet's file, ``sample`` the page that shows why.
    """

    empties: int = 0
    bodiless: int = 0
    unreliable: bool = False
    gap: str = ""
    patch: str = ""
    sample: str = ""

    @classmethod
    def from_json(cls, text: str) -> "Notes":
        """Read what ``to_json`` wrote; "" and fields of another version are nothing noted."""
        read = json.loads(text) if text else {}
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in read.items() if name in names})

    def to_json(self) -> str:
        """Return the notes as a short JSON text, "" when there are none."""
        noted = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(noted, ensure_ascii=False) if noted else ""


async def recall(store: Store, outlet_id: str, url: str) -> Notes:
    """Return what is noted about a source."""
    return Notes.from_json(await store.meta(_name(outlet_id, url)))


async def note(store: Store, outlet_id: str, url: str, before: Notes, after: Notes) -> None:
    """Keep *after*; when it says the same as *before*, nothing is written."""
    if after != before:
        await store.set_meta(_name(outlet_id, url), after.to_json())


async def recall_all(store: Store) -> dict[tuple[str, str], Notes]:
    """Return everything that is noted: (outlet, address) → notes."""
    kept = await store.metas(SOURCE_NOTES)
    found = {}
    for name, text in kept.items():
        outlet_id, _, url = name.removeprefix(SOURCE_NOTES).partition(" ")
        found[outlet_id, url] = Notes.from_json(text)
    return found


def _name(outlet_id: str, url: str) -> str:
    return f"{SOURCE_NOTES}{outlet_id} {url}"
