"""A running daemon and the service manager: ready, alive, stopping; a broken configuration changes nothing."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

OUTLET = 'name = "{name}"\nfeeds = ["http://127.0.0.1:9/rss"]\n'
BROKEN = {
    "monitor.toml, no TOML": ("monitor.toml", b"[web\n"),
    "monitor.toml, unknown key": ("monitor.toml", b"[web]\nprot = 1\n"),
    "monitor.toml, bare number": ("monitor.toml", b"[fetch]\ngap = 2\n"),
    "monitor.toml, not UTF-8": ("monitor.toml", "# 봉수\n".encode("cp949")),
    "receivers.toml, unknown kind": ("receivers.toml", b'[receivers.console]\nkind = "pigeon"\n'),
    "receivers.toml, missing secret": (
        "receivers.toml",
        b'[receivers.console]\nkind = "webhook"\nurl_file = "nowhere"\n',
    ),
    "routes.toml, nobody": ("routes.toml", b'[[routes]]\nreceiver = "nobody"\n'),
    "regions.toml, no TOML": ("regions.toml", b"[[sido]\n"),
    "topics/investment.toml, no TOML": ("topics/investment.toml", b"topic = \n"),
    "outlet without a source": ("outlets/gwangju/dawn.toml", b'name = "x"\n'),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "outlets" / "gwangju").mkdir(parents=True)
    (config / "topics").mkdir()
    (config / "outlets" / "gwangju" / "dawn.toml").write_text(OUTLET.format(name="새벽신문"))
    (config / "receivers.toml").write_text('[receivers.console]\nkind = "console"\n')
    (config / "routes.toml").write_text('[[routes]]\nreceiver = "console"\n')
    (config / "monitor.toml").write_text(
        f'[store]\nurl = "sqlite+aiosqlite:///{tmp_path}/bongsu.db"\n[web]\nport = 0\n'
    )
    return config


class Manager:
    """The service manager's end of the socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._heard.bind(str(path))
        self._heard.settimeout(30)

    def next(self, *, besides: str = "WATCHDOG=1") -> str:
        while True:
            word = self._heard.recv(4096).decode()
            if word != besides:
                return word

    def close(self) -> None:
        self._heard.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    listening = Manager(tmp_path / "notify")
    yield listening
    listening.close()


@pytest.fixture
def daemon(folder: Path, manager: Manager) -> Iterator[subprocess.Popen[str]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("BONGSU")}
    env |= {"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": "400000"}
    running = subprocess.Popen(
        [sys.executable, "-m", "monitor", "run", "--config", str(folder), "--log", "info"],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=env,
    )  # fmt: skip
    yield running
    if running.poll() is None:
        running.kill()
    print(running.communicate()[1])


def board(ready: str) -> str:
    return next(word for word in ready.split() if word.startswith("http://"))


def test_ready_alive_and_stopping_are_said(daemon: subprocess.Popen[str], manager: Manager) -> None:
    assert manager.next().startswith("READY=1\nSTATUS=")
    assert manager.next(besides="") == "WATCHDOG=1"
    daemon.send_signal(signal.SIGTERM)
    assert manager.next() == "STOPPING=1"
    assert daemon.wait(15) == 0


@pytest.mark.timeout(180)
def test_ten_broken_configurations_change_nothing_and_say_why(
    daemon: subprocess.Popen[str], manager: Manager, folder: Path
) -> None:
    address = board(manager.next())
    for path, broken in BROKEN.values():
        (folder / path).parent.mkdir(exist_ok=True)
        before = (folder / path).read_bytes() if (folder / path).exists() else None
        (folder / path).write_bytes(broken)
        daemon.send_signal(signal.SIGHUP)
        assert manager.next().startswith("RELOADING=1\nMONOTONIC_USEC=")
        assert "kept the old" in manager.next()
        with urllib.request.urlopen(address + "/healthz", timeout=5) as answer:  # noqa: S310 - its own board
            assert answer.status == 200
        if before is None:
            (folder / path).unlink()
        else:
            (folder / path).write_bytes(before)
    daemon.send_signal(signal.SIGTERM)
    _, told = daemon.communicate(timeout=20)
    assert told.count("config.kept") == len(BROKEN)
    for path, _ in BROKEN.values():
        assert path.split("/")[-1] in told or "nowhere" in told


def test_a_good_configuration_takes_over(daemon: subprocess.Popen[str], manager: Manager, folder: Path) -> None:
    manager.next()
    (folder / "outlets" / "gwangju" / "dusk.toml").write_text(OUTLET.format(name="저녁신문"))
    daemon.send_signal(signal.SIGHUP)
    assert manager.next().startswith("RELOADING=1")
    assert "매체 2곳" in manager.next()


def test_a_port_that_is_taken_leaves_the_old_configuration_running(
    daemon: subprocess.Popen[str], manager: Manager, folder: Path
) -> None:
    manager.next()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        text = (folder / "monitor.toml").read_text()
        (folder / "monitor.toml").write_text(text.replace("port = 0", f"port = {taken.getsockname()[1]}"))
        daemon.send_signal(signal.SIGHUP)
        assert manager.next().startswith("RELOADING=1")
        again = manager.next()
    assert again.startswith("READY=1")
    assert daemon.poll() is None
