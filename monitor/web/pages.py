"""The pages: today's stories, one story, and what machines ask."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape

from monitor.clock import KST
from monitor.jobs.newsroom import Newsroom
from monitor.model import Grade, Story, StoryId
from monitor.store import Store, StoryFilter

_STYLE = Path(__file__).parent / "static" / "board.css"
_DAYS = timedelta(days=3)
STAGES = {
    "talks": "⚪ 협의",
    "plan": "⚪ 계획",
    "mou": "🟡 MOU",
    "agreement": "🟡 협약",
    "contract": "🟢 계약",
    "build": "🔵 착공",
    "changed": "⚫ 변경",
    "cancelled": "⚫ 무산",
}


class Pages:
    """Reads the store for each request; nothing is kept between two."""

    def __init__(self, store: Store, room: Newsroom) -> None:
        self._store = store
        self._room = room
        self._templates = Environment(loader=PackageLoader("monitor.web"), autoescape=select_autoescape(default=True))
        self._templates.filters["kst"] = lambda at: at.astimezone(KST).strftime("%m-%d %H:%M")
        self._templates.globals["stages"] = STAGES

    def routes(self) -> list[web.RouteDef]:
        """Return what is served where."""
        return [
            web.get("/", self.today),
            web.get("/today.json", self.today_json),
            web.get("/stories/{story}", self.story),
            web.get("/static/board.css", self.style),
            web.get("/healthz", self.healthz),
        ]

    async def today(self, _: web.Request) -> web.Response:
        """Show the stories of the last days, newest first."""
        return self._page("today.html", stories=await self._recent(), outlets=len(self._room.outlets))

    async def today_json(self, _: web.Request) -> web.Response:
        """The same for machines."""
        return web.json_response([_row(story) for story in await self._recent()])

    async def story(self, request: web.Request) -> web.Response:
        """Show one story with its facts, their evidence and every telling."""
        found = await self._store.story(StoryId(request.match_info["story"]))
        if found is None:
            raise web.HTTPNotFound(text="no such story")
        return self._page("story.html", story=found)

    async def style(self, _: web.Request) -> web.FileResponse:
        """The one style sheet."""
        return web.FileResponse(_STYLE)

    async def healthz(self, _: web.Request) -> web.Response:
        """Answer while the loop turns."""
        return web.json_response({"ok": True})

    async def _recent(self) -> tuple[Story, ...]:
        asked = StoryFilter(since=self._room.now() - _DAYS, grade_min=Grade.ACTIVITY, limit=200)
        return (await self._store.stories(asked)).stories

    def _page(self, name: str, **values: object) -> web.Response:
        text = self._templates.get_template(name).render(now=self._room.now(), **values)
        return web.Response(text=text, content_type="text/html")


def _row(story: Story) -> dict[str, object]:
    deal = story.deals[0] if story.deals else None
    return {
        "id": story.id,
        "grade": int(story.grade),
        "title": story.title,
        "url": story.url,
        "outlet": story.lead.outlet_name,
        "tellings": len(story.tellings),
        "stage": deal.stage.value if deal else None,
        "amount": deal.amount.text if deal and deal.amount else None,
        "companies": list(deal.companies) if deal else [],
        "sido": list(deal.sido) if deal else [],
    }
