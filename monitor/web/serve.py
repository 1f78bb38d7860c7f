"""Which address answers what, and in which form: HTML for people, JSON, CSV and Atom for machines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from monitor.web import dealing, desk, figures, finding, letters, outlets, today
from monitor.web.asking import Ask
from monitor.web.house import House
from monitor.web.sheet import Sheet

Page = Callable[[House, Ask], Awaitable[Sheet]]
JSON, CSV, ATOM = "json", "csv", "atom"
LISTS = (JSON, CSV, ATOM)


@dataclass(frozen=True, slots=True)
class Address:
    """One page: its path, the path that its other forms hang on, and which they are."""

    path: str
    stem: str
    page: Page
    forms: tuple[str, ...] = (JSON,)


ADDRESSES = (
    Address("/", "/today", today.today, LISTS),
    Address("/deals", "/deals", dealing.board, LISTS),
    Address("/search", "/search", finding.search, LISTS),
    Address("/stories/{story:[^/.]+}", "/stories/{story:[^/.]+}", today.story, (JSON, ATOM)),
    Address("/regions", "/regions", figures.regions, LISTS),
    Address("/outlets", "/outlets", outlets.outlets, LISTS),
    Address("/outlets/{region:[^/.]+}/{outlet:[^/.]+}", "/outlets/{region:[^/.]+}/{outlet:[^/.]+}", outlets.outlet,
            (JSON, CSV)),
    Address("/feedback", "/feedback", desk.feedback, LISTS),
    Address("/digest/{day:[^/.]+}", "/digest/{day:[^/.]+}", desk.digest),
    Address("/settings", "/settings", desk.settings, (JSON, CSV)),
    Address("/radar", "/radar", dealing.radar, LISTS),
    Address("/completeness", "/completeness", figures.completeness, LISTS),
)  # fmt: skip
"""Every page a reader can open."""
DETOURS: tuple[tuple[str, Page], ...] = (("/digest", desk.digests), ("/deals/{deal:[^/.]+}", dealing.deal))
"""Addresses that lead to a page."""
SIGNED: tuple[tuple[str, Page, Page], ...] = (
    ("/f/{token}", letters.ask_feedback, letters.give_feedback),
    ("/u/{token}", letters.ask_leave, letters.leave),
)
"""Links in mails: what a GET shows and what a POST does."""
API: tuple[tuple[str, Page], ...] = (
    ("stories", finding.search),
    ("stories/{story:[^/.]+}", today.story),
    ("deals", dealing.board),
    ("radar", dealing.radar),
    ("regions", figures.regions),
    ("completeness", figures.completeness),
    ("outlets", outlets.outlets),
    ("outlets/{region:[^/.]+}/{outlet:[^/.]+}", outlets.outlet),
    ("verdicts", desk.feedback),
)
"""The read API below ``/api/v1/``: the pages' JSON in an envelope."""
Form = Callable[[Page, str], Callable[[web.Request], Awaitable[web.StreamResponse]]]


def routes(shown: Form) -> list[web.RouteDef]:
    """Return the routes of all pages; ``shown(page, form)`` makes the handler that answers in a form."""
    found = []
    for each in ADDRESSES:
        found.append(web.get(each.path, shown(each.page, "html")))
        found += [web.get(f"{each.stem}.{form}", shown(each.page, form)) for form in each.forms]
    found += [web.get(path, shown(page, "html")) for path, page in DETOURS]
    found += [web.get(f"/api/v1/{path}", shown(page, "api")) for path, page in API]
    for path, asked, done in SIGNED:
        found += [web.get(path, shown(asked, "html")), web.post(path, shown(done, "html"))]
    return found


def simple(
    work: Callable[[House], Awaitable[web.Response]], house: House
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler of work that needs nothing of the request."""

    async def answer(_: web.Request) -> web.Response:
        return await work(house)

    return answer
