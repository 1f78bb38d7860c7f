"""What does a later telling add to the deals of its story? Blanks are filled; what is known is never overwritten."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.model import Deal

_BLANKS = ("amount", "jobs", "companies", "site", "date", "parts")


def grown(known: Sequence[Deal], told: Sequence[Deal], teller: str = "") -> tuple[tuple[Deal, ...], tuple[str, ...]]:
    """Return the known deals with their blanks filled, in the same order, and each new fact in words for a reader.

    A told deal speaks of the known one that shares a firm with it; of the only one when each side has a single deal.
    ``teller`` is the outlet that says so; it stands behind each fact.
    """
    filled, changes = list(known), list[str]()
    for deal in told:
        place = _place(filled, deal, is_only=len(known) == len(told) == 1)
        if place is not None:
            blanks = {name: getattr(deal, name) for name in _BLANKS if _is_blank(filled[place], deal, name)}
            filled[place] = replace(filled[place], **blanks)
            changes += [f"{said} ({teller})" if teller else said for said in _words(deal, blanks)]
    return tuple(filled), tuple(changes)


def _place(known: Sequence[Deal], deal: Deal, *, is_only: bool) -> int | None:
    firms = set(deal.companies)
    shared = (place for place, each in enumerate(known) if firms & set(each.companies))
    return next(shared, 0 if is_only and not (firms and known[0].companies) else None)


def _is_blank(known: Deal, told: Deal, name: str) -> bool:
    return getattr(known, name) in (None, ()) and getattr(told, name) not in (None, ())


def _words(deal: Deal, blanks: dict[str, object]) -> list[str]:
    """Say the new facts in Korean, the language of the alerts."""
    firm = f"{deal.companies[0]} " if deal.companies else ""
    said = []
    if "amount" in blanks and deal.amount is not None:
        said.append(f"{firm}금액: 미공개 → {deal.amount.text}")
    if "jobs" in blanks:
        said.append(f"{firm}고용: {deal.jobs:,}명")
    if "companies" in blanks:
        said.append(f"기업: {', '.join(deal.companies)}")
    if "date" in blanks and deal.date is not None:
        said.append(f"{firm}날짜: {deal.date.isoformat()}")
    return said
