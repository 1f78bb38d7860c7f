"""One question to the configured store, or one change of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from monitor.daemon import open_store
from monitor.settings import Settings
from monitor.store import Store

_T = TypeVar("_T")


def on_store(settings: Settings, act: Callable[[Store], Awaitable[_T]], *, read_only: bool = False) -> _T:
    """Return what *act* returns of the configured store; a daemon may run beside it."""

    async def run() -> _T:
        async with await open_store(settings, read_only=read_only) as store:
            return await act(store)

    return asyncio.run(run())
