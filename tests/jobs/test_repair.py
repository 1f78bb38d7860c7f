"""The channel's history mends a ledger that lost what was sent."""

from datetime import timedelta

from monitor.jobs.deliver import deliver
from monitor.jobs.repair import repair
from monitor.notify import Manners, Slack
from monitor.store import Store
from tests.jobs.owed import publish
from tests.notify.desk import Desk, open_slack, words_of
from tests.store.databases import any_store
from tests.town import Clock


async def test_what_stands_in_the_channel_is_not_told_again_after_a_restored_backup(
    store: Store, slack: Slack, desk: Desk, clock: Clock
) -> None:
    for number in (1, 2, 3):
        await publish(store, number, clock(), "desk")
    await deliver(store=store, notifiers={"desk": slack}, now=clock)

    async with any_store() as restored:
        await publish(restored, 1, clock(), "desk")  # owed when the backup was made; the others came after it
        assert await repair(slack, store=restored, since=clock() - timedelta(days=3650)) == 3
        assert await repair(slack, store=restored, since=clock() - timedelta(days=3650)) == 0
        for number in (2, 3, 4):
            await publish(restored, number, clock(), "desk")
        assert await deliver(store=restored, notifiers={"desk": slack}, now=clock) == 1

        await publish(restored, 2, clock(), "desk", telling=1)
        clock.passes(minutes=2)
        await deliver(store=restored, notifiers={"desk": slack}, now=clock)

    assert len(desk.posts) == 4
    assert "외 1개 매체" in words_of(desk.posts[1]["blocks"])  # its time stamp is known again


async def test_lines_of_a_list_are_noted_and_never_edited(store: Store, desk: Desk, clock: Clock) -> None:
    async with open_slack(desk, now=clock, manners=Manners(pace=timedelta(0), burst=0, fold=2)) as slack:
        for number in range(4):
            await publish(store, number, clock(), "desk")
        await deliver(store=store, notifiers={"desk": slack}, now=clock)
        assert len(desk.posts) == 1

        async with any_store() as restored:
            assert await repair(slack, store=restored, since=clock() - timedelta(days=3650)) == 4
            for number in range(4):
                await publish(restored, number, clock(), "desk")
                await publish(restored, number, clock(), "desk", telling=1)
            clock.passes(minutes=2)
            await deliver(store=restored, notifiers={"desk": slack}, now=clock)

    assert len(desk.posts) == 1
    assert desk.asked("chat.update") == []
