"""The few places where SQLite and PostgreSQL are written differently."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Connection, FromClause, Insert, Table, Text, bindparam, column, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

POSTGRESQL = "postgresql"
Rows = Sequence[Mapping[str, object]]
S = TypeVar("S")


class PerDialect:
    """One statement written for both databases, built once so that SQLAlchemy finds it compiled."""

    def __init__(self, on_sqlite: Insert, on_postgresql: Insert) -> None:
        self._on_sqlite = on_sqlite
        self._on_postgresql = on_postgresql

    def on(self, conn: Connection) -> Insert:
        """Return the statement for the database of *conn*."""
        return self._on_postgresql if conn.dialect.name == POSTGRESQL else self._on_sqlite

    def run(self, conn: Connection, rows: Rows) -> None:
        """Insert *rows*."""
        conn.execute(self.on(conn), rows)


class PlainInsert(PerDialect):
    """An insert whose values need no conversion, handed to the driver as it is.

    For tables with dozens of rows an article: SQLAlchemy spends 2.5 µs on the parameters of each row, SQLite 1.5 µs.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(sqlite.insert(table), postgresql.insert(table))
        self._names = [column.name for column in table.columns]
        self._start = f"INSERT INTO {table.name} ({', '.join(self._names)}) VALUES "  # noqa: S608 - our own names

    def run(self, conn: Connection, rows: Rows) -> None:
        """Insert *rows*, leaving alone those whose key is there already."""
        is_server = conn.dialect.name == POSTGRESQL
        marks = (f"${place}" if is_server else "?" for place in range(1, len(self._names) + 1))
        statement = f"{self._start}({', '.join(marks)}) ON CONFLICT DO NOTHING"
        conn.exec_driver_sql(statement, [tuple(map(row.__getitem__, self._names)) for row in rows])


def insert_new(table: Table) -> PerDialect:
    """Return an insert that leaves rows alone whose key is there already."""
    return PerDialect(
        sqlite.insert(table).on_conflict_do_nothing(),
        postgresql.insert(table).on_conflict_do_nothing(),
    )


def insert_or_replace(table: Table, columns: tuple[str, ...], **values: ColumnElement[Any]) -> PerDialect:
    """Return an insert that overwrites *columns* of a row whose primary key is there already.

    *values* are columns that the database computes; the others come with each row.
    """
    keys = [each.name for each in table.primary_key.columns]
    ours, theirs = sqlite.insert(table), postgresql.insert(table)
    if values:
        ours, theirs = ours.values(**values), theirs.values(**values)
    return PerDialect(
        ours.on_conflict_do_update(index_elements=keys, set_={name: ours.excluded[name] for name in columns}),
        theirs.on_conflict_do_update(index_elements=keys, set_={name: theirs.excluded[name] for name in columns}),
    )


def built(conn: Connection, build: Callable[[Connection], S]) -> S:
    """Return the statement that *build* makes for this database, made once: building costs as much as running it."""
    key = (conn.dialect.name, build)
    if key not in _BUILT:
        _BUILT[key] = build(conn)
    return _BUILT[key]  # type: ignore[return-value] # what this very function made


_BUILT: dict[tuple[str, Callable[..., object]], object] = {}


def listed(conn: Connection, name: str) -> tuple[FromClause, ColumnElement[int]]:
    """Return the numbers bound to parameter *name* as rows: one bind, one compiled statement for any length.

    Bind ``numbers(conn, …)``. An ``IN (…)`` list is expanded anew for every length (80 µs for 60 numbers).
    """
    return _listed(conn, name, BigInteger)


def listed_names(conn: Connection, name: str) -> tuple[FromClause, ColumnElement[str]]:
    """Return the words bound to parameter *name* as rows, like ``listed``; bind ``names(conn, …)``."""
    return _listed(conn, name, Text)


def _listed(conn: Connection, name: str, kind: Any) -> tuple[FromClause, ColumnElement[Any]]:
    unnest: Callable[..., Any] = func.unnest if conn.dialect.name == POSTGRESQL else func.json_each
    if conn.dialect.name == POSTGRESQL:
        rows = unnest(bindparam(name, type_=ARRAY(kind))).table_valued(column("value", kind)).render_derived(name=name)
    else:
        rows = unnest(bindparam(name)).table_valued(column("value", kind)).alias(name)
    return rows, rows.c.value


def numbers(conn: Connection, values: tuple[int, ...]) -> object:
    """Return *values* as ``listed`` wants them bound."""
    return list(values) if conn.dialect.name == POSTGRESQL else "[" + ",".join(map(str, values)) + "]"


def names(conn: Connection, values: Sequence[str]) -> object:
    """Return *values* as ``listed_names`` wants them bound."""
    return list(values) if conn.dialect.name == POSTGRESQL else json.dumps(list(values))
