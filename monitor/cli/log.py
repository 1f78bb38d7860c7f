"""Logs go to standard error, one event a line; words on a terminal, JSON elsewhere."""

import logging
import sys

import structlog


def set_up_logs(level: str) -> None:
    """Show events of *level* and above."""
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
