"""Which Korean regions does a text name? Names are rows of ``config/regions.toml``."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from monitor.model import Span
from monitor.text.places import Name, names_of
from monitor.text.trie import pattern_of


class PlaceKind(StrEnum):
    """How large a place is."""

    SIDO = "sido"
    SIGUNGU = "sigungu"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Place:
    """A region as it stands in a text, told by its present official name."""

    kind: PlaceKind
    name: str  # full official name of the smallest unit: "군산시", "새만금국가산업단지"
    sido: str  # "" for an ambiguous 중구 that nothing settles
    sigungu: str
    span: Span
    printed: str = ""
    whole: bool = True  # printed with its 시/군/구/도, not as a stem ("군산")


# What may follow a region's name: the end of the word, a particle, or a word that regions carry. "대구은행", "서울대",
# "제주항공" name no region.
_TAIL = (
    r"(?=[^가-힣]|$|은(?!행)|[는이가을를의에와과로도만측]|[내장청민권발산행]|으로|지역|소재|관내|까지|부터"
    r"|일[원대]|[시군]의회|의회"
    r"|[가-힣]{2}\s?(?:해상풍력|공공주택|신도시|역세권)|산업|산단|공[장단]|캠퍼스|사업장|천연가스|양수|발전소|(?:해상)?풍력|태양광|국가|일반|시[장청]|본사|출신|등지|서(?![가-힣])|특구|현지|상공|테크노|지사)"
)
_NEAR: Final = 4  # characters between 시도 and 시군구 that belong together: "경남 고성", "전북(군산"
_GYEONGGI = re.compile(r"\s?(?:[·,/)\]]|지역|남부|북부|동부|서부|권|(?:[가-힣]{2,3}[시군](?![가-힣]{2}))|$)")
# 구미 is a craving, too, and 화성 a planet, but a 구미공장 stands in 구미; a 양산공장 may be one for mass production.
_PLANT = re.compile(
    r"\s?(?:제?\d\s?|(?:[가-힣]{2}재|반도체|배터리|이차전지|바이오|자동차)\s)?(?:공장|캠퍼스|사업장|산단|산업단지|공단|발전소|천연가스|양수발전|(?:해상)?풍력|태양광|[가-힣]{2}\s?(?:해상풍력|공공주택|신도시|역세권))"
)
_CITY_BEFORE = re.compile(r"[가-힣]{2,3}시\s?$")


_BODY = r"(?:은행|대학교|대(?![가-힣])|랜드|재단|공사|진흥원|테크노파크|상공회의소|상의|센터|교육청|혁신도시)"


class Gazetteer:
    """All names of regions, ready to be found in one pass.

    About 0.15 ms for a 1,500-character article.
    """

    def __init__(
        self,
        names: Mapping[str, tuple[Name, ...]],
        words: frozenset[str],
        short: Mapping[str, str],
        within: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._names = names
        self._words = words
        self.short: Final[Mapping[str, str]] = dict(short)  # full 시도 name → "전북"
        self._within = within
        self._areas = re.compile(pattern_of(within) or r"(?!)")
        self._body = re.compile(rf"(?!대){_BODY}")  # 인제대 is not in 인제
        self._inside = re.compile(rf"(?:{pattern_of(names, not_after='[가-힣]')})(?=[가-힣]{{0,10}}?{_BODY})")
        self._pattern = re.compile(rf"(?:{pattern_of(names, not_after='[가-힣A-Za-z]')}){_TAIL}")

    @classmethod
    def from_toml(cls, table: Mapping[str, object]) -> Self:
        """Build from the parsed ``config/regions.toml``; raises ConfigError with every mistake in it."""
        return cls(*names_of(table))

    def regions(self, text: str, on: dt.date | None = None) -> tuple[Place, ...]:
        """Return every place that *text* (normalized) names, in reading order, repeats included.

        ``on`` (the day of publication) decides which 시도 a moved region belongs to; None means today's map. A 중구 or
        고성군 takes the 시도 that stands before it, else the nearest one before, else the one named most; what stays
        open is left out.
        """
        matches = list(self._pattern.finditer(text))
        reading = _Reading(text, on, Counter(self._certain(matches)))
        for match in matches:
            place = self._place(match, reading)
            if place is not None:
                reading.places.append(place)
        return tuple(reading.places)

    def seats(self, text: str) -> tuple[Place, ...]:
        """Return the places in the names of bodies (부산은행) and of areas (동남권): weaker than ``regions``."""
        found = []
        for match in self._inside.finditer(text):
            name = self._seat(match, text)
            if name is not None:
                span = Span(match.start(), match.end())
                place = Place(PlaceKind(name.kind), name.name, name.sido, name.sigungu, span, match[0], not name.stem)
                found.append(place)
        for match in self._areas.finditer(text):
            span = Span(match.start(), match.end())
            found += [Place(PlaceKind.SIDO, sido, sido, "", span, match[0]) for sido in self._within[match[0]]]
        return tuple(found)

    def _seat(self, match: re.Match[str], text: str) -> Name | None:
        """Return the region of "공주대": a stem that is a word of its own must stand right before the body."""
        names = [one for one in self._candidates(match[0]) if one.until is None]
        sido = [one for one in names if one.kind == PlaceKind.SIDO]
        names = sido or names  # 광주은행 is the metropolis's
        if len(names) != 1:
            return None
        word = names[0].stem and match[0] in self._words
        return None if word and not self._body.match(text, match.end()) else names[0]

    def sido_of(self, name: str) -> str:
        """Return the full 시도 name for any printed form ("전북", "전라북도"), or ``""``."""
        return next((one.sido for one in self._names.get(name, ()) if one.kind == PlaceKind.SIDO), "")

    def _certain(self, matches: list[re.Match[str]]) -> list[str]:
        """Return the 시도 of every name that can mean one region only."""
        found = [self._candidates(match[0]) for match in matches]
        return [names[0].sido for names in found if len(names) == 1]

    def _candidates(self, printed: str) -> tuple[Name, ...]:
        return self._names.get(printed) or self._names.get(printed.replace(" ", ""), ())

    def _place(self, match: re.Match[str], reading: "_Reading") -> Place | None:
        printed = match[0]
        before = reading.beside(match.start())
        candidates = [one for one in self._candidates(printed) if one.holds(reading.on)]
        if _part_of_city(printed, before, candidates, reading.text[max(0, match.start() - 5) : match.start()]):
            return None
        chosen = self._choose(candidates, before, reading, match)
        if chosen is None:
            return None
        span = Span(match.start(), match.end())
        return Place(PlaceKind(chosen.kind), chosen.name, chosen.sido, chosen.sigungu, span, printed, not chosen.stem)

    def _choose(
        self, candidates: list[Name], before: Place | None, reading: "_Reading", match: re.Match[str]
    ) -> Name | None:
        beside = [one for one in candidates if before and _belongs(one, before)]
        if beside:
            return beside[0]
        printed = match[0]
        if printed == "경기" and not _GYEONGGI.match(reading.text, match.end()):
            return None  # 경기 is a match, or the economy
        natives = reading.text.startswith("민", match.end())  # 원주민 are natives, 원주시민 live in 원주
        word = printed in self._words and not (printed != "양산" and _PLANT.match(reading.text, match.end()))
        candidates = [one for one in candidates if not (one.stem and (word or natives))]
        sido = [one for one in candidates if one.kind == PlaceKind.SIDO]
        if len(candidates) > len(sido) > 0:  # 광주시: the metropolis unless the text is about 경기
            other = [one for one in candidates if one.kind != PlaceKind.SIDO]
            return other[0] if reading.leans(other[0].sido, against=sido[0].sido) else sido[0]
        return candidates[0] if len(candidates) == 1 else reading.nearest(candidates)


def _part_of_city(printed: str, before: Place | None, candidates: list[Name], text_before: str) -> bool:
    """Return whether a 구 is a part of a city ("포항시 북구"), which is no 시군구 of its own."""
    if not printed.endswith("구") or not any(one.kind == PlaceKind.SIGUNGU for one in candidates):
        return False
    return before.kind == PlaceKind.SIGUNGU if before else bool(_CITY_BEFORE.search(text_before))


def _belongs(name: Name, before: Place) -> bool:
    """Return whether *name* lies in the place before it; a stem right after another 시군구 is a word."""
    in_sido = name.kind != PlaceKind.SIDO and name.sido == before.sido
    return in_sido and not (name.stem and before.kind == PlaceKind.SIGUNGU and name.sigungu == before.sigungu)


@dataclass(slots=True)
class _Reading:
    """A text while its places are being settled from left to right."""

    text: str
    on: dt.date | None
    certain: Counter[str]
    places: list[Place]

    def __init__(self, text: str, on: dt.date | None, certain: Counter[str]) -> None:
        self.text, self.on, self.certain, self.places = text, on, certain, []

    def beside(self, start: int) -> Place | None:
        """Return the place that ends right before *start*: "경남 고성군"."""
        last = self.places[-1] if self.places else None
        if last is None or start - last.span.end > _NEAR:
            return None
        between = self.text[last.span.end : start]
        return last if not between.strip(" (도시군과와·,ㆍ‧/") else None

    def leans(self, sido: str, *, against: str) -> bool:
        """Return whether the text is about *sido* and never about the other."""
        return (
            self.certain[sido] > 0 and self.certain[against] == 0 and self.certain[sido] >= max(self.certain.values())
        )

    def nearest(self, candidates: list[Name]) -> Name | None:
        """Choose among namesakes: the 시도 named last before, else the one named most."""
        by_sido = {one.sido: one for one in candidates}
        for place in reversed(self.places):
            if place.sido in by_sido:
                return by_sido[place.sido]
        named = [sido for sido, _ in self.certain.most_common() if sido in by_sido]
        return by_sido[named[0]] if named else None
