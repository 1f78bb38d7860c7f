"""Where does the deal land?"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from monitor.deals.passage import Passage, Telling
from monitor.text import Place, PlaceKind

# What follows a place that is only the venue, the origin or the seat of somebody.
_ELSEWHERE = re.compile(
    r"[^.]{0,14}?(?:호텔|코엑스|컨벤션|엑스포|회의실|프레스|기자회견|공항|빌딩|본사를?\s?(?:두|둔)|본사\s?소재"
    r"|에\s?본사|에\s?위치한|APEC|간담회|포럼|출신|지검|지법|경찰|고법)|에\s?소재|에서\s?(?:제조|생산|운영|창업|출발)"
    r"|에서[^.]{0,14}?(?:이전|옮)|\)?\s?=\s?[가-힣]{2,5}[\s)]|\s?국회의원|\s?본사를|\s?본사|(?:[시군]?[·,]\s?[가-힣]{2,5}){0,12}\s?등\s(?:도내|관내|전국)\s?(?:전역|곳곳|각지)|부터\s[가-힣]{2,6}까지"
)
# Where it was signed, when that is no town hall: a rented hall tells nothing about where the money goes.
_SIGNED_AT = re.compile(r"\s[^.,]{2,24}에서\s[^.]{0,70}?(?:체결|협약식|서명|맺)|\s[^.,]{2,14}에서\s열린")
_UNIVERSITY = re.compile(r"[가-힣]{0,6}?대(?:학교)?(?![가-힣])")
_MANY_UNIVERSITIES = re.compile(r"\d\s?개\s?(?:지역\s?)?대학")
# "전북 군산에 500억원을 들여 공장을": the place takes the plant or the money itself.
_TAKES = re.compile(
    r"(?:[시군구도]|[가-힣\d\s]{0,14}?(?:산단|산업단지|지구|특구|일원|부지))?(?:(?:에|으로|로)\s[^.,·]{0,24}?"
    r"|\s\d[\d,.]*[조억][^.,·]{0,12}?)(?:투자|공장|건립|짓|들여|이전|증설|신설|들어서|들어선|설립|착공|데이터센터)"
)
_ASIDE_SHARE = 0.35  # of a region that only looks on, where another one takes the plant
# The office of a zone in two provinces signs for either: the province that is named besides is the one.
_SHARED_OFFICE = re.compile(r"(?:부산진해|광양만권|대구경북)경제자유구역청")
_OFFICE_SHARE = 0.1
_HALL = re.compile(r"\s?(?:시|도|군|구)?[가-힣]{0,2}청")
_ORIGIN_BEFORE = re.compile(r"(?:(?:본사|소재지)(?:는|가|인)?|부터)\s?$")
_LANDS = re.compile(
    r"부지|산단|산업단지|공장|건립|들어서|들어선|입주|이전|설립|조성|증설|신설|신·증설|거점|유치|투자|특구"
    r"|클러스터|센터"
)
_ACTS = re.compile(r"(?:특례시|시|도|군|구|청|특별자치도)?(?:는|은|가|이|와|과|,|·|\s?\(시장|\s?\(군수|청)")
_SHARE = 0.3  # of the strongest region's weight; a region named in passing stays below it


_Key = TypeVar("_Key")
Weights = defaultdict[_Key, float]


@dataclass(frozen=True, slots=True)
class Landing:
    """The regions of a deal, strongest first."""

    sido: tuple[str, ...] = ()
    sigungu: tuple[str, ...] = ()
    site: tuple[str, ...] = ()


def landing(telling: Telling, passages: tuple[Passage, ...], *, by_seats: bool = True) -> Landing:
    """Return where the deal told in *passages* lands; venues, origins and seats of firms are left out.

    Where no region is named, those in the names of the bodies that act stand in, if ``by_seats``.
    """
    sido: Weights[str] = defaultdict(float)
    sigungu: Weights[tuple[str, str]] = defaultdict(float)
    site: Weights[str] = defaultdict(float)
    for passage in passages:
        whole = _weight_of(passage)
        for place in passage.places:
            weight = whole * _share(telling, passage, place)
            if weight <= 0 or not place.sido:
                continue
            sido[place.sido] += weight
            if place.kind == PlaceKind.SIGUNGU:
                sigungu[place.sido, place.sigungu] += weight
            if place.kind == PlaceKind.SITE:
                site[place.name] += weight
    if not sido and by_seats:
        sido, sigungu = _by_seats(telling)
    takers = _takers(telling, passages)
    for name in sido:
        sido[name] *= 1.0 if name in takers or not takers else _ASIDE_SHARE
    kept = _strong(sido)
    chosen = [(one, weight) for one, weight in _ranked(sigungu) if one[0] in kept]
    top = chosen[0][1] if chosen else 0.0
    return Landing(kept, tuple(dict.fromkeys(one[1] for one, weight in chosen if weight >= _SHARE * top)), tuple(site))


def _takers(telling: Telling, passages: tuple[Passage, ...]) -> set[str]:
    """Return the 시도 of which title and head say that the plant or the money goes there."""
    return {
        place.sido
        for passage in passages
        if passage.is_head and not passage.past
        for place in passage.places
        if _TAKES.match(telling.text, place.span.end, passage.span.end) and _share(telling, passage, place) > 0
    }


def _by_seats(telling: Telling) -> tuple[Weights[str], Weights[tuple[str, str]]]:
    """Count the regions in the names of the bodies that act, when no region is named by itself.

    A body in the headline acts; those of the head may be its partners.
    """
    sido: Weights[str] = defaultdict(float)
    sigungu: Weights[tuple[str, str]] = defaultdict(float)
    nationwide = _MANY_UNIVERSITIES.search(telling.text)
    seats = [place for place in telling.seats() if not (nationwide and _UNIVERSITY.match(telling.text, place.span.end))]
    for place in [one for one in seats if one.span.end <= telling.title.span.end] or seats:
        sido[place.sido] += 1.0
        if place.whole and place.sigungu:
            sigungu[place.sido, place.sigungu] += 1.0
    return sido, sigungu


def _strong(weights: Weights[str]) -> tuple[str, ...]:
    top = max(weights.values(), default=0.0)
    return tuple(name for name, weight in _ranked(weights) if weight >= _SHARE * top)


def _ranked(weights: Weights[_Key]) -> list[tuple[_Key, float]]:
    return sorted(weights.items(), key=lambda entry: -entry[1])


def _weight_of(passage: Passage) -> float:
    weight = 3.0 if passage.index == 0 else 1.5 if passage.is_head else 0.6
    if passage.past:
        weight *= 0.3
    return weight * (1.3 if _LANDS.search(passage.text) else 0.7)


def _share(telling: Telling, passage: Passage, place: Place) -> float:
    """Return 0 for a venue, an origin or a firm's seat, more than 1 for a region that acts."""
    text, start, end = telling.text, place.span.start, place.span.end
    after = text[end : min(passage.span.end, end + 22)]
    if _SIGNED_AT.match(text, end, passage.span.end) and not _HALL.match(text, end):
        return 0.0
    if _ELSEWHERE.match(after) or _ORIGIN_BEFORE.search(text[max(0, start - 6) : start]):
        return 0.0
    if _SHARED_OFFICE.match(text, start):
        return _OFFICE_SHARE
    return 1.4 if place.whole and _ACTS.match(after) else 1.0
