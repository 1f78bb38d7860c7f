"""The papers on 127.0.0.1, in a process of their own: ``python -m bench.server COUNT PORTS`` prints where they are.

Every answer is made before the first request; pages come packed with gzip when the client takes it, as sites send them.
"""

import asyncio
import gzip
import json
import sys
from dataclasses import dataclass

from bench.pages import feed, moulds, printed

FEED_BYTES = 78_000
ETAG = '"b0n6"'


@dataclass
class Answers:
    plain: dict[str, bytes]
    packed: dict[str, bytes]


class Paper(asyncio.Protocol):
    """Keep-alive GETs only."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode("ascii")
        if path.startswith("http"):
            path = "/" + path.split("/", 3)[-1]
        if b"b0n6" in head:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "b0n6"\r\nConnection: keep-alive\r\n\r\n'
        taken = self._answers.packed if b"gzip" in head.lower() else self._answers.plain
        return taken.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def answer(body: bytes, kind: str, *, packed: bool, etag: str = "") -> bytes:
    body = gzip.compress(body, 6) if packed else body
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}; charset=utf-8", f"Content-Length: {len(body)}"]
    lines += ["Content-Encoding: gzip"] * packed + ([f"ETag: {etag}"] if etag else [])
    return "\r\n".join([*lines, "", ""]).encode() + body


async def main(count: int, ports: int) -> None:
    loop, shapes, pages = asyncio.get_running_loop(), moulds(), printed(count)
    papers = [Answers({}, {}) for _ in range(ports)]
    servers = [await loop.create_server(lambda one=one: Paper(one), "127.0.0.1", 0) for one in papers]
    bases = ["http://{}:{}".format(*server.sockets[0].getsockname()) for server in servers]
    outlets = []
    for which, shape in enumerate(shapes):
        mine, port = [page for page in pages if page.outlet == which], which % ports
        put(papers[port], f"/feed/{which}", feed(bases[port], mine), "application/rss+xml")
        for page in mine:
            put(papers[port], page.path, page.html, "text/html")
        told = {"feed": f"{bases[port]}/feed/{which}", "layout": shape.layout}
        outlets.append(told | {"pages": [bases[port] + page.path for page in mine]})
    for base, paper in zip(bases, papers, strict=True):
        large, small = feed(base, printed(60, seed=2), size=FEED_BYTES), feed(base, printed(2, seed=2))
        put(paper, "/large", large, "application/rss+xml")
        put(paper, "/still", small, "application/rss+xml", ETAG)
    print(json.dumps({"outlets": outlets, "papers": bases}), flush=True)
    await asyncio.Event().wait()


def put(paper: Answers, path: str, body: bytes, kind: str, etag: str = "") -> None:
    paper.plain[path] = answer(body, kind, packed=False, etag=etag)
    paper.packed[path] = answer(body, kind, packed=True, etag=etag)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
