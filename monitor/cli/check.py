"""``bongsu check`` and ``healthcheck``."""

import asyncio
import json
from datetime import datetime, timedelta

import click

from monitor.clock import utc_now
from monitor.daemon import judge_of, open_store, unrendered
from monitor.settings import Settings, load

SILENCE = timedelta(seconds=60)
"""Six missed heartbeats: a daemon that is busy for a minute is not alive for its users."""


@click.command()
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def check(config: str | None, as_json: bool) -> None:
    """Name every configuration mistake at once; asks nothing of the network. Exit 3 when there is one."""
    settings = load(config)
    refused = judge_of(settings).grader.refused
    enabled = sum(outlet.enabled for outlet in settings.outlets)
    counts: dict[str, object] = {
        "folder": str(settings.folder),
        "outlets": len(settings.outlets),
        "enabled": enabled,
        "receivers": len(settings.receivers),
        "routes": len(settings.routes),
        "watches": len(settings.watches),
    }
    if as_json:
        counts["refused_rules"] = list(refused)
        counts["unrendered"] = unrendered(settings)
        click.echo(json.dumps(counts, ensure_ascii=False))
        return
    click.echo(f"설정에 잘못이 없습니다: {settings.folder}")
    click.echo(
        f"매체 {len(settings.outlets)}곳(켜진 것 {enabled}) · "
        f"받는 곳 {len(settings.receivers)} · 길 {len(settings.routes)} · 지켜보는 이름 {len(settings.watches)}"
    )
    for each in refused:
        click.echo(f"꺼 둔 규칙 (rule switched off): {each}")
    if waiting := unrendered(settings):
        click.echo(waiting, err=True)
    for grade in unheard(settings):
        click.echo(
            f"지켜보는 이름이 등급 {grade}로 올려도 듣는 길이 없습니다: routes.toml 에 min_grade = {grade}", err=True
        )
    click.echo("다음: bongsu run")


def unheard(settings: Settings) -> list[int]:
    """Return the grades that watched names raise to and no route takes."""
    raised = {int(watch.least) for watch in settings.watches if watch.least is not None}
    return sorted(grade for grade in raised if not any(route.min_grade <= grade for route in settings.routes))


@click.command()
@click.option("--config", default=None, help="configuration folder")
def healthcheck(config: str | None) -> None:
    """Exit 0 while the daemon's heart beats, 8 when it has been silent for a minute."""
    last = asyncio.run(_last_heartbeat(config))
    if last is None or utc_now() - last > SILENCE:
        click.echo(f"no heartbeat since {last}" if last else "no heartbeat yet", err=True)
        raise SystemExit(8)
    click.echo("ok")


async def _last_heartbeat(config: str | None) -> datetime | None:
    async with await open_store(load(config), read_only=True) as store:
        return await store.last_heartbeat()
