"""A PostgreSQL for a test: a schema on the one that runs, or a server of its own that may be restarted."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.acceptance.stage import free_port

LOCAL = "postgresql://postgres@127.0.0.1:5432/test"


def query(server: str, statement: str) -> list[asyncpg.Record]:
    """Ask the server once."""

    async def ask() -> list[asyncpg.Record]:
        conn = await asyncpg.connect(server, timeout=5)
        try:
            return await conn.fetch(statement)
        finally:
            await conn.close()

    return asyncio.run(ask())


@contextmanager
def schema(server: str = "") -> Iterator[tuple[str, str]]:
    """Yield (address for the product, address for ``query``) of an empty schema."""
    server = server or os.environ.get("BONGSU_TEST_POSTGRES_URL", LOCAL).replace("+asyncpg", "")
    name = f"a{uuid.uuid4().hex}"
    query(server, f"CREATE SCHEMA {name}")
    try:
        product = server.replace("postgresql://", "postgresql+asyncpg://") + f"?schema={name}"
        yield product, f"{server}?options=-csearch_path%3D{name}"
    finally:
        query(server, f"DROP SCHEMA {name} CASCADE")


class OwnServer:
    """A server on a port of its own, run as the user ``postgres`` when we are root."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("pg_ctl") or "/none").parent]
        self._bin = found[-1]
        self._as = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        self._data = folder / "data"
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self._data} -c listen_addresses=127.0.0.1"
        self._ctl("start", "-o", options)

    def restart(self) -> None:
        """Crash it (no checkpoint, every connection cut) and start it again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        self._ctl("stop", "-m", "immediate")

    def _ctl(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-s", "-l", str(self._data / "log"), *words)

    def _run(self, program: str, *words: str) -> None:
        command = [*self._as, str(self._bin / program), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/tmp", timeout=60)  # noqa: S108


@contextmanager
def own_server() -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(prefix="bongsu-pg-") as name:
        if os.geteuid() == 0:
            shutil.chown(name, "postgres")
        server = OwnServer(Path(name))
        try:
            yield server
        finally:
            server.stop()
