"""Applying migrations. Imported only when one is due: Alembic costs a quarter of a second at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"


def known_revisions() -> frozenset[str]:
    """Return every revision that this version can upgrade from."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions())


def head() -> str:
    """Return the newest revision."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def upgrade(conn: Connection, to: str = "head") -> None:
    """Apply what is missing, in the transaction of *conn*: all of it or nothing."""
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
