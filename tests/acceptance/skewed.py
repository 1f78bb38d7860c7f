"""The daemon on a machine whose clock is set under it: ``python -m tests.acceptance.skewed FILE run --config …``.

FILE holds seconds that the wall clock is ahead. The clock is reached from outside, where the program reads it:
libfaketime cannot do this to Python 3.11, whose sleeps then end with EINVAL.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import apscheduler.schedulers.base
import apscheduler.triggers.interval

import monitor.clock
from monitor.cli import main

AHEAD = Path(sys.argv[1])


class Skewed(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds=float(AHEAD.read_text() or 0))


for reader in (monitor.clock, apscheduler.schedulers.base, apscheduler.triggers.interval):
    reader.datetime = Skewed

if __name__ == "__main__":
    sys.argv[1:] = sys.argv[2:]
    main()
