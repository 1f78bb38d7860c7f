"""D: nothing lost, nothing twice."""

import os
import signal
import sqlite3
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

from tests.acceptance.stage import (
    RECEIVERS,
    ask,
    count_alerts,
    crash_loop,
    launch,
    stage,
    town,
    wait_for,
    write_config,
)
from tests.acceptance.trap import Trap

Figure = dict[str, object]
Verdict = tuple[bool, Figure]


def _loop(seed: int, *, quick: bool, full: dict[str, object], small: dict[str, object]) -> Figure:
    asked = small if quick else full
    with stage(seed=seed) as here:
        config = write_config(here, town(here, int(asked["sites"]), int(asked["n"])))
        return crash_loop(here, config, seed=seed, **asked)


_FULL = {"n": 10000, "rate": 20, "sites": 3, "kills": 200, "min_s": 1, "max_s": 4, "settle_s": 2400}


def d1(*, seed: int, quick: bool) -> Verdict:
    """Kill -9 over and over in bot mode."""
    small = {"n": 200, "rate": 20, "sites": 3, "kills": 6, "min_s": 1, "max_s": 3, "settle_s": 30}
    figure = _loop(seed, quick=quick, full=_FULL, small=small)
    return figure["lost"] == 0 and figure["duplicates"] == 0, figure


def d3(*, seed: int, quick: bool) -> Verdict:
    """Orderly stops, each within ten seconds."""
    small = {"n": 200, "rate": 20, "sites": 3, "kills": 4, "min_s": 2, "max_s": 4, "settle_s": 30, "stop_signal": 15}
    figure = _loop(seed, quick=quick, full=_FULL | {"stop_signal": 15}, small=small)
    stops = sorted(_stop_times(seed, 2 if quick else 20))
    figure["stop_p95_s"] = round(stops[int(0.95 * (len(stops) - 1))], 2)
    return figure["lost"] == 0 and figure["duplicates"] == 0 and figure["stop_p95_s"] <= 10, figure


def _stop_times(seed: int, stops: int) -> list[float]:
    """Stop a daemon in the middle of its work, several times, and measure each stop."""
    times = []
    with stage(seed=seed) as here:
        config = write_config(here, town(here, 3, 1000))
        ask(f"{here.farm}/town/start?n=1000&rate=50&sites=3")
        for _ in range(stops):
            daemon = launch(config)
            time.sleep(4)
            began = time.monotonic()
            os.killpg(daemon.pid, signal.SIGTERM)
            daemon.wait()
            times.append(time.monotonic() - began)
    return times


def d4(*, seed: int, quick: bool) -> Verdict:
    """Kill -9 inside each named step: after fetch, store, enqueue; before send, after send, before mark."""
    rounds = 1 if quick else 20
    figure: Figure = {}
    for step in STEPS:
        figure[step] = _crash_at(step, seed, rounds)
    figure["mid digest"] = _crash_mid_digest(seed, rounds)
    lost = sum(each["lost"] for each in figure.values())
    twice = sum(each["duplicates"] for each in figure.values())
    return lost == 0 and twice == 0, figure | {"crashes": rounds * (len(STEPS) + 1), "lost": lost, "duplicates": twice}


STEPS = {
    "after fetch": ("farm", b"/a/", "told"),
    "before send": ("slack", b"chat.postMessage", "asked"),
    "after send": ("slack", b"chat.postMessage", "answered"),
    "before mark": ("slack", b"chat.postMessage", "told"),
    "after store": ("table", "article", ""),
    "after enqueue": ("table", "delivery", ""),
}


def _crash_at(step: str, seed: int, rounds: int) -> Figure:
    place, what, moment = STEPS[step]
    stories = 8 * (rounds + 1)
    with stage(seed=seed) as here:
        trap = Trap(here.farm if place == "farm" else here.slack, what, moment) if place != "table" else None
        seen = replace(here, **{place: trap.url}) if trap else here
        config = write_config(seen, town(seen, 2, stories), settle="1s")
        ask(f"{here.farm}/town/start?n={stories}&rate=1000&sites=2")
        sprung = sum(_one_crash(config, trap, here.folder / "bongsu.db", str(what)) for _ in range(rounds))
        daemon = launch(config)
        # Crashes at a fetch leave all stories to this last life; a slow machine reads two a second.
        wait_for(lambda: count_alerts(here)["lost"] == 0, 30 + stories / 2)
        time.sleep(2)
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
        if trap:
            trap.close()
        return {**count_alerts(here), "crashes": sprung}


