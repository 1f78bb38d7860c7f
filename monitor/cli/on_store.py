"""One question to the configured store, or one change of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from monitor.daemon import open_store
from monitor.settings import load
from monitor.store import Store

_T = TypeVar("_T")


def on_store(config: str | None, act: Callable[[Store], Awaitable[_T]]) -> _T:
    """Return what *act* returns of the store of the configuration folder; a daemon may run beside it."""

    async def run() -> _T:
        async with await open_store(load(config)) as store:
            return await act(store)

    return asyncio.run(run())
