"""Is this a deal we know, come to another stage?"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from monitor.deals.parties import key_of
from monitor.model import Deal, KnownDeal, Money

# Spellings of one sound that newsrooms mix in foreign names; read from the left, longest first.
_SOUNDS: Final = (
    ("프런티어", "프론티어"), ("컨", "콘"), ("센터", "센타"), ("테크놀러지", "테크놀로지"), ("머트리얼", "머티리얼"),
    ("솔루션스", "솔루션즈"), ("시스템스", "시스템즈"), ("케미컬", "케미칼"), ("메디컬", "메디칼"),
    ("에너지솔루션즈", "에너지솔루션"), ("로보텍스", "로보틱스"), ("쎄", "세"), ("써", "서"), ("쏠", "솔"),
    ("텍", "테크"),
)  # fmt: skip
_GROUP: Final = re.compile(r"(?<=..)그룹$")  # a headline says the group where the release says the firm
_CAR: Final = re.compile(r"^([가-힣]{2})차$")  # 현대차 for 현대자동차
_KEY_VERSION = b"1"
_LIKE: Final = (
    0.35  # sums that differ more than by a third are another project (dev: revisions of one deal stay within 30 %)
)
_PLACELESS = 0.5
_ENOUGH: Final = 2.0


def party_key(name: str) -> str:
    """Return a firm's or body's name with spelling variants and legal marks folded."""
    folded = _GROUP.sub("", key_of(unicodedata.normalize("NFKC", name)))
    folded = _CAR.sub(r"\1자동차", folded)
    for variant, usual in _SOUNDS:
        folded = folded.replace(variant, usual)
    return folded


def deal_keys(deal: Deal) -> tuple[int, ...]:
    """Return 64-bit signed hashes of the deal's firms (of its places when it names none) and of its sum with its 시도.

    Two tellings of one deal share at least one; sharing one proves nothing (``same_deal`` decides).
    """
    words = {f"firm:{party_key(name)}" for name in deal.companies}
    if not words:
        places = deal.site or deal.sigungu or deal.sido
        words = {f"at:{party_key(place)}" for place in places}
    if deal.amount:
        words |= {f"sum:{deal.amount.value:.0f}{deal.amount.currency}@{party_key(place)}" for place in deal.sido}
    return tuple(sorted(_hashed(word) for word in words))


def _hashed(word: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(word.encode(), digest_size=8, person=_KEY_VERSION).digest(), "big", signed=True
    )


def same_deal(deal: Deal, known: Sequence[KnownDeal]) -> KnownDeal | None:
    """Return the known deal that *deal* is, at whatever stage, or None.

    A shared firm and a shared place, or a shared firm and the same sum, make one; other sums or other places speak
    against it. Without firms both place and sum must agree.
    """
    scored = [(_likeness(deal, one.deal), one.last_at, one) for one in known]
    good = [entry for entry in scored if entry[0] >= _ENOUGH]
    return max(good, key=lambda entry: entry[:2])[2] if good else None


def _likeness(one: Deal, other: Deal) -> float:
    firms = _overlap(one.companies, other.companies)
    if one.companies and other.companies and not firms:
        return 0.0
    if not firms and not _is_same_sum(one.amount, other.amount):
        return 0.0
    return 1.5 * firms + _places(one, other) + _sums(one.amount, other.amount)


def _is_same_sum(one: Money | None, other: Money | None) -> bool:
    """Whether two deals of unnamed firms name the very same sum: a site holds many deals of nearly one size."""
    return one is not None and other is not None and (one.value, one.currency) == (other.value, other.currency)


def _overlap(left: Sequence[str], right: Sequence[str]) -> float:
    """Return the share of the shorter list that is in the other, in [0, 1]."""
    ours, theirs = {party_key(name) for name in left}, {party_key(name) for name in right}
    return len(ours & theirs) / min(len(ours), len(theirs)) if ours and theirs else 0.0


def _places(one: Deal, other: Deal) -> float:
    for ours, theirs in ((one.site, other.site), (one.sigungu, other.sigungu), (one.sido, other.sido)):
        if ours and theirs:
            return 1.0 if set(ours) & set(theirs) else -1.0
    return _PLACELESS if not (one.sido and other.sido) else 0.0


def _sums(one: Money | None, other: Money | None) -> float:
    """Return 1 for one sum told twice, 0 when unknown or in two currencies, -1 for sums that differ by a third."""
    if one is None or other is None or one.currency != other.currency:
        return 0.0
    apart = abs(one.value - other.value) / max(one.value, other.value)
    if apart <= 0.01:  # noqa: PLR2004 rounding in headlines
        return 1.0
    return 0.0 if apart <= _LIKE else -1.0
