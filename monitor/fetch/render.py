"""Pages that scripts build: the fetcher's page goes through a browser and comes back as the browser holds it.

Needs the extra ``js`` and a Chromium of the system; nothing is downloaded. One browser, one page at a time: it is
started for the first page, and ended when nobody needs it for a minute, or when a page had to be stopped.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from monitor.errors import Unreachable
from monitor.model import Page

if TYPE_CHECKING:
    from monitor.fetch.browser import Chromium

Ask = Callable[[str], Awaitable[Page]]
"""Asks for one part of a page, under every rule of the fetcher."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_IDLE_S = 60
"""Starting costs 2 s of CPU, idling 0.3 GB: one visit's pages share a browser, two visits do not."""
_QUEUE_S = 60
_PAGES = 100
"""Pages after which a browser is replaced; it may leak, and its kept scripts grow old."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one page may cost.

    Attributes:
        deadline: from handing the page over to its text. A page that still asks for more at half of it is read as it
            stands.
        size: bytes of all parts together, and characters of the text that comes out.
        parts: requests; of 30 saved pages of Korean papers one in ten names more than 47 scripts.
        memory: resident bytes of the browser's processes, shared pages counted in each: 0.3 GB when it idles, 0.8 with
            an empty page.
    """

    deadline: timedelta
    size: int
    parts: int = 60
    memory: int = 1536 * 1024 * 1024


def find_browser(chosen: str) -> str | None:
    """Return the path of the Chromium to use: *chosen*, or the first usual one on PATH; ``None`` when there is none."""
    return next((path for name in ((chosen,) if chosen else _NAMES) if (path := shutil.which(name))), None)


def no_rendering(chosen: str) -> str:
    """Return why pages cannot be built by scripts here, with the remedy; ``""`` when they can."""
    if find_spec("playwright") is None:
        return 'render needs the extra: pip install "bongsu[js]"'
    if find_browser(chosen) is None:
        return f"render needs a Chromium: {chosen or 'none'} was found; install one, or name it in [fetch] browser"
    return ""


class Renderer:
    """Lends out the one browser. Close it to end it."""

    def __init__(self, browser: str, allowance: Allowance) -> None:
        self._path = browser
        self._allowance = allowance
        self._turn = asyncio.Lock()
        self._browser: Chromium | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def render(self, page: Page, ask: Ask) -> Page:
        """Return *page* as its scripts leave it; its address stays, its validators are gone.

        Raises:
            TooHostile: stopped at the limit of time or memory.
            TooLarge: the text is larger than the allowance.
            Unreachable: there is no browser, it does not start, or it was busy for a minute.
        """
        if missing := no_rendering(self._path):
            raise Unreachable(page.asked, missing)
        try:
            async with asyncio.timeout(_QUEUE_S):
                await self._turn.acquire()
        except TimeoutError as late:
            raise Unreachable(page.asked, f"the browser was busy for {_QUEUE_S} s") from late
        try:
            text = await self._read(page, ask)
        finally:
            self._turn.release()
        body = text.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        return replace(page, text=text, digest=digest, size=len(body), etag="", last_modified="")

    async def aclose(self) -> None:
        """End the browser."""
        if self._leaving:
            self._leaving.cancel()
        await self._close()

    async def _read(self, page: Page, ask: Ask) -> str:
        if self._leaving:
            self._leaving.cancel()
        try:
            browser = self._browser = self._browser or await self._start(page.asked)
            text = await browser.read(page, ask, self._allowance)
        except BaseException:
            await self._close()
            raise
        if browser.pages >= _PAGES:
            await self._close()
        self._leaving = asyncio.create_task(self._leave())
        return text

    async def _start(self, asked: str) -> "Chromium":
        from monitor.fetch.browser import Chromium  # noqa: PLC0415 - the extra; 0.3 s

        try:
            return await Chromium.start(find_browser(self._path) or "")
        except OSError as wrong:
            raise Unreachable(asked, f"the browser does not start: {wrong}") from wrong

    async def _leave(self) -> None:
        await asyncio.sleep(_IDLE_S)
        async with self._turn:
            await self._close()

    async def _close(self) -> None:
        browser, self._browser = self._browser, None
        if browser:
            await browser.close()
