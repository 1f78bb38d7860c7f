"""What runs every second is answered from an index, not by reading the table."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from monitor.model import ArticleKey
from monitor.store import Store
from tests.store.telling import DESK, NOON

TICKS = {
    "claim hosts": lambda store: store.claim_hosts(NOON, 10, timedelta(minutes=1)),
    "due sources": lambda store: store.due_sources("noon.example", NOON),
    "pending links": lambda store: store.pending_links("noon.example", NOON, 10),
    "next due": lambda store: store.next_due("noon.example"),
    "unseen": lambda store: store.unseen([ArticleKey("a")]),
    "claim a delivery": lambda store: store.claim_delivery(DESK, NOON),
    "due edits": lambda store: store.due_edits(NOON),
    "index": lambda store: store.index_new(),
}


@pytest.mark.parametrize("tick", TICKS)
async def test_a_tick_reads_no_whole_table(tick, tmp_path):
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_conn, _cursor, statement, parameters, *_) -> None:
        asked.append((statement, parameters))

    async with await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'news.db'}") as store:
        for engine in (store._db._writer, store._db._reader):
            event.listen(engine, "before_cursor_execute", note)
        await TICKS[tick](store)
        statements = [each for each in asked if not each[0].startswith(("BEGIN", "PRAGMA"))]
        assert statements
        for statement, parameters in statements:
            plan = await store._db.raw(
                lambda conn, s=statement, p=parameters: conn.execute(f"EXPLAIN QUERY PLAN {s}", p).fetchall()
            )
            scans = [step[3] for step in plan if step[3].startswith("SCAN") and "INDEX" not in step[3]]
            assert [each for each in scans if "VIRTUAL" not in each and "CONSTANT" not in each] == [], (statement, plan)
