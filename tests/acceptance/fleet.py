"""D16–D19: several workers on one PostgreSQL; F12: old databases come along. Nothing lost, nothing twice."""

import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from tests.acceptance.faces import Face, faces
from tests.acceptance.server import own_server, query, schema
from tests.acceptance.stage import (
    BONGSU,
    TOOLS,
    Stage,
    ask,
    count_alerts,
    crash_loop,
    free_port,
    process,
    stage,
    wait_for,
    write_config,
)

Figure = dict[str, object]
Verdict = tuple[bool, Figure]

SETTLES = 75
"""Seconds after the last kill: what was being sent is looked for after 45."""


PATIENT = 600
"""... and when a hundred workers have been killed, the rest works off what was left lying."""


@dataclass
class Fleet:
    """Workers that share a database, and the town they watch."""

    here: Stage
    config: Path
    database: str  # for ``query``
    hosts: list[Face]
    workers: list[subprocess.Popen] = field(default_factory=list)

    def launch(self) -> subprocess.Popen:
        """Start one more worker, in a process group of its own."""
        with (self.here.folder / "workers.log").open("ab") as log:
            command = shlex.split(worker_command(self.config))
            worker = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen) -> None:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)

    def told(self, seconds: float) -> dict[str, int]:
        """Wait until every relevant story is told, and a little more; return what was lost and doubled."""
        wait_for(lambda: count_alerts(self.here)["lost"] == 0, seconds, 1)
        time.sleep(2)
        return count_alerts(self.here)


def worker_command(config: Path) -> str:
    return f"{shlex.quote(BONGSU)} worker --config {shlex.quote(str(config))}"


@contextmanager
def fleet(
    *,
    seed: int,
    sites: int,
    stories: int,
    size: int = 4,
    executor: str = "inline",
    delay: float = 0.0,
    gap: str = "0ms",
    server: str = "",
) -> Iterator[Fleet]:
    """Set the stage for *size* workers on *server*."""
    with ExitStack() as stack:
        here = stack.enter_context(stage(seed=seed, slack_options=("--rate", "0")))
        product, database = stack.enter_context(schema(server))
        hosts = stack.enter_context(faces(here.farm, sites, delay))
        outlets = {
            f"site{number}": f'name = "누리{number}신문"\nevery = "1s"\n'
            f'feeds = ["{face.url}/town/{number}/feed?last={stories}"]\n'
            for number, face in enumerate(hosts)
        }
        config = write_config(here, outlets)
        share(config, product, executor=executor, gap=gap)
        made = Fleet(here, config, database, hosts)
        try:
            for _ in range(size):
                made.launch()
            yield made
        finally:
            for worker in list(made.workers):
                made.kill(worker)


def share(config: Path, url: str, *, executor: str = "inline", gap: str = "0ms") -> None:
    """Let a configuration use the shared database."""
    path = config / "monitor.toml"
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key = line.partition(" ")[0]
        new = {"url": f'url = "{url}"', "allow_private": 'allow_private = ["127.0.0.0/8"]', "gap": f'gap = "{gap}"'}
        lines.append(new.get(key, line))
    lines += ["[fleet]", f'executor = "{executor}"', ""]
    path.write_text("\n".join(lines), encoding="utf-8")


# ---- D16: two daemons, one database, kills on one ----------------------------------------------


def d16(*, seed: int, quick: bool) -> Verdict:
    """One is killed over and over; the other goes on beside it."""
    small = {"n": 100, "rate": 20, "sites": 3, "kills": 3, "min_s": 2, "max_s": 4, "settle_s": 50}
    full = {"n": 2000, "rate": 20, "sites": 3, "kills": 60, "min_s": 1, "max_s": 4, "settle_s": 180}
    asked = small if quick else full
    with stage(seed=seed) as here, schema() as (product, _):
        feeds = {
            f"site{number}": f'name = "누리{number}신문"\nevery = "1s"\n'
            f'feeds = ["{here.farm}/town/{number}/feed?last={asked["n"]}"]\n'
            for number in range(int(asked["sites"]))
        }
        config = write_config(here, feeds)
        share(config, product)
        (here.folder / "crash_loop.err").touch()
        figure = crash_loop(here, config, seed=seed, cmd=worker_command(config), also=worker_command(config), **asked)
    return figure["lost"] == 0 and figure["duplicates"] == 0, figure


# ---- D17: the server crashes -------------------------------------------------------------------


