"""What a service manager is told: ready, still alive, reading the configuration anew, stopping (sd_notify(3)).

Ten lines of socket code, because the one library for it has not been touched since 2017.
"""

import socket
import time

import structlog

log = structlog.get_logger()


class NotifySocket:
    """One way to the service manager; without one every word is a no-op."""

    def __init__(self, address: str) -> None:
        """``address`` is a path, or ``@`` and a name in Linux's abstract namespace; "" when nobody listens."""
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self, words: str) -> None:
        """Say that work goes on; ``words`` are what ``systemctl status`` shows."""
        self._tell(f"READY=1\nSTATUS={_one_line(words)}")

    def alive(self) -> None:
        """Pet the watchdog."""
        self._tell("WATCHDOG=1")

    def reloading(self) -> None:
        """Say that the configuration is read anew; ``ready`` follows."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the end was asked for."""
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)  # noqa: FBT003 - the library's own signature
                line.connect(self._address)
                line.sendall(words.encode())
        except OSError as wrong:
            # A manager that does not hear is its own trouble: work goes on, and its watchdog decides.
            log.warning("service.unheard", error=str(wrong))


def _one_line(words: str) -> str:
    return " ".join(words.split())