_MORNING = """
[receivers.morning]
kind = "email"
smtp = "{smtp}"
sender = "bongsu@desk.example"
tls = "none"
to = [{people}]
"""


def _crash_mid_digest(seed: int, rounds: int) -> Figure:
    """Die between two letters of one morning, again and again: everybody gets one letter."""
    people = [f"p{number}@desk.example" for number in range(2 * rounds)]
    with stage(seed=seed, smtp=True) as here:
        trap = Trap(f"smtp://{here.smtp}", b"MAIL FROM", "asked")
        to = ", ".join(f'"{each}"' for each in people)
        mail = _MORNING.format(smtp=trap.url.removeprefix("http://"), people=to) + "skip_empty = false\n"
        config = write_config(here, town(here, 1, 5), receivers=mail, digest_at="00:00", digest_days="every")
        sprung = sum(_one_crash(config, trap, here.folder / "bongsu.db", "") for _ in range(rounds))
        daemon = launch(config)
        wait_for(lambda: len(ask(here.mails + "/__mails")) >= len(people), 40)
        time.sleep(2)
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
        trap.close()
        mails = ask(here.mails + "/__mails")
    served = {each["to"] for each in mails}
    return {"lost": len(people) - len(served), "duplicates": len(mails) - len(served), "crashes": sprung}


def _one_crash(config: Path, trap: Trap | None, database: Path, table: str) -> bool:
    daemon = launch(config)
    sprung = trap.arm(daemon) if trap else _watch(daemon, database, table)
    hit = sprung.wait(15)
    if daemon.poll() is None:
        os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait()
    return hit


def _watch(daemon: subprocess.Popen, database: Path, table: str) -> threading.Event:
    """Kill when a table has grown: the row is committed, what follows it is not done yet."""
    sprung = threading.Event()

    def look() -> None:
        before = _rows(database, table)
        while daemon.poll() is None and not sprung.is_set():
            if _rows(database, table) > before:
                os.killpg(daemon.pid, signal.SIGKILL)
                sprung.set()
            time.sleep(0.002)

    threading.Thread(target=look, daemon=True).start()
    return sprung


def _rows(database: Path, table: str) -> int:
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=0.1) as link:
            return link.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    except sqlite3.OperationalError:
        return 0


def d6(*, seed: int, quick: bool) -> Verdict:
    """Slack at one message a second and channel: paced queues, no call before its time."""
    stories, limit = (60, 30) if quick else (750, 160)
    options = ("--rate", "1", "--burst", "5", "--retry-after", "3")
    second = RECEIVERS.replace("[receivers.desk]", "[receivers.south]").replace("C0001", "C0002")
    south = '["전남", "광주", "경남", "울산", "경북"]'
    north = '["대전", "전북", "충북", "충남"]'
    routes = f'[[routes]]\nreceiver = "desk"\nregions = {north}\n[[routes]]\nreceiver = "south"\nregions = {south}\n'
    with stage(seed=seed, slack_options=options) as here:
        config = write_config(
            here,
            town(here, 1, stories),
            pace="1020ms",
            receivers=second.format(slack=here.slack, pace="1020ms", settle="5s"),
            routes=routes,
            own_routes=True,
        )
        ask(f"{here.farm}/town/start?n={stories}&rate=100000&sites=1")
        daemon, began = launch(config), time.monotonic()
        wait_for(lambda: count_alerts(here)["lost"] == 0, limit + 60, 1)
        took = time.monotonic() - began
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
        report = ask(here.slack + "/__report")
        figure = {
            **count_alerts(here),
            "early_calls": report["early_calls"],
            "seconds": round(took, 1),
            "max_in_1s": report["max_in_1s"],
        }
    good = figure["lost"] == 0 and figure["duplicates"] == 0 and figure["early_calls"] == 0 and took <= limit
    return good, figure


TESTS = {"D1": d1, "D3": d3, "D4": d4, "D6": d6}
