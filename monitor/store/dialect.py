"""The few places where SQLite and PostgreSQL are written differently."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, FromClause, Insert, Table, bindparam, column, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

POSTGRESQL = "postgresql"


class PerDialect:
    """One statement written for both databases, built once so that SQLAlchemy finds it compiled."""

    def __init__(self, on_sqlite: Insert, on_postgresql: Insert) -> None:
        self._on_sqlite = on_sqlite
        self._on_postgresql = on_postgresql

    def on(self, conn: Connection) -> Insert:
        """Return the statement for the database of *conn*."""
        return self._on_postgresql if conn.dialect.name == POSTGRESQL else self._on_sqlite


def insert_new(table: Table) -> PerDialect:
    """Return an insert that leaves rows alone whose key is there already."""
    return PerDialect(
        sqlite.insert(table).on_conflict_do_nothing(),
        postgresql.insert(table).on_conflict_do_nothing(),
    )


def insert_or_replace(table: Table, columns: tuple[str, ...]) -> PerDialect:
    """Return an insert that overwrites *columns* of a row whose primary key is there already."""
    keys = [each.name for each in table.primary_key.columns]
    ours, theirs = sqlite.insert(table), postgresql.insert(table)
    return PerDialect(
        ours.on_conflict_do_update(index_elements=keys, set_={name: ours.excluded[name] for name in columns}),
        theirs.on_conflict_do_update(index_elements=keys, set_={name: theirs.excluded[name] for name in columns}),
    )


def listed(conn: Connection, name: str) -> tuple[FromClause, ColumnElement[int]]:
    """Return the numbers bound to parameter *name* as rows: one bind, one compiled statement for any length.

    Bind ``numbers(conn, …)``. An ``IN (…)`` list is expanded anew for every length (80 µs for 60 numbers).
    """
    unnest: Callable[..., Any] = func.unnest if conn.dialect.name == POSTGRESQL else func.json_each
    kind = ARRAY(BigInteger) if conn.dialect.name == POSTGRESQL else None
    rows = unnest(bindparam(name, type_=kind)).table_valued(column("value", BigInteger)).alias(name)
    if conn.dialect.name == POSTGRESQL:
        rows = unnest(bindparam(name, type_=kind)).table_valued(column("value", BigInteger)).render_derived(name=name)
    return rows, rows.c.value


def numbers(conn: Connection, values: tuple[int, ...]) -> object:
    """Return *values* as ``listed`` wants them bound."""
    return list(values) if conn.dialect.name == POSTGRESQL else "[" + ",".join(map(str, values)) + "]"


def least(conn: Connection, left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the smaller of two values that are not null."""
    pick: Callable[..., Any] = func.least if conn.dialect.name == POSTGRESQL else func.min
    chosen: ColumnElement[Any] = pick(left, right, type_=left.type)
    return chosen


__all__ = ["POSTGRESQL", "Column", "PerDialect", "insert_new", "insert_or_replace", "least", "listed", "numbers"]
