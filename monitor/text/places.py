"""The rows of ``config/regions.toml`` as names that a text may print."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Name:
    """What one printed name may mean."""

    kind: str
    name: str
    sido: str
    sigungu: str = ""
    stem: bool = False
    since: dt.date | None = None
    until: dt.date | None = None  # exclusive

    def holds(self, on: dt.date | None) -> bool:
        """Return whether the meaning is valid on a day; None asks for the present map."""
        if on is None:
            return self.until is None
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


Names = tuple[dict[str, tuple[Name, ...]], frozenset[str], dict[str, str], dict[str, tuple[str, ...]]]


def names_of(table: Mapping[str, object]) -> Names:
    """Return printed name → meanings, the stems that are words of their own, 시도 → short name, and areas → 시도.

    Raises:
        ConfigError: with every row that cannot be used.
    """
    mistakes: list[str] = []
    names: dict[str, list[Name]] = defaultdict(list)
    changes = _changes(table, mistakes)
    sido_rows = list(_rows(table, "sido", mistakes))
    for row in sido_rows:
        for printed, name in [*_sido(row), *_sigungu(row, changes)]:
            names[printed].append(name)
    for row in _rows(table, "former", mistakes):
        names[_text(row, "name")].append(_former(row))
    for row in _rows(table, "site", mistakes):
        site = Name("site", _text(row, "name"), _text(row, "sido"), _text(row, "sigungu"))
        for printed in _spaced([site.name, *_texts(row, "names")]):
            names[printed].append(site)
    mistakes += [f"regions: {one.name} lies in the unknown 시도 {one.sido}" for one in _strays(names.values())]
    if mistakes:
        raise ConfigError(tuple(mistakes))
    short = {_text(row, "name"): _text(row, "short") for row in sido_rows}
    meanings = {printed: tuple(found) for printed, found in names.items()}
    return meanings, frozenset(_texts(table, "words")), short, _areas(table)


def _areas(table: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return the areas of several 시도 (동남권) by each of their names."""
    rows = _rows(table, "area", [])
    return {
        printed: tuple(_texts(row, "sido")) for row in rows for printed in (_text(row, "name"), *_texts(row, "names"))
    }


def _sido(row: Mapping[str, object]) -> Iterator[tuple[str, Name]]:
    name = _text(row, "name")
    for printed in dict.fromkeys([name, *_texts(row, "names")]):
        yield printed, Name("sido", name, name)


def _sigungu(row: Mapping[str, object], changes: Mapping[tuple[str, str], Name]) -> Iterator[tuple[str, Name]]:
    sido = _text(row, "name")
    for sigungu in _texts(row, "sigungu"):
        name = changes.get((sigungu, sido)) or Name("sigungu", sigungu, sido, sigungu)
        yield sigungu, name
        stem = sigungu[:-1]
        if len(stem) > 1 and sigungu[-1] != "구":
            yield stem, replace(name, stem=True)


def _former(row: Mapping[str, object]) -> Name:
    """Return the present meaning of a name that went out of use; it is still printed, so it stays valid."""
    now, sido = _text(row, "now"), _text(row, "sido")
    if not sido:
        return Name("sido", now, now)
    return Name("sigungu", now, sido, now) if now else Name("sido", sido, sido)


def _changes(table: Mapping[str, object], mistakes: list[str]) -> dict[tuple[str, str], Name]:
    found: dict[tuple[str, str], Name] = {}
    for row in _rows(table, "change", mistakes):
        sigungu, sido = _text(row, "sigungu"), _text(row, "sido")
        found[sigungu, sido] = Name(
            "sigungu", sigungu, sido, sigungu, since=_day(row, "since"), until=_day(row, "until")
        )
    return found


def _spaced(printed: Iterable[str]) -> set[str]:
    """Return the names with the spaces that papers put before 산단 and 산업단지."""
    forms = set(printed)
    for tail in ("국가산업단지", "일반산업단지", "산업단지", "국가산단", "일반산단", "산단"):
        forms |= {
            f"{name.removesuffix(tail)} {tail}"
            for name in forms
            if name.endswith(tail) and not name.endswith(" " + tail)
        }
    return {form for form in forms if not form.startswith(" ")}


def _strays(meanings: Iterable[list[Name]]) -> list[Name]:
    flat = [name for names in meanings for name in names]
    known = {name.sido for name in flat if name.kind == "sido"}
    return list(dict.fromkeys(name for name in flat if name.sido not in known))


def _rows(table: Mapping[str, object], key: str, mistakes: list[str]) -> Iterator[Mapping[str, object]]:
    rows = table.get(key, [])
    if not isinstance(rows, list):
        mistakes.append(f"regions: [[{key}]] must be a list of tables")
        return
    for row in rows:
        if isinstance(row, Mapping) and isinstance(row.get("name", row.get("sigungu")), str):
            yield row
        else:
            mistakes.append(f"regions: a [[{key}]] row has no name")


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key, "")
    return value if isinstance(value, str) else ""


def _texts(row: Mapping[str, object], key: str) -> list[str]:
    value = row.get(key, [])
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _day(row: Mapping[str, object], key: str) -> dt.date | None:
    value = row.get(key)
    return value if isinstance(value, dt.date) else None
