"""``bongsu run`` and ``bongsu once``."""

import asyncio
from functools import partial

import click

from monitor.cli.log import set_up_logs
from monitor.daemon import Running, Site
from monitor.daemon import once as run_once
from monitor.daemon import run as run_daemon
from monitor.settings import Settings, load
from monitor.web import board


@click.command()
@click.option("--config", default=None, help="configuration folder")
@click.option("--log", "level", default="warning", type=click.Choice(["debug", "info", "warning", "error"]))
def run(config: str | None, level: str) -> None:
    """Run the daemon until Ctrl-C: poll, decide, deliver, digest, web."""
    settings, site = _chosen(config)
    set_up_logs(level)
    reread = partial(_chosen, config or str(settings.folder))
    asyncio.run(run_daemon(settings, site=site, reread=reread, on_ready=_greet))


@click.command()
@click.option("--config", default=None, help="configuration folder")
@click.option("--log", "level", default="warning", type=click.Choice(["debug", "info", "warning", "error"]))
def once(config: str | None, level: str) -> None:
    """Visit what is due, deliver what is owed, exit; for cron. Exit 4 when some sources failed."""
    settings = load(config)
    set_up_logs(level)
    well, failed = asyncio.run(run_once(settings))
    click.echo(
        f"매체 주소 {well + failed}곳 확인, 실패 {failed}곳 · {well + failed} sources, {failed} failed", err=True
    )
    if failed:
        raise SystemExit(4)


def _chosen(config: str | None) -> tuple[Settings, Site | None]:
    settings = load(config)
    return settings, board(settings) if settings.monitor.web.enabled else None


def _greet(running: Running) -> None:
    outlets = len([outlet for outlet in running.settings.outlets if outlet.enabled])
    where = f" · {running.address}" if running.address else ""
    click.echo(
        f"봉수가 매체 {outlets}곳을 봅니다{where}  (설정: {running.settings.folder}, Ctrl-C 로 끝냅니다)", err=True
    )
