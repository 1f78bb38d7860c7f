"""The store: one object, its verbs grouped by noun in the files beside."""

import uuid
from types import TracebackType
from typing import Self

from monitor.store.boards import Boards
from monitor.store.digests import Digests
from monitor.store.duties import Duties
from monitor.store.facets import Counting
from monitor.store.health import Health
from monitor.store.lags import LagLedger
from monitor.store.links import Links
from monitor.store.moving import copy_all
from monitor.store.opening import open_database, upgrade_database
from monitor.store.outbox import Outbox
from monitor.store.rows import MovedTable
from monitor.store.schedule import Schedule
from monitor.store.search import Search
from monitor.store.settle import Settling
from monitor.store.stories import Stories
from monitor.store.upkeep import Upkeep
from monitor.store.verdicts import Verdicts
from monitor.store.visits import Visits


class Store(
    Schedule,
    Visits,
    Links,
    Settling,
    Outbox,
    Digests,
    Stories,
    Search,
    Counting,
    Verdicts,
    Boards,
    Health,
    LagLedger,
    Duties,
    Upkeep,
):
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

    @classmethod
    async def upgrade(cls, url: str) -> tuple[str, str]:
        """Bring the database at *url* to this version; return its revision before ("" = empty) and after.

        A SQLite file is copied to ``backups/`` beside it first; the daemon must be stopped (Locked).
        """
        return await upgrade_database(url)

    async def copy_to(self, other: "Store") -> tuple[MovedTable, ...]:
        """Copy everything into the empty store *other* and compare both sides; this one stays as it is.

        Stop the daemon first (open this one with ``lock=True``): rows that come meanwhile would be a mismatch. What
        was sent stays sent, so nothing is alerted again.

        Raises:
            StoreUnusable: *other* is not empty, or a table differs afterwards.
        """
        return await copy_all(self._db, other._db)  # noqa: SLF001 - of the same class

    async def close(self) -> None:
        """Finish the transaction at hand and let go of everything."""
        await self._db.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
