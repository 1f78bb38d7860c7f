"""One way to run a transaction, whichever database it is.

Everything that touches rows is a plain function of a SQLAlchemy ``Connection``; a ``Database`` runs it in one
transaction and commits, or rolls all of it back. A function may be run again when the connection was lost and the
outcome of its COMMIT is unknown, so every one of them must be idempotent (unique keys, tokens).
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar, runtime_checkable

from sqlalchemy import Connection

T = TypeVar("T")
Work = Callable[[Connection], T]


class Database(Protocol):
    """A database that is open."""

    @property
    def is_exclusive(self) -> bool:
        """Whether no other daemon can be using it: we hold its lock."""
        ...

    async def write(self, work: Work[T], *, durable: bool = False) -> T:
        """Run *work* in a write transaction; ``durable`` survives a power cut, not only a crash."""
        ...

    async def read(self, work: Work[T]) -> T:
        """Run *work* on a consistent snapshot."""
        ...

    async def close(self) -> None:
        """Let go of every connection and of the lock."""
        ...


@runtime_checkable
class ServerDatabase(Protocol):
    """A database on a server, whose driver can be used by others, too."""

    def driver(self) -> AbstractAsyncContextManager[object]:
        """Yield a connection of the driver's own."""
        ...


class Desk:
    """What every part of the store needs: the open database and the name of this process."""

    def __init__(self, database: Database, instance: str) -> None:
        self._db = database
        self._instance = instance
