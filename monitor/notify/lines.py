"""A story in one line: stage, place, firm, amount, for lock screens, lists and mail subjects."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Deal, Money, Stage, Story
from monitor.notify.clean import clean, cut
from monitor.notify.message import Message
from monitor.notify.words import GLYPHS, Words, amount_ko, short_place, words

NAMED_FIRMS = 3
"""Firms named in one line; the rest is counted."""
TITLE_LENGTH = 120
_LADDER = (
    Stage.TALKS,
    Stage.PLAN,
    Stage.MOU,
    Stage.AGREEMENT,
    Stage.CONTRACT,
    Stage.BUILD,
    Stage.CHANGED,
    Stage.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Gist:
    """What one line says of a story; every text is cleaned, ``""`` where the story is silent."""

    stage: Stage | None
    glyph: str
    word: str
    place: str
    firm: str
    amount: str
    title: str
    deals: int


def lead_deal(story: Story, stage: Stage | None = None) -> Deal | None:
    """Return the deal a line is about: of the alert's stage if given, else the largest, else the most advanced."""
    deals = [deal for deal in story.deals if stage in (None, deal.stage)] or list(story.deals)
    return max(deals, key=lambda deal: (_won(deal.amount), _LADDER.index(deal.stage)), default=None)


def _won(money: Money | None) -> float:
    """Return a size for ordering only; foreign money counts with a round factor, never shown."""
    if money is None:
        return 0.0
    return money.value * (1.0 if money.currency == "KRW" else 1000.0 if money.currency != "JPY" else 10.0)


def size(story: Story) -> float:
    """Return how large a story's largest deal is, for ordering only."""
    return max((_won(deal.amount) for deal in story.deals), default=0.0)


def gist(story: Story, words: Words, stage: Stage | None = None) -> Gist:
    """Return the line of a story; with several deals the firms of all of them are named or counted."""
    deal = lead_deal(story, stage)
    told = deal.stage if deal else stage
    return Gist(
        stage=told,
        glyph=GLYPHS[told],
        word=words.stage(told),
        place=places(story, deal, words),
        firm=firms(story, deal, words),
        amount=_amount(deal, words),
        title=cut(clean(story.title), TITLE_LENGTH),
        deals=len(story.deals),
    )


def places(story: Story, deal: Deal | None, words: Words) -> str:
    """Return the short names of where the deal lands, the towns of a single province with it."""
    deals = (deal,) if deal else story.deals
    sido = _once(words.spot(clean(name)) for one in deals for name in one.sido)
    towns = _once(clean(name) for one in deals for name in one.sigungu)
    if len(sido) == 1 and len(towns) == 1 and short_place(towns[0]) != sido[0]:
        return f"{sido[0]} {towns[0]}"
    return "·".join((sido or towns)[:NAMED_FIRMS])


def firms(story: Story, deal: Deal | None, words: Words) -> str:
    """Return the firms of the deal, at most three of them, with the number of the others in the whole story."""
    first = _once(clean(name) for name in deal.companies) if deal else []
    parts = [part.company for one in story.deals for part in one.parts]
    rest = [name for one in story.deals for name in one.companies]
    every = _once([*first, *map(clean, rest), *map(clean, parts)])
    named = "·".join(cut(name, 30) for name in every[:NAMED_FIRMS])
    if len(every) > NAMED_FIRMS:
        return f"{named} {words.others.format(n=len(every) - NAMED_FIRMS)}"
    return named


def _amount(deal: Deal | None, words: Words) -> str:
    if deal is None:
        return ""
    return cut(clean(words.money(deal.amount)), 40) if deal.amount else words.undisclosed


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def lock_screen(line: Gist) -> str:
    """Return what a phone shows: ``MOU 광주 솔 · 320억원 · AI 연구소 설립``."""
    head = " ".join(part for part in (line.word, line.place, line.firm) if part)
    return " · ".join(part for part in (head, line.amount, line.title) if part)


def printed(amount: Money) -> str:
    """Return an amount in one fixed form, for mails that set amounts below each other."""
    return amount_ko(amount) if amount.currency == "KRW" else amount.text or amount_ko(amount)


def advanced(message: Message) -> str:
    """Return what is said below the message of an earlier stage: ``→ 계약 단계로 진행``."""
    say = words(message.language)
    deal = lead_deal(message.stories[0], message.stage) if message.stories else None
    return say.advanced.format(stage=say.stage(message.stage or (deal.stage if deal else None)))
