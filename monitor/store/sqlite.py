"""SQLite: one writer thread, a few reader threads, WAL.

A transaction runs as a whole in one thread, on a synchronous engine. The asynchronous driver hands every single
statement (execute, fetch, close) to a thread and back: measured 663 µs a row against 144 for one-row transactions, and
a settling has about twelve statements. The loop is never blocked, because not even waiting for the lock happens in it.
"""

import asyncio
import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from monitor.errors import Locked, StoreAway, StoreError, StoreFull, StoreUnusable
from monitor.store.database import Work

T = TypeVar("T")

READERS = 3
WRITER_CACHE, READER_CACHE = 64, 16
"""MiB. The writer's holds the whole index of three weeks' keys (50 MB at 100,000 articles)."""
BUSY_SECONDS = 30
"""How long a writer waits for another process; two daemons on one file must never see "database is locked"."""
PRAGMAS = (
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "trusted_schema=OFF",  # a file may come from a stranger's backup
    "temp_store=MEMORY",
    "journal_size_limit=8388608",
)
LOG_PAGES, LOG_PAGES_ON_SMALL_DISK = 8_000, 1_000
"""How long the log grows before it is copied into the file: index keys land on pages all over, and a page that was
written often is then copied once (commit 2.2 → 0.7 ms). A log of 32 MB would fill a small disk by itself, though."""
SMALL_DISK = 1 << 30
"""Free bytes below which a disk is small."""
_NO_ROOM_BELOW = 1 << 20
"""Below this many free bytes an I/O error of SQLite is a full disk (it cannot always tell itself)."""
_PRIVATE = 0o600

_FULL = {sqlite3.SQLITE_FULL}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REFUSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}


