"""When does it happen? The daemon opens everything once, starts its timers and stops in order."""

from monitor.daemon.letters import signing_key, subscriptions_of
from monitor.daemon.receivers import notifiers_of
from monitor.daemon.run import once, opened, run
from monitor.daemon.wiring import (
    Running,
    Site,
    consultation_of,
    judge_of,
    kinds_of,
    limits_of,
    newsroom,
    open_store,
    timetable_of,
    unrendered,
)
from monitor.daemon.work import Work

__all__ = [
    "Running",
    "Site",
    "Work",
    "consultation_of",
    "judge_of",
    "kinds_of",
    "limits_of",
    "newsroom",
    "notifiers_of",
    "once",
    "open_store",
    "opened",
    "run",
    "signing_key",
    "subscriptions_of",
    "timetable_of",
    "unrendered",
]
