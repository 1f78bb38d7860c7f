"""Servers and configurations for a test: everything on 127.0.0.1, everything stopped at the end."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT.parent / "shared" / "tools"
BONGSU = str(Path(sys.executable).with_name("bongsu"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url: str, payload: object = None, timeout: float = 30) -> object:
    """GET, or POST the payload as JSON; return the JSON answer."""
    body = None if payload is None else json.dumps(payload).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
        return json.load(answer)


def wait_for(check, seconds: float, every: float = 0.2) -> bool:
    """Ask until ``check`` is true; False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(every)
    return False


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def process(
    *command: str, port: int = 0, log: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen]:
    """Run a server until the block ends; wait for its port first."""
    out = log.open("ab") if log else subprocess.DEVNULL
    running = subprocess.Popen(
        command, stdout=out, stderr=out, env={**os.environ, **(env or {})}, start_new_session=True
    )
    try:
        if port and not wait_for(lambda: is_open(port) or running.poll() is not None, 20, 0.05):
            raise TimeoutError(f"{command[1]} does not listen on {port}")
        if running.poll() is not None:
            raise RuntimeError(f"{command[1]} ended with {running.returncode}; see {log}")
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()


@dataclass(frozen=True)
class Stage:
    """Addresses of the servers of one test and a folder for its files."""

    folder: Path
    farm: str
    canary: str
    slack: str
    smtp: str
    mails: str


@contextmanager
def stage(
    *, seed: int = 1, slack_options: tuple[str, ...] = (), smtp: bool = False, farm_host: str = ""
) -> Iterator[Stage]:
    """Start the hostile web, the fake Slack and, when asked, the fake mail server.

    ``farm_host`` is the name by which the farm's pages call it, when it is not 127.0.0.1.
    """
    with tempfile.TemporaryDirectory(prefix="bongsu-") as name:
        folder = Path(name)
        ports = [free_port() for _ in range(5)]
        farm = (
            sys.executable,
            str(TOOLS / "hostile_server.py"),
            "--port",
            str(ports[0]),
            "--canary-port",
            str(ports[1]),
            *(("--host", farm_host) if farm_host else ()),
        )
        slack = (
            sys.executable,
            str(TOOLS / "slack_sink.py"),
            "--port",
            str(ports[2]),
            "--seed",
            str(seed),
            "--out",
            "",
            *slack_options,
        )
        mail = (
            sys.executable,
            str(TOOLS / "smtp_sink.py"),
            "--port",
            str(ports[3]),
            "--http",
            str(ports[4]),
            "--dir",
            str(folder / "mails"),
        )
        with (
            process(*farm, port=ports[0], log=folder / "farm.log"),
            process(*slack, port=ports[2], log=folder / "slack.log"),
        ):
            here = Stage(
                folder,
                *(f"http://127.0.0.1:{port}" for port in ports[:3]),
                f"127.0.0.1:{ports[3]}",
                f"http://127.0.0.1:{ports[4]}",
            )
            if not smtp:
                yield here
                return
            with process(*mail, port=ports[4], log=folder / "smtp.log"):
                yield here


MONITOR = """
[store]
url = "sqlite+aiosqlite:///{database}"
[fetch]
gap = "0ms"
robots = {robots}
allow_private = [{private}]
[poll]
tick = "200ms"
floor = "200ms"
[web]
enabled = {web}
port = {port}
[digest]
at = "{digest_at}"
days = "{digest_days}"
"""

RECEIVERS = """
[receivers.desk]
kind = "slack"
channel = "C0001"
api = "{slack}/api/"
token_env = "BONGSU_TEST_TOKEN"
pace = "{pace}"
edits = false
burst = 0
fold = 0
settle = "{settle}"
"""

ROUTES = """
[[routes]]
receiver = "desk"
when = "now"
"""


def write_config(
    here: Stage,
    outlets: dict[str, str],
    *,
    name: str = "config",
    pace: str = "0s",
    settle: str = "2s",
    robots: bool = False,
    receivers: str = "",
    routes: str = "",
    own_routes: bool = False,
    digest_at: str = "07:30",
    digest_days: str = "working",
    web_port: int = 0,
    database: Path | None = None,
) -> Path:
    """Write a configuration folder; ``outlets`` maps file names to their TOML."""
    folder = here.folder / name
    (folder / "outlets" / "town").mkdir(parents=True, exist_ok=True)
    private = ", ".join(f'"{url.removeprefix("http://")}"' for url in (here.farm, here.slack, "http://" + here.smtp))
    (folder / "monitor.toml").write_text(
        MONITOR.format(
            database=database or here.folder / "bongsu.db",
            private=private,
            web=str(bool(web_port)).lower(),
            port=web_port,
            digest_at=digest_at,
            digest_days=digest_days,
            robots=str(robots).lower(),
        )
    )
    (folder / "receivers.toml").write_text(RECEIVERS.format(slack=here.slack, pace=pace, settle=settle) + receivers)
    (folder / "routes.toml").write_text(routes if own_routes else ROUTES + routes)
    for outlet, text in outlets.items():
        (folder / "outlets" / "town" / f"{outlet}.toml").write_text(text)
    os.environ["BONGSU_TEST_TOKEN"] = "xoxb-test"
    return folder


def town(here: Stage, sites: int, last: int) -> dict[str, str]:
    """Outlet files of the farm's town."""
    feeds = (f"{here.farm}/town/{number}/feed?last={last}" for number in range(sites))
    return {
        f"site{number}": f'name = "누리{number}신문"\nfeeds = ["{feed}"]\nevery = "1s"\n'
        for number, feed in enumerate(feeds)
    }


FIRM = re.compile(
    "(?:한빛소재|누리배터리|다온로직스|새롬바이오|가온전자|이든모빌리티|해솔에너지|미르반도체|라온푸드|단비케미칼)[0-9]+"
)


def count_alerts(here: Stage) -> dict[str, int]:
    """Compare what the fake Slack showed with the town's truth."""
    truth = ask(here.farm + "/town/truth")
    relevant = {each["firm"] for each in truth["stories"] if each["relevant"]}
    shown: dict[str, int] = {}
    for call in ask(here.slack + "/__calls"):
        if call["delivered"]:
            for firm in set(FIRM.findall(json.dumps(call["payload"], ensure_ascii=False))) & relevant:
                shown[firm] = shown.get(firm, 0) + 1
    return {
        "relevant": len(relevant),
        "lost": len(relevant) - len(shown),
        "duplicates": sum(times - 1 for times in shown.values()),
    }


def daemon_command(config: Path) -> str:
    return f"{shlex.quote(BONGSU)} run --config {shlex.quote(str(config))}"


def crash_loop(here: Stage, config: Path, **options: object) -> dict[str, object]:
    """Run the kill loop and return its figures."""
    words = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
    command = [
        sys.executable,
        str(TOOLS / "crash_loop.py"),
        "--farm",
        here.farm,
        "--slack",
        here.slack,
        "--cmd",
        daemon_command(config),
        *words,
    ]
    done = subprocess.run(command, cwd=here.folder, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def launch(config: Path) -> subprocess.Popen:
    """Start the daemon in a process group of its own."""
    with (config.parent / "daemon.log").open("ab") as log:
        return subprocess.Popen(shlex.split(daemon_command(config)), stdout=log, stderr=log, start_new_session=True)
