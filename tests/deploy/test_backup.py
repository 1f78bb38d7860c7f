"""A copy is made while a daemon writes, is restored elsewhere, and tells nothing twice."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store import Store

ROOT = Path(__file__).resolve().parents[2]
BACKUP, RESTORE = (str(ROOT / "deploy" / "backup" / name) for name in ("backup.sh", "restore.sh"))
AT = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "bongsu.db"
    path.parent.mkdir()
    asyncio.run(_owe(path, "first"))
    return path


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _owe(path: Path, *words: str) -> None:
    async with await Store.open(url(path)) as store:
        for word in words:
            await store.owe("desk", "ops", word, AT, subject=word)


async def _send_all(path: Path) -> None:
    async with await Store.open(url(path)) as store:
        while delivery := await store.claim_delivery("desk", datetime(2026, 3, 5, tzinfo=UTC)):
            await store.mark_sent(delivery.id, channel="C1", message_id="1", at=AT)


async def _counts(path: Path) -> tuple[int, int]:
    async with await Store.open(url(path)) as store:
        counts = await store.counts()
        return counts.owed, counts.sent


def run(script: str, *words: str, database: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("bongsu")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BONGSU")}
    clean |= {"BONGSU": str(command), "BONGSU__STORE__URL": url(database), "BONGSU_CONFIG": str(ROOT / "config")}
    return subprocess.run(
        ["sh", script, *words], env=clean | env, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.timeout(180)
def test_a_copy_is_whole_private_and_replaces_what_is_there(database: Path, tmp_path: Path) -> None:
    asyncio.run(_send_all(database))
    made = run(BACKUP, str(tmp_path / "copies"), database=database)
    assert made.returncode == 0, made.stderr
    copy = Path(made.stdout.strip())
    assert copy.stat().st_mode & 0o077 == 0
    asyncio.run(_owe(database, "after the copy"))
    done = run(RESTORE, str(copy), str(database), database=database)
    assert done.returncode == 0, done.stderr
    assert asyncio.run(_counts(database)) == (0, 1)
    assert len(list(database.parent.glob("bongsu.db.before-restore-*"))) >= 1
    assert database.stat().st_mode & 0o077 == 0


@pytest.mark.timeout(180)
def test_a_running_daemon_is_copied_but_never_overwritten(database: Path, tmp_path: Path) -> None:
    async def while_it_runs() -> tuple[subprocess.CompletedProcess[str], subprocess.CompletedProcess[str]]:
        async with await Store.open(url(database), lock=True) as store:
            await store.owe("desk", "ops", "second", AT, subject="second")
            made = await asyncio.to_thread(run, BACKUP, str(tmp_path / "copies"), database=database)
            copy = made.stdout.strip()
            return made, await asyncio.to_thread(run, RESTORE, copy, str(database), database=database)

    made, refused = asyncio.run(while_it_runs())
    assert made.returncode == 0, made.stderr
    assert refused.returncode == 7
    assert asyncio.run(_counts(Path(made.stdout.strip()))) == (2, 0)


@pytest.mark.timeout(180)
def test_damage_is_refused_and_only_the_newest_copies_stay(database: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    for number in range(3):
        (copies / f"bongsu-2026010{number}T000000Z.db").write_bytes(b"old")
        os.utime(copies / f"bongsu-2026010{number}T000000Z.db", (number, number))
    made = run(BACKUP, str(copies), database=database, KEEP="2")
    assert made.returncode == 0, made.stderr
    assert len(list(copies.iterdir())) == 2
    (tmp_path / "broken.db").write_bytes(b"no database at all, but long enough to look at" * 100)
    before = database.read_bytes()
    done = run(RESTORE, str(tmp_path / "broken.db"), str(database), database=database)
    assert done.returncode != 0
    assert database.read_bytes() == before
