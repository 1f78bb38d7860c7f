"""``bongsu config show | schema``: which values are in force and why, and what may be written where."""

import json
from pathlib import Path

import click

from monitor.settings import chosen, load, schemas


@click.group()
def config() -> None:
    """설정 · what is in force, and the shapes of the files."""


@config.command()
@click.option("--config", "folder", default=None, help="configuration folder")
@click.option("--origin", is_flag=True, help="say where each value comes from")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def show(folder: str | None, origin: bool, as_json: bool) -> None:
    """Show every value in force; secrets are only named, never shown."""
    values = chosen(load(folder))
    if as_json:
        told = [{"key": each.name, "value": each.value, "origin": each.origin} for each in values]
        click.echo(json.dumps({"schema_version": 1, "values": told}, ensure_ascii=False, indent=1))
        return
    widest = max(len(f"{each.name} = {each.value}") for each in values)
    for each in values:
        line = f"{each.name} = {each.value}"
        click.echo(f"{line:{min(widest, 70)}}  # {each.origin}" if origin else line)


@config.command()
@click.option("--to", type=click.Path(path_type=Path), default=None, help="folder to write; default: print")
def schema(to: Path | None) -> None:
    """Write the JSON Schema of each kind of file, for editors that complete and check while one types."""
    if to is None:
        click.echo(json.dumps({name: json.loads(text) for name, text in schemas().items()}, ensure_ascii=False))
        return
    to.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (to / name).write_text(text, encoding="utf-8")
        click.echo(to / name)
