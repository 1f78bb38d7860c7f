"""A sheet as HTML, JSON, CSV or Atom."""

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.clock import KST
from monitor.model import Grade, Money, Stage
from monitor.notify import GLYPHS, names_other_host, one_line, words_of
from monitor.web.asking import Ask
from monitor.web.finding import marked
from monitor.web.house import House
from monitor.web.lines import amount_of, firms_of, kst, place_of, safe_link
from monitor.web.sheet import Sheet, as_csv
from monitor.web.speech import spoken

SCHEMA = 1
"""Raised when a key of the JSON is renamed or removed; a new key does not count."""
_NAV = (
    ("/", "오늘"),
    ("/deals", "딜 보드"),
    ("/search", "검색"),
    ("/regions", "지역"),
    ("/radar", "후속 확인"),
    ("/outlets", "매체"),
    ("/digest", "요약"),
    ("/feedback", "피드백"),
)


FILTERS: dict[str, Callable[..., str]] = {
    "marked": marked,
    "kst": kst,
    "clock": lambda at: f"{at.astimezone(KST):%H:%M}",
    "iso": lambda at: str(at.isoformat()),
    "clean": one_line,
    "safe": safe_link,
}


class Painter:
    """Writes sheets."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._templates = Environment(
            loader=PackageLoader("monitor.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= FILTERS
        self._templates.globals |= {
            "nav": _NAV,
            "stages": tuple(Stage),
            "glyphs": GLYPHS,
            "regions": house.regions,
            "names_other_host": names_other_host,
            "grades": tuple(Grade),
        }

    def html(self, sheet: Sheet, ask: Ask, *, status: int = 200) -> web.Response:
        """Return the page for people."""
        page = self._templates.get_template(sheet.template)
        text = page.render(sheet=sheet, ask=ask, **_tools(ask), **sheet.values)
        return web.Response(text=text, content_type="text/html", status=status)

    def atom(self, sheet: Sheet, ask: Ask) -> web.Response:
        """Return what of the sheet is news as an Atom feed."""
        entries = sheet.entries() if sheet.entries else ()
        updated = max((entry.at for entry in entries), default=ask.now)
        page = self._templates.get_template("feed.xml")
        text = page.render(sheet=sheet, ask=ask, **_tools(ask), entries=entries, updated=updated)
        return web.Response(text=text, content_type="application/atom+xml")

    @staticmethod
    def json(sheet: Sheet) -> web.Response:
        """Return the sheet for machines."""
        return web.json_response({"schema_version": SCHEMA, **sheet.told()}, dumps=_dumps)

    @staticmethod
    def csv(sheet: Sheet) -> web.Response:
        """Return the sheet's table for a spreadsheet."""
        text = as_csv(sheet.table()) if sheet.table else ""
        name = sheet.template.removesuffix(".html")
        headers = {"Content-Disposition": f'attachment; filename="bongsu-{name}.csv"'}
        return web.Response(body=text.encode(), content_type="text/csv", charset="utf-8", headers=headers)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tools(ask: Ask) -> dict[str, object]:
    """Return what templates say and reckon with, in the reader's language."""
    say = words_of(ask.language)

    def t(korean: str, **parts: object) -> str:
        text = spoken(korean, ask.language)
        return text.format(**parts) if parts else text

    def address(**changes: object) -> str:
        """Return this page's address with some parameters changed; "" takes one away."""
        asked = {**ask.query, **{name: str(value) for name, value in changes.items()}}
        asked = {name: value for name, value in asked.items() if value}
        return f"{ask.path}?{urlencode(asked)}" if asked else ask.path

    def form_of(kind: str) -> str:
        """Return the address of this page in another form."""
        stem = "/today" if ask.path == "/" else ask.path
        asked = {name: value for name, value in ask.query.items() if value and name not in {"cursor", "lang"}}
        return f"{stem}.{kind}?{urlencode(asked)}" if asked else f"{stem}.{kind}"

    return {
        "t": t,
        "say": say,
        "address": address,
        "form_of": form_of,
        "ago": lambda at: _ago(ask.now - at, t),
        "won": lambda krw: one_line(say.money(Money(round(krw), "KRW", ""))) if krw else "–",
        "amount": lambda money: amount_of(money, say),
        "firms": firms_of,
        "place": lambda deal: place_of(deal, say),
        "spot": lambda sido: say.spot(sido) if sido else "–",
    }


def _ago(passed: timedelta, t: Callable[..., str]) -> str:
    """Return how long ago something was, in one word."""
    minutes = int(passed.total_seconds() // 60)
    for size, word in ((1440, "{n}일 전"), (60, "{n}시간 전"), (1, "{n}분 전")):
        if minutes >= size:
            return t(word, n=minutes // size)
    return t("방금")
