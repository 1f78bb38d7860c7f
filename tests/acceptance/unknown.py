"""E: search for what nobody thought of: lives, bytes, orders of tests, mistakes put into the code."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from tests.acceptance.stage import ROOT
from tests.jobs.life import Life, live

Figure = dict[str, object]
Verdict = tuple[bool, Figure]


def e1(*, seed: int, quick: bool) -> Verdict:
    """Lives of a monitor in which anything happens in any order: each story is told once."""
    lives, steps = (12, 30) if quick else (5000, 50)
    Life.steps = 0
    figure: Figure = {"lives": lives, "counterexamples": 0}
    try:
        live(lives=lives, steps=steps, number=seed)
    except AssertionError as found:
        notes = "\n".join(getattr(found, "__notes__", ()))
        figure |= {"counterexamples": 1, "says": f"{found}\n{notes}"[-2000:]}
    return figure["counterexamples"] == 0, figure | {"steps": Life.steps}


_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERAGE = re.compile(r"cov: (\d+)")
FUZZED = ("decode", "parse_feed", "extract", "parse_date", "canonical_url", "retry_after")


def e2(*, seed: int, quick: bool) -> Verdict:
    """Coverage-guided bytes into every reader of strangers' bytes: no exception, nothing over two seconds."""
    if importlib.util.find_spec("atheris") is None:
        return False, {"not_run": "atheris is not installed: uv pip install --group fuzz"}
    seconds = 8 if quick else 600
    figure: Figure = {name: _fuzz(name, seed, seconds) for name in FUZZED}
    return all("found" not in each for each in figure.values()), {"seconds_each": seconds, **figure}


def _fuzz(name: str, seed: int, seconds: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="bongsu-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        options = (f"-max_total_time={seconds}", f"-seed={seed}", f"-artifact_prefix={folder}/", "-print_final_stats=1",
                   "-timeout=60", "-rss_limit_mb=2048", "-max_len=65536")  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "tests.acceptance.fuzz", name, str(corpus), *options],
            cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        runs, covered = _RUNS.findall(said), _COVERAGE.findall(said)
        figure: Figure = {"runs": int(runs[-1]) if runs else 0, "coverage": int(covered[-1]) if covered else 0}
        if done.returncode or not runs:
            wrong = [each.read_bytes()[:200] for each in Path(folder).iterdir() if each.is_file()]
            figure["found"] = {"says": said[-1200:], "input": repr(wrong[:1])}
        return figure


FAST_ROOMS = ("text", "dedup", "routing", "classify", "deals", "sources", "extract")


def e3(*, seed: int, quick: bool) -> Verdict:
    """The tests in many orders, each with a limit of its own, and the board under schemathesis: nothing flakes."""
    orders = 1 if quick else 20
    tests = [f"tests/{room}" for room in FAST_ROOMS] if quick else ["tests"]
    tried = [_in_order(tests, seed + number) for number in range(orders)]
    failed = [each for each in tried if each["exit"]]
    figure: Figure = {"orders": orders, "failed": len(failed), "tests": tried[0]["tests"], "first": failed[:1]}
    if quick:
        return not failed, figure
    board = _pytest("tests/web/test_openapi.py")
    return not failed and board.returncode == 0, figure | {"openapi": _last(board)}


def _in_order(tests: list[str], order: int) -> Figure:
    done = _pytest("-p", "randomly", "-p", f"no:{'cacheprovider'}", f"--randomly-seed={order}", "--timeout=30", *tests)
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return {"exit": done.returncode, "tests": _last(done), "order": order, "wrong": wrong[:3]}


def _pytest(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _last(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stdout.strip().splitlines() or [done.stderr[-200:]])[-1]


TARGETS = ROOT / "tests" / "acceptance" / "mutate.toml"
_KILLED = re.compile(r"killed (\d+) of (\d+)")


def e4(*, seed: int, quick: bool) -> Verdict:
    """Mistakes put into the code are found by its tests: quick, a sample of those in the escaping functions."""
    del seed
    if not (shutil.which("cosmic-ray") or os.environ.get("COSMIC_RAY")):
        return False, {"not_run": "cosmic-ray is not installed (in an environment of its own; COSMIC_RAY names it)"}
    targets = tomllib.loads(TARGETS.read_text(encoding="utf-8"))["target"]
    figure: Figure = {}
    good = True
    for target in targets[: 1 if quick else None]:
        found = _mutate(target, 30 if quick else 86_400)
        good &= found["share"] >= target["bar"]
        figure[target["file"] + ":" + " ".join(target.get("functions", ()))] = found
    return good, figure


def _mutate(target: dict[str, object], seconds: int) -> Figure:
    chosen = {"MUTATE_FUNCTIONS": " ".join(target.get("functions", ())), "MUTATE_SECONDS": str(seconds)}
    began = time.monotonic()
    done = subprocess.run(
        ["sh", "tools/mutate.sh", target["file"], *target["tests"]],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **chosen},
    )  # fmt: skip
    found = _KILLED.search(done.stdout)
    if not found or not int(found[2]):
        return {"share": 0.0, "says": (done.stdout + done.stderr)[-300:]}
    killed, tried = int(found[1]), int(found[2])
    survived = [line.strip() for line in done.stdout.splitlines() if "survived" in line]
    return {"share": round(100 * killed / tried, 1), "tried": tried, "seconds": round(time.monotonic() - began),
            "survived": survived[:20]}  # fmt: skip


TESTS = {each.__name__.upper(): each for each in (e1, e2, e3, e4)}
