"""An article laid out for reading: sentences, and what each of them names."""

import datetime as dt
import re
from dataclasses import dataclass

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
    seats: tuple[
        Place, ...
    ] = ()  # regions in the names of bodies, of the title and head; read when no other place is the deal's

    @property
    def title(self) -> Passage:
        """Return the headline."""
        return self.passages[0]


def lay_out(article: Article, gazetteer: Gazetteer) -> Telling:
    """Read an article's title and text into passages, each mention found once."""
    title = plain(article.title[:_MOST_TEXT]).replace("\n", " ").strip() or "-"
    text = f"{title}\n{plain(article.text[: 2 * _MOST_TEXT])[:_MOST_TEXT]}"
    on = article.published_at.astimezone(KST).date() if article.published_at else None
    named = _Named(text, article, gazetteer, on)
    spans = [Span(0, len(title)), *(one for one in sentences(text) if one.start >= len(title))]
    passages = tuple(named.passage(index, span) for index, span in enumerate(spans))
    seats = gazetteer.seats(text[: spans[min(_HEAD, len(spans) - 1)].end])
    return Telling(text, passages, on, seats)


class _Named:
    """Everything the text names, to be dealt out to its sentences."""

    def __init__(self, text: str, article: Article, gazetteer: Gazetteer, on: dt.date | None) -> None:
        self.text = text
        self.amounts = amounts(text)
        self.jobs = headcounts(text)
        self.places = gazetteer.regions(text, on)
        self.firms = companies(text)
        self.dates = newsdates(text, article.published_at)

    def passage(self, index: int, span: Span) -> Passage:
        text = self.text[span.start : span.end]
        return Passage(
            text,
            span,
            index,
            bool(_PAST.search(text)),
            tuple(one for one in self.amounts if span.start <= one.span.start < span.end),
            tuple(one for one in self.jobs if span.start <= one.span.start < span.end),
            tuple(one for one in self.places if span.start <= one.span.start < span.end),
            tuple(one for one in self.firms if span.start <= one.span.start < span.end),
            tuple(one for one in self.dates if span.start <= one.span.start < span.end),
        )
