"""The month's look at promises, a part of the first digest of a month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import KST
from monitor.model import Money, Stage, StoryId
from monitor.notify.clean import clean, cut
from monitor.notify.digest_words import DigestWords
from monitor.notify.words import Words

SHOWN_LAPSED = 10


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A promise that has been silent for a year; ``krw`` is whole won, ``None`` where none was printed."""

    story: StoryId
    firms: str
    places: tuple[str, ...]
    title: str
    stage: Stage
    krw: float | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Lookback:
    """A month's look at promises: the silent ones, and a year's promised against its confirmed amounts."""

    lapsed: tuple[Lapsed, ...]
    promised: int
    confirmed: int
    promised_krw: float
    confirmed_krw: float


@dataclass(frozen=True, slots=True)
class RadarPart:
    """The month's look at promises, in words: a title, the sums, (line, address) of each silent promise."""

    title: str
    sums: str
    lines: tuple[tuple[str, str], ...]


def radar_part(seen: Lookback, detail: Callable[[StoryId], str] | None, say: Words, fixed: DigestWords) -> RadarPart:
    """Return the part in the words of the letter's language, the largest sums first, at most ten lines."""
    shown = sorted(seen.lapsed, key=lambda one: -(one.krw or 0.0))[:SHOWN_LAPSED]
    sums = fixed.promised.format(
        promised=seen.promised, amount=_won(seen.promised_krw, say),
        confirmed=seen.confirmed, kept=_won(seen.confirmed_krw, say),
    )  # fmt: skip
    link = detail or (lambda _: "")
    lines = tuple((_lapsed(one, say, fixed), link(one.story)) for one in shown)
    return RadarPart(fixed.lapsed.format(n=len(seen.lapsed)), sums, lines)


def _lapsed(one: Lapsed, say: Words, fixed: DigestWords) -> str:
    place = "·".join(say.spot(clean(place)) for place in one.places[:2])
    last = fixed.silent.format(day=one.last_at.astimezone(KST).date().isoformat())
    name = cut(clean(one.firms) or clean(one.title), 60)
    pieces = (say.stage(one.stage), place, name, _won(one.krw, say) if one.krw else "", last)
    return " · ".join(piece for piece in pieces if piece)


def _won(krw: float, say: Words) -> str:
    return say.money(Money(krw, "KRW", "")) if krw else say.undisclosed
