"""PostgreSQL through asyncpg: for a fleet, or for those who have one anyway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from monitor.errors import StoreAway, StoreFull, StoreUnusable
from monitor.store.database import Work

T = TypeVar("T")

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0)
"""Seconds between attempts after the server was lost: a restart takes 1–5 s; after 7 s the caller tries later.

The one loop of retries in the house: only here is it known that a COMMIT was cut, and running the same idempotent
transaction once more is the only way to learn its outcome.
"""
_AGAIN = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}  # serialisation, deadlock, lock, shutdown, starting up
_FULL = {"53100"}
_REFUSED = {"28000", "28P01", "3D000", "42501", "25006"}


class PostgresDatabase:
    """A PostgreSQL database; ``?schema=name`` in its address keeps the tables in a schema of their own."""

    is_exclusive = False

    def __init__(self, url: URL, *, read_only: bool = False) -> None:
        schema = url.query.get("schema")
        # Compiling a plan takes longer (30 ms) than any of our queries: the server guesses high on arrays of keys.
        settings = {"application_name": "bongsu", "jit": "off"} | ({"search_path": str(schema)} if schema else {})
        if read_only:
            settings["default_transaction_read_only"] = "on"
        self.url = url.difference_update_query(["schema"]).set(drivername="postgresql+asyncpg")
        self.schema = str(schema) if schema else ""
        self._engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=5,
            max_overflow=5,
            pool_recycle=1800,
            connect_args={"timeout": 10, "command_timeout": 60, "server_settings": settings},
        )

    async def write(self, work: Work[T], *, durable: bool = False) -> T:  # noqa: ARG002 - the server always waits for its log
        """Run *work*; when the connection is lost, run it again: it is idempotent."""
        for pause in PAUSES:
            try:
                return await self._once(work)
            except (DBAPIError, OSError, TimeoutError) as error:
                if not _is_passing(error):
                    raise self._reaction(error) from error
            await asyncio.sleep(pause)
        async with self._told():
            return await self._once(work)

    async def read(self, work: Work[T]) -> T:
        """Run *work*; like ``write``, as nothing is lost by reading twice."""
        return await self.write(work)

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[object]:
        """Yield a connection of the driver's own (asyncpg), outside of any transaction; it is closed afterwards."""
        async with self._told(), self._engine.connect() as conn:
            raw = await conn.get_raw_connection()
            try:
                yield raw.driver_connection
            finally:
                await conn.invalidate()

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def _once(self, work: Work[T]) -> T:
        async with self._engine.begin() as conn:
            return await conn.run_sync(work)

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        try:
            yield
        except (DBAPIError, OSError, TimeoutError) as error:
            raise self._reaction(error) from error

    def _reaction(self, error: Exception) -> Exception:
        where = self.url.render_as_string(hide_password=True)
        state = _state(error)
        if state in _FULL:
            return StoreFull(f"no space left on {where}")
        if state in _REFUSED:
            return StoreUnusable(f"{where} refuses us ({_cause(error)})", "check name, user, password and rights")
        if _is_passing(error):
            return StoreAway(f"{where} does not answer ({_cause(error)})")
        return error


def _state(error: BaseException) -> str:
    """Return the SQLSTATE of *error*, or of the driver's error it wraps; "" when it has none."""
    for each in (getattr(error, "orig", None), error):
        state = getattr(each, "sqlstate", None)
        if state:
            return str(state)
    return ""


def _cause(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0] if str(error) else type(error).__name__


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        state = _state(error)
        return error.connection_invalidated or state in _AGAIN or state.startswith("08")
    return isinstance(error, (OSError, TimeoutError)) and not isinstance(error, SQLAlchemyError)


__all__ = ["AsyncConnection", "PostgresDatabase"]
