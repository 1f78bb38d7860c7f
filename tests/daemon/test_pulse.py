"""The pulse: a dead man's switch hears it, and an absence is told once, after it is caught up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from monitor.daemon import Running, opened
from monitor.daemon.pulse import CATCHING_UP, Pulse
from monitor.errors import ConfigError
from monitor.jobs.deliver import Teller
from monitor.settings import load

NOON = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Switch:
    """A dead man's switch that counts."""

    def __init__(self) -> None:
        self.heard = 0
        self.status = 200

    async def hear(self, _: web.Request) -> web.Response:
        self.heard += 1
        return web.Response(text="OK", status=self.status)


@pytest.fixture
async def switch() -> AsyncIterator[tuple[Switch, str]]:
    one = Switch()
    app = web.Application()
    app.router.add_get("/ping/secret-part", one.hear)
    async with TestServer(app) as server:
        yield one, str(server.make_url("/ping/secret-part"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "outlets" / "gwangju").mkdir(parents=True)
    (config / "outlets" / "gwangju" / "dawn.toml").write_text('name = "새벽신문"\nfeeds = ["http://127.0.0.1:9/rss"]\n')
    (config / "receivers.toml").write_text('[receivers.ops]\nkind = "console"\nops = true\n')
    (config / "routes.toml").write_text('[[routes]]\nreceiver = "ops"\n')
    (config / "monitor.toml").write_text(
        f'[store]\nurl = "sqlite+aiosqlite:///{tmp_path}/bongsu.db"\n[fetch]\ngap = "0ms"\n'
        'allow_private = ["127.0.0.1"]\n'
        '[heartbeat]\nping_env = "BONGSU_TEST_PING"\n'
    )
    return config


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def pulse_of(running: Running) -> Pulse:
    return Pulse(running, Teller(running.store, running.room.now, "ops"))


async def told(running: Running) -> list[str]:
    return [each.payload for each in await running.store.owed(NOON + timedelta(days=1)) if each.kind == "ops"]


async def test_the_switch_hears_every_minute_and_its_silence_harms_nobody(
    folder: Path, switch: tuple[Switch, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listener, url = switch
    monkeypatch.setenv("BONGSU_TEST_PING", url)
    clock = Clock()
    async with opened(load(str(folder)), now=clock) as running:
        pulse = pulse_of(running)
        await pulse.begin()
        for _ in range(13):
            await pulse.beat()
            clock.at += timedelta(seconds=10)
        assert listener.heard == 3
        listener.status = 503
        clock.at += MINUTE
        await pulse.beat()
        assert listener.heard == 4
        assert await running.store.last_heartbeat() == clock.at
    out, err = capsys.readouterr()
    assert "secret-part" not in out + err


async def test_a_clock_that_steps_back_does_not_silence_the_switch(
    folder: Path, switch: tuple[Switch, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, url = switch
    monkeypatch.setenv("BONGSU_TEST_PING", url)
    clock = Clock()
    async with opened(load(str(folder)), now=clock) as running:
        pulse = pulse_of(running)
        await pulse.beat()
        clock.at -= timedelta(hours=1)
        await pulse.beat()
    assert listener.heard == 2


async def test_an_absence_is_told_once_and_survives_a_crash_before_it_is_told(
    folder: Path, switch: tuple[Switch, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONGSU_TEST_PING", switch[1])
    clock = Clock()
    settings = load(str(folder))
    async with opened(settings, now=clock) as running:
        await pulse_of(running).begin()
    clock.at += 30 * MINUTE
    async with opened(settings, now=clock) as running:
        pulse = pulse_of(running)
        await pulse.begin()
        await pulse.beat()
        assert await told(running) == []
    clock.at += MINUTE
    async with opened(settings, now=clock) as running:
        pulse = pulse_of(running)
        await pulse.begin()
        clock.at += CATCHING_UP
        await pulse.beat()
        await pulse.beat()
        assert len(await told(running)) == 1
        assert "back after 30 min, 0 stories caught up" in (await told(running))[0]


async def test_a_short_absence_is_not_worth_a_word(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONGSU_TEST_PING", "http://127.0.0.1:9/")
    clock = Clock()
    async with opened(load(str(folder)), now=clock) as running:
        await pulse_of(running).begin()
        clock.at += 4 * MINUTE
        pulse = pulse_of(running)
        await pulse.begin()
        clock.at += CATCHING_UP
        await pulse.beat()
        assert await told(running) == []


async def test_a_ping_without_its_secret_is_a_mistake_at_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONGSU_TEST_PING", "http://127.0.0.1:9/")
    settings = load(str(folder))
    async with opened(settings) as running:
        monkeypatch.delenv("BONGSU_TEST_PING")
        with pytest.raises(ConfigError, match="BONGSU_TEST_PING"):
            pulse_of(running)
