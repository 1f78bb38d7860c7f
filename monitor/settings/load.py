"""Read the configuration folder once; every mistake is named with its file, line and nearest right key.

Search order of the folder: ``--config``, ``BONGSU_CONFIG``, ``./config``, the user's folder, ``/etc/bongsu``, and at
last the catalogue shipped with the package. A value of ``monitor.toml`` may be set as ``BONGSU__SECTION__KEY``.
Secrets stand in files or the environment only; here they are names, and ``Secret`` never prints its value.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TypeVar, get_args

import platformdirs
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.errors import ConfigError
from monitor.model import Outlet, OutletId, Route, Selectors, Source, SourceKind, Watch
from monitor.settings.listeners import (
    near,
    region_names,
    route_mistakes,
    route_of,
    site_names,
    watch_mistakes,
    watch_of,
)
from monitor.settings.secrets import Secret, read_headers, read_secret
from monitor.settings.tables import (
    AlertSection,
    FetchSection,
    MonitorFile,
    OutletFile,
    ReceiversFile,
    ReceiverTable,
    RoutesFile,
    Section,
    StoreSection,
    WatchFile,
    WebSection,
)

_T = TypeVar("_T", bound=Section)
_ROOT = Path(__file__).parent.parent
SHIPPED = next(folder for folder in (_ROOT / "config", _ROOT.parent / "config") if (folder / "monitor.toml").is_file())
"""The catalogue in the wheel, or the checkout's own folder."""

_ENV = "BONGSU__"


@dataclass(frozen=True)
class Settings:
    """Everything the doors hand down, as values."""

    folder: Path
    monitor: MonitorFile
    outlets: tuple[Outlet, ...]
    receivers: Mapping[str, ReceiverTable]
    routes: tuple[Route, ...]
    watches: tuple[Watch, ...] = ()

    @cached_property
    def regions(self) -> Mapping[str, object]:
        """``regions.toml`` as read."""
        return tomllib.loads(_found(self.folder, "regions.toml").read_text(encoding="utf-8"))

    @cached_property
    def topic(self) -> Mapping[str, object]:
        """``topics/investment.toml`` as read."""
        return tomllib.loads(_found(self.folder, "topics/investment.toml").read_text(encoding="utf-8"))

    def model(self, name: str) -> bytes:
        """Return the bytes of ``models/<name>``."""
        return _found(self.folder, f"models/{name}").read_bytes()

    @property
    def store_url(self) -> str:
        """The database's address; without one, a file in the user's data folder."""
        if self.monitor.store.url:
            return self.monitor.store.url
        return f"sqlite+aiosqlite:///{Path(platformdirs.user_data_dir('bongsu')) / 'bongsu.db'}"

    def secret(self, table: BaseModel, key: str) -> Secret | None:
        """Read a secret of *table*; ``None`` when the table names none.

        Raises:
            ConfigError: it is named but missing, or others may read it.
        """
        return read_secret(self.folder, table, key)

    def headers(self, outlet: Outlet) -> tuple[tuple[str, str], ...]:
        """Read the secret request headers of *outlet*; ``()`` when its file names none.

        Raises:
            ConfigError: the file cannot be used.
        """
        return read_headers(self.folder, outlet.headers_file)


def find_folder(chosen: str | None) -> Path:
    """Return the configuration folder by the search order.

    Raises:
        ConfigError: ``chosen`` or ``BONGSU_CONFIG`` names a folder that is not there.
    """
    for named in (chosen, os.environ.get("BONGSU_CONFIG")):
        if named:
            if not Path(named).is_dir():
                raise ConfigError((f"{named}: there is no such folder; write one with: bongsu init --config {named}",))
            return Path(named)
    usual = (Path("config"), Path(platformdirs.user_config_dir("bongsu")), Path("/etc/bongsu"))
    return next((folder for folder in usual if (folder / "monitor.toml").is_file()), SHIPPED)


def load(chosen: str | None = None) -> Settings:
    """Read the whole configuration.

    Raises:
        ConfigError: with every mistake of every file.
    """
    folder = find_folder(chosen)
    mistakes: list[str] = []
    monitor = _read(folder, "monitor.toml", MonitorFile, mistakes, overrides=_overrides())
    receivers = _read(folder, "receivers.toml", ReceiversFile, mistakes)
    routes = _read(folder, "routes.toml", RoutesFile, mistakes)
    outlets = tuple(_outlets(folder, mistakes))
    watched = _read(folder, "watch.toml", WatchFile, mistakes)
    regions = _plain(_found(folder, "regions.toml"), mistakes)
    _plain(_found(folder, "topics/investment.toml"), mistakes)
    names = region_names(regions)
    places = names | site_names(regions)
    if routes:
        known = receivers.receivers if receivers else None
        mistakes += (f"{folder / 'routes.toml'}: {wrong}" for wrong in route_mistakes(routes.routes, names, known))
    if watched:
        mistakes += (f"{folder / 'watch.toml'}: {wrong}" for wrong in watch_mistakes(watched.watch, places))
    if mistakes or monitor is None or receivers is None or routes is None or watched is None:
        raise ConfigError(tuple(mistakes))
    return Settings(
        folder,
        monitor,
        outlets,
        receivers.receivers,
        tuple(route_of(route, names) for route in routes.routes),
        tuple(watch_of(watch, places) for watch in watched.watch),
    )


