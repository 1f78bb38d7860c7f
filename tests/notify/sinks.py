"""The shared tools' sinks, started as processes on free ports."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared tools are not beside the checkout")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def injection_titles() -> list[str]:
    lines = (SHARED / "suites" / "injection" / "cases.jsonl").read_text(encoding="utf-8").strip().split("\n")
    return [json.loads(line)["title"] for line in lines]


@dataclass
class Sink:
    """A running sink; ``port`` is the one that messages go to."""

    port: int
    control_port: int

    async def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"http://127.0.0.1:{self.control_port}{path}"
        async with aiohttp.ClientSession() as session:
            asked = session.get(url) if body is None else session.post(url, json=body)
            async with asked as answer:
                return await answer.json()


@asynccontextmanager
async def _running(*command: str, sink: Sink) -> AsyncIterator[Sink]:
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert b"ready" in await process.stdout.readline()
        yield sink
    finally:
        process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]


@asynccontextmanager
async def slack_sink(*options: str) -> AsyncIterator[Sink]:
    port = free_port()
    script = str(SHARED / "tools" / "slack_sink.py")
    async with _running(script, "--port", str(port), "--out", "", *options, sink=Sink(port, port)) as sink:
        yield sink


@asynccontextmanager
async def smtp_sink(folder: Path, *options: str) -> AsyncIterator[Sink]:
    port, control = free_port(), free_port()
    script = str(SHARED / "tools" / "smtp_sink.py")
    ports = ("--port", str(port), "--http", str(control), "--dir", str(folder))
    async with _running(script, *ports, *options, sink=Sink(port, control)) as sink:
        yield sink
