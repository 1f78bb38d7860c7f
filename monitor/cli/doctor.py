"""``bongsu doctor``: every dependency of a working install, each with one line that says what to do."""

import asyncio
import json
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from monitor.clock import utc_now
from monitor.daemon import consultation_of, judge_of, limits_of, notifiers_of, open_store, unrendered
from monitor.errors import ChannelDown, ConfigError, NotifyError, StoreError, StoreUnusable
from monitor.fetch import Fetcher
from monitor.jobs.repair import repair
from monitor.model import DeliveryId
from monitor.notify import Email, Notifier, Slack
from monitor.settings import Settings, load
from monitor.store import Store

SILENCE = timedelta(seconds=60)
"""Six missed heartbeats: a daemon that is busy for a minute is not alive for its users."""
LEAST_FREE = 500 << 20
"""Bytes: a year of 170 outlets took 300 MB in our replays, and a backup needs the same once more."""
FAILING = 3
"""Failures in a row from which a source counts as broken, as on the board."""
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No honest clock shows an earlier day to this version."""
OLDEST_OWED = timedelta(minutes=10)
LISTED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw; ``fix`` is "" when there is nothing to do."""

    name: str
    ok: bool
    words: str
    fix: str = ""


@click.command()
@click.option("--config", default=None, help="configuration folder")
@click.option("--offline", is_flag=True, help="ask nothing of Slack and of the mail relay")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.option(
    "--repair-slack",
    "repair_days",
    type=click.IntRange(1, 90),
    is_flag=False,
    flag_value=7,
    default=None,
    metavar="DAYS",
    help="first note in the ledger what stands in the Slack channels (7 days); the daemon must be stopped",
)
def doctor(config: str | None, offline: bool, as_json: bool, repair_days: int | None) -> None:
    """Check configuration, database, clock, TLS, Slack, mail, sources, disk and board; exit 8 with findings."""
    repaired = asyncio.run(_repaired(load(config), timedelta(days=repair_days))) if repair_days else []
    found = [*repaired, *asyncio.run(_examined(config, offline=offline))]
    well = all(each.ok for each in found)
    if as_json:
        told = {"schema_version": 1, "ok": well, "checks": [asdict(each) for each in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(f"{'✓' if each.ok else '✗'} {each.name:10} {each.words}")
            if each.fix:
                click.echo(f"  → {each.fix}")
    if not well:
        raise SystemExit(8)


async def _examined(config: str | None, *, offline: bool) -> list[Finding]:
    try:
        settings = load(config)
        refused = judge_of(settings).grader.refused
    except ConfigError as wrong:
        return [Finding("config", ok=False, words=line, fix="bongsu check") for line in wrong.mistakes]
    found = [
        Finding("config", ok=True, words=f"{settings.folder} · 매체 {len(settings.outlets)}곳"),
        *(Finding("rule", ok=False, words=each, fix="write it without look-around, or shorter") for each in refused),
        *(Finding("browser", ok=False, words=each, fix="") for each in (unrendered(settings),) if each),
        *_machine(settings),
    ]
    found += [each async for each in _channels(settings, offline=offline)]
    found += [each async for each in _adviser(settings, offline=offline)]
    found += [each async for each in _memory(settings)]
    return found


async def _repaired(settings: Settings, back: timedelta) -> list[Finding]:
    """Read the channels' histories into the ledger; see ``jobs.repair``."""
    async with Fetcher(limits_of(settings)) as fetcher, await open_store(settings, lock=True) as store:
        channels = [one for one in notifiers_of(settings, fetcher).values() if isinstance(one, Slack)]
        return [await _repair(one, store, utc_now() - back) for one in channels]


async def _repair(channel: Slack, store: Store, since: datetime) -> Finding:
    try:
        lost = await repair(channel, store=store, since=since)
    except NotifyError as wrong:
        fix = wrong.remedy if isinstance(wrong, ChannelDown) else "try again with fewer days"
        return Finding("repair", ok=False, words=str(wrong), fix=fix)
    return Finding("repair", ok=True, words=f"{channel.name}: 장부에 없던 메시지 {lost}건을 적음 · noted")


def _machine(settings: Settings) -> Iterator[Finding]:
    """Check what needs no connection: clock, zones, certificates, space."""
    now = utc_now()
    yield Finding(
        "clock", now >= RELEASED, f"{now:%Y-%m-%d %H:%M} UTC", "" if now >= RELEASED else "set the clock (NTP)"
    )
    try:
        ZoneInfo("Asia/Seoul")
    except ZoneInfoNotFoundError:
        yield Finding("zones", ok=False, words="no time zone data", fix="install the system's tzdata")
    authorities = ssl.create_default_context().cert_store_stats()["x509_ca"]
    fix = "" if authorities else "install the system's ca-certificates"
    yield Finding("tls", bool(authorities), f"{ssl.OPENSSL_VERSION} · {authorities} certificate authorities", fix)
    folder = _database_folder(settings)
    if folder:
        free = shutil.disk_usage(folder).free
        fix = "" if free >= LEAST_FREE else "free some space, or move [store] url to another disk"
        yield Finding("disk", free >= LEAST_FREE, f"{free >> 20:,} MiB free at {folder}", fix)


def _database_folder(settings: Settings) -> Path | None:
    """Return the nearest folder of the database that is there; ``None`` for a server."""
    _, _, path = settings.store_url.partition("sqlite+aiosqlite:///")
    return next((folder for folder in Path(path).absolute().parents if folder.is_dir()), None) if path else None


async def _channels(settings: Settings, *, offline: bool) -> AsyncIterator[Finding]:
    async with Fetcher(limits_of(settings)) as fetcher:
        try:
            notifiers = notifiers_of(settings, fetcher)
        except ConfigError as wrong:
            for mistake in wrong.mistakes:
                yield Finding("secrets", ok=False, words=mistake, fix="bongsu config show --origin")
            return
        for name, notifier in notifiers.items():
            yield await _channel(name, notifier, offline=offline)
            await notifier.aclose()


async def _channel(name: str, notifier: Notifier, *, offline: bool) -> Finding:
    kind = type(notifier).__name__
    if offline or not isinstance(notifier, Slack | Email):
        return Finding("channel", ok=True, words=f"{name} ({kind}): 보내 보지 않았습니다 · not asked")
    try:
        return Finding("channel", ok=True, words=f"{name} ({kind}): {await _greeting(notifier)}")
    except ChannelDown as wrong:
        return Finding("channel", ok=False, words=str(wrong), fix=wrong.remedy)
    except NotifyError as wrong:
        return Finding("channel", ok=False, words=str(wrong), fix="check the address and the network, then try again")


async def _greeting(notifier: Slack | Email) -> str:
    """Ask a channel who we are and whether we may read and write there; nothing is posted."""
    if isinstance(notifier, Email):
        await notifier.smtp.check()
        return f"연결과 로그인 됨 · {len(notifier.to)} recipients"
    bot = await notifier.check()
    await notifier.find(DeliveryId("doctor"), utc_now())  # membership and history scope, by using them
    return f"@{bot}, 채널을 읽을 수 있음 · channel is readable"


async def _adviser(settings: Settings, *, offline: bool) -> AsyncIterator[Finding]:
    """Ask the language model of ``[opinion]`` one made-up question, when there is one."""
    chosen = settings.monitor.opinion
    async with Fetcher(limits_of(settings)) as fetcher:
        try:
            asked = consultation_of(settings, fetcher)
        except ConfigError as wrong:
            for mistake in wrong.mistakes:
                yield Finding("opinion", ok=False, words=mistake, fix="bongsu config show --origin")
            return
        if asked is None:
            return
        if offline:
            yield Finding("opinion", ok=True, words=f"{chosen.model}: 묻지 않았습니다 · not asked")
            return
        said = await asked.adviser.ask("한별시, 반도체 기업과 투자협약", "한별시는 오늘 가온소재와 투자협약을 맺었다.")
    if said.grade is None:
        fix = "see [opinion] in monitor.toml (url, model, key, timeout); until then the rules decide alone"
        yield Finding("opinion", ok=False, words=f"{chosen.model}: {said.because}", fix=fix)
    else:
        yield Finding("opinion", ok=True, words=f"{chosen.model}: 등급 {int(said.grade)} 로 답함 · answers")


async def _memory(settings: Settings) -> AsyncIterator[Finding]:
    """Check what the store knows: itself, the daemon, the sources, the outbox."""
    try:
        async with await open_store(settings, read_only=True) as store:
            damage = await store.check()
            yield Finding("database", not damage, "; ".join(damage) or "sound", "restore a backup" if damage else "")
            yield await _daemon(settings, store)
            yield await _sources(store)
            yield await _outbox(store)
    except StoreUnusable as wrong:
        is_new = (folder := _database_folder(settings)) is not None and not _database_file(settings).exists()
        told = str(wrong).removesuffix(f": {wrong.remedy}")
        words = f"아직 없음, 처음 실행할 때 {folder} 아래에 만듭니다 · not made yet" if is_new else told
        yield Finding("database", is_new, words, "" if is_new else wrong.remedy)
    except StoreError as wrong:
        yield Finding("database", ok=False, words=str(wrong), fix="start the database, then: bongsu doctor")


def _database_file(settings: Settings) -> Path:
    return Path(settings.store_url.partition("sqlite+aiosqlite:///")[2])


async def _daemon(settings: Settings, store: Store) -> Finding:
    last, now, web = await store.last_heartbeat(), utc_now(), settings.monitor.web
    if last and last - now > SILENCE:
        return Finding(
            "clock", ok=False, words=f"the last heartbeat is in the future: {last}", fix="set the clock (NTP)"
        )
    beats = last is not None and now - last <= SILENCE
    answers = bool(web.enabled and web.port) and await _listens(web.host, web.port)
    if beats and web.enabled and web.port and not answers:
        return Finding("board", ok=False, words=f"{web.host}:{web.port} does not answer", fix="see the daemon's log")
    if answers and not beats:
        words = f"{web.host}:{web.port} is taken by another program"
        return Finding("board", ok=False, words=words, fix="choose another port in monitor.toml [web]")
    return Finding("daemon", ok=True, words=f"runs, last heartbeat {last}" if beats else "does not run now")


async def _listens(host: str, port: int) -> bool:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(2):
            _, line = await asyncio.open_connection(host, port)
        line.close()
        return True
    return False


async def _sources(store: Store) -> Finding:
    states = await store.sources()
    broken = [state for state in states if state.failures >= FAILING]
    shown = ", ".join(f"{state.outlet_id} ({state.error})" for state in broken[:LISTED])
    words = f"{len(states)} sources, {len(broken)} failing" + (f": {shown}" if shown else "")
    return Finding("sources", not broken, words, "bongsu outlets check" if broken else "")


async def _outbox(store: Store) -> Finding:
    depths, counts, now = await store.outbox_depth(), await store.counts(), utc_now()
    ages = [now - depth.oldest for depth in depths if depth.oldest]
    late = max(ages, default=timedelta(0)) > OLDEST_OWED
    words = f"{counts.owed} owed, {counts.uncertain} uncertain, {counts.failed} failed, {counts.sent} sent"
    fix = "the channel's line above says why; what failed is on the board's status page"
    return Finding("outbox", not (late or counts.failed), words, fix if late or counts.failed else "")
