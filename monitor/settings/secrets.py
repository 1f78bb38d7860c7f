"""Secrets: named in the configuration, kept in files, in the service manager's credentials or in the environment."""

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from monitor.errors import ConfigError

OTHERS = 0o007
"""What nobody but the owner and the group may do with a file that holds a secret."""


class Secret:
    """A value that is never shown."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"


def read_secret(folder: Path, table: BaseModel, key: str) -> Secret | None:
    """Read a secret named by ``<key>_file`` or ``<key>_env``.

    A relative file is looked for among the service manager's credentials (systemd's ``LoadCredential``) and then in
    the configuration *folder*.

    Raises:
        ConfigError: the file is missing, readable by others, or the variable is not set.
    """
    name, variable = getattr(table, f"{key}_file"), getattr(table, f"{key}_env")
    if name:
        return Secret(_from_file(next(filter(Path.is_file, _places(name, folder)), folder / name)))
    if variable:
        if variable not in os.environ:
            raise ConfigError((f"the environment has no {variable} (named by {key}_env)",))
        return Secret(os.environ[variable])
    return None


def read_headers(folder: Path, name: str) -> tuple[tuple[str, str], ...]:
    """Read the secret request headers of an outlet: ``Name: value``, one a line; "" names no file.

    Outlet files are handed on among people, so one may name only a file that lies in the folder itself (or among the
    service manager's credentials): what it names is sent to its own host.

    Raises:
        ConfigError: the file is missing, elsewhere, readable by others, or has a line of another shape.
    """
    if not name:
        return ()
    path = next(filter(Path.is_file, _places(name, folder)), folder / name)
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise ConfigError((f"{path}: leads out of its folder; put the headers themselves there",))
    parts = [line.partition(":") for line in _from_file(path).splitlines() if line.strip()]
    if not all(header.strip() and colon and value.strip() for header, colon, value in parts):
        raise ConfigError((f"{path}: write one header a line, as in  Authorization: Basic …",))
    return tuple((header.strip(), value.strip()) for header, _, value in parts)


def _places(name: str, folder: Path) -> Iterator[Path]:
    if "CREDENTIALS_DIRECTORY" in os.environ and not Path(name).is_absolute():
        yield Path(os.environ["CREDENTIALS_DIRECTORY"]) / name
    yield folder / name


def _from_file(path: Path) -> str:
    try:
        if path.stat().st_mode & OTHERS:
            raise ConfigError((f"{path}: everybody may read this secret; run: chmod 600 {path}",))
        return path.read_text(encoding="utf-8").strip()
    except OSError as wrong:
        raise ConfigError((f"{path}: {wrong.strerror}",)) from wrong
