"""An article laid out for reading: sentences, and what each of them names."""

import datetime as dt
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from monitor.deals.headline import headlined, listed
from monitor.model import Article, Money, Span
from monitor.text import (
    KST,
    Gazetteer,
    Named,
    NewsDate,
    Place,
    Quantity,
    amounts,
    companies,
    headcounts,
    newsdates,
    plain,
    sentences,
)

# A sentence about what was before, or about more than this deal. Its facts are background.
_PAST = re.compile(
    r"지난해|작년|재작년|지난\s?\d{4}년|(?<!에 )앞서|당초(?!\s?예상)|그동안|지금까지|현재까지|누적|누계"
    r"|민선\s?\d+기"
    r"|(?:체결|유치|준공|착공)한\s?(?:데|바|뒤|후|이후)|이후\s?현재"
)
_MOST_TEXT = 20_000  # characters read: a longer page is a list, and no page may cost more than this
_HEAD = 3  # sentences after the title that newspapers use to tell the whole story


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence; all spans are offsets into the whole text."""

    text: str
    span: Span
    index: int  # 0 is the title
    past: bool
    amounts: tuple[Money, ...]
    jobs: tuple[Quantity, ...]
    places: tuple[Place, ...]
    firms: tuple[Named, ...]
    dates: tuple[NewsDate, ...]

    @property
    def is_head(self) -> bool:
        """Return whether it is the title or one of the first sentences."""
        return self.index <= _HEAD


@dataclass(frozen=True, slots=True)
class Telling:
    """A whole article in passages, title first."""

    text: str
    passages: tuple[Passage, ...]
    published: dt.date | None
    gazetteer: Gazetteer

    @property
    def title(self) -> Passage:
        """Return the headline."""
        return self.passages[0]

    def seats(self) -> tuple[Place, ...]:
        """Return the regions in the names of bodies of title and head, for when no other place is the deal's."""
        return self.gazetteer.seats(self.text[: self.passages[min(_HEAD, len(self.passages) - 1)].span.end])


def lay_out(article: Article, gazetteer: Gazetteer) -> Telling:
    """Read an article's title and text into passages, each mention found once."""
    title = plain(article.title[:_MOST_TEXT]).replace("\n", " ").strip() or "-"
    text = f"{title}\n{plain(article.text[: 2 * _MOST_TEXT])[:_MOST_TEXT]}"
    on = article.published_at.astimezone(KST).date() if article.published_at else None
    named = _Named(text, len(title), article.published_at, gazetteer)
    spans = [Span(0, len(title)), *(one for one in sentences(text) if one.start >= len(title))]
    return Telling(text, tuple(named.passages(spans)), on, gazetteer)


class _Named:
    """Everything the text names, dealt out to its sentences."""

    def __init__(self, text: str, title_end: int, published: dt.datetime | None, gazetteer: Gazetteer) -> None:
        on = published.astimezone(KST).date() if published else None
        self.text = text
        self.amounts = amounts(text)
        self.jobs = headcounts(text)
        self.places = gazetteer.regions(text, on)
        marked = companies(text)
        bare = headlined(text, title_end, self.places, marked)
        bare += listed(text, title_end, self.places, (*marked, *bare))
        self.firms = tuple(sorted((*marked, *bare), key=lambda one: one.span.start)) if bare else marked
        self.dates = newsdates(text, published)

    def passages(self, spans: list[Span]) -> Iterator[Passage]:
        starts = [span.start for span in spans]
        money, jobs, places = _dealt(self.amounts, starts), _dealt(self.jobs, starts), _dealt(self.places, starts)
        firms, dates = _dealt(self.firms, starts), _dealt(self.dates, starts)
        past = {bisect_right(starts, match.start()) - 1 for match in _PAST.finditer(self.text)}
        for at, span in enumerate(spans):
            text = self.text[span.start : span.end]
            yield Passage(text, span, at, at in past, money(at), jobs(at), places(at), firms(at), dates(at))


class _Found(Protocol):
    @property
    def span(self) -> Span: ...


_Mention = TypeVar("_Mention", bound=_Found)


def _dealt(found: tuple[_Mention, ...], starts: list[int]) -> Callable[[int], tuple[_Mention, ...]]:
    """Return what lies in a sentence, by the sentence's number; nothing lies between two sentences."""
    told: defaultdict[int, list[_Mention]] = defaultdict(list)
    for one in found:
        told[bisect_right(starts, one.span.start) - 1].append(one)
    return lambda at: tuple(told.get(at, ()))
