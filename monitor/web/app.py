"""The board's server: opened on a store, bound to this machine unless the user says otherwise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from monitor.daemon import Site
from monitor.errors import ConfigError
from monitor.jobs.newsroom import Newsroom
from monitor.settings import Settings
from monitor.store import Store
from monitor.web.pages import Pages

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def board(settings: Settings) -> Site:
    """Return what opens the board that *settings* ask for."""

    @asynccontextmanager
    async def opened(store: Store, room: Newsroom) -> AsyncIterator[str]:
        app = web.Application()
        app.add_routes(Pages(store, room).routes())
        app.on_response_prepare.append(_protect)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        host, port = settings.monitor.web.host, settings.monitor.web.port
        try:
            await web.TCPSite(runner, host, port).start()
            bound = runner.addresses[0]
            yield f"http://{bound[0]}:{bound[1]}"
        except OSError as wrong:
            raise ConfigError(
                (f"{host}:{port}: {wrong.strerror}; choose another port in monitor.toml [web]",)
            ) from wrong
        finally:
            await runner.cleanup()

    return opened


async def _protect(_: web.Request, answer: web.StreamResponse) -> None:
    """No script runs on these pages, whatever a title holds."""
    answer.headers.update(_HEADERS)
