"""The board's server: opened on a store, bound to this machine unless the user says otherwise."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from monitor.daemon import Site, signing_key
from monitor.errors import ConfigError, StoreError
from monitor.jobs.newsroom import Newsroom
from monitor.notify import Gatekeeper, Pen
from monitor.settings import Settings
from monitor.store import Store
from monitor.web.acts import ACTS, Act, Form
from monitor.web.asking import LANGUAGES, Ask
from monitor.web.calendar import calendar
from monitor.web.desk import mail
from monitor.web.guard import LOOPBACK, Guard, Handler, new_turnstile, protect
from monitor.web.house import House, regions_of
from monitor.web.letters import slack
from monitor.web.machines import healthz, metrics, readyz
from monitor.web.paint import Painter
from monitor.web.serve import Page, routes
from monitor.web.session import COOKIE, LASTS, MOST_GUESSES, Sessions, Turnstile
from monitor.web.sheet import Sheet

STATIC = Path(__file__).parent / "static"
LONGEST_FORM = 64 * 1024
_LANGUAGE_COOKIE = "bongsu_language"
_YEAR = 365 * 86_400


def board(settings: Settings) -> Site:
    """Return what opens the board that *settings* ask for."""

    @asynccontextmanager
    async def opened(store: Store, room: Newsroom) -> AsyncIterator[str]:
        app = make_app(settings, store, room, await signing_key(store))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        host, port = settings.monitor.web.host, settings.monitor.web.port
        try:
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as wrong:
                reason = f"{host}:{port}: {wrong.strerror}; choose another port in monitor.toml [web]"
                raise ConfigError((reason,)) from wrong
            bound = runner.addresses[0]
            yield f"http://{bound[0]}:{bound[1]}"
        finally:
            await runner.cleanup()

    return opened


def make_app(settings: Settings, store: Store, room: Newsroom, key: str) -> web.Application:
    """Return the board on an open store.

    Raises:
        ConfigError: a secret is missing or open to others.
    """
    chosen = settings.monitor.web
    token = settings.secret(chosen, "token")
    sessions = Sessions(key, token.reveal() if token else "")
    is_local = chosen.host in LOOPBACK
    guard = Guard(
        sessions=sessions,
        writes=new_turnstile(),
        now=room.now,
        hosts=LOOPBACK | {_host(chosen.public_url)} - {""} if is_local else frozenset(),
        public_url=chosen.public_url,
        is_reading_open=chosen.reading == "open" or (chosen.reading == "auto" and is_local),
    )
    house = House(settings, store, room, Pen(key), regions_of(settings.regions))
    return _Board(house, guard, _keepers(settings)).app()


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition(":")[0].lower()


def _keepers(settings: Settings) -> tuple[Gatekeeper, ...]:
    """Return who checks Slack's signature: one for each receiver with a signing secret."""
    slacks = (table for table in settings.receivers.values() if table.kind == "slack")
    found = (settings.secret(table, "signing") for table in slacks)
    return tuple(Gatekeeper(secret.reveal()) for secret in found if secret)