class SqliteDatabase:
    """A SQLite file, or a database in memory when *path* is None."""

    def __init__(self, path: Path | None, *, lock: bool = False, read_only: bool = False) -> None:
        self.path = path
        self._is_durable = False
        if path and not read_only:
            _create(path)
        self._lock_file = _take_lock(path) if lock and path else None
        if path and read_only and not path.is_file():
            raise StoreUnusable(f"no database at {path}", "start the daemon once, or name another file")
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", size=1, read_only=read_only)
        self._reader = _engine(path, begin="BEGIN", size=READERS, read_only=read_only) if path else self._writer
        self._writing = ThreadPoolExecutor(1, "store-write")
        self._reading = ThreadPoolExecutor(READERS, "store-read") if path else self._writing

    @property
    def is_exclusive(self) -> bool:
        """Whether this process holds the lock file, or nobody else can see the memory."""
        return self._lock_file is not None or self.path is None

    async def write(self, work: Work[T], *, durable: bool = False) -> T:
        """Run *work* under ``BEGIN IMMEDIATE``; ``durable`` waits for the disk (``synchronous=FULL``)."""
        return await self._in(self._writing, lambda: self._write(work, durable=durable))

    async def read(self, work: Work[T]) -> T:
        """Run *work* on a snapshot, beside the writer."""
        return await self._in(self._reading, lambda: self._read(work))

    async def raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run *work* on a reader's own connection, outside of any transaction (``VACUUM INTO``, checks)."""
        return await self._in(self._reading, lambda: self._on_raw(work))

    async def close(self) -> None:
        """Wait for the transaction at hand, then close."""
        await asyncio.to_thread(self._close)

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def _write(self, work: Work[T], *, durable: bool) -> T:
        try:
            return self._commit(work, durable=durable)
        except StoreFull:
            self._shorten_log()
            raise

    def _shorten_log(self) -> None:
        """Give back what the log holds: on a full disk it would otherwise wait for a length it can never reach."""
        with suppress(StoreError, DBAPIError, sqlite3.Error):  # the caller is told that the disk is full either way
            self._on_raw(lambda conn: conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    def _commit(self, work: Work[T], *, durable: bool) -> T:
        with translated(self.path), self._writer.connect() as conn:
            if durable is not self._is_durable:
                _raw(conn).execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                self._is_durable = durable
            with conn.begin():
                return work(conn)

    def _read(self, work: Work[T]) -> T:
        with translated(self.path), self._reader.connect() as conn:
            return work(conn)

    def _on_raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with translated(self.path), self._reader.connect() as conn:
            return work(_raw(conn))

    def _close(self) -> None:
        for threads in (self._writing, self._reading):
            threads.shutdown(wait=True)
        self._reader.dispose()
        self._writer.dispose()
        if self._lock_file is not None:
            os.close(self._lock_file)


@contextmanager
def translated(path: Path | None) -> Iterator[None]:
    """Turn what SQLite says into the error that names the reaction."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        reaction = _reaction(cause, path)
        if reaction is None:
            raise
        raise reaction from error


def _reaction(error: BaseException | None, path: Path | None) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return StoreFull(f"no space left for {path}")
    if code in _BUSY:
        return StoreAway(f"{path} was locked by another process for {BUSY_SECONDS} s")
    if code in _DAMAGED:
        return damaged(path, str(error))
    if code in _REFUSED:
        return StoreUnusable(
            f"{path} cannot be written ({error})", "check the owner and mode of the file and its folder"
        )
    return None


def damaged(path: Path | None, what: str) -> StoreUnusable:
    """Return the error for a damaged file, naming its newest backup. Nothing is reset: a reset alerts all anew."""
    newest = max(backups(path), key=lambda each: each.stat().st_mtime, default=None) if path else None
    remedy = f"stop the daemon and put {newest} in its place" if newest else "no backup was found beside it"
    return StoreUnusable(f"{path} is damaged ({what})", remedy)


def backups(path: Path) -> list[Path]:
    """Return the backups kept of *path*, in any order."""
    return [each for each in (path.parent / "backups").glob(f"{path.stem}-*.db") if each.is_file()]


def _is_full(path: Path | None) -> bool:
    return path is not None and _free(path) < _NO_ROOM_BELOW


def _free(path: Path) -> int:
    disk = os.statvfs(path.parent)
    return disk.f_bavail * disk.f_frsize


def _take_lock(path: Path) -> int:
    """Hold ``<database>.lock`` for as long as the process lives; the kernel lets go of it on kill -9, too."""
    _want_folder(path)
    try:
        lock_file = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock_file)
        raise Locked(f"another daemon is using {path}") from error
    return lock_file


def _create(path: Path) -> None:
    """Make the file with mode 0600 before SQLite would make it readable for others."""
    _want_folder(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE))
    except OSError as error:
        raise _unusable(path, error) from error


def _want_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise StoreUnusable(f"there is no folder {path.parent}", "create it, or name another database")


def _unusable(path: Path, error: OSError) -> StoreError:
    if error.errno == errno.ENOSPC:
        return StoreFull(f"no space left for {path}")
    return StoreUnusable(
        f"{path} cannot be opened ({error.strerror})", "check the owner and mode of the file and folder"
    )


def _engine(path: Path | None, *, begin: str, size: int, read_only: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        conn = _connect(path, read_only=read_only)
        conn.execute(f"PRAGMA cache_size={-1024 * (WRITER_CACHE if size == 1 else READER_CACHE)}")
        return conn

    if path is None:
        engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    else:
        engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=0)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN" if read_only else begin) and None)
    return engine


def _connect(path: Path | None, *, read_only: bool) -> sqlite3.Connection:
    # isolation_level=None: the driver's own BEGIN is deferred and would meet "database is locked" when it upgrades.
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}" if path else "file::memory:"
    conn = sqlite3.connect(
        address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    if not read_only:
        conn.execute("PRAGMA journal_mode=WAL")
    for pragma in PRAGMAS:
        conn.execute(f"PRAGMA {pragma}")
    if path and not read_only:
        pages = LOG_PAGES if _free(path) > SMALL_DISK else LOG_PAGES_ON_SMALL_DISK
        conn.execute(f"PRAGMA wal_autocheckpoint={pages}")
    return conn


def _raw(conn: Connection) -> sqlite3.Connection:
    driver = conn.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)
    return driver
