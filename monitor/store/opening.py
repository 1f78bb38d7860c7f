"""Opening a store: which database, is it sound, is it of our version?"""

from pathlib import Path

from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.exc import ArgumentError

from monitor.errors import StoreUnusable
from monitor.store import schema
from monitor.store.database import Database
from monitor.store.sqlite import SqliteDatabase, damaged
from monitor.store.upkeep import copy_file

CHECKED_BELOW = 128 << 20
"""Bytes. A file below it is checked page by page at every start (1 ms a MB); a larger one by ``Store.check``."""

_STRANGE = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view') LIMIT 1"
"""What a copy from a stranger could act by when it is opened."""


async def open_database(url: str, *, lock: bool = False, read_only: bool = False) -> Database:
    """Return the open database of *url*, made or upgraded when that is due.

    Raises:
        Locked: *lock* is asked for and another process holds it.
        StoreUnusable: no folder, no right, damaged, or written by a newer version.
        StoreAway: the server does not answer.
    """
    database, path = _choose(url, lock=lock, read_only=read_only)
    try:
        if path is not None:
            await database.read(lambda conn: _must_be_sound(conn, path))
        await _must_be_ours(database, path, read_only=read_only)
    except BaseException:
        await database.close()
        raise
    return database


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address; None in memory or on a server."""
    parsed = _parse(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if is_file else None


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise StoreUnusable(
            f"{url} is no address of a database", "write sqlite+aiosqlite:///path/to/file.db"
        ) from error


def _choose(url: str, *, lock: bool, read_only: bool) -> tuple[Database, Path | None]:
    parsed = _parse(url)
    if parsed.get_backend_name() == "postgresql":
        from monitor.store.postgres import PostgresDatabase  # noqa: PLC0415 - loads SQLAlchemy's ORM: 0.15 s

        return PostgresDatabase(parsed, read_only=read_only), None
    if parsed.get_backend_name() != "sqlite":
        raise StoreUnusable(f"{parsed.get_backend_name()} is no database we know", "use sqlite or postgresql")
    path = sqlite_path(url)
    return SqliteDatabase(path, lock=lock, read_only=read_only), path


def _must_be_sound(conn: Connection, path: Path) -> None:
    strange = conn.execute(text(_STRANGE)).first()
    if strange is not None:
        what = f"{path} holds a {strange[0]} ({strange[1]!r}), which no version of ours makes"
        raise StoreUnusable(what, "it was changed by somebody else: take another copy")
    if path.stat().st_size > CHECKED_BELOW:
        return
    found = conn.execute(text("PRAGMA quick_check(1)")).scalar()
    if found != "ok":
        raise damaged(path, str(found))


async def _must_be_ours(database: Database, path: Path | None, *, read_only: bool) -> None:
    revision = await database.read(schema.revision_of)
    if not revision and not read_only:
        revision = await database.write(schema.create)
    if revision != schema.REVISION:
        await _upgrade(database, path, revision, is_asked=path is not None and not read_only)


async def upgrade_database(url: str) -> tuple[str, str]:
    """Bring the database of *url* to this version (an operator asked); return its revision before and after."""
    database, path = _choose(url, lock=True, read_only=False)
    try:
        revision = await database.read(schema.revision_of)
        if not revision:
            return "", await database.write(schema.create)
        if revision != schema.REVISION:
            await _upgrade(database, path, revision, is_asked=True)
        return revision, schema.REVISION
    finally:
        await database.close()


async def _upgrade(database: Database, path: Path | None, revision: str, *, is_asked: bool) -> None:
    from monitor.store import migrating  # noqa: PLC0415 - Alembic is imported only when it is needed

    if revision and revision not in migrating.known_revisions():
        raise StoreUnusable(
            f"the database has revision {revision}, which this version ({schema.REVISION}) does not know",
            "install the newer version again, or restore the backup made before its upgrade",
        )
    if not is_asked:
        raise StoreUnusable(
            f"the database has revision {revision or 'none'}, not {schema.REVISION}", "bongsu db upgrade"
        )
    if path is not None:
        await copy_file(database, path.parent / "backups" / f"{path.stem}-before-{schema.REVISION}-{revision}.db")
    await database.write(migrating.upgrade)
