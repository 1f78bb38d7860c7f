"""A store in one file: who may open it, what is told when it cannot be, what a backup is worth."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import Locked, StoreAway, StoreFull, StoreUnusable
from monitor.store import Store
from monitor.store import sqlite as engine
from tests.store.databases import database
from tests.store.telling import DESK, NOON, telling


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def test_only_the_owner_can_read_it(path):
    async with await Store.open(url(path)) as store:
        await store.heartbeat(NOON)
        assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}


async def test_a_second_daemon_is_refused_and_a_reader_is_not(path):
    async with await Store.open(url(path), lock=True) as store:
        with pytest.raises(Locked):
            await Store.open(url(path), lock=True)
        async with await Store.open(url(path), read_only=True) as reader:
            await store.heartbeat(NOON)
            assert await reader.last_heartbeat() == NOON
    async with await Store.open(url(path), lock=True):
        pass


async def test_a_reader_changes_nothing(path):
    with pytest.raises(StoreUnusable):
        await Store.open(url(path), read_only=True)
    assert not path.exists()
    async with await Store.open(url(path)):
        pass
    async with await Store.open(url(path), read_only=True) as reader:
        with pytest.raises(StoreUnusable):
            await reader.heartbeat(NOON)


@pytest.mark.parametrize(
    "statement",
    ["CREATE TRIGGER odd AFTER UPDATE ON meta BEGIN DELETE FROM article; END", "CREATE VIEW odd AS SELECT * FROM meta"],
)
async def test_a_file_that_could_act_by_itself_is_refused(path, statement):
    async with await Store.open(url(path)):
        pass
    link = sqlite3.connect(path)
    link.execute(statement)
    link.close()
    for read_only in (True, False):
        with pytest.raises(StoreUnusable, match="odd"):
            await Store.open(url(path), read_only=read_only)


async def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreUnusable, match="nowhere"):
        await Store.open(url(tmp_path / "nowhere" / "news.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_without_the_right_to_write_is_named(path):
    path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreUnusable, match="mode"):
            await Store.open(url(path))
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense"])
async def test_an_address_that_names_no_database_is_refused(address):
    with pytest.raises(StoreUnusable):
        await Store.open(address)


async def test_a_file_of_something_else_is_left_alone(path):
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE recipes (name)")
    conn.close()
    with pytest.raises(StoreUnusable, match="something else"):
        await Store.open(url(path))


async def filled(path: Path, articles: int = 200) -> None:
    async with await Store.open(url(path)) as store:
        await store.settle_many([telling(f"n{number}", keys=(number,)) for number in range(articles)], NOON)


@pytest.mark.parametrize("where", ["header", "middle", "cut"])
async def test_damage_is_seen_at_the_door_and_the_backup_is_named(path, where):
    await filled(path)
    async with await Store.open(url(path)) as store:
        await store.backup(path.parent / "backups" / "news-monday.db")
    content = bytearray(path.read_bytes())
    if where == "cut":
        content = content[: len(content) // 2]
    else:
        start = 0 if where == "header" else len(content) // 2 // 4096 * 4096
        content[start : start + 8192] = os.urandom(8192)
    path.write_bytes(content)
    with pytest.raises(StoreUnusable, match=r"news-monday\.db"):
        await Store.open(url(path))
    assert path.read_bytes() == bytes(content)


async def test_a_backup_is_whole_and_owes_nothing_that_was_sent(path):
    await filled(path, 3)
    copy = path.parent / "copy.db"
    async with await Store.open(url(path)) as store:
        claimed = await store.claim_delivery(DESK, NOON)
        await store.mark_sent(claimed.id, "C", "1", NOON)
        await store.backup(copy)
        await store.settle_many([telling("later", keys=(9,))], NOON)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    async with await Store.open(url(copy)) as restored:
        assert await restored.check() == ()
        assert len(await restored.owed(NOON)) == 2
        await restored.settle_many([telling("n0", keys=(0,))], NOON)
        assert len(await restored.owed(NOON)) == 2


async def test_a_full_disk_is_told_and_loses_nothing(path):
    async with await Store.open(url(path)) as store:
        await store.settle_many([telling("first", keys=(1,))], NOON)

        def fill(conn: sqlite3.Connection) -> None:
            pages = conn.execute("PRAGMA page_count").fetchone()[0]
            conn.execute(f"PRAGMA max_page_count={pages + 2}")

        await _on_writer(store, fill)
        big = [telling(f"n{number}", keys=(number,), text="가" * 3000) for number in range(20)]
        with pytest.raises(StoreFull):
            await store.settle_many(big, NOON)
        assert (await store.counts()).articles == 1
        await _on_writer(store, lambda conn: conn.execute("PRAGMA max_page_count=1000000").fetchone())
        await store.settle_many(big, NOON)
        assert (await store.counts()).articles == 21
        assert await store.check() == ()


async def _on_writer(store: Store, work) -> None:
    def run() -> None:
        with store._db._writer.connect() as conn:
            work(engine._raw(conn))

    await store._db._in(store._db._writing, run)


async def test_a_writer_that_never_ends_is_told_as_away(path, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    async with await Store.open(url(path)) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreAway):
            await store.heartbeat(NOON)
        other.execute("COMMIT")
        other.close()
        await store.heartbeat(NOON)


async def test_two_processes_write_at_once_and_nobody_is_locked_out(path):
    async with await Store.open(url(path)) as one, await Store.open(url(path)) as other:
        tasks = [
            (one, other)[number % 2].settle_many([telling(f"n{number}", keys=(number,))], NOON) for number in range(60)
        ]
        await asyncio.gather(*tasks, *(each.counts() for each in (one, other) * 20))
        assert (await one.counts()).articles == 60


async def test_a_restart_hands_out_what_was_being_sent_at_once(path):
    await filled(path, 1)
    async with await Store.open(url(path), lock=True) as store:
        assert await store.claim_delivery(DESK, NOON)
        assert await store.uncertain(NOON) == ()
    async with await Store.open(url(path), lock=True) as store:
        assert len(await store.uncertain(NOON)) == 1


CHILD = """
    import asyncio, sys
    from monitor.store import Store
    from tests.store.telling import DESK, NOON, telling

    async def main(url, start):
        store = await Store.open(url, lock=True)
        number = start
        while True:
            await store.settle_many([telling(f"n{number}", keys=(number,))], NOON)
            claimed = await store.claim_delivery(DESK, NOON)
            print("settled", number, flush=True)
            if claimed:
                await store.mark_sent(claimed.id, "C", str(number), NOON)
                print("sent", claimed.id, flush=True)
            number += 1

    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def test_kill_nine_loses_nothing_that_was_acknowledged(path):
    settled: set[int] = set()
    sent: set[str] = set()
    for life in range(4):
        for line in await asyncio.to_thread(_live_and_die, path, life):
            kind, _, what = line.partition(" ")
            if kind == "settled":
                settled.add(int(what))
            else:
                sent.add(what)
    assert len(settled) > 20
    async with await Store.open(url(path), lock=True) as store:
        assert await store.check() == ()
        for number in settled:
            assert await store.article(f"https://n{number}.example/1")
        for each in sent:
            delivery = await store.delivery(each)
            assert delivery is not None
            assert delivery.state == "sent"
        counts = await store.counts()
        assert counts.owed + counts.sent + counts.uncertain == counts.articles


