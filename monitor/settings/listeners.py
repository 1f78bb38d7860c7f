"""Who hears of what: routes and watch lists as nouns, checked against the regions and receivers that there are."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from monitor.model import Grade, Route, Watch, WatchKind
from monitor.settings.tables import RouteTable, WatchTable
from monitor.text import name_key


def near(word: str, known: Iterable[str]) -> str:
    """Return how a mistake ends: the known word that is meant, or all there are."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; known are: {', '.join(sorted(known))}"


def region_names(regions: Mapping[str, object]) -> dict[str, str]:
    """Return every printed form of a 시도 → its full name; a 시군구 is itself."""
    names: dict[str, str] = {}
    for sido in _tables(regions.get("sido")):
        full = str(sido["name"])
        for name in (full, sido.get("short", full), *_words(sido.get("names"))):
            names[str(name)] = full
        names |= {sigungu: sigungu for sigungu in _words(sido.get("sigungu"))}
    return names


def site_names(regions: Mapping[str, object]) -> dict[str, str]:
    """Return every printed form of an industrial complex or free economic zone → its full name."""
    return {
        form: str(site["name"])
        for site in _tables(regions.get("site"))
        for form in (str(site["name"]), *_words(site.get("names")))
    }


def route_mistakes(
    routes: Iterable[RouteTable], names: Mapping[str, str], receivers: Mapping[str, object] | None
) -> Iterator[str]:
    """Yield what is wrong with routes: a region or a receiver that does not exist (None: unread, not checked)."""
    for number, route in enumerate(routes, 1):
        for region in route.regions:
            if region not in names:
                yield f"routes.{number}.regions: no region {region!r}{near(region, names)}"
        if receivers is not None and route.receiver not in receivers:
            yield f"routes.{number}: nobody is called {route.receiver!r}{near(route.receiver, receivers)}"


def route_of(table: RouteTable, names: Mapping[str, str]) -> Route:
    """Return a route with the full names of its regions."""
    regions = tuple(dict.fromkeys(names[region] for region in table.regions))
    return Route(**{**table.model_dump(), "min_grade": Grade(table.min_grade), "regions": regions})


def watch_mistakes(watches: Iterable[WatchTable], names: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with watched names: an unknown region, or one name that is watched twice."""
    first: dict[str, int] = {}
    for number, watch in enumerate(watches, 1):
        if watch.kind is WatchKind.REGION and watch.name not in names:
            yield f"watch.{number}.name: no region {watch.name!r}{near(watch.name, names)}"
        for name in (watch.name, *watch.aliases):
            other = first.setdefault(name_key(names.get(name, name)), number)
            if other != number:
                yield f"watch.{number}: {name!r} is watched already, by watch.{other}"


def watch_of(table: WatchTable, names: Mapping[str, str]) -> Watch:
    """Return a watched name; a region by its full name."""
    name = names[table.name] if table.kind is WatchKind.REGION else table.name
    return Watch(name, table.kind, table.aliases, Grade(table.grade) if table.effect == "raise" else None)


def _tables(value: object) -> list[Mapping[str, object]]:
    return [table for table in value if isinstance(table, Mapping)] if isinstance(value, list) else []


def _words(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
