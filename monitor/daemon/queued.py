"""Visits through PgQueuer: one job for each due host, put in by the transaction that takes the host.

The queue carries leases from who claims to who has room, and nothing that must not be lost: its tables are unlogged,
its log is emptied every hour (it writes three rows a job and never prunes), and a job that is told twice starts once,
because starting changes the lease's token.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from pgqueuer import AsyncpgDriver, Job, Queries, QueueManager
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.domain.settings import DBSettings, Durability

from monitor.daemon.visits import Crew, Visits
from monitor.errors import StoreError
from monitor.jobs.duty import Duty
from monitor.store import Lease

log = structlog.get_logger()

VISIT = "bongsu_visit"
AGAIN_S = 1.0
"""Pause before the queue is opened again after its connection was lost; the library itself does not reconnect."""
OPENS_S = 5.0
"""How long a tick waits for the queue to be opened; making its tables takes a tenth of it."""
LOOK = timedelta(seconds=1)
"""The queue is looked into this often even when no notice comes."""
LOG_LIFE = timedelta(hours=1)


class PgQueuerExecutor:
    """Visits are jobs that any worker may pick up."""

    def __init__(self, crew: Crew) -> None:
        """Nothing is opened before ``dispatch``."""
        self._crew = crew
        self._visits = Visits(crew)
        self._taking: asyncio.Task[None] | None = None
        self._manager: QueueManager | None = None
        self._opened = asyncio.Event()
        self._pruning = Duty("queue log", crew.store, crew.now, lasts=LOG_LIFE)

    async def dispatch(self) -> int:
        """Claim due hosts and put a job for each into the queue; returns how many went in."""
        crew, free = self._crew, self._visits.free
        if self._taking is None and not self._visits.is_closed:
            self._taking = asyncio.create_task(self._take())
        if free <= 0 or not await self._is_open():
            return 0
        leases = await crew.store.claim_hosts(
            crew.now(), free, crew.lease, per_address=crew.per_address, submit=self._submit
        )
        return len(leases)

    async def _is_open(self) -> bool:
        """Wait a little for the queue: right after the start, or after the database was away."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), OPENS_S)
        return self._opened.is_set()

    async def _submit(self, connection: object, leases: Sequence[Lease]) -> frozenset[str]:
        """Put the jobs in, in the claim's own transaction; a host whose job is still there is skipped."""
        jobs = await _queries(connection).enqueue(
            [VISIT] * len(leases),
            [_written(lease) for lease in leases],
            [0] * len(leases),
            dedupe_key=[lease.host for lease in leases],
            on_conflict="skip",
        )
        return frozenset(lease.host for lease, job in zip(leases, jobs, strict=True) if job is not None)

    async def _take(self) -> None:
        """Pick jobs up until the end; a lost connection is opened again."""
        while not self._visits.is_closed:
            try:
                async with self._crew.store.driver() as connection:
                    await self._work_through(connection)
            except StoreError as wrong:
                log.warning("queue.store", error=str(wrong))
            except Exception:
                log.exception("queue.failed")
            self._manager = None
            self._opened.clear()
            if not self._visits.is_closed:
                await asyncio.sleep(AGAIN_S)

    async def _work_through(self, connection: object) -> None:
        queries = _queries(connection)
        async with queries.schema_lock():
            if not await queries.schema_is_installed():
                await queries.install()
        if await self._pruning.is_ours():
            await queries.clear_queue_log()
        manager = QueueManager(queries)
        manager.entrypoint(VISIT, accepts_context=False)(self._job)
        self._manager = manager
        self._opened.set()
        pruning = asyncio.create_task(self._prune(queries))
        try:
            await manager.run(
                dequeue_timeout=LOOK,
                batch_size=max(1, self._crew.limit // 4),
                max_concurrent_tasks=max(2, self._crew.limit),
                heartbeat_timeout=self._crew.lease,
                shutdown_on_listener_failure=True,
                log_aggregation_interval=timedelta(0),
            )
        finally:
            pruning.cancel()
            await asyncio.wait({pruning})

    async def _prune(self, queries: Queries) -> None:
        while True:
            await asyncio.sleep(LOG_LIFE.total_seconds())
            if await self._pruning.is_ours():
                await queries.clear_queue_log()

    async def _job(self, job: Job) -> None:
        """Visit the host of a job, unless its lease went to somebody else meanwhile."""
        crew, now = self._crew, self._crew.now()
        lease = await crew.store.begin(_read(job.payload), now, now + crew.lease)
        if lease is None or self._visits.is_closed:
            return
        visiting = self._visits.start(lease)
        await asyncio.wait({visiting})
        if not visiting.cancelled() and visiting.result():
            await self.dispatch()  # its host has more: the next tick would be a pause that nobody asked for

    async def drain(self) -> None:
        """Wait until the queue is empty and no visit runs."""
        while self._manager is not None and await self._manager.queries.queued_work(
            list(self._manager.entrypoint_registry)
        ):
            await self._visits.drain()
            await asyncio.sleep(LOOK.total_seconds() / 20)
        await self._visits.drain()

    async def close(self, patience: timedelta) -> None:
        """Take no more jobs, let visits finish for *patience*, then cancel them."""
        self._visits.is_closed = True
        if self._manager is not None:
            self._manager.shutdown.set()
        await self._visits.close(patience)
        if self._taking is not None:
            _, late = await asyncio.wait({self._taking}, timeout=1)
            for task in late:
                task.cancel()
            await asyncio.wait({self._taking})


def _queries(connection: object) -> Queries:
    return Queries(AsyncpgDriver(connection), QueryBuilderEnvironment(DBSettings(durability=Durability.volatile)))


def _written(lease: Lease) -> bytes:
    return json.dumps({"host": lease.host, "token": lease.token, "until": lease.until.isoformat()}).encode()


def _read(payload: bytes | None) -> Lease:
    told = json.loads(payload or b"{}")
    return Lease(told["host"], told["token"], datetime.fromisoformat(told["until"]))
