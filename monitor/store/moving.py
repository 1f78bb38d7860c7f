"""Moving everything to another database, with proof that it arrived."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Row, Table, func, insert, select, text, tuple_

from monitor.errors import StoreUnusable
from monitor.store import tables as t
from monitor.store.database import Database
from monitor.store.dialect import POSTGRESQL
from monitor.store.rows import MovedTable

CHUNK = 2_000
_NUMBERED = ("delivery", "verdict")
_REMADE = {"is_indexed": False}
"""What is not copied but made again over there: the search index."""


async def copy_all(here: Database, there: Database) -> tuple[MovedTable, ...]:
    """Copy every table, in chunks, and compare rows and checksums of both sides.

    Raises:
        StoreUnusable: the other database is not empty, or a table differs afterwards.
    """
    filled = [table.name for table in t.metadata.sorted_tables if await _count(there, table)]
    if filled:
        raise StoreUnusable(f"the other database has rows already ({', '.join(filled)})", "name an empty one")
    moved = tuple([await _copy(here, there, table) for table in t.metadata.sorted_tables])
    await there.write(_renumber)
    wrong = [each.table for each in moved if (each.rows, each.checksum) != (each.rows_there, each.checksum_there)]
    if wrong:
        raise StoreUnusable(
            f"these tables differ after the move: {', '.join(wrong)}", "empty the other database, repeat"
        )
    return moved


async def _copy(here: Database, there: Database, table: Table) -> MovedTable:
    rows, checksum = 0, 0
    last: Row[object] | None = None
    while chunk := await here.read(lambda conn, last=last: _chunk(conn, table, last)):  # type: ignore[misc]
        told = [dict(row._mapping) | _remade(table) for row in chunk]  # noqa: SLF001 - its public name
        await there.write(lambda conn, told=told: conn.execute(insert(table), told) and None)  # type: ignore[misc]
        rows, checksum, last = rows + len(chunk), checksum + _checksum(table, chunk), chunk[-1]
    rows_there, checksum_there = await _measure(there, table)
    return MovedTable(table.name, rows, _hex(checksum), rows_there, checksum_there)


async def _measure(database: Database, table: Table) -> tuple[int, str]:
    rows, checksum = 0, 0
    last: Row[object] | None = None
    while chunk := await database.read(lambda conn, last=last: _chunk(conn, table, last)):  # type: ignore[misc]
        rows, checksum, last = rows + len(chunk), checksum + _checksum(table, chunk), chunk[-1]
    return rows, _hex(checksum)


def _chunk(conn: Connection, table: Table, last: Row[object] | None) -> Sequence[Row[object]]:
    keys: list[Column[object]] = list(table.primary_key.columns)
    rows = select(table).order_by(*keys).limit(CHUNK)
    if last is not None:
        place = [last._mapping[key.name] for key in keys]  # noqa: SLF001 - its public name
        rows = rows.where(tuple_(*keys) > tuple_(*place, types=[key.type for key in keys]))
    return conn.execute(rows).all()


def _checksum(table: Table, rows: Sequence[Row[object]]) -> int:
    """Return a sum over rows, so that their order (databases sort text differently) does not matter."""
    kept = [place for place, column in enumerate(table.columns) if column.name not in _REMADE]
    return sum(
        int.from_bytes(hashlib.blake2b(repr([row[place] for place in kept]).encode(), digest_size=8).digest())
        for row in rows
    )


def _hex(checksum: int) -> str:
    return f"{checksum % (1 << 64):016x}"


def _remade(table: Table) -> dict[str, object]:
    return {name: value for name, value in _REMADE.items() if name in table.columns}


async def _count(database: Database, table: Table) -> int:
    return await database.read(lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0)


def _renumber(conn: Connection) -> None:
    """Let PostgreSQL go on numbering after the rows that came with a number."""
    if conn.dialect.name != POSTGRESQL:
        return
    for name in _NUMBERED:
        table = t.metadata.tables[name]
        last = conn.scalar(select(func.max(table.c.n, type_=BigInteger)))
        if last is not None:
            conn.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'n'), :last)"), {"name": name, "last": last})
