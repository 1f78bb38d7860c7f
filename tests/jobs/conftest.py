"""What the jobs' tests share: a clock, a store in memory, a Slack on 127.0.0.1."""

from collections.abc import AsyncIterator

import pytest

from monitor.notify import Slack
from monitor.store import Store
from tests.notify.desk import Desk, open_desk, open_slack
from tests.store.databases import any_store
from tests.town import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with any_store() as opened:
        yield opened


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


@pytest.fixture
async def slack(desk: Desk, clock: Clock) -> AsyncIterator[Slack]:
    async with open_slack(desk, now=clock) as opened:
        yield opened
