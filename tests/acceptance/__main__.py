"""Run tests of ACCEPTANCE.md by their id.

    python -m tests.acceptance D1 D4 W1 [--seed N] [--quick]

Prints one JSON line a test: ``{id, pass, figure, seed, version}``. ``--quick``: at most 60 s a test, smaller numbers.
Exit 0 when all passed, 8 when one did not, 2 for an unknown id.
"""

import argparse
import json
import sys

import structlog

from monitor import __version__
from tests.acceptance import (
    box,
    delivery,
    exact,
    fleet,
    identity,
    machine,
    mail,
    names,
    pages,
    safety,
    titles,
    trouble,
    unknown,
    upgrade,
    web,
    whole,
)
from tests.acceptance.stage import TOOLS

TESTS = {
    **delivery.TESTS,
    **trouble.TESTS,
    **mail.TESTS,
    **titles.TESTS,
    **fleet.TESTS,
    **upgrade.TESTS,
    **web.TESTS,
    **safety.TESTS,
    **exact.TESTS,
    **identity.TESTS,
    **machine.TESTS,
    **names.TESTS,
    **unknown.TESTS,
    **whole.TESTS,
    **pages.TESTS,
    **box.TESTS,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="+", metavar="ID", help=", ".join(TESTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    unknown = [name for name in asked.ids if name not in TESTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(TESTS)}", file=sys.stderr)
        return 2
    if not TOOLS.is_dir():
        print(f"the test tools are not beside this checkout ({TOOLS})", file=sys.stderr)
        return 2
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for the figures
    failed = 0
    for name in asked.ids:
        passed, figure = TESTS[name](seed=asked.seed, quick=asked.quick)
        failed += not passed
        print(
            json.dumps(
                {"id": name, "pass": passed, "figure": figure, "seed": asked.seed, "version": __version__},
                ensure_ascii=False,
            ),
            flush=True,
        )
    return 8 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
