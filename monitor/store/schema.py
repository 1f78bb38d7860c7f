"""Is the database of this version? An empty one is made, an old one is upgraded, a newer one is refused."""

from sqlalchemy import Connection, inspect, text

from monitor.errors import StoreUnusable
from monitor.store.dialect import POSTGRESQL
from monitor.store.search import create_search
from monitor.store.tables import metadata

REVISION = "0002"
"""The newest migration; a test holds it against the folder of migrations."""
_VERSIONS = "alembic_version"
_MAKING = 0x626F6E68


def revision_of(conn: Connection) -> str:
    """Return the revision of the database; "" when it is empty."""
    if not inspect(conn).has_table(_VERSIONS):
        return ""
    return conn.scalar(text(f"SELECT version_num FROM {_VERSIONS}")) or ""  # noqa: S608 - a constant


def create(conn: Connection) -> str:
    """Make all tables of an empty database; return the revision it has then. Safe when two processes do it at once."""
    if conn.dialect.name == POSTGRESQL:
        conn.execute(text("SELECT pg_advisory_xact_lock(:making)"), {"making": _MAKING})
    revision = revision_of(conn)
    if revision:
        return revision
    if conn.dialect.name != POSTGRESQL and inspect(conn).get_table_names():
        raise StoreUnusable("this file is a database of something else", "name another file")
    metadata.create_all(conn, checkfirst=False)
    create_search(conn)
    conn.execute(text(f"CREATE TABLE {_VERSIONS} (version_num VARCHAR(32) PRIMARY KEY)"))
    conn.execute(text(f"INSERT INTO {_VERSIONS} VALUES (:revision)"), {"revision": REVISION})  # noqa: S608
    return REVISION
