"""Parsing that may be stopped: child processes with a limit of processor time and memory.

A thread cannot be stopped and a parser in C does not look at a clock, so that one page of 200 kB could hold a thread
for 12 s. A child is started when the first suspicious page comes, is used again, and is killed without regret.
"""

import asyncio
import datetime as dt
import enum
import io
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from monitor import errors
from monitor.errors import BongsuError, TooHostile
from monitor.fetch.suspicion import looks_safe

_P = ParamSpec("_P")
_T = TypeVar("_T")

_HEAD = 8
_WARDEN = str(Path(__file__).with_name("warden.py"))
_ENVIRONMENT = {"PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""All that a child knows of ours: no secret that came in through the environment."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may cost.

    Attributes:
        children: at the same time; two keep one core free on small machines.
        cpu_s: seconds of processor time for one call, or up to one less (the kernel counts whole seconds). The largest
            honest feeds (20,000 entries, 6 MB) take 0.2 s.
        wall_s: seconds from handing over to the answer, the start of a child included.
        queue_s: longest wait for a free child.
        memory: bytes on top of what the child has when the call begins.
        uses: calls after which a child is replaced; a parser may leak.
    """

    children: int = 2
    cpu_s: int = 2
    wall_s: float = 15.0
    queue_s: float = 60.0
    memory: int = 256 * 1024 * 1024
    uses: int = 100


class Fence:
    """A few children, started when needed. Close it (or use it as an async context manager) to end them."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._free = asyncio.Semaphore(self._bounds.children)
        self._idle: list[_Child] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @staticmethod
    def looks_safe(text: str) -> bool:
        """Return whether *text* may be parsed in the loop, without the fence."""
        return looks_safe(text)

    async def run(self, fn: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return ``fn(*args, **kwargs)``, computed in a child.

        Args:
            fn: a function that can be imported by name and returns nouns of ``monitor.model`` or builtins.
            args: values that can be pickled; nothing in them is shared.
            kwargs: likewise.

        Raises:
            TooHostile: the call went over its limits, broke the child, or found none free in time.
            BongsuError: whatever error of our tree *fn* raised.
        """
        call = pickle.dumps((self._bounds.cpu_s, self._bounds.memory, fn, args, kwargs))
        try:
            async with asyncio.timeout(self._bounds.queue_s):
                await self._free.acquire()
        except TimeoutError as late:
            raise TooHostile(_subject(args), "no child was free to read it") from late
        try:
            answer = await self._ask(call, _subject(args))
        finally:
            self._free.release()
        return _result(answer, _subject(args))

    async def aclose(self) -> None:
        """End all children; none is left behind, not even as a zombie."""
        while self._idle:
            await self._idle.pop().end()

    async def _ask(self, call: bytes, subject: str) -> bytes:
        child = self._idle.pop() if self._idle else await _Child.start()
        try:
            async with asyncio.timeout(self._bounds.wall_s):
                answer = await child.ask(call)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as stopped:
            await child.end()
            raise TooHostile(subject, "reading it was stopped at its limit of time or memory") from stopped
        except BaseException:
            child.kill()  # cancelled: what it computes is for nobody
            raise
        if child.uses >= self._bounds.uses:
            await child.end()
        else:
            self._idle.append(child)
        return answer


class _Child:
    """One process and its two pipes."""

    def __init__(
        self, process: asyncio.subprocess.Process, out: asyncio.StreamWriter, back: asyncio.StreamReader
    ) -> None:
        self._process = process
        self._out = out
        self._back = back
        self.uses = 0

    @classmethod
    async def start(cls) -> "_Child":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, _WARDEN),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is the daemon's to hear
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("asyncio gave no pipes")
        child = cls(process, process.stdin, process.stdout)
        child._send(pickle.dumps(sys.path))
        return child

    async def ask(self, call: bytes) -> bytes:
        """Send one call and return the answer, both pickled."""
        self.uses += 1
        self._send(call)
        await self._out.drain()
        head = await self._back.readexactly(_HEAD)
        return await self._back.readexactly(int.from_bytes(head, "big"))

    def kill(self) -> None:
        """Stop the child now; the loop's watcher takes its body away."""
        if self._process.returncode is None:
            self._process.kill()
        self._out.close()

    async def end(self) -> None:
        """Stop the child and wait until it is gone."""
        self.kill()
        await self._process.wait()

    def _send(self, frame: bytes) -> None:
        self._out.write(len(frame).to_bytes(_HEAD, "big") + frame)


class _Guarded(pickle.Unpickler):
    """Reads what a child answers: it has touched hostile text, so it may name values, and nothing that runs."""

    def find_class(self, module: str, name: str) -> type:
        """Return the class, if it is one of our nouns or of ``datetime``."""
        if module == dt.__name__ or module.partition(".")[0] == "monitor":
            found = super().find_class(module, name)
            if module == dt.__name__ or is_dataclass(found) or _is_enum(found):
                return found  # type: ignore[no-any-return]
        raise pickle.UnpicklingError(f"{module}.{name} is not a value")


def _is_enum(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, enum.Enum)


def _result(answer: bytes, subject: str) -> _T:  # type: ignore[type-var]
    """Return the value in *answer*, or raise the error in it as if it had happened here."""
    try:
        state, value = _Guarded(io.BytesIO(answer)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError, TypeError) as broken:
        raise TooHostile(subject, "the child gave no readable answer") from broken
    if state == "done":
        return value  # type: ignore[no-any-return]
    module, name, arguments, attributes = value
    kind = getattr(errors, name, None) if module == errors.__name__ else None
    if not (isinstance(kind, type) and issubclass(kind, BongsuError)):
        raise TooHostile(subject, f"the reader failed with {name}")
    error = kind.__new__(kind, *arguments)
    for attribute, held in attributes.items():
        setattr(error, attribute, held)
    raise error


def _subject(args: tuple[object, ...]) -> str:
    """Return the address the call is about: of the first argument that has one."""
    return next((url for arg in args if isinstance(url := getattr(arg, "url", None), str)), "")
