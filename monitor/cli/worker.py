"""``bongsu worker``: one of several equal processes on one PostgreSQL; start as many as the load needs."""

import asyncio
from functools import partial

import click

from monitor.cli.log import set_up_logs
from monitor.daemon import Running, Site
from monitor.daemon import run as run_daemon
from monitor.errors import ConfigError
from monitor.settings import Settings, load
from monitor.web import board


@click.command()
@click.option("--config", default=None, help="configuration folder")
@click.option("--log", "level", default="warning", type=click.Choice(["debug", "info", "warning", "error"]))
@click.option("--web", "with_board", is_flag=True, help="serve the board from this worker, too")
def worker(config: str | None, level: str, with_board: bool) -> None:
    """Run one worker of a fleet until it is told to stop; there is no leader, any of them may be killed."""
    settings, site = _chosen(config, with_board=with_board)
    set_up_logs(level)
    reread = partial(_chosen, config or str(settings.folder), with_board=with_board)
    asyncio.run(run_daemon(settings, site=site, reread=reread, on_ready=_greet))


def _chosen(config: str | None, *, with_board: bool) -> tuple[Settings, Site | None]:
    settings = _shared(load(config))
    return settings, board(settings) if with_board else None


def _shared(settings: Settings) -> Settings:
    """Return *settings* if their store can be shared.

    Raises:
        ConfigError: it is a SQLite file, which one process has.
    """
    if settings.store_url.startswith("postgresql"):
        return settings
    reason = (
        f"{settings.folder / 'monitor.toml'}: [store] url: workers share a PostgreSQL database; write "
        "postgresql+asyncpg://user@host/name (bongsu db move --to URL takes everything along), or use: bongsu run"
    )
    raise ConfigError((reason,))


def _greet(running: Running) -> None:
    chosen = running.settings.monitor.fleet.executor
    click.echo(f"일꾼이 일을 시작합니다 · worker ready (executor: {chosen})", err=True)
