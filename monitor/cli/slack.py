"""``bongsu slack``: the app's manifest to paste, and a round trip through a channel."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace

import click

from monitor.clock import utc_now
from monitor.daemon import limits_of, notifiers_of
from monitor.errors import ChannelDown, NotifyError
from monitor.fetch import Fetcher
from monitor.model import ArticleKey, Deal, DeliveryId, Grade, Money, OutletKind, Stage, Story, StoryId, Telling
from monitor.notify import Message, Notifier, Receipt, Slack
from monitor.notify import manifest as manifest_of
from monitor.settings import Settings, load

LATER = "잠시 뒤 다시 해 보세요 (try again later)"


@click.group()
def slack() -> None:
    """Set Slack up: print the app's manifest, try a channel."""


@slack.command()
@click.option("--url", default="", help="public https address of the board: buttons by HTTP instead of Socket Mode")
def manifest(url: str) -> None:
    """Print the manifest; paste it at api.slack.com/apps → Create New App → From a manifest."""
    click.echo(manifest_of(url.rstrip("/") + "/slack/events" if url else ""), nl=False)


@slack.command()
@click.option("--receiver", default="", help="which receiver; default the first of kind slack or slack-webhook")
@click.option("--config", default=None, help="configuration folder")
def test(receiver: str, config: str | None) -> None:
    """Post a sample alert, edit it, find it again by its metadata; exit 5 with a remedy when a step fails."""
    settings = load(config)
    raise SystemExit(asyncio.run(_tried(settings, receiver)))


async def _tried(settings: Settings, receiver: str) -> int:
    async with Fetcher(limits_of(settings)) as fetcher:
        names = [name for name, table in settings.receivers.items() if table.kind in {"slack", "slack-webhook"}]
        asked = receiver or next(iter(names), "")
        if asked not in names:
            raise click.UsageError('no receiver of kind "slack"; add one to receivers.toml')
        only = replace(settings, receivers={asked: settings.receivers[asked]})
        channel = notifiers_of(only, fetcher)[asked]
        try:
            return await _round_trip(channel)
        finally:
            await channel.aclose()


async def _round_trip(channel: Notifier) -> int:
    trip = _Trip(channel)
    steps: tuple[tuple[str, Callable[[], Awaitable[str]]], ...] = (("post", trip.post),)
    if isinstance(channel, Slack):
        steps = (("auth", channel.check), *steps, ("edit", trip.edit), ("find", trip.find))
    for name, step in steps:
        try:
            click.echo(f"✓ {name:5} {await step()}")
        except NotifyError as wrong:
            click.echo(f"✗ {name:5} {wrong.reason}\n  → {wrong.remedy if isinstance(wrong, ChannelDown) else LATER}")
            return 5
    if not isinstance(channel, Slack):
        click.echo("  webhook 은 고칠 수 없고 버튼이 없습니다 (a webhook cannot edit and has no buttons)")
    return 0


class _Trip:
    """One sample alert on its way."""

    def __init__(self, channel: Notifier) -> None:
        self._channel = channel
        self._now = utc_now()
        self._message = _sample(self._now)
        self._shown = Receipt("", "")

    async def post(self) -> str:
        """Post it."""
        self._shown = await self._channel.send(self._message)
        return f"{self._channel.name} {self._shown.message_id}"

    async def edit(self) -> str:
        """Collapse and restore it, as a reader's buttons do."""
        await self._channel.edit(self._shown, replace(self._message, revision=1, kind="dismissed"))
        await self._channel.edit(self._shown, self._message)
        return "접었다가 되돌림 (collapsed and restored)"

    async def find(self) -> str:
        """Find it again by its metadata, as after a lost answer."""
        found = await self._channel.find(self._message.id, self._now)
        if found is None:
            remedy = "앱에 channels:history 권한이 있는지 보세요 (bongsu slack manifest)"
            raise ChannelDown(self._channel.name, "not found", remedy)
        return f"metadata → {found.message_id}"


def _sample(now: dt.datetime) -> Message:
    """Return an alert of an invented firm; its id holds the instant, so that each try is another message."""
    telling = Telling(
        key=ArticleKey("example.com/bongsu-test"),
        url="https://example.com/",
        title="봉수 시험 알림: 새 공장 투자협약",
        outlet="test/test",
        outlet_name="봉수",
        outlet_kind=OutletKind.OTHER,
        published_at=now,
        seen_at=now,
        because="bongsu slack test",
    )
    deal = Deal(Stage.MOU, Money(320e8, "KRW", "320억원"), companies=("봉수시험산업",), sido=("광주광역시",))
    story = Story(
        id=StoryId("slack-test"),
        title=telling.title,
        url=telling.url,
        grade=Grade.DEAL,
        score=1.0,
        why=(),
        first_at=now,
        last_at=now,
        lead=telling,
        tellings=(telling,),
        deals=(deal,),
    )
    return Message(DeliveryId(f"slack-test-{now.timestamp():.0f}"), "new", (story,))
