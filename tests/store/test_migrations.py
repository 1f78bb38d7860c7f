"""The tables that migrations make are those that a new store has; old files come along, newer ones are refused."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.errors import StoreUnusable
from monitor.store import Store, migrating, schema
from tests.store.databases import database
from tests.store.telling import NOON, telling

OURS = schema.REVISION

NOW_AT, NEXT = schema.REVISION, "8000"


def _tables(make) -> dict[str, str]:
    with create_engine("sqlite://").begin() as conn:
        make(conn)
        rows = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {name: re.sub(r'[\s"()]', "", sql) for name, sql in rows if not name.startswith(("alembic", "sqlite"))}


def test_migrations_lead_to_the_tables_of_a_new_store():
    assert _tables(migrating.upgrade) == _tables(schema.create)
    assert migrating.head() == schema.REVISION


async def test_migrations_run_on_postgresql(tmp_path):
    async with database("postgres", tmp_path) as url:
        async with await Store.open(url) as store:
            await store._db.write(_drop_all)
            await store._db.write(migrating.upgrade)
        async with await Store.open(url) as store:
            await store.settle_many([telling("noon", keys=(1,))], NOON)
            assert len((await store.search("배터리")).stories) == 1


def _drop_all(conn) -> None:
    for name in conn.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all():
        conn.execute(text(f'DROP TABLE "{name}" CASCADE'))


@pytest.mark.parametrize("kind", ["file", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_a_store_of_a_newer_version_is_refused_and_untouched(kind, tmp_path):
    async with database(kind, tmp_path) as url:
        async with await Store.open(url) as store:
            await store._db.write(
                lambda conn: conn.execute(text("UPDATE alembic_version SET version_num='9999'")) and None
            )
        for attempt in (Store.open(url), Store.upgrade(url)):
            with pytest.raises(StoreUnusable, match="9999"):
                await attempt


async def test_an_empty_old_store_is_upgraded_after_a_backup(tmp_path, monkeypatch):
    path = tmp_path / "news.db"
    url = f"sqlite+aiosqlite:///{path}"
    async with await Store.open(url) as store:
        await store.settle_many([telling("noon", keys=(1,))], NOON)
    versions = _one_more_version(tmp_path)
    monkeypatch.setattr(migrating, "_FOLDER", versions)
    monkeypatch.setattr(schema, "REVISION", "9998")
    async with await Store.open(url) as store:
        assert (await store.counts()).articles == 1
        assert await store.check() == ()
    (backup,) = (tmp_path / "backups").iterdir()
    with sqlite3.connect(backup) as conn:
        assert conn.execute("SELECT version_num FROM alembic_version").fetchone() == (OURS,)
        assert conn.execute("SELECT count(*) FROM article").fetchone() == (1,)
    conn.close()
    assert await Store.upgrade(url) == ("9998", "9998")


async def test_postgresql_is_upgraded_only_when_asked(tmp_path, monkeypatch):
    async with database("postgres", tmp_path) as url:
        async with await Store.open(url) as store:
            await store.settle_many([telling("noon", keys=(1,))], NOON)
        monkeypatch.setattr(migrating, "_FOLDER", _one_more_version(tmp_path))
        monkeypatch.setattr(schema, "REVISION", "9998")
        with pytest.raises(StoreUnusable, match="db upgrade"):
            await Store.open(url)
        assert await Store.upgrade(url) == (OURS, "9998")
        async with await Store.open(url) as store:
            assert (await store.counts()).articles == 1


def _one_more_version(folder: Path) -> Path:
    """A copy of the migrations with one that a later version might bring."""
    there = folder / "migrations"
    (there / "versions").mkdir(parents=True)
    for each in (*migrating._FOLDER.glob("*.*"), *migrating._FOLDER.glob("versions/*.py")):
        (there / each.relative_to(migrating._FOLDER)).write_bytes(each.read_bytes())
    (there / "versions" / "9998_note.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9998'\ndown_revision = '{OURS}'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('story') as story:\n"
        "        story.add_column(sa.Column('note', sa.Text(), nullable=False, server_default=''))\n"
    )
    return there


def test_alembic_stays_out_of_a_normal_start():
    loaded = "import sys, monitor.store; sys.exit('alembic' in sys.modules or 'asyncpg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
