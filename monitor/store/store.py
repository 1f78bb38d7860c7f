"""The store: one object, its verbs grouped by noun in the files beside."""

import uuid
from types import TracebackType
from typing import Self

from monitor.store.articles import Settling
from monitor.store.digests import Digests
from monitor.store.health import Health
from monitor.store.links import Links
from monitor.store.opening import open_database
from monitor.store.outbox import Outbox
from monitor.store.schedule import Schedule
from monitor.store.search import Search
from monitor.store.stories import Stories
from monitor.store.verdicts import Verdicts


class Store(Schedule, Links, Settling, Outbox, Digests, Stories, Search, Verdicts, Health):
    """All that is remembered and owed. Every method is one transaction, and is safe to repeat."""

    @classmethod
    async def open(cls, url: str, *, lock: bool = False, read_only: bool = False) -> Self:
        """Open the store at *url*, making or upgrading its tables.

        Args:
            url: ``sqlite+aiosqlite:///relative/or//absolute/file.db``, ``sqlite+aiosqlite:///:memory:`` or
                ``postgresql+asyncpg://user@host/name`` (``?schema=…`` for a schema of its own).
            lock: refuse to share a SQLite file with another daemon (``<file>.lock``); ignored on PostgreSQL, where
                leases and row locks let many share one.
            read_only: for commands that only look; never makes or changes anything.

        Raises:
            Locked, StoreUnusable, StoreFull, StoreAway: see ``monitor.errors``.
        """
        return cls(await open_database(url, lock=lock, read_only=read_only), uuid.uuid4().hex)

    async def close(self) -> None:
        """Finish the transaction at hand and let go of everything."""
        await self._db.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
