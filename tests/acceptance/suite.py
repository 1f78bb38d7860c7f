"""The conformance suites, run through the thin adapter."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.acceptance.stage import ROOT, TOOLS


def suite(name: str) -> dict[str, object]:
    """Run one suite over our functions: how many of how many, exceptions, the slowest case."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "suite.json"
        command = [sys.executable, str(TOOLS / "run_suites.py"), "--adapter", "tests.adapters.suites", "--suite", name]
        subprocess.run([*command, "--json", str(out)], cwd=ROOT, capture_output=True, check=True)
        (found,) = json.loads(out.read_text())
    return {key: found[key] for key in ("ok", "n", "exceptions", "worst_s", "groups")}
