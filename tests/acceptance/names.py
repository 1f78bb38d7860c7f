"""F9: the daemon among names that do not resolve. Run inside ``unshare -n -m``: ``python -m tests.acceptance.names``.

In that namespace nothing but the loopback exists, and /etc/resolv.conf names our own DNS server, which dies, answers
every second question with SERVFAIL, or gives an IPv6 address that nobody reaches, as the test goes on.
"""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from monitor.clock import utc_now
from tests.acceptance.stage import ROOT, Stage, ask, count_alerts, launch, stage, wait_for, write_config

NAMES = ("first.paper-one.kr", "second.paper-two.kr", "third.paper-three.kr")
LISTEN = ("127.0.0.53", 53)
NOWHERE = "2606:4700:dead::1"
"""A public address that this namespace has no way to."""
A, AAAA = 1, 28
SERVFAIL = 2


class Names:
    """A DNS server whose mood a test sets: ``well``, ``dead``, ``servfail`` (half the time), ``six`` (broken IPv6)."""

    def __init__(self, seed: int) -> None:
        self.mood = "well"
        self.asked = 0
        self._chance = random.Random(seed)
        self._door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._door.bind(LISTEN)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            asked, peer = self._door.recvfrom(4096)
            self.asked += 1
            if self.mood != "dead":
                self._door.sendto(self._answer(asked), peer)

    def _answer(self, asked: bytes) -> bytes:
        end = asked.index(b"\0", 12) + 5
        (kind,) = struct.unpack(">H", asked[end - 4 : end - 2])
        fails = self.mood == "servfail" and self._chance.random() < 0.5
        found = b"" if fails else self._records(kind)
        head = struct.pack(">HHHHH", 0x8180 | (SERVFAIL if fails else 0), 1, bool(found), 0, 0)
        return asked[:2] + head + asked[12:end] + found

    def _records(self, kind: int) -> bytes:
        if kind == A:
            return b"\xc0\x0c" + struct.pack(">HHIH", A, 1, 0, 4) + socket.inet_aton("127.0.0.1")
        if kind == AAAA and self.mood == "six":
            return b"\xc0\x0c" + struct.pack(">HHIH", AAAA, 1, 0, 16) + socket.inet_pton(socket.AF_INET6, NOWHERE)
        return b""


def _rows(path: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as link:
        return link.execute(query).fetchall()


def _failing(path: Path) -> int:
    return _rows(path, "SELECT count(*) FROM source WHERE failures > 0")[0][0]


def _hurry(path: Path) -> None:
    """Let every source be due: a quick test does not wait for the first pause of a minute to end."""
    with closing(sqlite3.connect(path, timeout=10)) as link, link:
        link.execute("UPDATE source SET next_poll_at = 0")
        link.execute("UPDATE host SET ready_at = 0 WHERE lease_until IS NULL")


def _polls_until_good(path: Path, since: float) -> list[int]:
    """For each source, how many polls it took after *since* until one got through; 99 when none did."""
    asked = _rows(path, f"SELECT source_url, error = '' FROM request WHERE at >= {int(since * 1e6)} ORDER BY at")  # noqa: S608
    found = []
    for (url,) in _rows(path, "SELECT url FROM source"):
        good = [is_good for source, is_good in asked if source == url]
        found.append(good.index(1) + 1 if 1 in good else 99)
    return found


def _outlets(port: str, stories: int) -> dict[str, str]:
    return {
        f"site{number}": f'name = "누리{number}신문"\nfeeds = ["http://{name}:{port}/town/{number}/feed?last={stories}"]\n'
        'every = "1s"\n'
        for number, name in enumerate(NAMES)
    }


def play(here: Stage, names: Names, *, quick: bool) -> dict[str, object]:
    """Let the names die and come back, then fail half of the time, then point at a broken IPv6 first."""
    stories, rate, outage, rough = (120, 4, 6, 6) if quick else (3000, 2, 600, 300)
    config = write_config(here, _outlets(here.farm.rpartition(":")[2], stories))
    text = (config / "monitor.toml").read_text()
    allowed = ", ".join(f'"{name}:{here.farm.rpartition(":")[2]}"' for name in NAMES)
    (config / "monitor.toml").write_text(text.replace("allow_private = [", f"allow_private = [{allowed}, "))
    path = here.folder / "bongsu.db"
    ask(f"{here.farm}/town/start?n={stories}&rate={rate}&sites={len(NAMES)}")
    names.mood = "dead" if quick else "well"  # a name is kept for a minute: a short outage has to begin before it
    daemon = launch(config)
    if not quick:
        time.sleep(20)
        names.mood = "dead"
    marked = wait_for(lambda: path.exists() and _failing(path) == len(NAMES), 40 if quick else 200, 0.5)
    time.sleep(outage)
    # What comes back leads to IPv6 first: in a short run there is no later question that could show it.
    names.mood, back = "six" if quick else "well", utc_now().timestamp()
    if quick:
        _hurry(path)
    recovered = wait_for(lambda: _failing(path) == 0, 30 if quick else 1800, 0.5)
    polls = _polls_until_good(path, back)
    names.mood = "servfail"
    time.sleep(rough)
    half = _failing(path)
    names.mood = "six"
    time.sleep(0 if quick else rough)
    caught_up = wait_for(lambda: count_alerts(here)["lost"] == 0, 40 if quick else 2400, 0.5)
    figure = {
        **count_alerts(here), "marked": marked, "recovered": recovered, "polls_until_good": polls,
        "failing_at_half": half, "questions": names.asked, "lives": daemon.poll() is None, "caught_up": caught_up,
    }  # fmt: skip
    os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait()
    return figure


def f9(*, seed: int, quick: bool) -> tuple[bool, dict[str, object]]:
    """Names dead for ten minutes, half SERVFAIL, IPv6 that leads nowhere: marked, and good within two polls."""
    if not shutil.which("unshare") or not shutil.which("ip") or os.geteuid():
        return False, {"not_run": "needs root, unshare and ip for a network namespace of its own"}
    words = [sys.executable, "-m", "tests.acceptance.names", str(seed), "quick" if quick else "full"]
    made = subprocess.run(
        ["unshare", "-n", "-m", "sh", "-c", _WORLD, "sh", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if made.returncode:
        return False, {"not_run": made.stderr[-600:]}
    figure = json.loads(made.stdout.splitlines()[-1])
    good = all(figure[name] for name in ("marked", "recovered", "lives", "caught_up"))
    return bool(good and figure["duplicates"] == 0 and max(figure["polls_until_good"]) <= 2), figure


_WORLD = f"""
set -e
ip link set lo up
ip addr add 93.184.216.34/32 dev lo
ip -6 addr add 2606:4700:dead::2/128 dev lo
printf 'nameserver {LISTEN[0]}\\noptions timeout:1 attempts:1\\n' > /dev/shm/bongsu-resolv.$$
printf 'hosts: files dns\\n' > /dev/shm/bongsu-nsswitch.$$
mount --bind /dev/shm/bongsu-resolv.$$ /etc/resolv.conf
mount --bind /dev/shm/bongsu-nsswitch.$$ /etc/nsswitch.conf
rm /dev/shm/bongsu-resolv.$$ /dev/shm/bongsu-nsswitch.$$
exec "$@"
"""

TESTS = {"F9": f9}

if __name__ == "__main__":
    server = Names(int(sys.argv[1]))
    with stage(seed=int(sys.argv[1]), farm_host=NAMES[0]) as opened:
        ask(opened.slack + "/__control", {"rate": 0})
        print(json.dumps(play(opened, server, quick=sys.argv[2] == "quick")))
