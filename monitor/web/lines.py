"""A story or a deal as one line of a list, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from monitor.clock import KST
from monitor.model import Deal, Money, Stage, Story, StoryId
from monitor.notify import GLYPHS, Words, gist, names_other_host, one_line, web_address
from monitor.store import DealCard
from monitor.web.sheet import Table


@dataclass(frozen=True, slots=True)
class Line:
    """What a list shows of one story; every text is clean, addresses are web addresses or ""."""

    id: StoryId
    stage: str  # "" = activity without a deal
    glyph: str
    word: str
    place: str
    firm: str
    amount: str
    title: str
    misleads: bool  # the title shows a host that is not ours: it must not be a link
    outlet: str
    others: int
    at: datetime
    official: bool
    grade: int


def line_of(story: Story, say: Words) -> Line:
    """Return the line of a story."""
    told = gist(story, say)
    outlets = {telling.outlet for telling in story.tellings}
    return Line(
        id=story.id,
        stage=told.stage.value if told.stage else "",
        glyph=GLYPHS[told.stage],
        word=told.word,
        place=told.place,
        firm=told.firm,
        amount=told.amount,
        title=told.title or "·",
        misleads=names_other_host(told.title, ""),
        outlet=one_line(story.lead.outlet_name or story.lead.outlet),
        others=len(outlets) - 1,
        at=story.lead.published_at or story.first_at,
        official=any(telling.is_release for telling in story.tellings),
        grade=int(story.grade),
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board."""

    story: StoryId
    stage: Stage
    firm: str
    place: str
    amount: str
    days: int  # at this stage
    tellings: int
    title: str


def card_of(card: DealCard, say: Words, now_days: float) -> Card:
    """Return a card; *now_days* is the present in days since 1970."""
    deal = card.known.deal
    return Card(
        story=card.known.story,
        stage=deal.stage,
        firm=firms_of(deal) or one_line(card.title),
        place=place_of(deal, say),
        amount=amount_of(deal.amount, say),
        days=max(0, int(now_days - card.known.last_at.timestamp() / 86_400)),
        tellings=card.tellings,
        title=one_line(card.title),
    )


def firms_of(deal: Deal) -> str:
    """Return the firms of a deal, three at most."""
    return ", ".join(one_line(name) for name in deal.companies[:3])


def place_of(deal: Deal, say: Words) -> str:
    """Return where a deal lands: the short names of its provinces, then its towns."""
    return " ".join(
        [*(say.spot(one_line(name)) for name in deal.sido[:2]), *(one_line(name) for name in deal.sigungu[:2])]
    )


def amount_of(money: Money | None, say: Words) -> str:
    """Return an amount in words, or that none was named."""
    return one_line(say.money(money)) if money else say.undisclosed


def won(krw: float, say: Words) -> str:
    """Return a sum of won in words."""
    return say.money(Money(krw, "KRW", "")) if krw else "–"


def stage_word(stage: Stage | str | None, say: Words) -> str:
    """Return glyph and word: colour alone tells some readers nothing."""
    asked = Stage(stage) if stage else None
    return f"{GLYPHS[asked]} {say.stage(asked)}"


def safe_link(url: str) -> str:
    """Return a web address, or "" for anything else (``javascript:``, ``data:``)."""
    return web_address(url)


STORY_HEADS = (
    "시각(KST)",
    "단계",
    "등급",
    "지역",
    "시군구",
    "기업",
    "금액",
    "금액(원)",
    "고용",
    "제목",
    "매체",
    "매체 수",
    "공식",
    "주소",
    "번호",
)


def stories_table(stories: tuple[Story, ...], say: Words) -> Table:
    """Return stories as rows, one for each deal; a story without a deal is one row."""
    return Table(STORY_HEADS, tuple(row for story in stories for row in _story_rows(story, say)))


def kst(at: datetime) -> str:
    """Return an instant as Korean readers see it: ``2026-03-02 14:05``."""
    return at.astimezone(KST).isoformat(" ", "minutes")[:16]  # a third of strftime's time; tables hold thousands


def _story_rows(story: Story, say: Words) -> list[tuple[object, ...]]:
    line = line_of(story, say)
    deals: tuple[Deal | None, ...] = story.deals or (None,)
    return [
        (
            kst(story.lead.published_at or story.first_at),
            say.stage(deal.stage) if deal else line.word,
            line.grade,
            "·".join(deal.sido) if deal else "",
            "·".join(deal.sigungu) if deal else "",
            firms_of(deal) if deal else "",
            one_line(deal.amount.text) if deal and deal.amount else "",
            int(deal.amount.value) if deal and deal.amount and deal.amount.currency == "KRW" else None,
            deal.jobs if deal else None,
            one_line(story.title),
            line.outlet,
            line.others + 1,
            "예" if line.official else "",
            story.url,
            story.id,
        )
        for deal in deals
    ]
