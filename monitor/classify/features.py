"""What an officer would look at, as numbers: acts, parties, places, sums, and who speaks."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.classify import dealings, grams
from monitor.classify.lexicon import Lexicon, character_pairs
from monitor.classify.prose import Prose
from monitor.model import Article, Facts

_SUM = re.compile(r"\d[\d,.]*\s?(?:천|백)?\s?[조억]")
_FIRM_MARK = re.compile(r"㈜|\(주\)|주식회사")
# A public body opens the headline as its subject: "경남도, …", "나주시-…", "부산 기장군, …".
_BODY_FIRST = re.compile(
    r"^(?:[가-힣]{2,4}\s)?[가-힣]{1,5}(?:특별자치도|광역시|특례시|특별시|시|군|도|구|청)(?:\s?[,·–-]|[와과가는은]\s|\s)"
)
_QUOTED_FIRST = re.compile(r'^["“‘\']')
_PLACE_SIGN, _FIRM_SIGN = "R", "F"


@dataclass(frozen=True, slots=True)
class Features:
    """One article as the model sees it."""

    dense: tuple[float, ...]
    title_text: str  # masked
    body_text: str  # masked


def read_features(article: Article, facts: Facts, prose: Prose, lexicon: Lexicon) -> Features:
    """Return the features of *article*; pure, the same input gives the same numbers."""
    whole = f"{prose.title}\n{prose.lead}\n{prose.body}"
    pairs = character_pairs(whole)
    hits, named = tuple(lexicon.vocabulary.found(whole, pairs)), tuple(lexicon.places.found(whole, pairs))
    title_places = tuple(name for name, _ in named if name in prose.title)
    lead_places = tuple(name for name, _ in named if name in prose.lead)
    body_places = sum(level for name, level in named if name in prose.body)
    dense = [
        *_cue_values(prose, lexicon, hits),
        *_pattern_values(prose, lexicon, hits),
        *_title_values(prose.title, title_places),
        *_text_values(prose, lead_places, title_places, body_places),
        *_outlet_values(article, lexicon),
        min(len(prose.opening), 1200) / 1200,
        float(not prose.lead),
        *dealings.fact_values(prose.title, facts),
    ]
    dense += [dense[left] * dense[right] for left, right in lexicon.pairs]
    names = tuple(sorted({*title_places, *lead_places}, key=lambda name: (-len(name), name)))
    return Features(tuple(dense), _masked(prose.title, names, facts), _masked(prose.opening, names, facts))


def _masked(text: str, places: tuple[str, ...], facts: Facts) -> str:
    text = grams.mask(text, facts.companies, _FIRM_SIGN)
    return grams.hide_figures(grams.mask(text, places, _PLACE_SIGN))


def _cue_values(prose: Prose, lexicon: Lexicon, hits: tuple[tuple[str, int], ...]) -> Iterator[float]:
    """Yield title, lead and body values of every cue; the words were found at once, now they are placed."""
    title, lead, body = prose.title, prose.lead, prose.body
    counts = [[0, 0, 0] for _ in lexicon.cues]
    for word, cue in hits:
        if cue >= 0:
            count = counts[cue]
            count[0] |= word in title
            count[1] += word in lead
            count[2] += word in body
    for in_title, in_lead, in_body in counts:
        yield float(in_title)
        yield math.log1p(in_lead)
        yield math.log1p(in_body)


def _pattern_values(prose: Prose, lexicon: Lexicon, hits: tuple[tuple[str, int], ...]) -> Iterator[float]:
    first = f"{prose.title}. {prose.lead}"
    possible = {-1 - meaning for _, meaning in hits if meaning < 0}
    for index, pattern in enumerate(lexicon.patterns):
        if index in possible:
            yield float(pattern.rule.is_in(first))
            yield math.log1p(pattern.rule.count(prose.opening))
        else:
            yield from (0.0, 0.0)


def _title_values(title: str, places: tuple[str, ...]) -> tuple[float, ...]:
    return (
        float(bool(places)),
        float(_BODY_FIRST.search(title) is not None),
        float(_SUM.search(title) is not None),
        float(_QUOTED_FIRST.search(title) is not None),
        min(len(title), 60) / 60,
        float(_FIRM_MARK.search(title) is not None),
    )


def _text_values(
    prose: Prose, lead_places: tuple[str, ...], title_places: tuple[str, ...], body_places: int
) -> tuple[float, ...]:
    everywhere = {*lead_places, *title_places}
    return (
        math.log1p(len(lead_places)),
        math.log1p(body_places),
        float(_SUM.search(prose.lead) is not None),
        math.log1p(len(_SUM.findall(prose.opening))),
        math.log1p(len(_FIRM_MARK.findall(prose.opening))),
        float(everywhere == {"서울"}),
    )


def _outlet_values(article: Article, lexicon: Lexicon) -> tuple[float, ...]:
    name = article.outlet_name or article.outlet
    ends = lexicon.outlet_ends
    return (
        float(article.outlet_kind == "board" or name.endswith(ends["board"])),
        float(article.outlet_kind == "release" or name.startswith(ends["release"])),
        float(article.outlet_kind == "wire" or name.startswith(ends["wire"])),
        float(article.outlet_kind == "paper" or name.startswith(ends["regional"])),
        *(float(lexicon.sections[side].is_in(article.url)) for side in ("for", "against")),
    )
