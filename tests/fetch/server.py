"""A server on 127.0.0.1 that says exactly the bytes a test wants said."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

Say = Callable[[asyncio.StreamWriter, "Asked"], Awaitable[None]]


@dataclass
class Asked:
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """Paths and what is answered; ``heard`` is every request in order."""

    answers: dict[str, bytes | Say] = field(default_factory=dict)
    heard: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task] = field(default_factory=set)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.heard]

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                asked = Asked(
                    head[0].split(" ")[1], {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
                )
                self.heard.append(asked)
                answer = self.answers.get(asked.path, reply(b"", status=404))
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                    if b"Content-Length" not in answer and b"304" not in answer[:15]:
                        return
                else:
                    await answer(writer, asked)
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def reply(body: bytes, *headers: tuple[str, str], status: int = 200, kind: str = "text/html; charset=utf-8") -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def onward(to: str | bytes, status: int = 302) -> bytes:
    place = to if isinstance(to, bytes) else to.encode()
    return b"HTTP/1.1 %d X\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % (status, place)
