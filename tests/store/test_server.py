"""A store on a server that goes away: nothing is lost, nothing is done twice, the caller is told when it lasts."""

import asyncio

import pytest
from sqlalchemy import text

from monitor.errors import StoreAway, StoreUnusable
from monitor.store import Store, postgres
from tests.store.databases import database
from tests.store.telling import DESK, NOON, telling

pytestmark = pytest.mark.postgres
KILL = text("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_idle_connections_that_were_cut_are_made_anew(tmp_path):
    async with database("postgres", tmp_path) as url, await Store.open(url) as store:
        await asyncio.gather(*(store.counts() for _ in range(4)))
        await store.settle_many([telling("a", keys=(1,))], NOON)
        with pytest.raises(StoreAway):
            await _cut(store)
        assert (await store.counts()).articles == 1


async def _cut(store: Store) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "PAUSES", (0.0,))
        await store._db.write(lambda conn: conn.execute(KILL) and None)


async def test_a_claim_whose_commit_was_cut_is_the_same_claim(tmp_path):
    """The server committed, and the connection died before it could say so."""
    async with database("postgres", tmp_path) as url, await Store.open(url) as store:
        await store.settle_many([telling("a", keys=(1,)), telling("b", keys=(9,))], NOON)
        once = store._db._once
        cuts = iter((True,))

        async def cut_after_commit(work):
            done = await once(work)
            if next(cuts, False):
                raise ConnectionResetError
            return done

        store._db._once = cut_after_commit
        claimed = await store.claim_delivery(DESK, NOON)
        assert claimed is not None
        assert (claimed.story, claimed.tries) == ("s-a", 1)
        cuts = iter((True,))
        (decision,) = await store.settle_many([telling("c", keys=(5,))], NOON)
        assert decision.story == "s-c"
        assert (await store.counts()).owed == 3


async def test_a_server_that_stays_away_is_told(monkeypatch):
    monkeypatch.setattr(postgres, "PAUSES", (0.0, 0.0))
    with pytest.raises(StoreAway):
        await Store.open("postgresql+asyncpg://postgres@127.0.0.1:1/nothing")


async def test_a_database_that_is_not_there_is_named(tmp_path):
    async with database("postgres", tmp_path) as url:
        missing = url.partition("?")[0].rpartition("/")[0] + "/no_such_database"
        with pytest.raises(StoreUnusable, match="no_such_database"):
            await Store.open(missing)
