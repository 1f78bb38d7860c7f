"""Settings → rooms: the one place where what the user chose becomes open connections and built judges."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from monitor.classify import Grader
from monitor.clock import Now, utc_now
from monitor.deals import DealReader
from monitor.errors import ConfigError, StoreUnusable
from monitor.fetch import Fence, Fetcher, Limits
from monitor.jobs.judge import Judge, Rules
from monitor.jobs.newsroom import Newsroom, Tempo
from monitor.model import OutletKind
from monitor.notify import Console, Manners, Notifier, Slack
from monitor.settings import ReceiverTable, Settings
from monitor.store import Store
from monitor.text import Gazetteer

_SLACK_API = "https://slack.com/api/"


def judge_of(settings: Settings) -> Judge:
    """Build the thinking rooms from the configured word lists and weights (about 0.1 s)."""
    reader = DealReader(Gazetteer.from_toml(settings.regions))
    grader = Grader.load(settings.model("relevance.npz"), settings.topic)
    alerts = settings.monitor.alerts
    return Judge(reader, grader, settings.routes, Rules(alerts.max_age, alerts.first_look))


def kinds_of(settings: Settings) -> dict[str, OutletKind]:
    """Return what kind of outlet each printed name is, for recorded streams."""
    return {outlet.name: outlet.kind for outlet in settings.outlets}


def limits_of(settings: Settings) -> Limits:
    """Return the fetcher's limits."""
    chosen = settings.monitor.fetch
    return Limits(
        max_bytes=chosen.max_size,
        deadline=chosen.deadline,
        gap=chosen.gap,
        allow_private=chosen.allow_private,
        user_agent=chosen.user_agent,
    )


async def open_store(settings: Settings, *, lock: bool = False, read_only: bool = False) -> Store:
    """Open the configured store; the user's own data folder is made when it is missing, a configured one is not.

    Raises:
        StoreUnusable, Locked: as ``Store.open``.
    """
    if not settings.monitor.store.url:
        folder = Path(settings.store_url.removeprefix("sqlite+aiosqlite:///")).parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as wrong:
            raise StoreUnusable(
                f"{folder}: {wrong.strerror}", "choose another folder in monitor.toml [store]"
            ) from wrong
    return await Store.open(settings.store_url, lock=lock, read_only=read_only)


def newsroom(settings: Settings, store: Store, fetcher: Fetcher, fence: Fence, judge: Judge, *, now: Now) -> Newsroom:
    """Put the rooms together for the jobs."""
    poll = settings.monitor.poll
    return Newsroom(
        store=store,
        fetcher=fetcher,
        fence=fence,
        judge=judge,
        outlets={outlet.id: outlet for outlet in settings.outlets},
        tempo=Tempo(poll.lease, poll.links_per_visit, poll.floor, poll.ceiling, settings.monitor.fetch.robots),
        now=now,
    )


def notifiers_of(settings: Settings, fetcher: Fetcher, *, now: Now = utc_now) -> dict[str, Notifier]:
    """Open a channel for each receiver that shows messages one by one (mail goes by the digest).

    Raises:
        ConfigError: a secret is missing.
    """
    return {
        name: _notifier(name, table, settings, fetcher, now)
        for name, table in settings.receivers.items()
        if table.kind != "email"
    }


def _notifier(name: str, table: ReceiverTable, settings: Settings, fetcher: Fetcher, now: Now) -> Notifier:
    manners = manners_of(table)
    if table.kind == "console":
        return Console(name, manners=replace(manners, pace=timedelta(0), edits=None, burst=0, fold=0), now=now)
    if table.kind == "slack":
        token = settings.secret(table, "token")
        if token is None:
            raise ConfigError((f'receivers.{name}: kind "slack" needs token_file or token_env',))
        return Slack(
            name,
            token=token.reveal(),
            channel=table.channel,
            session=fetcher.session,
            base_url=table.api or _SLACK_API,
            manners=manners,
            now=now,
        )
    raise ConfigError((f"receivers.{name}: kind {table.kind!r} cannot be opened",))


def manners_of(table: ReceiverTable) -> Manners:
    """Return how a receiver wants to be spoken to."""
    return Manners(
        language=table.language,
        pace=table.pace,
        edits=table.edits or None,
        burst=table.burst,
        fold=table.fold,
        settle=table.settle,
    )


@dataclass(frozen=True, slots=True)
class Running:
    """What is open while the daemon runs."""

    settings: Settings
    store: Store
    room: Newsroom
    notifiers: dict[str, Notifier]
    address: str = ""
