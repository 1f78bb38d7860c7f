from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitor.fetch import Fetcher, Limits
from tests.fetch.server import Server


@pytest.fixture
async def site() -> AsyncIterator[Server]:
    async with Server() as server:
        yield server


@pytest.fixture
async def fetcher(site: Server) -> AsyncIterator[Fetcher]:
    limits = Limits(
        allow_private=(site.place,), gap=timedelta(0), deadline=timedelta(seconds=5), max_bytes=2 * 1024 * 1024
    )
    async with Fetcher(limits) as one:
        yield one
