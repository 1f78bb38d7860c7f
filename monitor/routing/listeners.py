"""Which receivers hear of a story, and when."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.model import Alert, AlertKind, Article, Deal, Relevance, Route, Stage, When

_STEPS = {stage: step for step, stage in enumerate(Stage)}
"""``Stage`` is written in order; a change or a cancellation is news however far a deal has come, so it comes last."""


def address(
    relevance: Relevance,
    article: Article,
    deals: tuple[Deal, ...],
    routes: Sequence[Route],
    places: tuple[str, ...] = (),
) -> tuple[Alert, ...]:
    """Return one alert for each receiver that a route gives the story to, in the order of the routes.

    A route takes a story when its grade suffices, its sectors (if any) are named in the title, the text or by a firm,
    and one deal fits all its other limits together: a region and an amount are about the same deal. A story without
    deals passes when the route limits neither stage nor amount and one of ``places`` (the 시도 and 시군구 that the
    article names) is wanted. Several routes to one receiver make one alert; now and digest together make both.

    A new story's alert names no stage: two papers may read the stage of one story differently, and the ledger keeps
    an alert once for each story, receiver, kind and stage.
    """
    told: dict[str, Alert] = {}
    for route in routes:
        if relevance.grade < route.min_grade or not _is_about(article, deals, route.sectors):
            continue
        fitting = [deal for deal in deals if _fits(deal, route)]
        if fitting or (not deals and _suits_without_deal(route, places)):
            alert = Alert(route.receiver, AlertKind.NEW, route.when)
            told[route.receiver] = _merged(told.get(route.receiver), alert)
    return tuple(told.values())


def _is_about(article: Article, deals: tuple[Deal, ...], sectors: tuple[str, ...]) -> bool:
    if not sectors:
        return True
    firms = " ".join(firm for deal in deals for firm in deal.companies)
    told = f"{article.title}\n{article.text}\n{firms}".casefold()
    return any(sector.casefold() in told for sector in sectors)


def _fits(deal: Deal, route: Route) -> bool:
    return (
        _is_wanted((*deal.sido, *deal.sigungu), route.regions)
        and (not route.stages or deal.stage in route.stages)
        and (route.min_stage is None or _STEPS[deal.stage] >= _STEPS[route.min_stage])
        and _is_large(deal, route.min_amount_krw)
    )


def _suits_without_deal(route: Route, places: tuple[str, ...]) -> bool:
    has_deal_limit = bool(route.stages or route.min_stage or route.min_amount_krw)
    return not has_deal_limit and _is_wanted(places, route.regions)


def _is_wanted(places: tuple[str, ...], regions: tuple[str, ...]) -> bool:
    return not regions or any(place in regions for place in places)


def _is_large(deal: Deal, least_krw: float) -> bool:
    """Return whether a deal is large enough; foreign money always is.

    A foreign amount cannot be compared without a dated rate, and to miss a large one is worse than to hear of a small
    one. An undisclosed amount is not known to be large.
    """
    if not least_krw:
        return True
    sums = [deal.amount, *(part.amount for part in deal.parts)]
    return any(money and (money.currency != "KRW" or money.value >= least_krw) for money in sums)


def _merged(known: Alert | None, alert: Alert) -> Alert:
    if known is None:
        return alert
    return known if known.when == alert.when else replace(known, when=When.BOTH)
