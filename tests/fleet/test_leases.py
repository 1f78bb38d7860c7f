"""What the store promises a fleet, on every database."""

import asyncio
from datetime import timedelta

import pytest

from monitor.errors import StoreUnusable
from monitor.store import Store
from tests.fleet.hosts import LEASE, NOON, papers
from tests.store.databases import database


async def test_hosts_of_one_server_are_visited_a_few_at_a_time(store):
    await store.sync_outlets(papers(8), NOON)
    for number in range(6):
        await store.note_address(f"paper{number}.example", "192.0.2.1")
    first = await store.claim_hosts(NOON, 100, LEASE, per_address=2)
    assert sum(lease.host < "paper6" for lease in first) == 2
    assert {"paper6.example", "paper7.example"} <= {lease.host for lease in first}
    assert await store.claim_hosts(NOON, 100, LEASE, per_address=2) == ()
    (freed,) = [lease for lease in first if lease.host < "paper6"][:1]
    await store.release(freed, NOON + timedelta(hours=1))
    assert len(await store.claim_hosts(NOON, 100, LEASE, per_address=2)) == 1


async def test_a_crowded_server_does_not_hide_others_that_are_due(store):
    await store.sync_outlets(papers(10), NOON)
    for number in range(10):
        await store.note_address(f"paper{number}.example", "192.0.2.1")
    await store.sync_outlets(papers(12), NOON + timedelta(seconds=1))
    later = NOON + timedelta(seconds=2)
    taken = [await store.claim_hosts(later, 3, LEASE, per_address=1) for _ in range(3)]
    assert {lease.host for leases in taken for lease in leases} >= {"paper10.example", "paper11.example"}


async def test_a_lease_that_was_lost_is_not_renewed(two_stores):
    one, other = two_stores
    await one.sync_outlets(papers(2), NOON)
    held = await one.claim_hosts(NOON, 2, LEASE)
    (taken, _) = await other.claim_hosts(NOON + LEASE, 2, LEASE)
    assert await other.release(taken, NOON + timedelta(hours=1))
    assert await one.renew_all(held, NOON + 2 * LEASE) == frozenset()
    assert not await one.release(held[0], NOON)


async def test_many_visits_end_in_one_transaction(store):
    await store.sync_outlets(papers(50), NOON)
    leases = await store.claim_hosts(NOON, 50, LEASE)
    ready_at = NOON + timedelta(hours=1)
    assert all(await asyncio.gather(*(store.release(lease, ready_at) for lease in leases)))
    assert await store.claim_hosts(NOON + timedelta(minutes=59), 100, LEASE) == ()
    dues = await asyncio.gather(*(store.next_due(lease.host) for lease in leases), store.next_due("nobody.example"))
    assert dues == [NOON] * 50 + [None]


async def test_a_job_that_is_told_twice_starts_once(store):
    await store.sync_outlets(papers(1), NOON)
    (told,) = await store.claim_hosts(NOON, 1, LEASE)
    began = await store.begin(told, NOON, NOON + LEASE)
    assert began is not None
    assert began.token != told.token
    assert await store.begin(told, NOON, NOON + LEASE) is None
    again = await store.begin(told, NOON + LEASE, NOON + 2 * LEASE)  # the first worker died
    assert again is not None
    assert not await store.release(began, NOON)
    assert await store.release(again, NOON + timedelta(hours=1))
    assert await store.begin(told, NOON + 3 * LEASE, NOON + 4 * LEASE) is None


async def test_a_duty_has_one_holder_and_passes_on(two_stores):
    one, other = two_stores
    assert await one.hold_duty("post desk", NOON, NOON + LEASE)
    assert not await other.hold_duty("post desk", NOON, NOON + LEASE)
    assert await other.hold_duty("post other", NOON, NOON + LEASE)
    assert await one.hold_duty("post desk", NOON + LEASE, NOON + 2 * LEASE)
    assert await other.hold_duty("post desk", NOON + 2 * LEASE, NOON + 3 * LEASE)
    assert not await one.hold_duty("post desk", NOON + 2 * LEASE, NOON + 3 * LEASE)
    await one.drop_duty("post desk", NOON)
    await other.drop_duty("post desk", NOON + 2 * LEASE)
    assert await one.hold_duty("post desk", NOON + 2 * LEASE, NOON + 3 * LEASE)


async def test_only_one_of_many_gets_a_duty_at_once(two_stores):
    one, other = two_stores
    got = await asyncio.gather(*(each.hold_duty("prune", NOON, NOON + LEASE) for each in (one, other) for _ in "ab"))
    assert sorted([got[:2], got[2:]]) == [[False, False], [True, True]]


async def test_the_holder_of_the_file_needs_to_wait_for_nobody(tmp_path):
    async with database("file", tmp_path) as url:
        async with await Store.open(url, lock=True) as killed:
            assert await killed.hold_duty("post desk", NOON, NOON + LEASE)
        async with await Store.open(url, lock=True) as next_one:
            assert await next_one.hold_duty("post desk", NOON, NOON + LEASE)


async def test_a_file_has_no_queue(tmp_path):
    async def take(_, leases):
        return frozenset(lease.host for lease in leases)

    async with database("file", tmp_path) as url, await Store.open(url) as store:
        await store.sync_outlets(papers(1), NOON)
        with pytest.raises(StoreUnusable, match="PostgreSQL"):
            await store.claim_hosts(NOON, 1, LEASE, submit=take)
