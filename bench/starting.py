"""How much CPU a start costs: of a command that only helps, and of the daemon until it says that it is ready."""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.trial import ROOT, environment

BONGSU = str(Path(sys.executable).parent / "bongsu")
WAIT_S = 60


def start(*, quick: bool, rounds: int) -> dict[str, object]:
    runs = {"ours": (BONGSU, "--help"), "python -c pass": (sys.executable, "-c", "pass")}
    runs["import of all that the daemon uses"] = (sys.executable, "-c", "import monitor.cli.run")
    taken = turns(
        {name: lambda command=command: spent(command) for name, command in runs.items()}, rounds * (2 if quick else 5)
    )
    ours = median(taken.pop("ours"))
    peers = {name: median(times) for name, times in taken.items()}
    return {
        "unit": "ms of CPU, bongsu --help",
        "ours": round(ours, 1),
        "peers": {name: round(time, 1) for name, time in peers.items()},
        "ratio": {name: round(time / ours, 2) for name, time in peers.items()},
        "bar": "<= 130 ms and <= 6x python -c pass",
    }


def ready(*, quick: bool, rounds: int) -> dict[str, object]:
    del quick
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        subprocess.run(
            (BONGSU, "init", "--yes", "--config", home / "config"), check=True, capture_output=True, cwd=ROOT
        )
        open_daemon(home)  # makes the database and the byte code
        times = [open_daemon(home) for _ in range(rounds)]
    figure = {
        "unit": "ms of CPU until READY=1, whole catalogue",
        "ours": round(median(times), 1),
        "peers": {},
        "ratio": {},
    }
    return figure | {"spread": {"ours": [round(min(times), 1), round(max(times), 1)]}, "bar": "<= 1500 ms"}


def turns(runs: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(run())
    return taken


def spent(command: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def open_daemon(home: Path) -> float:
    """Start the daemon, wait until it tells the service manager that it is ready, stop it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service:
        service.bind(str(home / "notify"))
        service.settimeout(WAIT_S)
        told = {
            **environment(),
            "NOTIFY_SOCKET": str(home / "notify"),
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
        }
        daemon = subprocess.Popen(
            (BONGSU, "run", "--config", str(home / "config")),
            env=told,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            while b"READY=1" not in service.recv(4096):
                pass
            return cpu_of(daemon.pid)
        except TimeoutError:
            daemon.kill()
            raise SystemExit(daemon.communicate()[1].decode()[-500:]) from None
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(WAIT_S)
            (home / "notify").unlink()


def cpu_of(pid: int) -> float:
    """Milliseconds of a process so far; the kernel counts in ticks of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
