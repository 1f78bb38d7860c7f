"""Many hosts in front of the one farm, each on its own loopback address, that note how politely they were asked."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web


@dataclass
class Face:
    """One host: how many requests it had at once, and how far apart they came."""

    farm: str
    delay: float
    url: str = ""
    open_now: int = 0
    overlaps: int = 0
    starts: list[float] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.open_now += 1
        self.overlaps += self.open_now > 1
        self.starts.append(time.monotonic())
        try:
            await asyncio.sleep(self.delay)
            session: aiohttp.ClientSession = request.app["session"]
            async with session.get(self.farm + request.path_qs) as told:
                body = (await told.read()).replace(self.farm.encode(), self.url.encode())
                return web.Response(status=told.status, body=body, content_type=told.content_type, charset="utf-8")
        finally:
            self.open_now -= 1

    def gaps(self) -> list[float]:
        return [later - sooner for sooner, later in zip(self.starts, self.starts[1:], strict=False)]


@contextmanager
def faces(farm: str, count: int, delay: float = 0.0) -> Iterator[list[Face]]:
    """Serve *count* hosts until the block ends; each answers after *delay* seconds."""
    made = [Face(farm, delay) for _ in range(count)]
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with aiohttp.ClientSession() as session:
            runners = []
            for number, face in enumerate(made):
                app = web.Application()
                app["session"] = session
                app.router.add_get("/{path:.*}", face.answer)
                runner = web.AppRunner(app, access_log=None)
                await runner.setup()
                await web.TCPSite(runner, address := f"127.0.0.{number + 2}", 0).start()
                face.url = f"http://{address}:{runner.addresses[0][1]}"
                runners.append(runner)
            ready.set()
            await stop.wait()
            for runner in runners:
                await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(20)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
