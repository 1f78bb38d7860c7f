"""``bongsu demo``: the bundled town, its board and its alerts, without network and without a key."""

import asyncio
import sys

import click

from monitor.cli.log import set_up_logs
from monitor.demo import show


@click.command()
@click.option("--stay/--no-stay", default=None, help="keep the board open (default: on a terminal)")
@click.option("--port", default=8787, show_default=True, help="port of the board; 0 takes a free one")
@click.option(
    "--store", default="", metavar="URL", help="an empty database instead of a throw-away file: postgresql+asyncpg://…"
)
def demo(stay: bool | None, port: int, store: str) -> None:
    """Show a town of fifteen papers: 40 articles, 12 deals, 15 copies of one release, in seconds."""
    set_up_logs("warning")
    asyncio.run(show(port=port, stay=sys.stdout.isatty() if stay is None else stay, say=click.echo, store=store))