class _Board:
    """Handlers: each asks a page for its sheet and paints it."""

    def __init__(self, house: House, guard: Guard, keepers: tuple[Gatekeeper, ...]) -> None:
        self._house = house
        self._guard = guard
        self._keepers = keepers
        self._paint = Painter(house)
        self._guesses = Turnstile(MOST_GUESSES)

    def app(self) -> web.Application:
        """Return the application with every route."""
        app = web.Application(middlewares=[self._answer], client_max_size=LONGEST_FORM)
        app.add_routes(routes(self._shown))
        app.add_routes([web.post(path, self._acted(act)) for path, act in ACTS.items()])
        app.add_routes(
            [
                web.get("/login", self._login_page),
                web.post("/login", self._login),
                web.post("/logout", self._logout),
                web.get("/digest/{day:[^/.]+}/mail", self._mail),
                web.get("/calendar.ics", self._calendar),
                web.get("/static/{name}", self._static),
                web.get("/api/v1/openapi.json", self._openapi),
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
            ]
        )
        if self._keepers:
            app.router.add_post("/slack/events", self._slack)
        app.on_response_prepare.append(protect)
        return app

    # ---- around every request

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            await self._guard.admit(request)
            answer = await handler(request)
        except web.HTTPException as stop:
            if stop.status < web.HTTPBadRequest.status_code:
                raise
            answer = self._refusal(request, stop.status, stop.text or stop.reason, stop.headers.get("Retry-After", ""))
        except StoreError as wrong:
            answer = self._refusal(request, 503, str(wrong), "5")
        self._remember_language(request, answer)
        return answer

    def _refusal(self, request: web.Request, status: int, reason: str, retry: str) -> web.Response:
        if request.path.startswith("/api/") or request.path.endswith((".json", ".csv", ".atom")):
            answer: web.Response = web.json_response({"error": {"status": status, "reason": reason}}, status=status)
        else:
            sheet = Sheet("wrong.html", str(status), told=dict, values={"status": status, "reason": reason})
            answer = self._paint.html(sheet, self._ask(request), status=status)
        if retry:
            answer.headers["Retry-After"] = retry
        return answer

    def _remember_language(self, request: web.Request, answer: web.StreamResponse) -> None:
        language = request.query.get("lang", "")
        if language in LANGUAGES and not answer.prepared:
            answer.set_cookie(_LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="Strict")

    def _ask(self, request: web.Request) -> Ask:
        chosen = (
            request.query.get("lang"),
            request.cookies.get(_LANGUAGE_COOKIE),
            self._house.settings.monitor.language,
        )
        sessions = self._guard.sessions
        signed_in = self._guard.is_signed_in(request)
        return Ask(
            now=self._house.room.now(),
            language=next((each for each in chosen if each in LANGUAGES), LANGUAGES[0]),
            origin=self._guard.origin(request),
            path=request.path,
            query=request.query,
            match=request.match_info,
            is_signed_in=signed_in,
            can_sign_in=sessions.can_sign_in,
            form_token=sessions.form_token(request.cookies.get(COOKIE, "")) if signed_in else "",
        )

    # ---- pages

    def _shown(self, page: Page, form: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def show(request: web.Request) -> web.StreamResponse:
            ask = self._ask(request)
            sheet = await page(self._house, ask)
            if form == "html":
                return self._paint.html(sheet, ask)
            if form == "atom":
                return self._paint.atom(sheet, ask)
            return self._paint.csv(sheet) if form == "csv" else self._paint.json(sheet)

        return show

    def _acted(self, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def do(request: web.Request) -> web.StreamResponse:
            posted = await request.post()
            fields = {name: value for name, value in posted.items() if isinstance(value, str)}
            goal = await act(self._house, Form(fields, dict(request.match_info), self._house.room.now()))
            raise web.HTTPSeeOther(goal)

        return do

    async def _mail(self, request: web.Request) -> web.StreamResponse:
        return await mail(self._house, self._ask(request))

    async def _calendar(self, request: web.Request) -> web.StreamResponse:
        text = await calendar(self._house, self._ask(request))
        return web.Response(text=text, content_type="text/calendar", charset="utf-8")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = STATIC / request.match_info["name"]
        if path.parent != STATIC or not path.is_file():
            raise web.HTTPNotFound(text="no such file")
        return web.FileResponse(path, headers={"Cache-Control": "max-age=3600"})

    async def _openapi(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "openapi.json")

    # ---- machines

    async def _healthz(self, _: web.Request) -> web.StreamResponse:
        return healthz()

    async def _readyz(self, _: web.Request) -> web.StreamResponse:
        return await readyz(self._house)

    async def _metrics(self, _: web.Request) -> web.StreamResponse:
        return await metrics(self._house)

    async def _slack(self, request: web.Request) -> web.StreamResponse:
        return await slack(self._house, self._keepers, request)

    # ---- sessions

    async def _login_page(self, request: web.Request) -> web.StreamResponse:
        ask = self._ask(request)
        goal = own_path(request.query.get("next", "/"))
        return self._paint.html(Sheet("login.html", "로그인", told=dict, values={"goal": goal, "is_wrong": False}), ask)

    async def _login(self, request: web.Request) -> web.StreamResponse:
        """Open a session for who knows the token; five wrong ones a minute from one address are enough."""
        address, now = request.remote or "", self._house.room.now()
        if not self._guesses.is_open(address, now):
            raise web.HTTPTooManyRequests(text="too many wrong tokens in a minute", headers={"Retry-After": "60"})
        form = await request.post()
        token, goal = form.get("token", ""), own_path(str(form.get("next", "/")))
        if not isinstance(token, str) or not self._guard.sessions.knows(token):
            self._guesses.passes(address, now)
            sheet = Sheet("login.html", "로그인", told=dict, values={"goal": goal, "is_wrong": True})
            return self._paint.html(sheet, self._ask(request), status=401)
        answer = web.HTTPSeeOther(goal)
        is_secure = self._guard.origin(request).startswith("https://")
        answer.set_cookie(
            COOKIE,
            self._guard.sessions.begin(now),
            max_age=int(LASTS.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=is_secure,
        )
        raise answer

    async def _logout(self, _: web.Request) -> web.StreamResponse:
        answer = web.HTTPSeeOther("/")
        answer.del_cookie(COOKIE)
        raise answer


def own_path(path: str) -> str:
    r"""Return a path of this board; "/" for what leads anywhere else.

    Example:
        >>> [own_path(path) for path in ("/deals?stage=mou", "//evil.example", "https://evil.example", "/\\evil")]
        ['/deals?stage=mou', '/', '/', '/']
    """
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_ours else "/"
