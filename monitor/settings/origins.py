"""Where does each value come from: the environment, a file, or the default?"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel

from monitor.settings.load import Settings

_PASSWORD = re.compile(r"(://[^:/@\s]+):[^@\s]+@")
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One value as it is in force; secrets are only named, never shown."""

    name: str
    value: str
    origin: str  # "default", a file, or "environment NAME"


def chosen(settings: Settings) -> tuple[Chosen, ...]:
    """Return every value of ``monitor.toml``, of the receivers and the watched names, in the order of the tables."""
    main = settings.folder / "monitor.toml"
    told = settings.folder / "receivers.toml"
    receivers = (
        line
        for name, table in settings.receivers.items()
        for line in _values(f"receivers.{name}", table, str(told), only_set=True)
    )
    return (*_values("", settings.monitor, str(main)), *receivers, *_watched(settings))


def _watched(settings: Settings) -> Iterator[Chosen]:
    for one in settings.watches:
        effect = f"raise {one.least}" if one.least else "silence"
        names = ", ".join((one.kind.value, effect, *one.aliases))
        yield Chosen(f"watch.{one.name}", names, str(settings.folder / "watch.toml"))


def _values(prefix: str, table: BaseModel, file: str, *, only_set: bool = False) -> Iterator[Chosen]:
    for key in type(table).model_fields:
        value, name = getattr(table, key), f"{prefix}.{key}" if prefix else key
        if isinstance(value, BaseModel):
            yield from _values(name, value, file)
        elif key in table.model_fields_set or not only_set:
            yield Chosen(name, _shown(value), _origin(name, file, is_set=key in table.model_fields_set))


def _origin(name: str, file: str, *, is_set: bool) -> str:
    variable = "BONGSU__" + name.upper().replace(".", "__")
    if variable in os.environ:
        return f"environment {variable}"
    return file if is_set else _DEFAULT


def _shown(value: object) -> str:
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return _PASSWORD.sub(r"\1:***@", str(value))


def _duration(value: timedelta) -> str:
    """Return a duration the way the file writes it: ``90s``, ``3m``, ``6h``, ``90d``."""
    seconds = value.total_seconds()
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"
