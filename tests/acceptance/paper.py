"""A small web server inside the test: any bytes under any path, and a count of who asked for what."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Answer:
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answerer = Callable[[Asked], Answer]


class Paper:
    """Serves what ``pages`` hold: path → answer, or a function of the request. Unknown paths are 404."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.pages: dict[str, Answer | Answerer] = {}
        self.asked: list[Asked] = []
        paper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                paper._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that hangs up is what some tests are about
        self.port = self._server.server_address[1]
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.place}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = Asked(request.path, {name.lower(): value for name, value in request.headers.items()}, time.monotonic())
        self.asked.append(asked)
        found = self.pages.get(request.path) or self.pages.get(request.path.partition("?")[0]) or Answer(b"", 404)
        answer = found(asked) if callable(found) else found
        request.send_response(answer.status)
        for name, value in answer.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer.body)))
        request.end_headers()
        with contextlib.suppress(OSError):  # the client has had enough
            request.wfile.write(answer.body)

    def count(self, path: str) -> int:
        return sum(each.path.partition("?")[0] == path for each in self.asked)


def feed(entries: Iterable[tuple[str, str, datetime | None]], name: str = "시험신문") -> Answer:
    """A feed of (address, title, time)."""
    rows = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(url)}</link>"
        + (f"<pubDate>{format_datetime(at)}</pubDate>" if at else "")
        + "</item>"
        for url, title, at in entries
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{name}</title>{rows}</channel></rss>'
    )
    return Answer(text.encode(), headers={"Content-Type": "application/rss+xml; charset=utf-8"})


def page(title: str, body: str, at: datetime | None = None) -> Answer:
    """An article page."""
    moment = (at or datetime.now(UTC)).isoformat()
    text = (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="og:title" content="{escape(title)}">'
        f'<meta property="article:published_time" content="{moment}"></head>'
        f'<body><article><h1>{escape(title)}</h1><div class="article-body"><p>{body}</p></div></article></body></html>'
    )
    return Answer(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
