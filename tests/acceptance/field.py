"""Run the daemon among hostile and good sources and see what it cost."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.stage import TOOLS, Stage, free_port, launch, process, wait_for, write_config


def outlet(
    name: str, *, feed: str = "", listing: str = "", sitemap: str = "", every: str = "5m", more: str = ""
) -> str:
    """An outlet's file."""
    kinds = {"feeds": feed, "lists": listing, "sitemaps": sitemap}
    sources = "\n".join(f'{key} = ["{url}"]' for key, url in kinds.items() if url)
    return f'name = "{name}"\nevery = "{every}"\n{sources}\n{more}\n'


@contextmanager
def wide_farm(folder: Path) -> Iterator[str]:
    """A second hostile server that listens on all of 127/8, so that each endpoint can stand on a host of its own."""
    port, canary = free_port(), free_port()
    command = (
        sys.executable, str(TOOLS / "hostile_server.py"), "--host", "0.0.0.0", "--port", str(port),
        "--canary-port", str(canary), "--prewarm",
    )  # fmt: skip
    with process(*command, port=port, log=folder / "wide.log"):
        yield f"{port}"


def spread(port: str, number: int, path: str) -> str:
    """Endpoint *path* of a wide farm on a host of its own."""
    return f"http://127.1.{number // 200}.{number % 200 + 1}:{port}{path}"


@dataclass
class Run:
    """A daemon under test."""

    config: Path
    database: Path
    daemon: subprocess.Popen
    peak_mb: float = 0.0
    web: str = ""
    lags: list[float] = field(default_factory=list)

    def rows(self, query: str, *given: object) -> list[tuple]:
        try:
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5) as link:
                return link.execute(query, given).fetchall()
        except sqlite3.OperationalError:
            return []

    def one(self, query: str, *given: object) -> int:
        found = self.rows(query, *given)
        return (found[0][0] or 0) if found else 0

    def measure(self) -> None:
        """Note the peak of memory and, with a board, how long the loop takes to answer."""
        status = Path(f"/proc/{self.daemon.pid}/status").read_text()
        peaks = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
        self.peak_mb = max([self.peak_mb, *peaks])  # a process that has just ended says nothing more
        if self.web:
            began = time.monotonic()
            with urllib.request.urlopen(self.web + "/healthz", timeout=30) as answer:  # noqa: S310
                answer.read()
            self.lags.append(time.monotonic() - began)

    @property
    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.daemon.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    @property
    def fds(self) -> int:
        return sum(1 for _ in Path(f"/proc/{self.daemon.pid}/fd").iterdir())

    @property
    def cpu_s(self) -> float:
        words = Path(f"/proc/{self.daemon.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")

    @property
    def is_alive(self) -> bool:
        return self.daemon.poll() is None

    def tried(self, pattern: str) -> int:
        """How many sources whose outlet is like *pattern* were looked at."""
        return self.one("SELECT count(*) FROM source WHERE outlet_id LIKE ? AND polls > 0", pattern)

    def until(self, check: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
        """Wait, measuring meanwhile."""

        def look() -> bool:
            if self.is_alive:
                self.measure()
            return check() or not self.is_alive

        return wait_for(look, seconds, every) and self.is_alive

    def delays(self, pattern: str) -> list[float]:
        """Seconds from publication to storing, of articles of outlets like *pattern*, sorted.

        What was published while the daemon started is left out.
        """
        found = self.rows(
            "SELECT (seen_at - published_at) / 1e6 FROM article WHERE outlet LIKE ? AND published_at >= "
            "(SELECT min(seen_at) FROM article)", pattern
        )  # fmt: skip
        return sorted(each[0] for each in found)

    @property
    def log(self) -> str:
        return (self.config.parent / "daemon.log").read_text(errors="replace")


@contextmanager
def running(
    here: Stage, outlets: dict[str, str], *, name: str = "run", allow: tuple[str, ...] = (), board: bool = False,
    settings: str = "", replace: dict[str, str] | None = None, **options: object,
) -> Iterator[Run]:  # fmt: skip
    """Start the daemon on *outlets*; *allow* are more private places it may ask."""
    database, port = here.folder / f"{name}.db", free_port() if board else 0
    config = write_config(here, outlets, name=name, database=database, web_port=port, **options)
    monitor = config / "monitor.toml"
    text = monitor.read_text()
    for place in allow:
        text = text.replace("allow_private = [", f'allow_private = ["{place}", ')
    for old, new in (replace or {}).items():
        text = text.replace(old, new)
    monitor.write_text(text + settings)
    daemon = launch(config)
    run = Run(config, database, daemon, web=f"http://127.0.0.1:{port}" if board else "")
    if board:
        wait_for(lambda: _answers(run.web), 30)
    try:
        yield run
    finally:
        if daemon.poll() is None:
            os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "/healthz", timeout=1):  # noqa: S310
            return True
    except OSError:
        return False


def share(ordered: list[float], part: float) -> float:
    """The value below which *part* of sorted values lie."""
    return round(ordered[int(part * (len(ordered) - 1))], 2) if ordered else -1.0
