"""Head-counts and areas as newsrooms write them."""

import re
from dataclasses import dataclass
from typing import Final

from monitor.model import Span
from monitor.text.numerals import NUMBER, matches, value_of

PYEONG: Final = 400 / 121  # m² of one 평 (계량법)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A counted or measured amount.

    ``role`` of a head-count is ``"jobs"`` (direct new jobs) or ``"induced"``; it is ``""`` for an area. ``sqm`` is the
    area in square metres, 0 for a head-count.
    """

    value: float
    unit: str
    approx: bool
    role: str
    span: Span
    sqm: float = 0.0


_COUNT = re.compile(
    rf"(?P<number>{NUMBER})\s?(?P<more>여)?\s?(?P<unit>명|개(?!국|월|사(?![가-힣])|소|년|\s?기[업관]|동"
    rf"|시[군·])|인(?![가-힣천])|자리)"
)
_JOBS = re.compile(
    r"(?:신규\s?)?(?:일자리|고용|채용|취업(?!\s?준비)|인력\s?(?:을|채용|고용)|근로자|상시인원|고용인원|뽑|충원)"
)
_INDUCED = re.compile(r"유발|간접|파급|취업자\s?수")
_NOT_JOBS = re.compile(
    r"참[석가여]|방문|관람|관광|주민|학생|수강|교육생|수료|인구|임직원|대표|관계자|기업인|회원|재학|이용객|고객"
    r"|가입|활동|근무|종사|재직|일하|선발|투표|양성"
)
_APPROX_BEFORE = re.compile(r"(?:약|대략|최소|최대)\s?$")
_APPROX_AFTER = re.compile(r"\s?(?:여\s?(?:명|개)|이상|안팎|가량|내외|정도|남짓|규모)")
_FROM_TO = re.compile(r"에서\s*$")
_CLAUSE = re.compile(r"[.!?,\n·▲△▷]|(?:하고|하며|으며|이며|이고)\s")
_REACH = 22  # characters on each side in which the word that says what is counted stands


def headcounts(text: str) -> tuple[Quantity, ...]:
    """Return the jobs that *text* (normalized) promises, in reading order; people who attend or live are no jobs.

    Of "25명에서 150명으로" the second is the count.

    Example:
        >>> [(one.value, one.approx, one.role) for one in headcounts("일자리 400여개 창출")]
        [(400.0, True, 'jobs')]
    """
    if not _JOBS.search(text):
        return ()
    found = [one for match in matches(_COUNT, text) if (one := _headcount(text, match))]
    return tuple(one for one in found if not _leads_to_next(text, one, found))


def _headcount(text: str, match: re.Match[str]) -> Quantity | None:
    role = _role(text, match)
    if not role:
        return None
    unit = "명" if match["unit"] == "인" else match["unit"]
    span = Span(match.start(), match.end())
    return Quantity(float(value_of(match["number"])), unit, _about(text, match), role, span)


def _role(text: str, match: re.Match[str]) -> str:
    before = _CLAUSE.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    after = _CLAUSE.split(text[match.end() : match.end() + _REACH])[0]
    near_after = after[:14]
    if not (_JOBS.search(before) or _JOBS.search(near_after)):
        return ""
    if _NOT_JOBS.search(near_after) or (match["unit"] == "개" and "일자리" not in before + after):
        return ""
    return "induced" if _INDUCED.search(before[-12:] + near_after[:12]) else "jobs"


def _about(text: str, match: re.Match[str]) -> bool:
    printed = match["number"] + (match["more"] or "")
    before = _APPROX_BEFORE.search(text, max(0, match.start() - 4), match.start())
    return "여" in printed or bool(before) or bool(_APPROX_AFTER.match(text, match.end()))


def _leads_to_next(text: str, one: Quantity, found: list[Quantity]) -> bool:
    """Return whether "25명" is the old count in "25명에서 150명으로"."""
    return any(
        other.span.start > one.span.end and _FROM_TO.match(text[one.span.end : other.span.start]) for other in found
    )


_AREA = re.compile(
    rf"(?P<number>{NUMBER})\s?여?\s?(?P<unit>㎡|m²|m2|제곱미터|평방미터|㎢|km²|제곱킬로미터|평(?![가-힣]{{2}}"
    rf"|균|가|양|창|택|일|소)|ha|헥타르|에이커)"
)
_SQUARE_METRES: Final = {
    "㎡": 1.0, "m²": 1.0, "m2": 1.0, "제곱미터": 1.0, "평방미터": 1.0, "㎢": 1e6, "km²": 1e6, "제곱킬로미터": 1e6,
    "평": PYEONG, "ha": 1e4, "헥타르": 1e4, "에이커": 4046.856,
}  # fmt: skip
_CANONICAL: Final = {
    "m²": "㎡",
    "m2": "㎡",
    "제곱미터": "㎡",
    "평방미터": "㎡",
    "km²": "㎢",
    "제곱킬로미터": "㎢",
    "헥타르": "ha",
}


def areas(text: str) -> tuple[Quantity, ...]:
    """Return every area in *text* (normalized), in reading order, with its value in its own unit and in m².

    Example:
        >>> [(one.value, one.unit) for one in areas("1만3224㎡(약 4000평)")]
        [(13224.0, '㎡'), (4000.0, '평')]
    """
    return tuple(_area(text, match) for match in matches(_AREA, text))


def _area(text: str, match: re.Match[str]) -> Quantity:
    value, unit = float(value_of(match["number"])), match["unit"]
    about = "여" in match[0] or bool(_APPROX_BEFORE.search(text, max(0, match.start() - 4), match.start()))
    span = Span(match.start(), match.end())
    return Quantity(value, _CANONICAL.get(unit, unit), about, "", span, round(value * _SQUARE_METRES[unit], 1))
