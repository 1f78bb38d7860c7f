"""A Chromium without a network of its own: all that its page asks for is asked by us. Needs the extra ``js``.

What Playwright does not intercept (WebSockets, WebRTC, prefetching, the browser's own errands) meets a proxy that is
not there.
"""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Playwright, Route, async_playwright
from playwright.async_api import Page as Tab
from playwright.async_api import TimeoutError as NotAtRest

from monitor.errors import FetchError, TooHostile, TooLarge
from monitor.fetch.render import Allowance, Ask
from monitor.model import Page

_ARGUMENTS = (
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",  # this machine is asked through the proxy, too
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name is looked up, not even the proxy's
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # without it STUN reached any address
    "--block-new-web-contents",  # pop-ups
    "--blink-settings=imagesEnabled=false",
    "--js-flags=--max-old-space-size=256",
    "--disable-gpu",
)
_ENVIRONMENT: dict[str, str | float | bool] = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "ko_KR.UTF-8"}
"""All that the browser knows of ours: no secret that came in through the environment."""
_ASKED_FOR = frozenset({"script", "xhr", "fetch"})
"""Parts that bring words; pictures, fonts, media, frames and beacons are refused."""
_KEPT = 100
_SMALL = 512 * 1024
"""Scripts that are kept for the next page of the same site, and the largest in bytes: 50 MB at most."""
_LOOK_S = 0.2
"""Seconds between two looks at the memory; a script was seen to fill 0.5 GB in that time."""
_TEXT = "(document.documentElement || {outerHTML: ''}).outerHTML.slice(0, %d)"


class Chromium:
    """One running browser; ``pages`` counts what it has read."""

    def __init__(self, playwright: Playwright, browser: Browser, session: CDPSession, group: int) -> None:
        self.pages = 0
        self._playwright = playwright
        self._browser = browser
        self._session = session
        self._group = group  # of its own: Playwright starts it so
        self._scripts: dict[tuple[str, str], Page] = {}

    @classmethod
    async def start(cls, path: str) -> Self:
        """Start the Chromium at *path*, in its sandbox unless we are root, for whom Chromium has none.

        Raises:
            OSError: it does not start; in one line, why.
        """
        playwright = await async_playwright().start()
        try:
            browser = await playwright.chromium.launch(
                executable_path=path,
                args=_ARGUMENTS,
                env=_ENVIRONMENT,
                chromium_sandbox=os.geteuid() != 0,
                handle_sigint=False,  # Ctrl-C is the daemon's to hear
            )
            session = await browser.new_browser_cdp_session()
            pid = next(pid for kind, pid in await _processes(session) if kind == "browser")
        except BaseException as wrong:
            await playwright.stop()
            if isinstance(wrong, Error):
                raise OSError(wrong.message.strip().partition("\n")[0]) from wrong
            raise
        return cls(playwright, browser, session, os.getpgid(pid))

    async def read(self, page: Page, ask: Ask, allowance: Allowance) -> str:
        """Return the document that the scripts of *page* leave, from a context that nothing else ever sees.

        After any error this browser is dead and has to be closed.

        Raises:
            TooHostile, TooLarge: see ``Renderer.render``.
        """
        self.pages += 1
        watch = asyncio.create_task(self._watch(allowance.memory))
        try:
            async with asyncio.timeout(allowance.deadline.total_seconds()):
                return await self._read(page, ask, allowance)
        except (TimeoutError, Error) as stopped:
            reason = "its scripts were stopped at their limit of time or memory"
            raise TooHostile(page.asked, reason) from stopped
        finally:
            watch.cancel()

    async def close(self) -> None:
        """Kill all processes of the browser, whatever they are doing: a busy page does not answer."""
        self._kill()
        await self._playwright.stop()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGKILL)

    async def _watch(self, most: int) -> None:
        """Kill the browser when its processes hold more than *most* bytes."""
        with contextlib.suppress(Error):  # it is dead
            while True:
                if sum([_resident(pid) for _, pid in await _processes(self._session)]) > most:
                    self._kill()
                    return
                await asyncio.sleep(_LOOK_S)

    async def _read(self, page: Page, ask: Ask, allowance: Allowance) -> str:
        context = await self._browser.new_context(
            service_workers="block",
            accept_downloads=False,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
        )
        await context.route("**/*", _Parts(page, ask, allowance, self._scripts).answer)
        tab = await context.new_page()
        await tab.goto(page.url, wait_until="commit", timeout=0)  # one that goes elsewhere may never be "loaded"
        with contextlib.suppress(NotAtRest):
            await tab.wait_for_load_state("networkidle", timeout=allowance.deadline.total_seconds() * 500)
        text = await _text(context, tab, allowance.size)
        await context.unroute_all(behavior="ignoreErrors")
        await context.close()
        if len(text) > allowance.size:
            raise TooLarge(page.asked, f"its scripts build more than {allowance.size} characters")
        return text


