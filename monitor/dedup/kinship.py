"""Moments and parts: a notice and its event are one story; a province's announcement has its towns' shares as parts."""

from datetime import datetime, timedelta

from monitor.dedup.blob import Kept
from monitor.dedup.grams import bits, pair_hashes
from monitor.dedup.reading import PROVINCES, Reading, province
from monitor.dedup.slots import Kind, day_code, kind_of, korean_day
from monitor.model import Facts

_DEALS = frozenset(int(pair_hashes(word)[0]) for word in ("투자", "협약"))
WINDOW = 48.0
"""Hours: towns follow their province's signing, or are quicker, on the day or the next."""
_PROVINCE_CODES = frozenset(bits(name, 16) for name in PROVINCES)
_SUMMED_UP = {Kind.MONEY, Kind.COUNT}
_NEXT_DAY = timedelta(days=1)


def is_event_of(new: Reading, told_at: datetime | None, notice: Kept, noticed_at: datetime | None) -> bool:
    """Whether a new article tells what an earlier one had announced for a day.

    Both titles speak of a deal and name one party or place; the earlier article names a day that was still to come, the
    new one tells that day and is published on it or on the next. The figures may differ: 18 firms were expected, 19
    came.
    """
    if told_at is None or noticed_at is None or not _deal_in_both(new, notice):
        return False
    if not (new.party and new.party == notice.party) and not _common_place(new, notice):
        return False
    told = {slot.code for slot in new.body_numbers}.intersection(notice.title_numbers + notice.body_numbers)
    today, announced = korean_day(told_at), korean_day(noticed_at)
    return any(day > announced and day_code(day) in told for day in (today, today - _NEXT_DAY))


def is_part(new: Reading, facts: Facts, old: Kept) -> bool:
    """Whether a new article tells a town's share of what an earlier one announced for the whole province.

    Both titles speak of an investment, the earlier one names the province and a number of firms or a sum; the new one
    tells of that province but has another place in its title. Both must tell one date and stand within ``WINDOW``.
    """
    if not _deal_in_both(new, old):
        return False
    if not any(kind_of(code) in _SUMMED_UP for code in old.title_numbers):
        return False
    wholes = _PROVINCE_CODES.intersection(old.title_places)
    own = set(new.title_places.tolist())
    told = own.union(new.body_places.tolist(), (bits(province(name), 16) for name in facts.sido))
    is_local = bool(own) or bool(facts.sigungu)
    return bool(wholes & told) and is_local and wholes.isdisjoint(own)


def speaks_of_deal(new: Reading) -> bool:
    """Whether the title speaks of a deal; else there is neither notice nor part to look for."""
    return not _DEALS.isdisjoint(new.title.tolist())


def is_summary(new: Reading) -> bool:
    """Whether the title announces a province's deals by their number or sum; only such an article has parts."""
    return (
        not _PROVINCE_CODES.isdisjoint(new.title_places.tolist())
        and speaks_of_deal(new)
        and any(slot.kind in _SUMMED_UP for slot in new.title_numbers)
    )


def is_whole(new: Reading, old: Kept) -> bool:
    """Whether a new summary announces for the whole province what an earlier article told of a town.

    As ``is_part`` with the order changed; the town stands in the earlier title.
    """
    if not _deal_in_both(new, old):
        return False
    wholes = _PROVINCE_CODES.intersection(new.title_places.tolist())
    own = set(old.title_places)
    return bool(wholes.intersection(old.body_places)) and bool(own) and wholes.isdisjoint(own)


def _deal_in_both(new: Reading, old: Kept) -> bool:
    return speaks_of_deal(new) and not _DEALS.isdisjoint(old.title)


def _common_place(new: Reading, old: Kept) -> bool:
    return not set(new.title_places.tolist()).isdisjoint(old.title_places)
