"""What stands before every page: headers, the right host, no writing without a token or from another site.

Everything is refused unless a rule lets it through, so a route that is added later is closed until somebody opens it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from monitor.clock import Now
from monitor.web.session import COOKIE, MOST_WRITES, Sessions, Turnstile

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send our own forms with "Origin: null", like a stranger's.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
OPEN_WRITES = frozenset({"/login", "/f/{token}", "/u/{token}", "/slack/events"})
"""Routes that check for themselves who asks: the token, a signed link, Slack's signature."""
OPEN_READS = frozenset({"/login", "/f/{token}", "/u/{token}", "/healthz", "/readyz", "/static/{name}"})
"""Routes that are read without a login even where reading needs one."""
READS = frozenset({"GET", "HEAD"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FORM_TOKEN = web.RequestKey("form_token", str)


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules of one board."""

    sessions: Sessions
    writes: Turnstile
    now: Now
    hosts: frozenset[str]  # names we answer to; empty = any
    public_url: str
    is_reading_open: bool

    def origin(self, request: web.Request) -> str:
        """Return scheme and host as the reader sees them."""
        return self.public_url.rstrip("/") or f"{request.scheme}://{request.host}"

    def is_signed_in(self, request: web.Request) -> bool:
        """Return whether the request carries our cookie, or the token itself (a script)."""
        return self.has_bearer(request) or self.sessions.is_valid(request.cookies.get(COOKIE, ""), self.now())

    def has_bearer(self, request: web.Request) -> bool:
        """Return whether the token is in the Authorization header, where no other site can put it."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.sessions.knows(token)

    async def admit(self, request: web.Request) -> None:
        """Let the request through, or raise the refusal."""
        if self.hosts and (urlsplit(f"//{request.host}").hostname or "") not in self.hosts:
            raise web.HTTPMisdirectedRequest(text="this board does not answer to that host name")
        route = _route(request)
        if request.method in READS:
            if not self.is_reading_open and route not in OPEN_READS and not self.is_signed_in(request):
                raise web.HTTPUnauthorized(text="sign in: /login")
            return
        self._refuse_strangers(request)
        if route in OPEN_WRITES:
            return
        if not self.is_signed_in(request):
            raise web.HTTPUnauthorized(text="sign in: /login")
        if not self.has_bearer(request):
            await self._refuse_foreign_forms(request)
        self._count(request)

    def _refuse_strangers(self, request: web.Request) -> None:
        """Refuse what a browser sends for another site."""
        origin = request.headers.get("Origin")
        own = {self.origin(request), f"{request.scheme}://{request.host}"}
        if origin is not None and origin not in own:
            raise web.HTTPForbidden(text="this came from another site")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden(text="this came from another site")

    async def _refuse_foreign_forms(self, request: web.Request) -> None:
        form = await request.post()
        token = form.get("form_token", "")
        cookie = request.cookies.get(COOKIE, "")
        if not isinstance(token, str) or not self.sessions.is_own_form(cookie, token):
            raise web.HTTPForbidden(text="the form is not from this session: reload the page")

    def _count(self, request: web.Request) -> None:
        address, now = request.remote or "", self.now()
        if not self.writes.is_open(address, now):
            raise web.HTTPTooManyRequests(text="too many corrections in a minute", headers={"Retry-After": "60"})
        self.writes.passes(address, now)


def new_turnstile() -> Turnstile:
    """Return the limit of writes."""
    return Turnstile(MOST_WRITES)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


async def protect(_: web.Request, answer: web.StreamResponse) -> None:
    """Put the headers on every answer; no script runs on these pages, whatever a title holds."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
