"""A pattern that a user wrote, run in time linear in the text whatever it says.

Python's own engine needs years for ``(a+)+$`` on a line of a hundred letters; RE2 knows no such pattern. What RE2 does
not know (look-around, back references) or what is too large for an article's time is not run at all, and said so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import re2

from monitor.errors import ConfigError

LONGEST_TEXT = 8_000
"""Characters looked at: what is judged of an article is below it, an address of a hostile page may not be."""
LARGEST = 3_000
"""RE2's steps; the largest shipped pattern has 1,427. With both caps a rule costs at most 50 ms (two shared cores)."""
_QUIET = re2.Options()
_QUIET.log_errors = False


class _Regex(Protocol):
    programsize: int

    def finditer(self, text: str) -> Iterator[object]: ...
    def search(self, text: str) -> object | None: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern ready to run; one that was ``refused`` (the reason, in words) never stands in any text."""

    regex: _Regex | None
    refused: str = ""

    @classmethod
    def of(cls, name: str, pattern: str) -> "Rule":
        """Return the rule of a pattern.

        Raises:
            ConfigError: it is no regular expression at all.
        """
        try:
            regex = cast("_Regex", re2.compile(pattern, _QUIET))
        except re2.error as wrong:
            return cls(None, f"{name}: {_known(name, pattern, wrong)}; rule switched off")
        if regex.programsize > LARGEST:
            return cls(None, f"{name}: too large ({regex.programsize} steps, at most {LARGEST}); rule switched off")
        return cls(regex)

    def count(self, text: str) -> int:
        """Return how often it stands in *text*."""
        return sum(1 for _ in self.regex.finditer(text[:LONGEST_TEXT])) if self.regex else 0

    def is_in(self, text: str) -> bool:
        """Whether it stands in *text*."""
        return self.regex is not None and self.regex.search(text[:LONGEST_TEXT]) is not None


def _known(name: str, pattern: str, wrong: Exception) -> str:
    """Return what RE2 has against a pattern that Python would run; raise for one that nobody knows."""
    try:
        re.compile(pattern)
    except re.error as mistake:
        raise ConfigError((f"topic: {name}: {mistake}",)) from mistake
    said = wrong.args[0] if wrong.args else ""
    return said.decode() if isinstance(said, bytes) else str(said)