class _Parts:
    """Answers what one page asks for, one request at a time, until its allowance is used up."""

    def __init__(self, page: Page, ask: Ask, allowance: Allowance, scripts: dict[tuple[str, str], Page]) -> None:
        self._page = page
        self._ask = ask
        self._parts = allowance.parts
        self._size = allowance.size
        self._scripts = scripts
        self._site = "//".join(urlsplit(page.asked)[:2])
        self._is_open = False
        self._turn = asyncio.Lock()

    async def answer(self, route: Route) -> None:
        """Answer or refuse one request of the browser."""
        request = route.request
        with contextlib.suppress(Error):  # the page is gone
            if request.is_navigation_request():
                await self._navigate(route)
            elif request.resource_type == "stylesheet":
                await route.fulfill(content_type="text/css", body="")  # scripts wait for it, nobody sees it
            elif request.method == "GET" and request.resource_type in _ASKED_FOR:
                await self._answer(route)
            else:
                await route.abort()

    async def _navigate(self, route: Route) -> None:
        """Give the page once; frames stay empty, and who would go elsewhere stays where it is."""
        if self._is_open:
            await route.abort("aborted")
            return
        self._is_open = True
        await route.fulfill(content_type="text/html; charset=utf-8", body=self._page.text)

    async def _answer(self, route: Route) -> None:
        request = route.request
        is_script = request.resource_type == "script"
        try:
            part = await self._asked(request.url, keeps=is_script)
        except FetchError:
            await route.abort()
            return
        kind = "text/javascript" if is_script else part.content_type.partition(";")[0] or "text/plain"
        await route.fulfill(content_type=f"{kind}; charset=utf-8", body=part.text)

    async def _asked(self, url: str, *, keeps: bool) -> Page:
        async with self._turn:
            known = self._scripts.get((self._site, url)) if keeps else None
            if known:
                return known
            if self._parts <= 0 or self._size <= 0:
                raise TooLarge(url, "the page asks for too much")
            self._parts -= 1
            part = await self._ask(url)
            self._size -= part.size
        if keeps and part.size <= _SMALL and len(self._scripts) < _KEPT:
            self._scripts[self._site, url] = part
        return part


async def _processes(session: CDPSession) -> list[tuple[str, int]]:
    told = await session.send("SystemInfo.getProcessInfo")
    return [(process["type"], process["id"]) for process in told["processInfo"]]


def _resident(pid: int) -> int:
    """Return the resident bytes of a process; 0 when it is gone, or where there is no /proc."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


async def _text(context: BrowserContext, tab: Tab, most: int) -> str:
    """Return the document's HTML, cut behind *most* characters, from a world that its scripts cannot reach."""
    session = await context.new_cdp_session(tab)
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    asked = {"expression": _TEXT % (most + 1), "contextId": world["executionContextId"], "returnByValue": True}
    return str((await session.send("Runtime.evaluate", asked))["result"]["value"])