def d17(*, seed: int, quick: bool) -> Verdict:
    """Crash and restart PostgreSQL over and over; then lose answers of it, COMMITs among them."""
    restarts, every, stories = (3, 5.0, 100) if quick else (20, 28.0, 1500)
    back: list[float] = []
    with own_server() as server, fleet(seed=seed, sites=3, stories=stories, size=2, server=server.url) as made:
        _must_work(made)
        ask(f"{made.here.farm}/town/start?n={stories}&rate={stories / (restarts * every):.2f}&sites=3")
        for _ in range(restarts):
            time.sleep(every)
            server.restart()
            back.append(_recovery(made, time.monotonic()))
        figure: Figure = {**made.told(SETTLES if not quick else 20), "restarts": restarts}
        figure["alive"] = sum(worker.poll() is None for worker in made.workers)
    back.sort()
    figure["recovery_p95_s"] = round(back[int(0.95 * (len(back) - 1))], 2)
    figure["cut"] = cut = _cut_answers(seed, stories=30 if quick else 400, seconds=8 if quick else 60)
    good = not figure["lost"] and not figure["duplicates"] and figure["recovery_p95_s"] <= 10
    return good and not cut["lost"] and not cut["duplicates"], figure


def _recovery(made: Fleet, restarted: float) -> float:
    """Return the seconds from the restart until a worker has committed a poll again."""
    began = time.time()
    wait_for(lambda: _last_poll(made.database) > began, 60, 0.1)
    return time.monotonic() - restarted


def _last_poll(database: str) -> float:
    try:
        return (query(database, "SELECT max(last_checked_at) AS at FROM source")[0]["at"] or 0) / 1e6
    except (OSError, asyncpg.PostgresError):
        return 0.0


def _cut_answers(seed: int, *, stories: int, seconds: float) -> Figure:
    """Run behind a proxy that drops answers of the server: the COMMIT arrived, nobody was told."""
    port, control = free_port(), free_port()
    with own_server() as server, ExitStack() as stack:
        command = ("faultproxy.py", "--listen", f"127.0.0.1:{port}", "--to", f"127.0.0.1:{server.port}")
        words = [sys.executable, str(TOOLS / command[0]), *command[1:], "--ctl", str(control), "--seed", str(seed)]
        stack.enter_context(process(*words, port=port))
        behind = server.url.replace(f":{server.port}/", f":{port}/")
        made = stack.enter_context(fleet(seed=seed, sites=3, stories=stories, size=2, server=behind))
        _must_work(made)
        ask(f"{made.here.farm}/town/start?n={stories}&rate={stories / seconds:.2f}&sites=3")
        ask(f"http://127.0.0.1:{control}/toxics", {"cut_reply": 0.02})
        time.sleep(seconds)
        resets = ask(f"http://127.0.0.1:{control}/toxics", {"latency_ms": 0})["stats"]["resets"]
        return {**made.told(SETTLES), "answers_cut": resets}


def _must_work(made: Fleet) -> None:
    """Wait until every worker has started: a test of what a running fleet does, not of its start."""
    if not wait_for(lambda: _last_poll(made.database) > 0, 40, 0.2):
        log = (made.here.folder / "workers.log").read_text(errors="replace")
        raise RuntimeError(f"no worker polls: {log[-2000:]}")


# ---- D18: many workers, random kills -----------------------------------------------------------


def d18(*, seed: int, quick: bool) -> Verdict:
    """Kill a random one of four workers over and over; then see how polite the fleet is when nobody dies."""
    kills, stories = (3, 40) if quick else (100, 600)
    figure: Figure = {"kills": kills}
    with fleet(seed=seed, sites=8, stories=stories, delay=0.25) as made:
        _must_work(made)
        ask(f"{made.here.farm}/town/start?n={stories}&rate={stories / (kills * 3):.2f}&sites=8")
        watch = Takeovers(made.database)
        _kill_some(made, kills, random.Random(seed), watch)
        figure |= made.told(SETTLES if quick else PATIENT)
        takeovers = sorted(watch.close())
    figure["takeovers"] = len(takeovers)
    figure["takeover_p95_s"] = round(takeovers[int(0.95 * (len(takeovers) - 1))], 2) if takeovers else 0.0
    figure["frozen"] = frozen = _frozen(seed, quick=quick)
    figure |= _politeness(seed, quick=quick)
    is_once = not any(each[key] for each in (figure, frozen) for key in ("lost", "duplicates"))
    is_polite = not figure["overlaps"] and figure["least_gap_s"] >= GAP - JITTER
    return is_once and figure["takeover_p95_s"] <= 15 and is_polite, figure


