"""What identifies the story of an article, read out in full."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from monitor.dedup.grams import (
    RUN,
    Flags,
    Hashes,
    Runs,
    Short,
    among,
    ascending,
    bits,
    letters,
    pair_hashes,
    pairs,
    runs,
)
from monitor.dedup.prose import party, plain, plain_title, series
from monitor.dedup.rarity import WEIGHTS
from monitor.dedup.slots import Kind, Slot, mark_code, numbers
from monitor.model import Article

LEAD = 600
"""Letters of the body that name the event: the first paragraphs; feeds give 200 to 500."""
OPENING = 200
"""Letters of the body whose rarest words are index keys."""
_TELLING = 20
PROVINCES = (
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기",
    "강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주",
)  # fmt: skip
_LONG = {"충청북": "충북", "충청남": "충남", "전라북": "전북", "전라남": "전남", "경상북": "경북", "경상남": "경남"}
_PLACE = re.compile(
    rf"(?<![가-힣])(?:(?P<long>{'|'.join(_LONG)}|{'|'.join(PROVINCES)})(?:특별자치)?(?:특별|광역)?(?:도|시)"
    r"|(?P<town>[가-힣]{2,3}?)(?:특례)?[시군])(?=(?:청|의회)|[은는이가의와과에도]?(?:[^가-힣]|$))"
)
_NO_TOWN = re.compile(r"도$|^(?:예비|유공|참전|주한|대한)")  # 신도시, 혁신도시; 예비군


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is compared."""

    title_text: str
    party: int  # hash of the first two letters of the party that the title opens with, or 0
    opening: str  # of the body
    title: Short  # hashes of the title's pairs of letters
    named: Short  # those of them that the body repeats: names, not a headline's own words
    body: Short  # pairs of title and lead
    title_numbers: tuple[Slot, ...]
    body_numbers: tuple[Slot, ...]  # of title and lead
    title_places: Short  # towns and provinces, 16 bits each
    body_places: Short  # of title and lead
    runs: Hashes  # of the whole body, ascending
    telling_runs: Hashes  # those made of rare pairs: names and figures rather than a template's words; ascending


@lru_cache(maxsize=64)
def read(article: Article) -> Reading:
    """Read what identifies the story of *article*; remembered, because its fingerprint and its story both ask."""
    title, body = plain_title(article.title), plain(article.text)
    lead = body[:LEAD]
    in_title, in_lead = pairs(letters(title)), pairs(letters(lead))
    every = runs(letters(body))
    in_title_numbers, in_title_places = numbers(title, article.published_at), places(title)
    return Reading(
        title_text=title,
        party=_party(title),
        opening=body[:OPENING],
        title=in_title,
        named=in_title[among(in_title, in_lead)] if len(in_lead) else in_title,
        body=np.concatenate((in_title, in_lead[~among(in_lead, in_title)])),
        title_numbers=_marks(article.title) + in_title_numbers,
        body_numbers=_with(in_title_numbers, numbers(lead, article.published_at)),
        title_places=_codes(in_title_places),
        body_places=_codes({**in_title_places, **places(lead)}),
        runs=ascending(every.hashes),
        telling_runs=ascending(every.hashes[_telling(every)]),
    )


def _party(title: str) -> int:
    opened = party(title)
    return int(pair_hashes(opened)[0]) if opened else 0


def _marks(title: str) -> tuple[Slot, ...]:
    kind = series(plain(title))
    return (Slot(Kind.SMALL, mark_code(kind), 0.0),) if kind else ()


def _telling(every: Runs) -> Flags:
    """Which runs are mostly rare: their inner pairs weigh as much as two and a half pairs of a name."""
    weights = np.where(every.joined, WEIGHTS[every.inner], 0).astype(np.int64)
    total = np.concatenate(([0], np.cumsum(weights)))
    return (total[RUN - 1 :] - total[: len(total) - RUN + 1])[: len(every.hashes)] >= _TELLING


def _with(title: tuple[Slot, ...], lead: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots of a title and of its lead, each once."""
    known = {slot.code for slot in title}
    return title + tuple(slot for slot in lead if slot.code not in known)


def places(text: str) -> dict[str, None]:
    """Towns and provinces that *text* names in full ("해남군", "전남도"), each once, without their suffixes."""
    return dict.fromkeys(name for match in _PLACE.finditer(text) if (name := _place(match)))


def _codes(names: Iterable[str]) -> Short:
    return np.array([bits(name, 16) for name in names], dtype=np.uint16)


def province(name: str) -> str:
    """The short name of a province or metropolis ("경상남도" is 경남)."""
    match = _PLACE.match(name)
    return _place(match) if match else name


def _place(match: re.Match[str]) -> str:
    if match["long"]:
        return _LONG.get(match["long"], match["long"])
    town: str = match["town"]
    return "" if _NO_TOWN.search(town) else town
