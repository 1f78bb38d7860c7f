from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.store import Store
from tests.store.databases import KINDS, SHARED_KINDS, database


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with database(request.param, tmp_path) as url, await Store.open(url) as opened:
        yield opened


@pytest.fixture(params=SHARED_KINDS)
async def two_stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Store, Store]]:
    """Two workers on one database."""
    async with database(request.param, tmp_path) as url, await Store.open(url) as one, await Store.open(url) as other:
        yield one, other


@pytest.fixture
async def server_stores(tmp_path: Path) -> AsyncIterator[tuple[Store, Store]]:
    async with (
        database("postgres", tmp_path) as url,
        await Store.open(url) as one,
        await Store.open(url) as other,
    ):
        yield one, other
