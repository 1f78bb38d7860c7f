"""Logs go to standard error, one event a line; words on a terminal, JSON elsewhere."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Unfailing:
    """Standard error whose disk may be full: a line that cannot be written is lost, the work that said it is not."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream``."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        with suppress(OSError):
            self._stream.flush()

    def isatty(self) -> bool:
        """Return whether a person reads along."""
        return self._stream.isatty()


def set_up_logs(level: str) -> None:
    """Show events of *level* and above; from here on nothing fails because standard error is full."""
    stream = sys.stderr if isinstance(sys.stderr, Unfailing) else Unfailing(sys.stderr)
    sys.stderr = cast("TextIO", stream)  # a stream in all that is asked of it
    # A tick that finds the one before it at work is skipped on purpose; APScheduler warns of each.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer()
            if sys.stderr.isatty()
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", stream)),
        cache_logger_on_first_use=True,
    )
