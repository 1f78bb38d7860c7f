"""W: a hostile web costs only itself."""

import os
import signal
import sqlite3
import time
from pathlib import Path

from tests.acceptance.stage import Stage, ask, launch, stage, wait_for, write_config

Verdict = tuple[bool, dict[str, object]]
GOOD = "good"


def _outlet(name: str, url: str) -> str:
    return f'name = "{name}"\nfeeds = ["{url}"]\nevery = "5m"\n'


def w1(*, seed: int, quick: bool) -> Verdict:
    """Decompression bombs: refused as too large, nothing stored, memory and time bounded."""
    with stage(seed=seed) as here:
        bombs = [each for each in ask(here.farm + "/")["endpoints"] if each["path"].startswith("/bomb/")]
        bombs = [each["path"] for each in bombs if each.get("available", True)]
        ask(f"{here.farm}/town/start?n=10&rate=1000&sites=1")
        calm = _run(here, "calm", {GOOD: _outlet("좋은신문", f"{here.farm}/town/0/feed")}, 0)
        outlets = {GOOD: _outlet("좋은신문", f"{here.farm}/town/0/feed")}
        outlets |= {f"bomb{number}": _outlet(f"폭탄{number}", here.farm + path) for number, path in enumerate(bombs)}
        hostile = _run(here, "hostile", outlets, len(bombs))
    growth = hostile["peak_mb"] - calm["peak_mb"]
    figure = {
        "bombs": len(bombs),
        "refused": hostile["refused"],
        "stored": hostile["links"],
        "growth_mb": round(growth, 1),
        "slowest_s": hostile["slowest_s"],
        "good_articles": hostile["articles"],
    }
    good = (
        hostile["refused"] == len(bombs)
        and hostile["links"] == 0
        and growth <= 64
        and hostile["slowest_s"] <= 10
        and hostile["articles"] == 10
    )
    return good, figure


def _run(here: Stage, name: str, outlets: dict[str, str], bombs: int) -> dict[str, float]:
    """Run the daemon until the good source is read and every bomb was tried; return what it cost."""
    database = here.folder / f"{name}.db"
    config = write_config(here, outlets, name=name, database=database)
    daemon = launch(config)
    wait_for(lambda: _one(database, "SELECT count(*) FROM article") >= 10 and _tried(database) >= bombs, 90, 0.5)
    time.sleep(1)
    peak = _peak_mb(daemon.pid)
    os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait()
    return {
        "peak_mb": peak,
        "refused": _one(
            database, "SELECT count(*) FROM source WHERE outlet_id LIKE '%bomb%' AND error LIKE 'TooLarge%'"
        ),
        "links": _one(database, "SELECT count(*) FROM link WHERE outlet_id LIKE '%bomb%'"),
        "slowest_s": _one(database, "SELECT coalesce(max(ms), 0) FROM request WHERE outlet_id LIKE '%bomb%'") / 1000,
        "articles": _one(database, "SELECT count(*) FROM article"),
    }


def _tried(database: Path) -> int:
    return _one(database, "SELECT count(*) FROM source WHERE outlet_id LIKE '%bomb%' AND failures > 0")


def _one(database: Path, query: str) -> int:
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5) as link:
            return link.execute(query).fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


TESTS = {"W1": w1}
