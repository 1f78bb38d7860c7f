"""F12: the database of every revision is opened by this version; every row stays, nobody is told anything."""

import asyncio
import hashlib
import subprocess
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Connection, Table, create_engine, insert, inspect, select, text

from monitor.store import Store, migrating
from monitor.store import tables as t
from tests.acceptance.fleet import share
from tests.acceptance.server import schema
from tests.acceptance.stage import BONGSU, Stage, ask, stage, write_config
from tests.store.telling import DESK, NOON, telling

Figure = dict[str, object]
Rows = dict[str, list[dict[str, object]]]


def f12(*, seed: int, quick: bool) -> tuple[bool, Figure]:
    """Every revision on both databases: upgraded, compared row by row, run once; a newer one is refused."""
    figure: Figure = {"alerts": 0, "rows": 0, "changed": 0, "refused": 0, "databases": 0}
    with stage(seed=seed) as here:
        full = asyncio.run(_full(f"sqlite+aiosqlite:///{here.folder / 'full.db'}", 40 if quick else 400))
        for revision in sorted(migrating.known_revisions()):
            for kind in ("sqlite", "postgresql"):
                _try(here, kind, revision, full, figure)
        figure["alerts"] = ask(here.slack + "/__report")["delivered"]
    good = not figure["alerts"] and not figure["changed"] and figure["refused"] == figure["databases"]
    return good, figure


async def _full(url: str, stories: int) -> Rows:
    """Fill a store with what a year leaves behind: stories, deals, sent alerts, one still owed; return its rows."""
    async with await Store.open(url) as store:
        work = [telling(f"s{number}", keys=(number * 3, number * 3 + 1, number * 3 + 2)) for number in range(stories)]
        await store.settle_many(work, NOON)
        while claimed := await store.claim_delivery(DESK, NOON):
            await store.mark_sent(claimed.id, "C0001", f"{claimed.id}.1", NOON)
        await store.add_verdict("irrelevant", "s-s1", "yes", "U1", NOON)
        await store.heartbeat(NOON)
        return await store._db.read(_rows)


def _rows(conn: Connection) -> Rows:
    there = set(inspect(conn).get_table_names())
    return {table.name: _table(conn, table) for table in t.metadata.sorted_tables if table.name in there}


def _table(conn: Connection, table: Table) -> list[dict[str, object]]:
    names = {each["name"] for each in inspect(conn).get_columns(table.name)}
    columns = [column for column in table.columns if column.name in names]
    rows = conn.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
    return [dict(row) for row in rows]


def _try(here: Stage, kind: str, revision: str, full: Rows, figure: Figure) -> None:
    with ExitStack() as stack:
        config = write_config(here, {}, name=f"{kind}-{revision}", database=here.folder / f"{kind}-{revision}.db")
        url = f"sqlite+aiosqlite:///{here.folder / f'{kind}-{revision}.db'}"
        if kind == "postgresql":
            url, _ = stack.enter_context(schema())
            share(config, url)
        kept = asyncio.run(_make_old(url, revision, full))
        _run("db", "upgrade", config=config)
        changed = asyncio.run(_compare(url, kept))
        _run("once", config=config)
        figure["databases"] += 1
        figure["rows"] += sum(map(len, kept.values()))
        figure["changed"] += changed
        figure["refused"] += _is_refused(url, config, kind)


async def _make_old(url: str, revision: str, full: Rows) -> Rows:
    """Make a database as *revision* had it and fill it; return what went in."""
    if url.startswith("sqlite"):
        engine = create_engine(url.replace("+aiosqlite", ""))
        with engine.begin() as conn:
            migrating.upgrade(conn, revision)
            kept = _fill(conn, full)
        engine.dispose()
        return kept
    async with await Store.open(url) as store:
        await store._db.write(_drop_all)
        await store._db.write(lambda conn: migrating.upgrade(conn, revision))
        return await store._db.write(lambda conn: _fill(conn, full))


def _drop_all(conn: Connection) -> None:
    for name in conn.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all():
        conn.execute(text(f'DROP TABLE "{name}" CASCADE'))


def _fill(conn: Connection, full: Rows) -> Rows:
    there = set(inspect(conn).get_table_names())
    for table in t.metadata.sorted_tables:
        names = {each["name"] for each in inspect(conn).get_columns(table.name)} if table.name in there else set()
        rows = [{key: value for key, value in row.items() if key in names} for row in full[table.name]]
        if rows and names:
            conn.execute(insert(table), rows)
    return _rows(conn)


async def _compare(url: str, kept: Rows) -> int:
    """Return how many rows are not as they were; what a newer version adds to a row is no change."""
    async with await Store.open(url, read_only=True) as store:
        now = await store._db.read(_rows)
    changed = 0
    for name, rows in kept.items():
        known = [{key: row[key] for key in rows[0]} for row in now[name]] if rows else now[name]
        changed += abs(len(known) - len(rows)) + sum(one not in known for one in rows)
    return changed


def _is_refused(url: str, config: Path, kind: str) -> bool:
    """A database of a version to come is refused with exit 6, and stays as it is."""
    asyncio.run(_mark_newer(url))
    file = Path(url.partition("///")[2])
    before = _digest(file) if kind == "sqlite" else ""
    done = subprocess.run([BONGSU, "once", "--config", str(config)], capture_output=True, check=False, timeout=60)
    return done.returncode == 6 and before == (_digest(file) if kind == "sqlite" else "")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


async def _mark_newer(url: str) -> None:
    async with await Store.open(url) as store:
        newer = text("UPDATE alembic_version SET version_num = '9999'")
        await store._db.write(lambda conn: conn.execute(newer) and None)


def _run(*words: str, config: Path) -> None:
    command = [BONGSU, *words, "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode not in (0, 4):
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-1000:]}")


TESTS = {"F12": f12}
