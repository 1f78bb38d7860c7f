"""One errand: what is asked, what may come of it, and the bytes that came."""

import asyncio
from dataclasses import dataclass

import aiohttp

from monitor.errors import TooLarge

INLINE = 512 * 1024
"""Bytes that are inflated and decoded in the loop (under 5 ms even as cp949); more goes to a thread."""

Headers = tuple[tuple[str, str], ...]


class Room:
    """A place among the few large pages that may be in memory at once; small pages never take one."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._is_taken = False

    async def take(self) -> None:
        """Wait for a place, once."""
        if not self._is_taken:
            await self._places.acquire()
            self._is_taken = True

    def leave(self) -> None:
        """Give the place back, if one was taken."""
        if self._is_taken:
            self._places.release()
            self._is_taken = False


@dataclass(frozen=True, slots=True)
class Errand:
    """One request with its redirects."""

    asked: str
    headers: Headers
    secrets: Headers  # for the first origin only
    hops: int
    cap: int
    obeys: bool  # robots.txt of every host on the way
    room: Room
    waits: bool = True  # for its turn at each host


async def read_whole(response: aiohttp.ClientResponse, errand: Errand) -> bytes:
    """Read the body under its cap; a length that promises more is not even begun."""
    if (response.content_length or 0) > errand.cap:
        response.close()
        raise TooLarge(errand.asked, f"{response.content_length} bytes are announced, {errand.cap} are taken")
    pieces: list[bytes] = []
    size = 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > errand.cap:
            response.close()
            raise TooLarge(errand.asked, f"more than {errand.cap} bytes came")
        if size > INLINE:
            await errand.room.take()
        pieces.append(piece)
    return b"".join(pieces)
