"""When does it happen? The daemon opens everything once, starts six timers and stops in order."""

from monitor.daemon.run import once, run
from monitor.daemon.wiring import judge_of, kinds_of, newsroom, notifiers_of, open_store

__all__ = ["judge_of", "kinds_of", "newsroom", "notifiers_of", "once", "open_store", "run"]
