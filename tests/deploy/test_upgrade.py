"""A database of every released schema, with rows, is opened by this version; nothing is lost and nobody is told again.

``schemas/REVISION.db.gz`` is a file written by the version that had that revision as its newest: five stories of two
tellings each, three alerts sent and two owed, one message to operations.
"""

import asyncio
import gzip
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreUnusable
from monitor.store import Store, StoryFilter, migrating
from tests.jobs.owed import publish
from tests.town import START

SCHEMAS = Path(__file__).parent / "schemas"
RELEASED = sorted(path.name.partition(".")[0] for path in SCHEMAS.glob("*.db.gz"))
LATER = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture(params=RELEASED)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "bongsu.db"
    path.write_bytes(gzip.decompress((SCHEMAS / f"{request.param}.db.gz").read_bytes()))
    return path


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def rows(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as link:
        names = [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        plain = [name for name in names if not name.startswith(("sqlite_", "alembic_")) and "search" not in name]
        return {name: link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in plain}  # noqa: S608


def test_every_revision_but_the_newest_has_a_file() -> None:
    assert migrating.known_revisions() - {migrating.head()} <= set(RELEASED)


async def test_every_row_comes_along_and_a_copy_is_kept(old: Path) -> None:
    before = rows(old)
    async with await Store.open(url(old)) as store:
        assert await store.check() == ()
        assert len((await store.stories(StoryFilter(text="누리소재"))).stories) == 5
    after = rows(old)
    assert {name: after.get(name) for name in before} == before
    assert len(list((old.parent / "backups").iterdir())) == 1


async def test_what_was_told_stays_told_and_what_was_owed_stays_owed(old: Path) -> None:
    async with await Store.open(url(old)) as store:
        counts = await store.counts()
        assert (counts.sent, counts.owed) == (3, 3)
        claimed = []
        while delivery := await store.claim_delivery("desk", LATER):
            claimed.append(delivery.id)
            await store.mark_sent(delivery.id, channel="C1", message_id=str(len(claimed)), at=LATER)
        assert len(set(claimed)) == 2


async def test_nobody_is_told_again_of_an_article_that_is_known(old: Path) -> None:
    async with await Store.open(url(old)) as store:
        for number in range(1, 6):
            await publish(store, number, START + timedelta(hours=2), "desk")
        counts = await store.counts()
    assert (counts.stories, counts.sent + counts.owed) == (5, 6)


async def _open(path: Path, *, read_only: bool = False) -> None:
    async with await Store.open(url(path), read_only=read_only):
        pass


def test_a_downgrade_is_refused_and_changes_nothing(old: Path) -> None:
    asyncio.run(_open(old))
    with sqlite3.connect(old) as link:
        link.execute("UPDATE alembic_version SET version_num = '9999'")
    before = old.read_bytes()
    with pytest.raises(StoreUnusable, match="newer version"):
        asyncio.run(_open(old))
    assert old.read_bytes() == before


def test_only_reading_never_upgrades(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(StoreUnusable, match="db upgrade"):
        asyncio.run(_open(old, read_only=True))
    assert old.read_bytes() == before
