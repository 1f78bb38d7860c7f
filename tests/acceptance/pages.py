"""U: the board refuses strangers, runs no stored script, and holds to its own description."""

import os
import re
import subprocess
import sys

from tests.acceptance.stage import ROOT

Verdict = tuple[bool, dict[str, object]]
_TALLY = re.compile(r"(\d+) (passed|failed|skipped|error)")


def _pytest(*chosen: str, **environment: str) -> Verdict:
    """Run tests of the board; a test that was skipped proves nothing, so it is no pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *chosen]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | environment, check=False)
    tally = {word: int(count) for count, word in _TALLY.findall(done.stdout)}
    return done.returncode == 0 and "passed" in tally and "skipped" not in tally, dict(tally)


def u1(*, seed: int, quick: bool) -> Verdict:
    """Every route of the router without a login: 401, except those on the list."""
    return _pytest("tests/web/test_guard.py", "-k", "only_the_listed_routes or from_elsewhere or nothing_is_written")


def u2(*, seed: int, quick: bool) -> Verdict:
    """Every route that writes, from a foreign origin and without the form's mark: 403; looking changes nothing."""
    return _pytest("tests/web/test_guard.py", "-k", "another_site or looking_changes")


def u3(*, seed: int, quick: bool) -> Verdict:
    """Hostile titles on every page in a real browser: no dialog, no script, no refused one either."""
    return _pytest("tests/web/test_browser.py", "-k", "no_title_runs")


def u4(*, seed: int, quick: bool) -> Verdict:
    """Where a form leads stays on this board."""
    return _pytest("tests/web/test_guard.py", "-k", "leads_to_a_page_of_this_board")


def u5(*, seed: int, quick: bool) -> Verdict:
    """Slack's signature: bad, old, future, odd, repeated, an empty secret."""
    return _pytest("tests/web/test_slack_door.py")


def u6(*, seed: int, quick: bool) -> Verdict:
    """Made-up questions to the API: no 5xx, the schema holds."""
    cases = {"BONGSU_TEST_API_CASES": "100" if quick else "1200", "BONGSU_TEST_API_SEED": str(seed)}
    return _pytest("tests/web/test_openapi.py", "--timeout", "3000", **cases)


def u7(*, seed: int, quick: bool) -> Verdict:
    """Guessing the token is limited and compared in constant time."""
    return _pytest("tests/web/test_guard.py", "-k", "five_wrong_tokens or sixty_corrections")


TESTS = {"U1": u1, "U2": u2, "U3": u3, "U4": u4, "U5": u5, "U6": u6, "U7": u7}
