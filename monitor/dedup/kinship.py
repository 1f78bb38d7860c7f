"""A part and its whole: a province announces nineteen firms, a town its own share on the same day."""

from monitor.dedup.blob import Kept
from monitor.dedup.grams import bits, pair_hashes
from monitor.dedup.likeness import Likeness
from monitor.dedup.reading import PROVINCES, Reading, province
from monitor.dedup.slots import Kind, kind_of
from monitor.model import Facts

_DEALS = frozenset(int(pair_hashes(word)[0]) for word in ("투자", "유치", "협약"))
_WINDOW = 48.0  # hours: towns follow their province's signing on the day or the next
_PROVINCE_CODES = frozenset(bits(name, 16) for name in PROVINCES)


def is_part(new: Reading, facts: Facts, old: Kept, alike: Likeness) -> bool:
    """Whether a new article tells a town's share of what an earlier one announced for the whole province.

    Both titles speak of an investment, both articles name the same date, the earlier title names the province and a
    number of firms or a sum; the new one tells of that province but has another place in its title.
    """
    if not alike.same_date or alike.hours > _WINDOW:
        return False
    if _DEALS.isdisjoint(new.title.tolist()) or _DEALS.isdisjoint(old.title):
        return False
    if not any(kind_of(code) in {Kind.MONEY, Kind.COUNT} for code in old.title_numbers):
        return False
    wholes = _PROVINCE_CODES.intersection(old.title_places)
    own = set(new.title_places.tolist())
    told = own.union(new.body_places.tolist(), (bits(province(name), 16) for name in facts.sido))
    is_local = bool(own) or bool(facts.sigungu)
    return bool(wholes & told) and is_local and wholes.isdisjoint(own)
