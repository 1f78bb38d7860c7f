"""A store moves to a server and back: every row arrives, and what was told is not told again."""

from datetime import timedelta

import pytest

from monitor.store import Store
from tests.fleet.hosts import NOON, papers
from tests.store.databases import database
from tests.store.telling import DESK, telling

LATER = NOON + timedelta(minutes=5)


async def _tell(store: Store, count: int) -> list[str]:
    told = []
    for number in range(count):
        delivery = await store.claim_delivery(DESK, LATER)
        assert delivery is not None
        await store.mark_sent(delivery.id, "C0001", f"{number}.1", LATER)
        told.append(str(delivery.story))
    return told


@pytest.mark.postgres
@pytest.mark.parametrize(("here", "there"), [("file", "postgres"), ("postgres", "file")])
async def test_alerts_that_were_sent_stay_sent(here, there, tmp_path):
    async with (
        database(here, tmp_path) as url,
        database(there, tmp_path) as target,
        await Store.open(url) as source,
        await Store.open(target) as moved,
    ):
        await source.sync_outlets(papers(30), NOON)
        await source.settle_many([telling(f"s{n}", keys=(n * 3, n * 3 + 1, n * 3 + 2)) for n in range(8)], NOON)
        before = await _tell(source, 5)
        assert all((each.rows, each.checksum) == (each.rows_there, each.checksum_there)
                   for each in await source.copy_to(moved))  # fmt: skip
        assert (await moved.counts()).sent == 5
        after = await _tell(moved, 3)
        assert sorted(before + after) == [f"s-s{number}" for number in range(8)]
        assert await moved.claim_delivery(DESK, LATER + timedelta(days=1)) is None
        assert len(await moved.claim_hosts(LATER, 100, timedelta(seconds=12))) == 30
        again = await moved.settle_many([telling("s1", keys=(3, 4, 5)), telling("new", keys=(900,))], LATER)
        assert [each.is_new_story for each in again] == [False, True]
        assert (await moved.counts()).owed == 1
