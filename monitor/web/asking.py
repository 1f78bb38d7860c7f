"""Who asks, in which language, and for what: everything of a request that a page may see."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from monitor.clock import KST
from monitor.model import Grade, Stage
from monitor.notify import one_line
from monitor.store import StoryFilter

LANGUAGES = ("ko", "en")
MOST_WORDS = 100
MOST_LISTED = 200
USUAL_LISTED = 50
_EOK = 1e8
_MOST_AMOUNT = 1e7
"""In 억: a thousand trillion won, more than any deal."""
_PLACE = re.compile(r"[0-9]{1,6}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00 [A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a page."""

    now: datetime
    language: str
    origin: str  # scheme and host as the reader sees them
    path: str
    query: Mapping[str, str]
    match: Mapping[str, str]
    is_signed_in: bool = False
    can_sign_in: bool = False
    form_token: str = ""

    def word(self, name: str, most: int = MOST_WORDS) -> str:
        """Return a parameter as one clean line.

        Raises:
            HTTPBadRequest: it is too long.
        """
        value = one_line(self.query.get(name, ""))
        if len(value) > most:
            raise refused(name, f"at most {most} characters")
        return value

    def number(self, name: str, *, usual: float, least: float, most: float) -> float:
        """Return a number between *least* and *most*.

        Raises:
            HTTPBadRequest: it is none, or outside.
        """
        text = self.word(name)
        if not text:
            return usual
        try:
            value = float(text)
        except ValueError:
            raise refused(name, "a number") from None
        if not math.isfinite(value) or not least <= value <= most:
            raise refused(name, f"from {least:g} to {most:g}")
        return value

    def whole(self, name: str, *, usual: int, least: int, most: int) -> int:
        """Return a whole number; errors as ``number``."""
        if not re.fullmatch(r"[0-9]{0,9}", self.query.get(name, ""), re.ASCII):
            raise refused(name, "a whole number")
        return int(self.number(name, usual=usual, least=least, most=most))

    def day(self, name: str) -> dt.date | None:
        """Return a Korean day written ``2026-03-02``; None without one.

        Raises:
            HTTPBadRequest: it is no day.
        """
        text = self.word(name)
        if not text:
            return None
        return day_of(text, name)

    def stage(self) -> Stage | None:
        """Return the asked stage; None for all.

        Raises:
            HTTPBadRequest: there is no such stage.
        """
        text = self.word("stage")
        if text and text not in set(Stage):
            raise refused("stage", ", ".join(Stage))
        return Stage(text) if text else None

    def is_set(self, name: str) -> bool:
        """Return whether a box is ticked.

        Raises:
            HTTPBadRequest: it is neither yes nor no.
        """
        text = self.word(name)
        if text not in {"", "0", "1", "true", "false", "on"}:
            raise refused(name, "1 or 0")
        return text in {"1", "true", "on"}

    def stories(self, *, grade: Grade = Grade.ACTIVITY, days: int = 0) -> StoryFilter:
        """Return the filter that the form of a list asks for; *days* back when it names no time."""
        start, end = self.day("from"), self.day("to")
        since = korean_midnight(start) if start else self.now - timedelta(days=days) if days else None
        return StoryFilter(
            since=since,
            until=korean_midnight(end + timedelta(days=1)) if end else None,
            grade_min=Grade(self.whole("grade", usual=int(grade), least=0, most=3)),
            region=self.word("region"),
            stage=self.stage(),
            min_amount_krw=self.number("amount", usual=0, least=0, most=_MOST_AMOUNT) * _EOK,
            firm=self.word("firm"),
            outlet=self.word("outlet"),
            text=self.word("q"),
            official=self.is_set("official"),
            limit=self.whole("limit", usual=USUAL_LISTED, least=1, most=MOST_LISTED),
            cursor=self.cursor(),
        )

    def cursor(self) -> str:
        """Return the place to go on from.

        Raises:
            HTTPBadRequest: it was not handed out by a page.
        """
        text = self.query.get("cursor", "")
        if text and (not _PLACE.fullmatch(text) or bool(self.word("q")) != text.isdecimal() or not _is_time(text)):
            raise refused("cursor", "what the page before gave")
        return text


def _is_time(text: str) -> bool:
    try:
        return text.isdecimal() or bool(datetime.fromisoformat(text.partition(" ")[0]))
    except ValueError:
        return False


def day_of(text: str, name: str) -> dt.date:
    """Return a day written ``2026-03-02``.

    Raises:
        HTTPBadRequest: it is no day of this century.
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise refused(name, "a day like 2026-03-02") from None
    if not 2000 <= day.year < 2100:  # noqa: PLR2004 - this century
        raise refused(name, "a day of this century")
    return day


def korean_midnight(day: dt.date) -> datetime:
    """Return the instant at which a day begins in Korea."""
    return datetime.combine(day, dt.time(), KST).astimezone(dt.UTC)


def refused(name: str, wanted: str) -> web.HTTPBadRequest:
    """Return the refusal of a parameter, in one line."""
    return web.HTTPBadRequest(text=f"{name}: {wanted}")
