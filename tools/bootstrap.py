#!/usr/bin/env python3
"""Set everything up from nothing but Python 3.11 and pip, then do one thing.

    python3 tools/bootstrap.py run     install, then the daemon on embedded defaults (SQLite, console, web page)
    python3 tools/bootstrap.py demo    install, then the bundled town
    python3 tools/bootstrap.py test    install with the development tools, then every check and test
    python3 tools/bootstrap.py setup   install with the development tools only

Brings uv if it is missing; everything comes from requirements/*.lock with hashes and lands in .venv.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin")
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("python", "-m", "pytest", "-q"),
)


def run(*command: str, env: dict[str, str] | None = None) -> None:
    """Run a command in the checkout and stop with its exit code when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def uv() -> list[str]:
    """Return the command of uv, brought into .uv when the machine has none."""
    found = shutil.which("uv")
    if found:
        return [found]
    own = ROOT / ".uv"
    if not (own / "uv").is_dir():
        run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(own), "uv")
    return [str(own / "bin" / "uv")]


def install(lock: str) -> None:
    """Fill .venv from a lock file; a second call with nothing changed takes a moment."""
    tool = uv()
    python = str(BIN / "python")
    if not Path(python).exists():
        run(*tool, "venv", "--quiet", "--python", sys.executable, ".venv")
    run(*tool, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", f"requirements/{lock}.lock")
    run(*tool, "pip", "install", "--quiet", "--python", python, "--no-deps", "-e", ".")


def main() -> None:
    """Do what the first word says; further words go to the command."""
    task = sys.argv[1] if len(sys.argv) > 1 else ""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may meet
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    if task not in {"run", "demo", "test", "setup"}:
        sys.exit(__doc__)
    install("runtime" if task in {"run", "demo"} else "dev")
    if task in {"run", "demo"}:
        run(str(BIN / "bongsu"), task, *sys.argv[2:])
    if task == "test":
        for check in CHECKS:
            run(str(BIN / check[0]), *check[1:])


if __name__ == "__main__":
    main()
