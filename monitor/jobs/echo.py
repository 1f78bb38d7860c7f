"""Which news of a known deal is its next step, and which only repeats what was told?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.deals import party_key, same_deal
from monitor.model import Deal, Facts, KnownDeal, Stage

STEP = {
    Stage.TALKS: 0,
    Stage.PLAN: 0,
    Stage.MOU: 1,
    Stage.AGREEMENT: 1,
    Stage.CONTRACT: 2,
    Stage.BUILD: 3,
    Stage.CHANGED: 4,
    Stage.CANCELLED: 5,
}
"""Stages that a careful reader may swap stand on one step: moving between them is no news."""
RETOLD = timedelta(days=30)
"""A deal of the same firm and sum that is told again after a month is told for a reason."""
ECHO = timedelta(days=3)
"""How long other papers and columns go on about a deal that was told without firm or sum; measured on a month of nine
dailies, where every such repeat came within two days."""


def continued(deals: Sequence[Deal], known: Sequence[KnownDeal]) -> list[tuple[Deal, KnownDeal]]:
    """Pair each deal with the known deal of an earlier story that it continues, the one that came furthest."""
    pairs = []
    for deal in deals:
        same = [one for one in known if same_deal(deal, (one,))]
        if same:
            pairs.append((deal, max(same, key=lambda one: (STEP[one.deal.stage], one.last_at))))
    return pairs


def retold(deals: Sequence[Deal], known: Sequence[KnownDeal], now: datetime) -> str:
    """Return a reason for silence when every deal is one that was told lately, no further than it had come.

    Silence costs more than a second alert: a month for the same named firm and the very same sum, three days where one
    side names no firm or no sum, and never where the jobs differ or nobody was told. How far a deal has come is asked
    of all that is known of it, because papers print one deal with several sums.

    Args:
        deals: of the new article.
        known: deals of earlier stories, those that are others too.
        now: the instant of the decision.
    """
    return "이미 알린 건의 같은 단계" if deals and all(_is_told(deal, known, now) for deal in deals) else ""


def echoed(facts: Facts, known: Sequence[KnownDeal], now: datetime) -> str:
    """Return a reason for silence when an article names no deal of its own, but a firm whose deal was just told.

    Columns, comments and profiles follow a large deal for days. Another region than the deal's speaks against it.
    """
    firms = {party_key(name) for name in facts.companies}
    for one in known:
        is_near = not (facts.sido and one.deal.sido) or bool(set(facts.sido) & set(one.deal.sido))
        is_firm = bool(firms & {party_key(name) for name in one.deal.companies})
        if one.is_told and is_near and is_firm and now - one.last_at <= ECHO:
            return "방금 알린 건을 뒤따른 기사"
    return ""


def muted(deals: Sequence[Deal], firms: Sequence[str]) -> str:
    """Return a reason for silence when a person has muted the firms of every deal.

    Of a bundle of deals signed together the others are still news: a deal is silent when half of its firms are muted.
    """
    silent = {party_key(name) for name in firms}
    named = [[*deal.companies, *(part.company for part in deal.parts)] for deal in deals] if silent else []
    if not named or not all(2 * sum(party_key(name) in silent for name in each) >= len(each) > 0 for each in named):
        return ""
    first = next(name for name in named[0] if party_key(name) in silent)
    return f"음소거한 기업: {first}"


def _is_told(deal: Deal, known: Sequence[KnownDeal], now: datetime) -> bool:
    same = [one for one in known if one.is_told and same_deal(deal, (one,))]
    reached = max((STEP[one.deal.stage] for one in same), default=-1)
    return STEP[deal.stage] <= reached and any(_is_echo(deal, one, now) for one in same)


def _is_echo(deal: Deal, known: KnownDeal, now: datetime) -> bool:
    told = known.deal
    if deal.jobs and told.jobs and deal.jobs != told.jobs:
        return False
    is_firm = bool({party_key(name) for name in deal.companies} & {party_key(name) for name in told.companies})
    is_sum = bool(deal.amount and told.amount and deal.amount.value == told.amount.value)
    if is_firm and is_sum:
        return now - known.last_at <= RETOLD
    lacks = is_sum if not (deal.companies and told.companies) else is_firm and not (deal.amount and told.amount)
    return lacks and now - known.last_at <= ECHO
