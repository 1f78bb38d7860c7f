"""A process that writes to a store and says what was acknowledged: ``python -m tests.acceptance.writer URL NAME``.

Every line on standard output is the subject of one message that the store had taken before the line was printed. With
``read`` as a third word it reads instead, and prints an error's name when one reached it.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime

from monitor.errors import BongsuError
from monitor.store import Store

AT = datetime(2026, 3, 4, tzinfo=UTC)


async def write(url: str, name: str) -> None:
    async with await Store.open(url) as store:
        for number in range(1_000_000):
            subject = f"{name}-{number}"
            try:
                await store.owe("desk", "ops", subject, AT, subject=subject)
            except BongsuError as wrong:
                subject = f"error {wrong}"
            os.write(1, f"{subject}\n".encode())


async def read(url: str) -> None:
    async with await Store.open(url, read_only=True) as store:
        while True:
            try:
                await store.counts()
                await store.outbox_depth()
                os.write(1, b"read\n")
            except BongsuError as wrong:
                os.write(1, f"error {wrong}\n".encode())


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1]) if sys.argv[3:] == ["read"] else write(sys.argv[1], sys.argv[2]))
