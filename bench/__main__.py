"""Our stages beside the peers', in one run: ``python -m bench [STAGE…] [--quick] [--json] [--rounds N]``.

Every contender runs in a process of its own and reports CPU time (user and system, its children included) a unit, in
turns with the others; figures are medians over the rounds, ``spread`` is the least and the most. Ratios are peer / ours
within this run, and only they mean something on a busy machine.

Prints ``{stage: {unit, ours, peers: {name: figure}, ratio: {name: peer/ours}}}``; beside these, ``spread``, ``bar``
(what DESIGN and the issue ask for), ``limits`` (what bounds a stage from below) and ``not_run`` with the reason.
"""

import argparse
import json
import platform
import sys
from dataclasses import dataclass

from bench import growth, rivals, starting
from bench.trial import Contender, Times, interleaved, papers

PORTS = 24
PAGES, PAGES_QUICK = 520, 260  # few enough to be made in seconds, so many that what is done once weighs little


@dataclass(frozen=True)
class Stage:
    """What is measured; ``peers`` maps a name to how many units it is given, for the slow need fewer."""

    unit: str
    units: int
    peers: dict[str, int]
    limits: tuple[str, ...] = ()
    bar: str = ""


STAGES = {
    "path": Stage(
        "ms an article: feed, fetch, read, facts, grade, dedup, settle",
        PAGES,
        {"scrapy": PAGES, "crawlee": PAGES, "aiohttp+trafilatura": 26, "newspaper4k": 13, "news-please": 13},
        bar=">= 4x scrapy, >= 25x aiohttp+trafilatura, >= 100x news-please",
    ),
    "unchanged": Stage(
        "ms a poll answered 304", 960, {"aiohttp": 960, "httpx": 960, "scrapy": 480}, bar="<= 0.35 ms, >= 12x scrapy"
    ),
    "same_feed": Stage("ms a poll of 78 kB that did not change, no validators", 240, {}, bar="<= 0.3 ms more than 304"),
    "feed": Stage("ms a feed of 78 kB", 20, {"feedparser": 3, "fastfeedparser": 20}, bar="<= 3 ms"),
    "body": Stage(
        "ms a page of a known system, 60-180 kB",
        52,
        {"trafilatura": 13, "readability-lxml": 26, "newspaper4k": 13},
        limits=("body_bare",),
        bar="<= 2x the parse, >= 20x trafilatura",
    ),
    "facts": Stage("ms an article of 1,500 letters", 104, {}, bar="<= 1.0 ms"),
    "facts_and_grade": Stage("ms an article of 1,500 letters", 104, {}, bar="<= 1.5 ms"),
    "dedup": Stage("ms an article: fingerprint, and compare with 24 neighbours", 104, {}, bar="<= 1.0 ms"),
    "store": Stage(
        "ms an article settled in the daemon's batches of 16",
        1_600,
        {"sqlalchemy orm": 200, "sqlite3": 1_000},
        bar="<= 0.15 ms; settle <= 3 ms p95",
    ),
}
ALONE = {"start": starting.start, "ready": starting.ready, "growth": growth.growth, "tick": growth.tick}
ALONE |= {"memory": growth.memory}


def measured(name: str, stage: Stage, town: str, *, rounds: int, quick: bool) -> dict[str, object]:
    units = stage.units // 2 if quick else stage.units
    ours = [
        Contender(each, (sys.executable, "-m", "bench.ours", each, town, str(units))) for each in (name, *stage.limits)
    ]
    script = str(rivals.FOLDER.parent / "peers.py")
    theirs = [
        Contender(f"peer {peer}", (str(rivals.PYTHON), script, name, peer, town, str(min(count, units))))
        for peer, count in stage.peers.items()
    ]
    return shown(name, stage, interleaved([*ours, *theirs], rounds))


def shown(name: str, stage: Stage, times: dict[str, Times]) -> dict[str, object]:
    if times[name].wrong:
        return {"unit": stage.unit, "ours": None, "peers": {}, "ratio": {}, "not_run": {"ours": times[name].wrong}}
    ours = times[name].middle
    peers = {key.removeprefix("peer "): one for key, one in times.items() if key.startswith("peer ")}
    ran = {peer: one for peer, one in peers.items() if not one.wrong}
    return {
        "unit": stage.unit,
        "ours": round(ours, 4),
        "peers": {peer: round(one.middle, 4) for peer, one in ran.items()},
        "ratio": {peer: round(one.middle / ours, 2) for peer, one in ran.items()},
        "spread": {"ours": times[name].spread} | {peer: one.spread for peer, one in ran.items()},
        "limits": {each: round(times[each].middle, 4) for each in stage.limits if not times[each].wrong},
        "bar": stage.bar,
        "not_run": {peer: one.wrong for peer, one in peers.items() if one.wrong},
    }


def run(names: list[str], *, rounds: int, quick: bool) -> dict[str, object]:
    figures: dict[str, object] = {}
    if any(STAGES[name].peers for name in names if name in STAGES):
        versions = rivals.prepared()
        figures["machine"] = {"python": platform.python_version(), "cpu": platform.processor(), "peers": versions}
    with papers(PAGES_QUICK if quick else PAGES, PORTS) as town:
        for name in names:
            if name in STAGES:
                figures[name] = measured(name, STAGES[name], town, rounds=rounds, quick=quick)
            else:
                figures[name] = ALONE[name](quick=quick, rounds=rounds)
            print(f"{name}: {json.dumps(figures[name], ensure_ascii=False)}", file=sys.stderr)
    return figures


def table(figures: dict[str, object]) -> str:
    lines = []
    for name, figure in figures.items():
        if isinstance(figure, dict) and "ours" in figure:
            peers = ", ".join(f"{peer} {figure['peers'][peer]} ({ratio}x)" for peer, ratio in figure["ratio"].items())
            lines.append(f"{name:16} {figure['ours']!s:>9}  {figure['unit']}  {peers}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join((*STAGES, *ALONE)))
    parser.add_argument("--quick", action="store_true", help="fewer pages and rounds, a smaller store")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if unknown := [name for name in given.stages if name not in STAGES and name not in ALONE]:
        parser.error(f"no stage {', '.join(unknown)}; there are {', '.join((*STAGES, *ALONE))}")
    names = given.stages or [*STAGES, *ALONE]
    figures = run(names, rounds=given.rounds or (3 if given.quick else 5), quick=given.quick)
    print(json.dumps(figures, ensure_ascii=False, indent=1) if given.json else table(figures))


if __name__ == "__main__":
    main()
