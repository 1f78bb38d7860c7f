"""Who costs what: every contender in a process of its own, in turns, so that a busy minute hits all alike."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
LONGEST = 600  # seconds that one contender may take in one round


@dataclass(frozen=True)
class Contender:
    name: str
    command: tuple[str, ...]
    stdin: str = ""


@dataclass
class Times:
    """CPU milliseconds a unit, one a round."""

    figures: list[float] = field(default_factory=list)
    wrong: str = ""

    @property
    def middle(self) -> float:
        return median(self.figures)

    @property
    def spread(self) -> list[float]:
        return [round(min(self.figures), 4), round(max(self.figures), 4)]


def interleaved(contenders: Sequence[Contender], rounds: int) -> dict[str, Times]:
    """Run every contender once a round; who fails once is not asked again and says why."""
    times = {one.name: Times() for one in contenders}
    for _ in range(rounds):
        for one in contenders:
            if not times[one.name].wrong:
                ask(one, times[one.name])
    return times


def ask(one: Contender, times: Times) -> None:
    try:
        ran = subprocess.run(
            one.command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=LONGEST, check=True
        )
        times.figures.append(float(json.loads(ran.stdout.strip().splitlines()[-1])))
    except subprocess.CalledProcessError as wrong:
        times.wrong = (wrong.stderr.strip() or f"exit {wrong.returncode}").splitlines()[-1][:200]
    except (subprocess.TimeoutExpired, OSError, ValueError, IndexError) as wrong:
        times.wrong = f"{type(wrong).__name__}: {wrong}"[:200]


def environment() -> Mapping[str, str]:
    """Byte code is kept, as it is where a package is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def papers(pages: int, ports: int) -> Iterator[str]:
    """The papers of ``bench.server``, as long as the block lasts; yields where they are."""
    with subprocess.Popen(
        (sys.executable, "-m", "bench.server", str(pages), str(ports)), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()