def _kill_some(made: Fleet, kills: int, draw: random.Random, watch: "Takeovers") -> None:
    for _ in range(kills):
        time.sleep(draw.uniform(1, 5))
        made.kill(draw.choice(made.workers))
        watch.killed()
        made.launch()


class Takeovers:
    """Watches leases: one that is not renewed after a kill was the dead worker's; its next token is the takeover."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._suspects: dict[tuple[str, int, int], float] = {}  # host, token, lease_until → when a worker was killed
        self._taken: list[float] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def killed(self) -> None:
        """Note who had a lease at this moment."""
        now = time.time()
        with self._lock:
            for row in self._rows():
                if row["lease_until"] and row["lease_until"] / 1e6 > now:
                    self._suspects.setdefault((row["host"], row["token"], row["lease_until"]), now)

    def close(self) -> list[float]:
        """Return the seconds of every takeover."""
        self._stop.set()
        self._thread.join(10)
        return self._taken

    def _rows(self) -> list[asyncpg.Record]:
        return query(self._database, "SELECT host, token, lease_until FROM host")

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            with self._lock:
                present = {row["host"]: row for row in self._rows()} if self._suspects else {}
                for suspect, killed_at in list(self._suspects.items()):
                    self._judge(suspect, killed_at, present)

    def _judge(self, suspect: tuple[str, int, int], killed_at: float, present: dict[str, asyncpg.Record]) -> None:
        host, token, lease_until = suspect
        row, now = present[host], time.time()
        if row["token"] == token and row["lease_until"] == lease_until:
            return  # still the lease of the moment of the kill
        if row["token"] != token and now >= lease_until / 1e6:
            self._taken.append(now - killed_at)  # it ran out, and another worker came
        del self._suspects[suspect]  # or it was renewed or given back: its worker lives


FREEZES, FREEZES_QUICK = (14.0, 20.0, 30.0, 50.0, 20.0, 50.0), (14.0,)
"""Seconds: past a lease and a duty (12), and past the time after which another worker looks for a message (45)."""


def _frozen(seed: int, *, quick: bool) -> Figure:
    """Freeze a random one of three workers past its lease, let it go on, over and over."""
    freezes, draw = FREEZES_QUICK if quick else FREEZES, random.Random(seed)
    stories = 30 if quick else 400
    with fleet(seed=seed, sites=6, stories=stories, size=3, delay=0.1) as made:
        _must_work(made)
        ask(f"{made.here.farm}/town/start?n={stories}&rate={stories / (sum(freezes) + 5 * len(freezes)):.2f}&sites=6")
        for seconds in freezes:
            time.sleep(draw.uniform(1, 5))
            worker = draw.choice(made.workers)
            os.killpg(worker.pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.killpg(worker.pid, signal.SIGCONT)
        return {**made.told(SETTLES), "freezes": len(freezes)}


GAP = 1.0
JITTER = 0.1
"""The gap is kept between the starts of two requests where they are made; here it is seen where they arrive, by a
server that shares two cores with four workers."""


def _politeness(seed: int, *, quick: bool) -> Figure:
    """Four workers, a gap of a second, thousands of visits: never two at one host, never too soon."""
    hosts, visits = (8, 60) if quick else (30, 3000)
    with fleet(seed=seed, sites=hosts, stories=1, delay=0.05, gap=f"{GAP:g}s") as made:
        _must_work(made)
        ask(f"{made.here.farm}/town/start?n=1&rate=1&sites={hosts}")
        wait_for(lambda: sum(len(face.starts) for face in made.hosts) >= visits, 30 if quick else 600, 0.5)
        gaps = [gap for face in made.hosts for gap in face.gaps()]
        return {
            "visits": sum(len(face.starts) for face in made.hosts),
            "overlaps": sum(face.overlaps for face in made.hosts),
            "least_gap_s": round(min(gaps, default=0.0), 3),
        }


# ---- D19: the queue loses its contents ---------------------------------------------------------


def d19(*, seed: int, quick: bool) -> Verdict:
    """Empty the queue every second; the hosts are the truth, and are due again."""
    stories, seconds = (60, 12) if quick else (600, 120)
    emptied = 0
    with fleet(seed=seed, sites=6, stories=stories, size=2, executor="pgqueuer", delay=0.1) as made:
        _must_work(made)
        ask(f"{made.here.farm}/town/start?n={stories}&rate={stories / seconds:.2f}&sites=6")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(1)
            query(made.database, "TRUNCATE pgqueuer")
            emptied += 1
        figure: Figure = {**made.told(SETTLES), "emptied": emptied}
    return figure["lost"] == 0, figure


TESTS = {"D16": d16, "D17": d17, "D18": d18, "D19": d19}
