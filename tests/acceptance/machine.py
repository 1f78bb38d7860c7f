"""F: what a machine does to a daemon. U11, U12: what is delivered with it and who may read it."""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from monitor.clock import KST
from monitor.text import parse_date
from tests.acceptance.stage import (
    BONGSU,
    ROOT,
    Stage,
    ask,
    count_alerts,
    free_port,
    launch,
    stage,
    town,
    wait_for,
    write_config,
)
from tests.daemon.test_calls import BROKEN

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
OPS = """[receivers.ops]
kind = "slack"
channel = "C0009"
api = "{slack}/api/"
token_env = "BONGSU_TEST_TOKEN"
ops = true
"""


def _unlimited(here: Stage) -> None:
    ask(here.slack + "/__control", {"rate": 0})


def _sqlite(path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as link:
        return link.execute(query).fetchall()


def _sound(path: Path) -> bool:
    return _sqlite(path, "PRAGMA integrity_check") == [("ok",)]


def _stop(daemon: subprocess.Popen, number: int = signal.SIGTERM) -> int:
    if daemon.poll() is None:
        os.killpg(daemon.pid, number)
    return daemon.wait(30)


@contextmanager
def _writers(url: str, *kinds: str) -> Iterator[list[subprocess.Popen]]:
    command = [sys.executable, "-m", "tests.acceptance.writer", url]
    started = [
        subprocess.Popen([*command, kind, *kind.split("-")[1:2]], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for kind in kinds
    ]
    try:
        yield started
    finally:
        for each in started:
            each.kill()
            each.communicate()


# ---- SQLite under pressure ------------------------------------------------------------------------


def f1(*, seed: int, quick: bool) -> Verdict:
    """Kill -9 under write load; every acknowledged row is there and the file is sound."""
    chance, kills = random.Random(seed), 8 if quick else 60
    lost = acked = unsound = 0
    with tempfile.TemporaryDirectory(prefix="bongsu-") as name:
        path = Path(name) / "bongsu.db"
        for number in range(kills):
            with _writers(f"sqlite+aiosqlite:///{path}", f"run{number}") as (writer,):
                first = writer.stdout.readline()
                time.sleep(chance.uniform(0.05, 0.8))
                writer.send_signal(signal.SIGKILL)
                told = {first.strip(), *(line.strip() for line in writer.stdout if line.endswith("\n"))}
            kept = {row[0] for row in _sqlite(path, "SELECT payload FROM delivery")}
            lost += len(told - kept)
            acked += len(told)
            unsound += not _sound(path)
    return lost == 0 and unsound == 0, {"kills": kills, "acknowledged": acked, "lost": lost, "unsound": unsound}


def f2(*, seed: int, quick: bool) -> Verdict:
    """Four writers and eight readers; no "database is locked" reaches a user."""
    del seed
    seconds = 10 if quick else 600
    with tempfile.TemporaryDirectory(prefix="bongsu-") as name:
        path = Path(name) / "bongsu.db"
        kinds = [f"w{number}" for number in range(4)] + ["r-read"] * 8
        subprocess.run([sys.executable, "-c", _MAKE, str(path)], check=True, cwd=ROOT)
        with _writers(f"sqlite+aiosqlite:///{path}", *kinds) as running:
            firsts = [each.stdout.readline() for each in running]  # all are at work before the time counts
            logs = [_drain(each) for each in running]
            time.sleep(seconds)
            dead = sum(each.poll() is not None for each in running)
            for each in running:
                each.kill()
            lines = [line.strip() for line in firsts] + [line for log in logs for line in log()]
    errors = [line for line in lines if line.startswith("error")]
    figure = {"seconds": seconds, "writes": sum("-" in line for line in lines), "reads": lines.count("read")}
    worked = figure["writes"] > 0 and figure["reads"] > 0
    return worked and not errors and not dead, figure | {
        "errors": len(errors),
        "first": errors[:1],
        "ended_early": dead,
    }


_MAKE = (
    "import asyncio, sys\nfrom monitor.store import Store\n"
    "async def make():\n    await (await Store.open('sqlite+aiosqlite:///' + sys.argv[1])).close()\nasyncio.run(make())"
)


def _drain(running: subprocess.Popen):
    """Collect what a process says, so that its pipe never fills; call the result for the lines."""
    lines: list[str] = []
    thread = threading.Thread(target=lambda: lines.extend(line.strip() for line in running.stdout), daemon=True)
    thread.start()

    def told() -> list[str]:
        thread.join(10)
        return lines

    return told


_FULL = """
set -eu
mount -t tmpfs -o size=8m,mode=0700 tmpfs "$1"
"$2" run --config "$3" &
daemon=$!
while [ ! -e "$5/fill" ]; do kill -0 $daemon || { touch "$5/died"; exit 1; }; sleep 0.2; done
dd if=/dev/zero of="$1/filler" bs=64k 2>/dev/null || true
touch "$5/full"
sleep "$4"
rm -f "$1/filler"
touch "$5/freed"
while [ ! -e "$5/stop" ]; do kill -0 $daemon || { touch "$5/died"; exit 1; }; sleep 0.2; done
kill -TERM $daemon; wait $daemon || true
cp "$1/bongsu.db" "$5/after.db"
"""


def f3(*, seed: int, quick: bool) -> Verdict:
    """Fill the disk during the run, free it later: nothing lost, nothing twice, the file is sound."""
    stories, rate, full, patience = (100, 8, 8, 40) if quick else (600, 4, 120, 180)
    with stage(seed=seed) as here:
        _unlimited(here)
        small, signs = here.folder / "small", here.folder / "signs"
        small.mkdir()
        signs.mkdir()
        config = write_config(here, town(here, 2, stories), database=small / "bongsu.db")
        ask(f"{here.farm}/town/start?n={stories}&rate={rate}&sites=2")
        words = (str(small), BONGSU, str(config), str(full), str(signs))
        with (here.folder / "daemon.log").open("ab") as log:
            ran = subprocess.Popen(
                ["unshare", "-m", "sh", "-c", _FULL, "sh", *words], stdout=log, stderr=log, start_new_session=True
            )
        wait_for(lambda: count_alerts(here)["relevant"] - count_alerts(here)["lost"] > 3, 30)
        (signs / "fill").touch()
        wait_for(lambda: (signs / "freed").exists() or ran.poll() is not None, full + 30)
        wait_for(lambda: count_alerts(here)["lost"] == 0 or ran.poll() is not None, patience)
        (signs / "stop").touch()
        ran.wait(40)
        after = signs / "after.db"
        figure = {**count_alerts(here), "died": (signs / "died").exists(), "sound": after.exists() and _sound(after)}
    good = figure["lost"] == 0 and figure["duplicates"] == 0 and figure["sound"] and not figure["died"]
    return bool(good), figure


_READ_ONLY = 'mount -t tmpfs tmpfs "$1" && mount -o remount,ro "$1" && exec "$2" run --config "$3"'
_FULL_LOG = 'exec "$1" run --config "$2" 2>/dev/full >/dev/full'


def f4(*, seed: int, quick: bool) -> Verdict:
    """Read-only, missing and forbidden places, a file that is no database, a full log disk."""
    del quick
    figure: Figure = {}
    with stage(seed=seed) as here:
        _unlimited(here)
        places = {
            "missing": here.folder / "nowhere" / "bongsu.db",
            "a folder": here.folder,
            "no database": here.folder / "text.db",
        }
        (here.folder / "text.db").write_text("not a database, but long enough to be looked at\n" * 50)
        for name, path in places.items():
            config = write_config(here, town(here, 1, 5), name=name.replace(" ", "-"), database=path)
            figure[name] = _refused(["sh", "-c", 'exec "$1" run --config "$2"', "sh", BONGSU, str(config)])
        sealed = here.folder / "sealed"
        sealed.mkdir()
        config = write_config(here, town(here, 1, 5), name="sealed-config", database=sealed / "bongsu.db")
        figure["read-only"] = _refused(
            ["unshare", "-m", "sh", "-c", _READ_ONLY, "sh", str(sealed), BONGSU, str(config)]
        )
        figure["log disk full"] = _survives_full_log(here)
    return all(each["ok"] for each in figure.values()), figure


def _refused(command: list[str]) -> Figure:
    done = subprocess.run(command, capture_output=True, text=True, timeout=40, check=False)
    lines = done.stderr.strip().splitlines()
    return {
        "ok": done.returncode == 6 and len(lines) == 1,
        "exit": done.returncode,
        "says": lines[-1][-160:] if lines else "",
    }


def _survives_full_log(here: Stage) -> Figure:
    config = write_config(here, town(here, 1, 20), name="loud")
    ask(f"{here.farm}/town/start?n=20&rate=20&sites=1")
    daemon = subprocess.Popen(["sh", "-c", _FULL_LOG, "sh", BONGSU, str(config)], start_new_session=True)
    told = wait_for(lambda: count_alerts(here)["lost"] == 0, 30)
    lives = daemon.poll() is None
    _stop(daemon)
    return {"ok": told and lives, **count_alerts(here), "lives": lives}


def f5(*, seed: int, quick: bool) -> Verdict:
    """A damaged database is refused at the start, kept as it is, and nothing is told again."""
    stories = 30 if quick else 300
    with stage(seed=seed) as here:
        _unlimited(here)
        config = write_config(here, town(here, 1, stories))
        ask(f"{here.farm}/town/start?n={stories}&rate=100&sites=1")
        daemon = launch(config)
        wait_for(lambda: count_alerts(here)["lost"] == 0, 60)
        _stop(daemon)
        before = len(ask(here.slack + "/__calls"))
        path = here.folder / "bongsu.db"
        raw = bytearray(path.read_bytes())
        chance = random.Random(seed)
        for page in range(1, len(raw) // 4096):
            if chance.random() < 0.5:
                raw[page * 4096 : page * 4096 + 512] = chance.randbytes(512)
        path.write_bytes(raw)
        done = subprocess.run(
            [BONGSU, "run", "--config", str(config)], capture_output=True, text=True, timeout=40, check=False
        )
        sent = len(ask(here.slack + "/__calls")) - before
        kept = path.read_bytes() == bytes(raw)
        figure = {"exit": done.returncode, "alerts": sent, "file_kept": kept, "says": done.stderr.strip()[-200:]}
    return done.returncode == 6 and sent == 0 and kept, figure


# ---- time -----------------------------------------------------------------------------------------


def f6(*, seed: int, quick: bool) -> Verdict:
    """Set the clock under a running daemon: forward, back, far away."""
    steps = (3600, -3600, 0) if quick else (3600, -3600, 3650 * 86400, 0, -90, 90, 0)
    stories = 80 if quick else 400
    with stage(seed=seed) as here:
        _unlimited(here)
        config = write_config(here, town(here, 2, stories))
        ask(f"{here.farm}/town/start?n={stories}&rate=4&sites=2")
        ahead = here.folder / "ahead"
        ahead.write_text("0")
        with (here.folder / "daemon.log").open("ab") as log:
            daemon = subprocess.Popen(
                [sys.executable, "-m", "tests.acceptance.skewed", str(ahead), "run", "--config", str(config)],
                cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_for(lambda: count_alerts(here)["relevant"] - count_alerts(here)["lost"] > 0, 40)
        for step in steps:
            time.sleep(4 if quick else 12)
            ahead.write_text(str(step))
        caught_up = wait_for(lambda: count_alerts(here)["lost"] == 0, 60)
        lives = daemon.poll() is None
        _stop(daemon)
        figure = {**count_alerts(here), "steps_s": list(steps), "lives": lives}
    return bool(caught_up and lives and figure["duplicates"] == 0), figure


def f7(*, seed: int, quick: bool) -> Verdict:
    """Two years of digests on a host in New York: one a day (the first day's time had passed at the start)."""
    del seed
    years, figure = (1 if quick else 2), {}
    code = _DIGESTS.format(days=365 * years)
    for at, zone in (("02:30", "America/New_York"), ("09:00", "Asia/Seoul")):
        done = subprocess.run(
            [sys.executable, "-c", code, at, zone], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "TZ": "America/New_York"},
        )  # fmt: skip
        figure[at] = json.loads(done.stdout.splitlines()[-1])
    return all(each["most"] == 1 and each["missing"] <= 1 for each in figure.values()), figure


_DIGESTS = """
import asyncio, json, sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo
from monitor.jobs.digest import Subscription, send_digests
from monitor.jobs.workdays import Timetable, every_day
from monitor.store import Store

class Mailer:
    name, sent = "morning", Counter()
    async def post(self, letter):
        self.sent[letter.message_id.split(".")[1]] += 1

async def main(at, zone):
    hour, minute = map(int, at.split(":"))
    mailer, now = Mailer(), datetime(2026, 1, 1, tzinfo=UTC)
    one = Subscription("morning", mailer, "a@b.example", ("c@d.example",),
                       Timetable(time(hour, minute), ZoneInfo(zone), every_day), skips_empty=False)
    async with await Store.open("sqlite+aiosqlite:///:memory:") as store:
        end = now + timedelta(days={days})
        while now < end:
            await send_digests(store=store, subscriptions={{"morning": one}}, now=lambda: now)
            now += timedelta(minutes=110)
    told = len(mailer.sent)
    print(json.dumps({{"days": told, "most": max(mailer.sent.values()), "missing": {days} - told}}))

asyncio.run(main(*sys.argv[1:]))
"""


def f8(*, seed: int, quick: bool) -> Verdict:
    """Stamps around leap day and the end of the year: the right year, or nothing for a day that is not."""
    del seed, quick
    right = 0
    for text, now, wanted in _STAMPS:
        at = parse_date(text, datetime.fromisoformat(now).replace(tzinfo=KST))
        right += (at.astimezone(KST).strftime("%Y-%m-%d %H:%M") if at else "") == wanted
    return right == len(_STAMPS), {"right": right, "of": len(_STAMPS)}


_STAMPS = (
    ("12.31 23:50", "2027-01-01 00:05", "2026-12-31 23:50"),
    ("12-31", "2027-01-02 09:00", "2026-12-31 00:00"),
    ("01.01 00:02", "2027-01-01 00:05", "2027-01-01 00:02"),
    ("10분 전", "2027-01-01 00:05", "2026-12-31 23:55"),
    ("어제 23:50", "2027-01-01 00:05", "2026-12-31 23:50"),
    ("02.29 10:00", "2028-03-01 09:00", "2028-02-29 10:00"),
    ("2월 29일 10:00", "2028-03-01 09:00", "2028-02-29 10:00"),
    ("2028-02-29 10:00", "2028-03-01 09:00", "2028-02-29 10:00"),
    ("2027.02.29 10:00", "2027-03-01 09:00", ""),
)


# ---- limits of the machine -------------------------------------------------------------------------


def f10(*, seed: int, quick: bool) -> Verdict:
    """256 open files, and slow and endless sites at the same time: never dies, good sites are told."""
    stories = 60 if quick else 600
    with stage(seed=seed) as here, _silent(60) as ports:
        _unlimited(here)
        slow = {
            f"slow{number}": f'name = "느림{number}"\nfeeds = ["http://127.0.1.{number}:{port}/rss"]\n'
            for number, port in enumerate(ports, 1)
        }
        config = write_config(here, {**town(here, 3, stories), **slow})
        text = (config / "monitor.toml").read_text()
        (config / "monitor.toml").write_text(text.replace("allow_private = [", 'allow_private = ["127.0.1.0/24", '))
        ask(f"{here.farm}/town/start?n={stories}&rate=20&sites=3")
        with (here.folder / "daemon.log").open("ab") as log:
            daemon = subprocess.Popen(
                ["prlimit", "--nofile=256:256", "--data=1073741824", BONGSU, "run", "--config", str(config)],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        told = wait_for(lambda: count_alerts(here)["lost"] == 0, 45 if quick else 200)
        lives = daemon.poll() is None
        resident = _resident(daemon.pid) if lives else 0
        _stop(daemon)
        figure = {**count_alerts(here), "lives": lives, "rss_mib": resident >> 10}
    return bool(told and lives and figure["duplicates"] == 0), figure


@contextmanager
def _silent(count: int) -> Iterator[list[int]]:
    """Listen on so many addresses and never answer: each costs a connection until its caller gives up."""
    held = [socket.create_server((f"127.0.1.{number}", 0)) for number in range(1, count + 1)]
    try:
        yield [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def f11(*, seed: int, quick: bool) -> Verdict:
    """Ten broken configurations at SIGHUP: the old one goes on and every mistake is said."""
    del quick
    with stage(seed=seed) as here:
        _unlimited(here)
        config = write_config(here, town(here, 1, 60))
        (config / "topics").mkdir()
        (config / "outlets" / "gwangju").mkdir()
        ask(f"{here.farm}/town/start?n=60&rate=5&sites=1")
        daemon = launch(config)
        wait_for(lambda: count_alerts(here)["relevant"] - count_alerts(here)["lost"] > 0, 30)
        kept = 0
        for path, broken in BROKEN.values():
            before = (config / path).read_bytes() if (config / path).exists() else None
            (config / path).write_bytes(broken)
            daemon.send_signal(signal.SIGHUP)
            kept += wait_for(lambda wanted=kept + 1: _log(here).count("config.kept") >= wanted, 15)
            if before is None:
                (config / path).unlink()
            else:
                (config / path).write_bytes(before)
        told = wait_for(lambda: count_alerts(here)["lost"] == 0, 40)
        lives = daemon.poll() is None
        _stop(daemon)
        figure = {**count_alerts(here), "broken": len(BROKEN), "kept": kept, "lives": lives}
    return bool(told and lives and kept == len(BROKEN) and figure["duplicates"] == 0), figure


def _log(here: Stage) -> str:
    return (here.folder / "daemon.log").read_text(encoding="utf-8", errors="replace")


# ---- upgrades, backups, absences -------------------------------------------------------------------


def f12(*, seed: int, quick: bool) -> Verdict:
    """Every released schema, with rows, is opened by this version; a newer one is refused."""
    del seed, quick
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "tests/deploy/test_upgrade.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0, {"pytest": done.stdout.strip().splitlines()[-1]}


def f13(*, seed: int, quick: bool) -> Verdict:
    """Copy while it runs, restore elsewhere: nothing that was told is told again."""
    stories = 60 if quick else 600
    with stage(seed=seed) as here:
        _unlimited(here)
        config = write_config(here, town(here, 1, stories))
        ask(f"{here.farm}/town/start?n={stories}&rate=20&sites=1")
        daemon = launch(config)
        wait_for(lambda: count_alerts(here)["lost"] == 0, 60 if quick else 200)
        copy = here.folder / "copy.db"
        made = subprocess.run([BONGSU, "backup", str(copy), "--config", str(config)], check=False).returncode
        _stop(daemon, signal.SIGKILL)
        elsewhere = here.folder / "elsewhere" / "bongsu.db"
        elsewhere.parent.mkdir()
        restore = ["sh", str(ROOT / "deploy" / "backup" / "restore.sh"), str(copy), str(elsewhere)]
        restored = subprocess.run(
            restore, check=False, stdout=subprocess.DEVNULL, env={**os.environ, "BONGSU": BONGSU}
        ).returncode
        again = launch(write_config(here, town(here, 1, stories), name="other", database=elsewhere))
        time.sleep(10)
        lives = again.poll() is None
        _stop(again)
        figure = {**count_alerts(here), "backup": made, "restore": restored, "lives": lives}
    return figure["lost"] == figure["duplicates"] == made == restored == 0 and lives, figure


def f14(*, seed: int, quick: bool) -> Verdict:
    """Kill it, let it be away, start it: the switch heard the silence, one message says how long."""
    away = 6 if quick else 1800
    with stage(seed=seed) as here:
        _unlimited(here)
        config = write_config(here, town(here, 1, 200), receivers=OPS.format(slack=here.slack))
        text = (config / "monitor.toml").read_text()
        (config / "monitor.toml").write_text(
            text
            + '[heartbeat]\nping_env = "BONGSU_TEST_PING"\nevery = "1s"\n'
            + f'away = "{"4s" if quick else "5m"}"\n'
        )
        os.environ["BONGSU_TEST_PING"] = f"{here.farm}/town/truth?ping"
        ask(f"{here.farm}/town/start?n=200&rate=10&sites=1")
        daemon = launch(config)
        wait_for(lambda: count_alerts(here)["relevant"] - count_alerts(here)["lost"] > 3, 30)
        _stop(daemon, signal.SIGKILL)
        if quick:
            _age_heartbeat(here.folder / "bongsu.db", 1800)
        time.sleep(away)
        health = subprocess.run(
            [BONGSU, "healthcheck", "--config", str(config)], capture_output=True, check=False
        ).returncode
        daemon = launch(config)
        told = wait_for(lambda: len(_backs(here)) > 0, 60 if quick else 1000)
        time.sleep(3)
        _stop(daemon)
        figure = {
            "healthcheck": health,
            "messages": len(_backs(here)),
            "says": (_backs(here) or [""])[0],
            **count_alerts(here),
        }
    good = told and health == 8 and figure["messages"] == 1 and figure["duplicates"] == 0 and figure["lost"] == 0
    return bool(good), figure


def _backs(here: Stage) -> list[str]:
    calls = [call["payload"] for call in ask(here.slack + "/__calls") if call["delivered"]]
    return [each["text"] for each in calls if "back after" in str(each.get("text", ""))]


def _age_heartbeat(path: Path, seconds: int) -> None:
    """Make the last heartbeat older, because half an hour does not pass in a quick test."""
    with sqlite3.connect(path) as link:
        (last,) = link.execute("SELECT value FROM meta WHERE name = 'heartbeat'").fetchone()
        older = datetime.fromisoformat(last) - timedelta(seconds=seconds)
        link.execute("UPDATE meta SET value = ? WHERE name = 'heartbeat'", (older.isoformat(),))


# ---- what is delivered -----------------------------------------------------------------------------

FLOORS = {"aiohttp": (3, 14, 4), "brotli": (1, 2, 0)}


def u11(*, seed: int, quick: bool) -> Verdict:
    """Locked hashes, floors above known holes, a wheel that is the source tree, no network at import, an SBOM."""
    del seed, quick
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-rs", "tests/deploy/test_supply.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    figure: Figure = {"pytest": done.stdout.strip().splitlines()[-1], "pip_audit": _audit()}
    if tool := shutil.which("cyclonedx-py"):
        command = [tool, "requirements", "requirements/runtime.lock", "--of", "JSON"]
        made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        figure["sbom_components"] = len(json.loads(made.stdout)["components"]) if made.returncode == 0 else 0
    else:
        figure["sbom_components"] = "cyclonedx-py is not installed"
    return done.returncode == 0, figure


def _audit() -> str:
    tool = shutil.which("pip-audit")
    if not tool:
        return "pip-audit is not installed"
    command = [tool, "--disable-pip", "--require-hashes", "-f", "json", "-r", "requirements/runtime.lock"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return f"not run: {done.stderr.strip()[-120:]}"
    skipped = sum("skip_reason" in each for each in found)
    known = sum(len(each.get("vulns", ())) for each in found)
    return f"{known} known vulnerabilities in {len(found) - skipped} packages, {skipped} could not be looked up"


def u12(*, seed: int, quick: bool) -> Verdict:
    """Database private; a secret that everybody may read stops the start; the lock is private, too."""
    del quick
    with stage(seed=seed) as here:
        config = write_config(here, town(here, 1, 5))
        daemon = launch(config)
        wait_for((here.folder / "bongsu.db").exists, 20)
        time.sleep(2)
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in here.folder.glob("bongsu.db*")}
        _stop(daemon)
        secret = config / "token"
        secret.write_text("xoxb-test")
        secret.chmod(0o644)
        text = (config / "receivers.toml").read_text()
        (config / "receivers.toml").write_text(text.replace('token_env = "BONGSU_TEST_TOKEN"', 'token_file = "token"'))
        refused = subprocess.run(
            [BONGSU, "run", "--config", str(config)], capture_output=True, text=True, timeout=40, check=False
        )
    private = all(mode == "0o600" for mode in modes.values())
    figure = {"modes": modes, "exit": refused.returncode, "says": refused.stderr.strip()[-120:]}
    return private and refused.returncode == 3 and "chmod 600" in refused.stderr, figure


# ---- for long ---------------------------------------------------------------------------------------


def e5(*, seed: int, quick: bool) -> Verdict:
    """Soak: memory, files and the log of the database do not grow."""
    minutes = 0.8 if quick else 20
    with stage(seed=seed) as here:
        _unlimited(here)
        ask(here.slack + "/__control", {"p500": 0.02})
        stories, sites, rate = (120, 8, 4) if quick else (10_000, 200, 10)
        config = write_config(here, town(here, sites, 100), web_port=free_port())
        ask(f"{here.farm}/town/start?n={stories}&rate={rate}&sites={sites}")
        daemon, samples = launch(config), []
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end and daemon.poll() is None:
            time.sleep(2)
            wal = here.folder / "bongsu.db-wal"
            files = len(list(Path(f"/proc/{daemon.pid}/fd").iterdir()))
            samples.append((time.monotonic(), _resident(daemon.pid), files, wal.stat().st_size if wal.exists() else 0))
        lives = daemon.poll() is None
        caught_up = wait_for(lambda: count_alerts(here)["lost"] == 0, 60)
        _stop(daemon)
        warm = samples[len(samples) // 2 :]
        hours = (warm[-1][0] - warm[0][0]) / 3600
        figure = {
            **count_alerts(here), "lives": lives, "rss_mib": warm[-1][1] >> 10,
            "rss_slope_mib_h": round((warm[-1][1] - warm[0][1]) / 1024 / hours, 1),
            "fds": [warm[0][2], warm[-1][2]], "wal_mib": max(each[3] for each in samples) >> 20,
        }  # fmt: skip
    # A minute says nothing of an hour: the slope is judged in the long form alone.
    good = lives and caught_up and figure["duplicates"] == 0 and figure["wal_mib"] <= 64
    return bool(good and (quick or figure["rss_slope_mib_h"] <= 1)), figure


_ALL = (f1, f2, f3, f4, f5, f6, f7, f8, f10, f11, f12, f13, f14, u11, u12, e5)
TESTS = {each.__name__.upper(): each for each in _ALL}
