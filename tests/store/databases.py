"""Where a test may keep its store: a file, the memory, or a schema of its own on a PostgreSQL server."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import asyncpg
import pytest

from monitor.store import Store

LOCAL = "postgresql://postgres@127.0.0.1:5432/test"
KINDS = [
    pytest.param("file", id="sqlite"),
    pytest.param("memory", id="memory"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]
SHARED_KINDS = [KINDS[0], KINDS[2]]


def server() -> str:
    return os.environ.get("BONGSU_TEST_POSTGRES_URL", LOCAL).replace("+asyncpg", "")


@cache
def _is_there() -> bool:
    async def ask() -> bool:
        try:
            conn = await asyncpg.connect(server(), timeout=3)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await conn.close()
        return True

    with asyncio.Runner() as runner:
        return runner.run(ask())


async def _run(statement: str) -> None:
    conn = await asyncpg.connect(server(), timeout=5)
    try:
        await conn.execute("SET client_min_messages TO warning")
        await conn.execute(statement)
    finally:
        await conn.close()


@asynccontextmanager
async def any_store() -> AsyncIterator[Store]:
    """Open an empty store of the kind that ``BONGSU_TEST_STORE`` names: ``memory`` (the default) or ``postgres``."""
    async with database(os.environ.get("BONGSU_TEST_STORE", "memory"), Path()) as url, await Store.open(url) as opened:
        yield opened


@asynccontextmanager
async def database(kind: str, folder: Path) -> AsyncIterator[str]:
    """Yield the address of an empty database of its own."""
    if kind == "memory":
        yield "sqlite+aiosqlite:///:memory:"
    elif kind == "file":
        yield f"sqlite+aiosqlite:///{folder / f'{uuid.uuid4().hex}.db'}"
    else:
        if not await asyncio.to_thread(_is_there):
            pytest.skip("no PostgreSQL: set BONGSU_TEST_POSTGRES_URL")
        schema = f"t{uuid.uuid4().hex}"
        await _run(f"CREATE SCHEMA {schema}")
        try:
            yield server().replace("postgresql://", "postgresql+asyncpg://") + f"?schema={schema}"
        finally:
            await _run(f"DROP SCHEMA {schema} CASCADE")