def _live_and_die(path: Path, life: int) -> list[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), url(path), str(life * 1000)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(15 + life * 7)]
    child.kill()
    lines += child.stdout.read().splitlines()
    child.stdout.close()
    child.wait()
    return [line.strip() for line in lines if line.endswith("\n") or len(line.split()) == 2]


async def test_all_moves_to_another_database_with_proof(path, tmp_path):
    await filled(path, 25)
    async with await Store.open(url(path), lock=True) as here:
        claimed = await here.claim_delivery(DESK, NOON)
        await here.mark_sent(claimed.id, "C", "1", NOON)
        await here.add_verdict("relevant", "s-n1", "", "kim", NOON)
        await here.index_new()
        async with database("postgres", tmp_path) as address, await Store.open(address) as there:
            moved = await here.copy_to(there)
            assert all(each.rows == each.rows_there and each.checksum == each.checksum_there for each in moved)
            assert {each.table: each.rows for each in moved}["article"] == 25
            assert await there.counts() == await here.counts()
            assert await there.story("s-n3") == await here.story("s-n3")
            assert len((await there.search("배터리")).stories) == 25
            again = await there.settle_many([telling("n0", keys=(0,)), telling("new", keys=(77,))], NOON)
            assert again[0].quiet
            assert await there.add_verdict("relevant", "s-n2", "", "kim", NOON + timedelta(1))
            assert len(await there.owed(NOON)) == 25
            with pytest.raises(StoreUnusable, match="rows already"):
                await here.copy_to(there)
