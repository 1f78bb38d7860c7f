"""``bongsu db upgrade | move`` and ``bongsu backup``."""

import asyncio
from pathlib import Path

import click

from monitor.daemon import open_store
from monitor.errors import StoreUnusable
from monitor.settings import load
from monitor.store import MovedTable, Store


@click.group()
def db() -> None:
    """데이터베이스 · upgrade and move."""


@db.command()
@click.option("--config", default=None, help="configuration folder")
def upgrade(config: str | None) -> None:
    """Bring the tables to this version's schema; a SQLite file is copied first."""
    before, after = asyncio.run(Store.upgrade(load(config).store_url))
    click.echo(f"{before or '-'} → {after}" if before != after else f"{after}: 이미 최신입니다 · up to date")


@db.command()
@click.option("--to", "target", required=True, help="postgresql+asyncpg://… or sqlite+aiosqlite:///…")
@click.option("--config", default=None, help="configuration folder")
def move(target: str, config: str | None) -> None:
    """Copy everything to another database and prove it by rows and checksums; the source stays as it is."""
    tables = asyncio.run(_move(config, target))
    for each in tables:
        mark = "✓" if _is_same(each) else "✗"
        click.echo(
            f"{mark} {each.table:24} {each.rows:>9} → {each.rows_there:>9}  {each.checksum}  {each.checksum_there}"
        )
    if not all(map(_is_same, tables)):
        raise StoreUnusable(
            "the copy is not the same", "empty the target database and move again; the source is untouched"
        )
    click.echo("다음: monitor.toml 의 [store] url 을 새 주소로 바꾸세요")


@click.command()
@click.argument("to", type=click.Path(path_type=Path))
@click.option("--config", default=None, help="configuration folder")
def backup(to: Path, config: str | None) -> None:
    """Write a consistent copy of a SQLite database while the daemon runs; a backup of PostgreSQL is pg_dump's."""
    asyncio.run(_backup(config, to))
    click.echo(f"백업했습니다: {to}")


async def _move(config: str | None, target: str) -> tuple[MovedTable, ...]:
    async with await open_store(load(config), lock=True) as here, await Store.open(target) as there:
        return await here.copy_to(there)


async def _backup(config: str | None, to: Path) -> None:
    async with await open_store(load(config)) as store:
        await store.backup(to)


def _is_same(each: MovedTable) -> bool:
    return each.rows == each.rows_there and each.checksum == each.checksum_there