def shipped(*, store: str, allow: str, port: int) -> Settings:
    """Return the shipped rules for the demo: a database of its own, one private address, no pause between requests."""
    settings = load(str(SHIPPED))
    monitor = settings.monitor.model_copy(
        update={
            "store": StoreSection(url=store),
            "fetch": FetchSection(allow_private=(allow,), gap=timedelta(0)),
            "web": WebSection(port=port),
            "alerts": AlertSection(first_look=timedelta(days=1)),
        }
    )
    return replace(settings, monitor=monitor, routes=(Route("console"),))


def _found(folder: Path, name: str) -> Path:
    own = folder / name
    return own if own.is_file() else SHIPPED / name


def _overrides() -> dict[str, str]:
    """Return dotted key → value of what the environment sets instead of ``monitor.toml``."""
    return {
        name.removeprefix(_ENV).lower().replace("__", "."): value
        for name, value in os.environ.items()
        if name.startswith(_ENV)
    }


def _read(
    folder: Path, name: str, shape: type[_T], mistakes: list[str], overrides: Mapping[str, str] | None = None
) -> _T | None:
    path, unread = folder / name, len(mistakes)
    table = _plain(path, mistakes) if path.is_file() else {}
    if len(mistakes) > unread:
        return None
    for dotted, value in (overrides or {}).items():
        section, _, key = dotted.rpartition(".")
        inner = table.setdefault(section, {}) if section else table
        if isinstance(inner, dict):
            inner[key] = value
    try:
        return shape.model_validate(table)
    except ValidationError as wrong:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        mistakes.extend(_mistake(path, text, shape, error) for error in wrong.errors())
        return None


def _plain(path: Path, mistakes: list[str]) -> dict[str, object]:
    """Return a file as TOML reads it; ``{}`` and a mistake more when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        mistakes.append(f"{path}: {wrong}")
    except OSError as wrong:
        mistakes.append(f"{path}: {wrong.strerror}")
    return {}


def _mistake(path: Path, text: str, shape: type[BaseModel], error: ErrorDetails) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        words = f"unknown key{near(str(error['loc'][-1]), _keys(shape, error['loc'][:-1]))}"
    else:
        words = error["msg"].removeprefix("Value error, ")
    return f"{path}{_line(text, error['loc'])}: {where}: {words}"


def _keys(shape: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at ``loc`` may have."""
    for part in loc:
        field = shape.model_fields.get(str(part))
        inner = field.annotation if field else None
        tables = [kind for kind in (inner, *get_args(inner)) if isinstance(kind, type) and issubclass(kind, BaseModel)]
        shape = tables[0] if tables else shape
    return list(shape.model_fields)


def _line(text: str, loc: tuple[int | str, ...]) -> str:
    """Return ``:N``, the first line that writes the last key of ``loc`` after its table's heading."""
    names = [part for part in loc if isinstance(part, str)]
    lines, start = text.splitlines(), 0
    for name in names:
        sought = re.compile(rf"\s*(?:\[+[^\]]*\b{re.escape(name)}\s*\]|\"?{re.escape(name)}\"?\s*=)")
        start = next((number for number in range(start, len(lines)) if sought.match(lines[number])), start)
    return f":{start + 1}" if names and lines else ""


def _outlets(folder: Path, mistakes: list[str]) -> Iterator[Outlet]:
    root = folder / "outlets" if (folder / "outlets").is_dir() else SHIPPED / "outlets"
    for path in sorted(root.glob("*/*.toml")):
        table = _read(root, str(path.relative_to(root)), OutletFile, mistakes)
        if table:
            mistakes += (f"{path}: selectors.{name}: no CSS selector" for name in _no_selectors(table))
            yield _outlet(OutletId(f"{path.parent.name}/{path.stem}"), path.parent.name, table)


def _no_selectors(table: OutletFile) -> tuple[str, ...]:
    selectors = Selectors(**table.selectors.model_dump())
    if selectors == Selectors():
        return ()
    from monitor.sources import no_selectors  # noqa: PLC0415 - loads the page parsers, which few outlets need here

    return no_selectors(selectors)


def _outlet(ident: OutletId, region: str, table: OutletFile) -> Outlet:
    kinds = ((SourceKind.FEED, table.feeds), (SourceKind.LIST, table.lists), (SourceKind.SITEMAP, table.sitemaps))
    return Outlet(
        id=ident,
        name=table.name,
        region=region,
        kind=table.kind,
        sources=tuple(Source(url, kind) for kind, urls in kinds for url in urls),
        home=table.home,
        layout=table.layout,
        every=table.every,
        selectors=Selectors(**table.selectors.model_dump()),
        enabled=table.enabled,
        note=table.note,
        headers_file=table.headers_file,
        render=table.render,
    )
