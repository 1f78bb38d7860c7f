"""D: nothing lost, nothing twice."""

import time

from tests.acceptance.stage import ask, crash_loop, stage, town, write_config

Figure = dict[str, object]


def _loop(seed: int, *, quick: bool, full: dict[str, object], small: dict[str, object]) -> Figure:
    asked = small if quick else full
    with stage(seed=seed) as here:
        config = write_config(here, town(here, int(asked["sites"]), int(asked["n"])))
        return crash_loop(here, config, seed=seed, **asked)


def d1(*, seed: int, quick: bool) -> tuple[bool, Figure]:
    """Kill -9 over and over in bot mode: 0 lost, 0 duplicates."""
    figure = _loop(
        seed,
        quick=quick,
        full={"n": 10000, "rate": 20, "sites": 3, "kills": 200, "min_s": 1, "max_s": 4, "settle_s": 900},
        small={"n": 200, "rate": 20, "sites": 3, "kills": 6, "min_s": 1, "max_s": 3, "settle_s": 30},
    )
    return figure["lost"] == 0 and figure["duplicates"] == 0, figure


def d3(*, seed: int, quick: bool) -> tuple[bool, Figure]:
    """Orderly stops: 0 lost, 0 duplicates."""
    figure = _loop(
        seed,
        quick=quick,
        full={"n": 10000, "rate": 20, "sites": 3, "kills": 200, "min_s": 1, "max_s": 4, "settle_s": 900, "stop_signal": 15},
        small={"n": 200, "rate": 20, "sites": 3, "kills": 5, "min_s": 1.5, "max_s": 3, "settle_s": 30, "stop_signal": 15},
    )
    return figure["lost"] == 0 and figure["duplicates"] == 0, figure


TESTS = {"D1": d1, "D3": d3}
_ = (time, ask)
