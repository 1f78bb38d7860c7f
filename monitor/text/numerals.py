"""Numbers as Korean newsrooms write them: digits, 천/백/십 and 만/억/조 mixed.

Every repetition is possessive and bounded, so that a long line of digits costs one pass.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

DIGITS: Final = r"(?>\d{1,3}(?:,\d{3})++(?:\.\d{1,8}+)?+|\d{1,16}+(?:\.\d{1,8}+)?+)"
# A number below 만: "3천959", "천800", "2백", "4,500", "3천4백6십".
_SECTION = rf"(?>(?:(?:{DIGITS}\s?)?+[천백십]\s?){{1,4}}+(?:{DIGITS})?+|{DIGITS})"
_LARGE = "[만억조경萬億兆]"
_TERM = rf"(?>{_SECTION}\s?여?+{_LARGE})"
# "10억6000여만", "1조 2,500억", "2만 2천", "만8천500"; a bare section ("4,500", "1천 200") is a number too.
NUMBER: Final = rf"(?:(?:{_TERM}|만(?=[\d천백]))(?:\s?{_TERM}){{0,3}}+(?:\s?{_SECTION})?|{_SECTION})"
# Where a number may begin: not inside another one, and not inside a word ("인천 800억" is not "천 800억"). The sign is
# consumed before it is judged, so that a search skips to the signs with which a number begins.
_FIRST = re.compile(r"[0-9](?<![\d.,].)|[천백십만](?<![가-힣\d].)(?=[\d천백십만억조여 ])")

_TIMES: Final = {
    "십": 10, "백": 100, "천": 1_000, "만": 10**4, "萬": 10**4, "억": 10**8, "億": 10**8, "조": 10**12, "兆": 10**12,
    "경": 10**16,
}  # fmt: skip
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[십백천만억조경萬億兆]")


def value_of(number: str) -> Decimal:
    """Return the value of a written number such as ``1조 2천500억``.

    Signs that are no part of a number ("여", spaces) are passed over; no number at all is 0.

    Example:
        >>> value_of("19조7288억여")
        Decimal('19728800000000')
        >>> value_of("만8천500")
        Decimal('18500')
    """
    total = section = Decimal(0)
    digits: Decimal | None = None
    for token in _TOKEN.findall(number):
        times = _TIMES.get(token)
        if times is None:
            digits = Decimal(token.replace(",", ""))
        elif times < _TIMES["만"]:
            section += (Decimal(1) if digits is None else digits) * times
            digits = None
        else:
            total += ((section + (digits or Decimal(0))) or Decimal(1)) * times
            section, digits = Decimal(0), None
    value = total + section + (digits or Decimal(0))
    return value.to_integral_value() if value == value.to_integral_value() else value


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that begins with ``NUMBER``, from left to right, at the starts of numbers."""
    end = 0
    for first in _FIRST.finditer(text):
        if first.start() >= end:
            found = pattern.match(text, first.start())
            if found:
                end = found.end()
                yield found
