"""Calls that share a transaction: what is asked while one runs waits for it, and then goes together.

A lone call is not delayed. Under load the batches grow by themselves: the end of a visit costs 0.9 ms of commit alone
and a few hundredths of it among fifty others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

MOST = 500
"""Calls in one transaction: more gain nothing, and a transaction that fails is repeated for fewer."""


class Together(Generic[Ask, Answer]):
    """Answers calls one by one with a function that answers many."""

    def __init__(self, answer_all: Callable[[Sequence[Ask]], Awaitable[Sequence[Answer]]]) -> None:
        self._answer_all = answer_all
        self._waiting: list[tuple[Ask, asyncio.Future[Answer]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, ask: Ask) -> Answer:
        """Return the answer to *ask*; an error of the shared transaction is raised for each who shared it."""
        mine: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, mine))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await mine

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            waiting = [mine for _, mine in batch]
            try:
                answers = await self._answer_all([ask for ask, _ in batch])
            except asyncio.CancelledError:
                for mine in waiting:
                    mine.cancel()
                raise
            except Exception as error:  # noqa: BLE001 - each caller is told; nobody else could be
                _settle(waiting, lambda mine, error=error: mine.set_exception(error))  # type: ignore[misc]
            else:
                told = dict(zip(waiting, answers, strict=True))
                _settle(waiting, lambda mine, told=told: mine.set_result(told[mine]))  # type: ignore[misc]


def _settle(waiting: Sequence[asyncio.Future[Answer]], tell: Callable[[asyncio.Future[Answer]], None]) -> None:
    for mine in waiting:
        if not mine.done():  # its caller may have gone
            tell(mine)
