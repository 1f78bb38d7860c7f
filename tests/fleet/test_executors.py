"""One contract for every way from a lease to a visit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from monitor.clock import utc_now
from monitor.daemon.fleet import Executor, InlineExecutor
from monitor.daemon.queued import PgQueuerExecutor, _queries
from monitor.daemon.visits import Crew, address_of
from monitor.store import Lease, Store
from tests.fleet.hosts import papers

pytestmark = pytest.mark.postgres
SOON = timedelta(seconds=1.5)
HOUR = timedelta(hours=1)
STOP = timedelta(seconds=2)


@pytest.fixture(params=[InlineExecutor, PgQueuerExecutor], ids=["inline", "pgqueuer"])
def kind(request: pytest.FixtureRequest) -> Callable[[Crew], Executor]:
    return request.param


async def nowhere(_: str) -> str:
    return ""


def crew(store: Store, visit: Callable[[Lease], Awaitable[bool]], **changes) -> Crew:
    return Crew(store, utc_now, visit, **({"limit": 8, "lease": SOON, "locate": nowhere} | changes))


async def until(is_done: Callable[[], bool], executors: list[Executor], seconds: float = 20) -> None:
    """Tick until something has happened."""
    async with asyncio.timeout(seconds):
        while not is_done():
            for each in executors:
                await each.dispatch()
            await asyncio.sleep(0.05)


async def test_every_host_is_visited_once_by_one_of_them(kind, server_stores):
    visits: list[str] = []

    def visiting(store: Store) -> Callable[[Lease], Awaitable[bool]]:
        async def visit(lease: Lease) -> bool:
            visits.append(lease.host)
            await store.release(lease, utc_now() + HOUR)
            return False

        return visit

    await server_stores[0].sync_outlets(papers(60), utc_now())
    fleet = [kind(crew(store, visiting(store))) for store in server_stores]
    await until(lambda: len(visits) >= 60, fleet)
    await asyncio.gather(*(each.drain() for each in fleet))
    assert sorted(visits) == sorted(set(visits))
    assert len(visits) == 60
    await asyncio.gather(*(each.close(STOP) for each in fleet))


async def test_a_visit_longer_than_its_lease_is_kept_alive(kind, server_stores):
    """No second worker comes while the first one is at it."""
    one, other = server_stores
    begun, ended = [], []

    async def visit(lease: Lease) -> bool:
        begun.append(lease.host)
        await asyncio.sleep(2.5 * SOON.total_seconds())
        ended.append(await one.release(lease, utc_now() + HOUR))
        return False

    await one.sync_outlets(papers(2), utc_now())
    fleet = [kind(crew(store, visit)) for store in (one, other)]
    await until(lambda: len(ended) == 2, fleet)
    assert (sorted(begun), ended) == (["paper0.example", "paper1.example"], [True, True])
    await asyncio.gather(*(each.close(STOP) for each in fleet))


async def test_a_worker_that_vanished_is_replaced(kind, server_stores):
    """Its lease ends, whatever was in a queue, and another worker visits its host."""
    one, other = server_stores
    stuck, done = [], []

    async def hang(lease: Lease) -> bool:
        stuck.append(lease)
        await asyncio.Event().wait()
        return False

    async def visit(lease: Lease) -> bool:
        done.append(lease)
        await other.release(lease, utc_now() + HOUR)
        return False

    await one.sync_outlets(papers(1), utc_now())
    dead = kind(crew(one, hang))
    await until(lambda: bool(stuck), [dead])
    _cut_off(one, dead)
    await until(lambda: bool(done), [kind(crew(other, visit))])
    assert not await one.release(stuck[0], utc_now())
    await dead.close(timedelta(0))


def _cut_off(store: Store, executor: Executor) -> None:
    """Frozen, or cut from the database: it says nothing any more, and believes that all is well."""

    async def renew_all(leases, until):
        return frozenset(leases)

    async def update_heartbeat(_) -> None:
        return

    store.renew_all = renew_all
    if isinstance(executor, PgQueuerExecutor):
        executor._manager.queries.update_heartbeat = update_heartbeat


async def test_a_visit_whose_lease_was_lost_is_ended(kind, server_stores):
    store, other = server_stores
    ended = asyncio.Event()
    begun: list[Lease] = []

    async def visit(lease: Lease) -> bool:
        begun.append(lease)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return False

    await store.sync_outlets(papers(1), utc_now())
    executor = kind(crew(store, visit))
    await until(lambda: bool(begun), [executor])
    (taken,) = await other.claim_hosts(utc_now() + HOUR, 1, HOUR)
    await asyncio.wait_for(ended.wait(), 10)
    assert await other.release(taken, utc_now() + HOUR)
    await executor.close(STOP)


async def test_a_failing_visit_costs_only_itself(kind, server_stores):
    store, _ = server_stores
    visits: list[str] = []

    async def visit(lease: Lease) -> bool:
        visits.append(lease.host)
        if lease.host == "paper0.example":
            raise RuntimeError("broken")
        await store.release(lease, utc_now() + HOUR)
        return False

    await store.sync_outlets(papers(4), utc_now())
    executor = kind(crew(store, visit, limit=2))
    await until(lambda: visits.count("paper0.example") >= 2, [executor])
    assert set(visits) == {f"paper{number}.example" for number in range(4)}
    await executor.close(STOP)


async def test_closing_lets_visits_finish_and_takes_no_more(kind, server_stores):
    store, _ = server_stores
    ended: list[str] = []
    begun: list[str] = []

    async def visit(lease: Lease) -> bool:
        begun.append(lease.host)
        await asyncio.sleep(0.3)
        await store.release(lease, utc_now())
        ended.append(lease.host)
        return False

    await store.sync_outlets(papers(12), utc_now())
    executor = kind(crew(store, visit, limit=4))
    await until(lambda: len(begun) >= 1, [executor])
    await executor.close(STOP)
    assert sorted(begun) == sorted(ended)
    assert await executor.dispatch() == 0


async def test_visits_at_one_server_are_counted_for_all_workers(kind, server_stores):
    now_visiting: set[str] = set()
    most = 0
    visits = 0

    def visiting(store: Store) -> Callable[[Lease], Awaitable[bool]]:
        async def visit(lease: Lease) -> bool:
            nonlocal most, visits
            now_visiting.add(lease.host)
            most = max(most, len(now_visiting))
            await asyncio.sleep(0.05)
            now_visiting.discard(lease.host)
            visits += 1
            await store.release(lease, utc_now() + HOUR)
            return False

        return visit

    async def one_server(_: str) -> str:
        return "192.0.2.7"

    one, _ = server_stores
    await one.sync_outlets(papers(20), utc_now())
    for number in range(20):
        await one.note_address(f"paper{number}.example", "192.0.2.7")
    fleet = [kind(crew(store, visiting(store), per_address=2, locate=one_server)) for store in server_stores]
    await until(lambda: visits >= 20, fleet)
    assert most <= 2
    await asyncio.gather(*(each.close(STOP) for each in fleet))


async def test_a_queue_that_loses_its_jobs_is_filled_again(server_stores):
    one, other = server_stores
    visits: list[str] = []

    async def visit(lease: Lease) -> bool:
        await one.release(lease, utc_now() + HOUR)
        visits.append(lease.host)
        return False

    await one.sync_outlets(papers(5), utc_now())
    executor = PgQueuerExecutor(crew(one, visit))
    await until(lambda: len(visits) >= 5, [executor])
    await executor.drain()
    for outlet in papers(5):
        await one.poll_now(outlet.id, utc_now())
    async with other.driver() as connection:
        await connection.execute("DELETE FROM pgqueuer")  # done, and only waiting to be noted
        await one.claim_hosts(utc_now(), 5, SOON, submit=executor._submit)
        await connection.execute("TRUNCATE pgqueuer")
    await until(lambda: len(visits) >= 10, [executor])
    await executor.close(STOP)


async def test_a_host_whose_job_waits_stays_due(server_stores):
    """A skipped job must not advance the host: it would stall until its lease ends."""
    one, other = server_stores

    async def visit(_: Lease) -> bool:
        return False

    await one.sync_outlets(papers(1), utc_now())
    executor = PgQueuerExecutor(crew(one, visit, limit=0))
    async with other.driver() as connection:
        await _queries(connection).install()
    now = utc_now()
    (first,) = await one.claim_hosts(now, 5, SOON, submit=executor._submit)
    await one.release(first, now)
    assert await one.claim_hosts(now, 5, SOON, submit=executor._submit) == ()
    assert len(await one.claim_hosts(now, 5, SOON)) == 1


async def test_this_machine_is_no_server_to_be_spared():
    assert await address_of("127.0.0.1:8900") == ""
    assert await address_of("192.0.2.8:8080") == "192.0.2.8"
    assert await address_of("no-such-name.invalid") == ""
