"""What is delivered: locked, above known holes, the source tree and nothing else, silent at import."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
FLOORS = {"aiohttp": (3, 14, 4), "brotli": (1, 2, 0)}
_PIN = re.compile(
    r"^([A-Za-z0-9_.-]+)==(\S+?)(?: ;[^\\]*)? \\\n((?:\s+--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)

# Every module of ours is imported in a process whose sockets refuse to connect or to look up a name.
_IMPORT_ALL = """
import importlib, pathlib, pkgutil, socket
def refuse(*words, **more):
    raise RuntimeError(f"the network was asked at import: {words}")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
import monitor
count = 0
for module in pkgutil.walk_packages(monitor.__path__, "monitor."):
    if ".migrations" not in module.name and not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as missing:
            if (missing.name or "").startswith("monitor"):
                raise
        count += 1
print(count)
"""


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_pin_of_a_lock_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)
    assert len(_PIN.findall(text)) == len(pinned) > 0
    assert "://" not in text


@pytest.mark.parametrize("name", FLOORS)
def test_known_holes_are_below_the_floor(name: str) -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    floor = next(line for line in asked if re.match(rf"{name}\b", line, re.IGNORECASE))
    assert version(floor.partition(">=")[2]) >= FLOORS[name]
    for lock in LOCKS:
        for found, pin, _ in _PIN.findall(lock.read_text(encoding="utf-8")):
            if found.lower() == name:
                assert version(pin) >= FLOORS[name], lock


def test_importing_everything_asks_nothing_of_the_network() -> None:
    done = subprocess.run([sys.executable, "-c", _IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-600:]
    assert int(done.stdout) > 100


def test_the_wheel_is_the_source_tree_with_its_catalogue(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    source = tmp_path / "source"
    for name in _tracked():
        if name.split("/")[0] in {"monitor", "config", "pyproject.toml", "README.md", "LICENSE"}:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "out")]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next((tmp_path / "out").glob("*.whl"))) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    wanted = {name for name in _tracked() if name.startswith("monitor/")}
    wanted |= {f"monitor/{name}" for name in _tracked() if name.startswith("config/")}
    assert inside == wanted


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is no git checkout")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
