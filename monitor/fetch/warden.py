"""The child that parses what nobody trusts: run as a script by ``fence``, never imported by the daemon.

It reads length-prefixed pickles from its standard input (from the daemon, which is trusted) and answers on the
descriptor that was its standard output. It holds no secret: no environment, no database, no network needed.
"""

import contextlib
import os
import pickle
import resource
import sys
from pathlib import Path
from typing import BinaryIO

_HEAD = 8
_STATM = Path("/proc/self/statm")


def main() -> None:
    """Serve calls until the daemon closes the pipe or is gone."""
    calls = os.fdopen(0, "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not speak into the answers
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path[:] = pickle.loads(_frame(calls))  # noqa: S301 - from the daemon
    while call := _frame(calls):
        cpu_s, memory, function, arguments, keywords = pickle.loads(call)  # noqa: S301 - from the daemon
        _limit(cpu_s, memory)
        try:
            answer = ("done", function(*arguments, **keywords))
        except Exception as error:  # noqa: BLE001 - told to the daemon, which judges it
            answer = ("failed", (type(error).__module__, type(error).__qualname__, error.args, _attributes(error)))
        packed = pickle.dumps(answer)
        answers.write(len(packed).to_bytes(_HEAD, "big") + packed)
        answers.flush()


def _frame(stream: BinaryIO) -> bytes:
    head = stream.read(_HEAD)
    return stream.read(int.from_bytes(head, "big")) if len(head) == _HEAD else b""


def _limit(cpu_s: int, memory: int) -> None:
    """Allow *cpu_s* more seconds and *memory* more bytes than were used until now; the kernel ends us beyond."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)  # whole seconds are all the kernel counts: up to one less is given
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_s, hard))
    with contextlib.suppress(OSError, ValueError):  # no /proc: the processor limit alone must do
        pages = int(_STATM.read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, hard))


def _attributes(error: Exception) -> dict[str, object]:
    return {name: value for name, value in vars(error).items() if isinstance(value, str | int)}


if __name__ == "__main__":
    main()
