"""Settings → rooms: the one place where what the user chose becomes open connections and built judges."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from monitor.classify import Grader, WatchList
from monitor.clock import Now
from monitor.deals import DealReader
from monitor.errors import StoreUnusable
from monitor.fetch import Adviser, Fence, Fetcher, Limits, no_rendering
from monitor.jobs.judge import Judge, Rules
from monitor.jobs.newsroom import Consultation, Newsroom, Tempo
from monitor.jobs.workdays import Timetable
from monitor.model import OutletKind
from monitor.notify import Notifier, Pen
from monitor.settings import Settings
from monitor.store import Store
from monitor.text import Gazetteer


def judge_of(settings: Settings) -> Judge:
    """Build the thinking rooms from the configured word lists and weights (about 0.1 s)."""
    reader = DealReader(Gazetteer.from_toml(settings.regions))
    grader = Grader.load(settings.model("relevance.npz"), settings.topic)
    alerts = settings.monitor.alerts
    rules = Rules(alerts.max_age, alerts.first_look)
    return Judge(reader, grader, settings.routes, rules, WatchList(settings.watches))


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
        browser=chosen.browser,
    )


def unrendered(settings: Settings) -> str:
    """Return in one line which outlets wait for a browser, and the remedy; "" when none does."""
    outlets = [outlet.id for outlet in settings.outlets if outlet.enabled and outlet.render]
    missing = no_rendering(settings.monitor.fetch.browser) if outlets else ""
    return f"읽지 못하는 매체 (cannot be read) {', '.join(outlets)}: {missing}" if missing else ""


def consultation_of(settings: Settings, fetcher: Fetcher) -> Consultation | None:
    """Return who is asked about doubtful articles; None when ``[opinion] url`` names nobody.

    Raises:
        ConfigError: its key is missing, or others may read it.
    """
    chosen = settings.monitor.opinion
    if not chosen.url:
        return None
    key = settings.secret(chosen, "key")
    adviser = Adviser(
        chosen.url,
        chosen.model,
        key.reveal() if key else "",
        session=fetcher.session,
        patience=chosen.timeout,
        excerpt=chosen.excerpt,
    )
    return Consultation(adviser, chosen.above, chosen.below, chosen.a_day)


def timetable_of(settings: Settings) -> Timetable:
    """Return when the morning letters are due."""
    chosen = settings.monitor.digest
    hour, minute = map(int, chosen.at.split(":"))
    return Timetable(time(hour, minute)) if chosen.days == "working" else Timetable(time(hour, minute), works=bool)


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


def newsroom(
    settings: Settings,
    store: Store,
    fetcher: Fetcher,
    fence: Fence,
    judge: Judge,
    *,
    now: Now,
    notifiers: Mapping[str, Notifier] | None = None,
) -> Newsroom:
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
        notifiers=notifiers or {},
        consultation=consultation_of(settings, fetcher),
        secrets={outlet.id: headers for outlet in settings.outlets if (headers := settings.headers(outlet))},
    )


@dataclass(frozen=True, slots=True)
class Running:
    """What is open while the daemon runs."""

    settings: Settings
    store: Store
    room: Newsroom
    notifiers: dict[str, Notifier]
    address: str = ""
    pen: Pen | None = None  # signs the links of letters


Site = Callable[[Store, Newsroom], AbstractAsyncContextManager[str]]
"""Opens the board on a store; yields its address. The doors hand it in, because the daemon knows no web."""
