"""Where do the pages of one publishing system keep headline, date and body?"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from monitor.model import OutletKind


@lru_cache
def _encoded(marks: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(mark.encode() for mark in marks)


_NAME = re.compile(r"[#.]([\w-]+)")
_WITHOUT = re.compile(r":not\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Layout:
    """One shape of one family's article pages.

    A page has this shape when its host is one of ``hosts`` (sub-domains count) or its source holds every string of
    ``marks``. Selectors are CSS, tried in order; the first that gives text wins. ``until`` is the last day on which
    pages of this shape were seen: younger pages try the other versions first, recorded pages still replay.
    """

    family: str
    body: tuple[str, ...]
    version: str = "1"
    hosts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    until: date | None = None
    headline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    captions: str = ""  # inside the body, kept apart
    drop: str = ""  # inside the body, thrown away
    join: bool = False  # every match of the selector is a piece of the body, not only the first
    headline_from_ld: bool = False  # the newsroom's plain headline is in JSON-LD, the printed one is decorated
    kind: OutletKind = OutletKind.PAPER
    original: bool = False  # pages are original releases: who released is worth knowing

    @property
    def name(self) -> str:
        """``family@version``, as an outlet file and an article name it."""
        return f"{self.family}@{self.version}"

    @property
    def body_names(self) -> frozenset[str]:
        """The ids and classes of which a body of this shape bears at least one; empty when it needs none."""
        last = [_NAME.findall(_WITHOUT.sub("", selector).split()[-1]) for selector in self.body]
        return frozenset(name for names in last for name in names) if all(last) else frozenset()

    @property
    def printed(self) -> tuple[str, ...]:
        """Every selector of what is printed around a body."""
        return (*self.headline, *self.published, *self.byline, *self.section)

    def marks_are_in(self, source: bytes) -> bool:
        """Whether the source of a page shows every mark of this shape."""
        return bool(self.marks) and all(mark in source for mark in _encoded(self.marks))

    def ended(self, day: date) -> bool:
        """Whether pages of *day* no longer have this shape."""
        return self.until is not None and day > self.until
