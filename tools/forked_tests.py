"""Run the same tests over and over, each time in a fork of a process that has imported the libraries: 0.4 s for 3 s.

    python tools/forked_tests.py serve SOCKET PYTEST_ARGUMENT...    waits; one run for each caller
    python tools/forked_tests.py ask SOCKET                         exits with the exit code of a run

Nothing of ``monitor`` or ``tests`` is imported before the fork, and no bytecode of ``monitor`` is written, so that each
run sees the files as they are then.
"""

import importlib
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path

LIBRARIES = (
    "ada_url", "aiohttp.web", "alembic.command", "asyncpg", "brotli", "feedparser", "holidays", "hypothesis", "jinja2",
    "lxml.etree", "numpy", "pydantic", "pytest", "selectolax.lexbor", "slack_sdk.web.async_client",
    "sqlalchemy.ext.asyncio", "structlog", "zstandard",
)  # fmt: skip
FIXED = ("-q", "-x", "-p", "no:randomly", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def serve(path: str, arguments: list[str]) -> None:
    """Fork for every caller."""
    for name in LIBRARIES:
        importlib.import_module(name)
    warm, _ = _forked(arguments, warming=True)
    os.waitpid(warm, 0)  # the tests' own bytecode may be kept, that of what is changed may not
    for cache in Path("monitor").rglob("__pycache__"):
        shutil.rmtree(cache)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        while True:
            caller, _ = door.accept()
            with caller:
                _answer(caller, arguments)


def _answer(caller: socket.socket, arguments: list[str]) -> None:
    """Run the tests; a caller that hangs up (its time is over) ends them."""
    child, ended = _forked(arguments, warming=False)
    ready, _, _ = select.select([caller, ended], [], [])
    if caller in ready:
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(ended)
    if caller not in ready:
        caller.sendall(b"0" if status == 0 else b"1")


def _forked(arguments: list[str], *, warming: bool) -> tuple[int, int]:
    child = os.fork()
    if child:
        return child, os.pidfd_open(child)
    os.setpgid(0, 0)
    sys.dont_write_bytecode = not warming
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        hypothesis = importlib.import_module("hypothesis")
        chosen = {"derandomize": True, "deadline": None, "suppress_health_check": list(hypothesis.HealthCheck)}
        hypothesis.settings.register_profile("forked", database=None, **chosen)
        hypothesis.settings.load_profile("forked")  # no mistake is found by luck, or because the machine is busy
        pytest = importlib.import_module("pytest")
        os._exit(int(pytest.main([*FIXED, *arguments])))


def ask(path: str) -> int:
    """Wait for one run."""
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)
        return int(door.recv(1) or b"1")


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        sys.exit(ask(sys.argv[2]))
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - what `python -m pytest` does
    serve(sys.argv[2], sys.argv[3:])
