"""A clock that is set back stops no timer."""

from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.daemon.ticks import bring_near


async def tick() -> None:
    """Do nothing."""


async def test_a_timer_that_is_planned_too_far_away_is_brought_near() -> None:
    timers = AsyncIOScheduler(timezone=UTC)
    timers.add_job(tick, "interval", seconds=10, id="near")
    timers.add_job(tick, "cron", hour=4, id="nightly")
    timers.start(paused=True)
    planned = timers.get_job("near").next_run_time
    assert bring_near(timers, planned - timedelta(seconds=10)) == 0
    back = planned - timedelta(hours=1)
    assert bring_near(timers, back) == 1
    assert timers.get_job("near").next_run_time == back
    assert timers.get_job("nightly").next_run_time > datetime.now(UTC)
    timers.shutdown(wait=False)
