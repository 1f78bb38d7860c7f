"""``bongsu digest``: preview the letter, or send what is due now."""

import asyncio
import datetime as dt
from pathlib import Path

import click

from monitor.clock import KST, utc_now
from monitor.daemon import limits_of, notifiers_of, open_store, signing_key, subscriptions_of, timetable_of
from monitor.fetch import Fetcher
from monitor.jobs.digest import brief, send_digests
from monitor.notify import Briefing, Pen, render_digest
from monitor.settings import Settings, load


@click.command()
@click.option("--preview", type=click.Path(path_type=Path), default=None, help="write the letter as HTML to FILE")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="the Korean day; default today")
@click.option("--receiver", default="", help="whose letter; default the first that gets mail")
@click.option("--config", default=None, help="configuration folder")
def digest(preview: Path | None, day: dt.datetime | None, receiver: str, config: str | None) -> None:
    """Send every digest that is due and not yet sent; with --preview send nothing and write one to a file."""
    settings = load(config)
    if preview is None:
        click.echo(asyncio.run(_send(settings)))
        return
    asked = day.date() if day else utc_now().astimezone(KST).date()
    page = render_digest(asyncio.run(_brief(settings, receiver, asked)))
    preview.write_text(page.html, encoding="utf-8")
    click.echo(f"{page.subject}\n{preview} ({len(page.html.encode()) // 1024} KB)")


async def _send(settings: Settings) -> str:
    async with Fetcher(limits_of(settings)) as fetcher, await open_store(settings) as store:
        pen = Pen(await signing_key(store))
        subscriptions = subscriptions_of(settings, notifiers_of(settings, fetcher), pen)
        done = await send_digests(store=store, subscriptions=subscriptions, now=utc_now)
        return f"보냄 {done.sent} · 새 소식 없어 건너뜀 {done.skipped} · 나중에 {done.waiting} · 거절 {done.failed}"


async def _brief(settings: Settings, receiver: str, day: dt.date) -> Briefing:
    timetable = timetable_of(settings)
    since, until = timetable.due(timetable.before(day)), timetable.due(day)
    async with Fetcher(limits_of(settings)) as fetcher, await open_store(settings, read_only=True) as store:
        subscriptions = subscriptions_of(settings, notifiers_of(settings, fetcher))
        chosen = subscriptions.get(receiver) or next(iter(subscriptions.values()), None)
        if chosen is None:
            raise click.UsageError('no receiver of kind "email"; add one to receivers.toml')
        return await brief(store=store, subscription=chosen, day=day, since=since, until=until)
