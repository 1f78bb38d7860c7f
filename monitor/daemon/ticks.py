"""Timers that a clock set back does not stop.

APScheduler plans by the wall clock: set back by an hour, it would wait an hour for its next tick. Sleeping goes by the
monotonic clock, so from there a tick that is planned too far away is seen and brought near.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import KST, Now, utc_now

LOOK_EVERY_S = 2.0
"""A daemon that stands still for two seconds keeps every promise of minutes."""
SLACK = timedelta(seconds=1)
log = structlog.get_logger()


async def keep_on_time(timers: AsyncIOScheduler, now: Now = utc_now) -> None:
    """Look at the timers again and again until cancelled; ``now`` is the wall clock that they plan by."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if late := bring_near(timers, now()):
            log.warning("clock.set_back", timers=late)


def bring_near(timers: AsyncIOScheduler, now: datetime) -> int:
    """Let every timer tick at once that is planned farther away than its own interval; return how many there were."""
    far = [
        timer
        for timer in timers.get_jobs()
        if isinstance(timer.trigger, IntervalTrigger) and timer.next_run_time - now > timer.trigger.interval + SLACK
    ]
    for timer in far:
        timer.modify(next_run_time=now.astimezone(KST))
    return len(far)
