"""A TCP proxy that kills the daemon at a chosen moment of a conversation; the product has no crash switch."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from tests.acceptance.stage import free_port


class Trap:
    """Forwards to *target*; kills when a request holding *word* reaches *moment*.

    Moments: ``asked`` (the request came, nothing is forwarded), ``answered`` (the server has done it, its answer is
    dropped), ``told`` (the answer is forwarded, then the kill).
    """

    def __init__(self, target: str, word: bytes, moment: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._word = word
        self._moment = moment
        self._server = socket.create_server(("127.0.0.1", free_port()))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._real, self._own = parts.netloc.encode(), self.url.removeprefix("http://").encode()
        self.armed = False
        self.kill: Callable[[], None] = lambda: None
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, daemon: subprocess.Popen) -> threading.Event:
        """Kill *daemon* at the next moment; the event is set then."""
        sprung = threading.Event()

        def kill() -> None:
            self.armed = False
            os.killpg(daemon.pid, signal.SIGKILL)
            sprung.set()

        self.kill, self.armed = kill, True
        return sprung

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._target) as server:
            pending = {"hit": False}
            back = threading.Thread(target=self._back, args=(server, client, pending), daemon=True)
            back.start()
            while chunk := _read(client):
                if self._word in chunk and self.armed:
                    if self._moment == "asked":
                        self.kill()
                        return
                    pending["hit"] = True
                server.sendall(chunk)
            back.join(1)

    def _back(self, server: socket.socket, client: socket.socket, pending: dict[str, bool]) -> None:
        while chunk := _read(server):
            # Links lead back through the trap; both addresses have the same length, so no length header lies.
            chunk = chunk.replace(self._real, self._own)
            hit = pending["hit"] and self.armed
            if hit and self._moment == "answered":
                self.kill()
                return
            try:
                client.sendall(chunk)
            except OSError:
                return
            if hit:
                pending["hit"] = False
                self.kill()


def _read(link: socket.socket) -> bytes:
    try:
        return link.recv(65536)
    except OSError:
        return b""
