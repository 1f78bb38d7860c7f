"""The words and patterns of a topic, as an editor wrote them, made ready for one pass over an article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from monitor.classify.names import single_names
from monitor.classify.rule import Rule
from monitor.errors import ConfigError

_LEVELS = ("sido", "sigungu")
_CHARACTER_BITS = 21  # of the largest code point: two characters are one number


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for or against; any one of them is enough."""

    name: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Who does what to what within a sentence; ``needs`` are tried first because finding a word is cheap."""

    name: str
    label: str
    needs: tuple[str, ...]
    rule: Rule


def character_pairs(text: str) -> AbstractSet[int]:
    """Return every two neighbouring characters of *text* as one number each: half the time of pairs of strings."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    return set((points[:-1] << _CHARACTER_BITS | points[1:]).tolist())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by their first two characters: most are ruled out without being looked for.

    Trying 650 words one by one takes three times as long as the set of pairs of a 1,100-character text.
    """

    by_start: Mapping[int, tuple[tuple[str, int], ...]]
    short: tuple[tuple[str, int], ...]  # of one character

    @classmethod
    def of(cls, words: Iterable[tuple[str, int]]) -> "Vocabulary":
        """Return a vocabulary of (word, what it stands for)."""
        starts: dict[int, list[tuple[str, int]]] = {}
        short = []
        for word, meaning in words:
            if len(word) == 1:
                short.append((word, meaning))
            else:
                start = ord(word[0]) << _CHARACTER_BITS | ord(word[1])
                starts.setdefault(start, []).append((word, meaning))
        return cls({start: tuple(rows) for start, rows in starts.items()}, tuple(short))

    def found(self, text: str, pairs: AbstractSet[int]) -> Iterator[tuple[str, int]]:
        """Yield each word that stands in *text*, once, with its meaning; in no order.

        Args:
            text: where to look.
            pairs: ``character_pairs(text)``, handed in because several vocabularies look at one text.
        """
        for start in self.by_start.keys() & pairs:
            for row in self.by_start[start]:
                if row[0] in text:
                    yield row
        for row in self.short:
            if row[0] in text:
                yield row


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A topic file after reading: cues, patterns, places, marks of outlets, thresholds, lengths."""

    cues: tuple[Cue, ...]
    patterns: tuple[Pattern, ...]
    vocabulary: Vocabulary  # words of cues with the cue's index, words patterns need with -1 less the pattern's
    places: Vocabulary  # every place, 1 for a city or county, 0 for a province
    pairs: tuple[tuple[int, int], ...]  # features that say more together, as indices of single features
    names: tuple[str, ...]  # of all features, single ones first
    outlet_ends: Mapping[str, tuple[str, ...]]
    sections: Mapping[str, Rule]
    alert: float
    digest: float
    mention: float
    bare: float  # what the probability of an alert is multiplied with when only words speak for it
    annoying: Rule  # headlines that are no alert
    lead: int
    body: int

    @property
    def refused(self) -> tuple[str, ...]:
        """What was switched off because it could cost too much, one line for each rule."""
        rules = (*(pattern.rule for pattern in self.patterns), *self.sections.values(), self.annoying)
        return tuple(rule.refused for rule in rules if rule.refused)


def read_lexicon(topic: Mapping[str, object]) -> Lexicon:
    """Read a topic file.

    Args:
        topic: what ``tomllib`` gives for a file of ``config/topics``.

    Raises:
        ConfigError: a table or key is missing, or of another kind; each mistake is named.
    """
    cues = tuple(Cue(_text(row, "name"), _text(row, "label"), _words(row, "words")) for row in _rows(topic, "cue"))
    patterns = tuple(
        Pattern(_text(row, "name"), _text(row, "label"), _words(row, "needs"), _rule(row, "regex"))
        for row in _rows(topic, "pattern")
    )
    single = single_names((cue.name for cue in cues), (pattern.name for pattern in patterns))
    pairs = tuple((_place(row, "left", single), _place(row, "right", single)) for row in _rows(topic, "pair"))
    places, outlets, sections = (_table(topic, name) for name in ("places", "outlets", "sections"))
    thresholds, doubt, reading = (_table(topic, name) for name in ("thresholds", "doubt", "reading"))
    return Lexicon(
        cues=cues,
        patterns=patterns,
        vocabulary=Vocabulary.of(
            [(word, index) for index, cue in enumerate(cues) for word in cue.words]
            + [(word, -1 - index) for index, pattern in enumerate(patterns) for word in pattern.needs]
        ),
        places=Vocabulary.of((name, level) for level, key in enumerate(_LEVELS) for name in _words(places, key)),
        pairs=pairs,
        names=(*single, *(f"{single[left]}&{single[right]}" for left, right in pairs)),
        outlet_ends={kind: _words(outlets, kind) for kind in ("board", "release", "wire", "regional")},
        sections={side: _rule(sections, side) for side in ("for", "against")},
        alert=_number(thresholds, "alert"),
        digest=_number(thresholds, "digest"),
        mention=_number(thresholds, "mention"),
        bare=_number(doubt, "bare"),
        annoying=_rule(doubt, "annoying"),
        lead=int(_number(reading, "lead")),
        body=int(_number(reading, "body")),
    )


def _place(row: Mapping[str, object], key: str, names: tuple[str, ...]) -> int:
    name = _text(row, key)
    if name not in names:
        raise ConfigError((f"topic: a pair names {name}, which is no feature",))
    return names.index(name)


def _table(parent: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = parent.get(key)
    if not isinstance(value, Mapping):
        raise ConfigError((f"topic: [{key}] is missing",))
    return value


def _rows(parent: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    value = parent.get(key)
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise ConfigError((f"topic: [[{key}]] is missing",))
    return value


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigError((f"topic: {key} must be a text in {dict(row)}",))
    return value


def _words(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ConfigError((f"topic: {key} must be a list of words in {row.get('name', key)}",))
    return tuple(value)


def _number(row: Mapping[str, object], key: str) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError((f"topic: {key} must be a number",))
    return float(value)


def _rule(row: Mapping[str, object], key: str) -> Rule:
    return Rule.of(str(row.get("name", key)), _text(row, key))
