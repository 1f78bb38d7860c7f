"""What the deal reader found, as numbers: a deal with a firm, a place and a sum is what an officer waits for."""

import math

from monitor.model import Deal, Facts, Stage

_SIGNED = frozenset({Stage.MOU, Stage.AGREEMENT, Stage.CONTRACT})
_KRW_SCALE = {"KRW": 1.0, "USD": 1_400.0, "EUR": 1_600.0, "JPY": 9.0, "CNY": 200.0}
"""Rough size of one unit in won: only the order of magnitude is used, so no dated rate is needed."""

NAMES = (
    *(f"stage:{stage.value}" for stage in Stage),
    "deals", "deal:firm", "deal:body", "deal:district", "deal:site", "deal:sum", "deal:jobs", "deal:parts",
    "deal:size", "deal:firm_body", "deal:firm_district", "deal:firm_sum", "deal:firm_sum_place", "deal:firm_body_sum",
    "signed:firm_body", "signed:body_only", "signed:firm_only", "signed:body_sum", "signed:sum_place",
    "built:firm_place", "built:body_only", "planned:firm_sum",
    "named:firms", "named:bodies", "named:sums", "named:province", "named:provinces", "named:district", "named:sites",
    "named:capital_only", "named:nowhere", "title:named_firm", "title:named_district", "title:named_body",
)  # fmt: skip


def fact_values(title: str, facts: Facts) -> tuple[float, ...]:
    """Return the values of ``NAMES`` for the leading deal, the places and the names of an article."""
    deal = facts.deals[0] if facts.deals else None
    stages = tuple(float(deal is not None and deal.stage is stage) for stage in Stage)
    return (
        *stages,
        float(len(facts.deals)) if len(facts.deals) < 3 else 3.0,  # noqa: PLR2004 - three or more are a round-up
        *(_deal_values(deal) if deal else (0.0,) * 21),
        *_named_values(facts),
        *_title_values(title, facts),
    )


def _deal_values(deal: Deal) -> tuple[float, ...]:
    firm, body, summed = bool(deal.companies), bool(deal.authorities), deal.amount is not None
    place = bool(deal.sigungu or deal.sido)
    signed, built = deal.stage in _SIGNED, deal.stage is Stage.BUILD
    held = (
        firm,
        body,
        bool(deal.sigungu),
        bool(deal.site),
        summed,
        deal.jobs is not None,
        bool(deal.parts),
    )
    joined = (
        firm and body,
        firm and bool(deal.sigungu),
        firm and summed,
        firm and summed and place,
        firm and body and summed,
        signed and firm and body,
        signed and body and not firm,
        signed and firm and not body,
        signed and body and summed,
        signed and summed and place,
        built and firm and place,
        built and body and not firm,
        deal.stage in {Stage.PLAN, Stage.TALKS} and firm and summed,
    )
    return (*map(float, held), _size(deal), *map(float, joined))


def _size(deal: Deal) -> float:
    """Return the order of magnitude of the sum over a hundred million won, 0 when none is printed, at most 1."""
    if deal.amount is None:
        return 0.0
    won = deal.amount.value * _KRW_SCALE.get(deal.amount.currency, 1.0)
    return min(max(math.log10(max(won, 1.0)) - 8, 0.0), 5.0) / 5


def _named_values(facts: Facts) -> tuple[float, ...]:
    return (
        math.log1p(len(facts.companies)),
        math.log1p(len(facts.authorities)),
        math.log1p(len(facts.amounts)),
        float(bool(facts.sido)),
        math.log1p(len(facts.sido)),
        math.log1p(len(facts.sigungu)),
        float(bool(facts.site)),
        float(facts.sido == ("서울특별시",)),
        float(not facts.sido and not facts.authorities),
    )


def _title_values(title: str, facts: Facts) -> tuple[float, ...]:
    return (
        float(any(name in title for name in facts.companies)),
        float(any(name[:-1] in title for name in facts.sigungu)),
        float(any(name in title for name in facts.authorities)),
    )
