"""One ceremony or several deals? Bundles keep their parts, a delegation's yield is told apart."""

import re
from dataclasses import dataclass

from monitor.deals.parties import is_firm
from monitor.deals.passage import Passage, Telling
from monitor.deals.stages import StageReading
from monitor.deals.sums import Candidate, candidates, deal_sum
from monitor.model import Money, Part, Stage

# "14개 기업과", "4개사": one ceremony for all of them.
_BUNDLE = re.compile(r"\d+\s?개\s?(?:기업|사(?![가-힣])|업체|기관)|\d+\s?곳|\d+\s?개사|각각")
_OWN = re.compile(r"(?:수출|공급|납품|본|매매)\s?계약|협약|MOU|양해각서|투자를?\s?(?:결정|확정)|투입해|짓는다|체결")
_CONTRACT = re.compile(r"(?:수출|공급|납품|본|매매)\s?계약")
_MOU = re.compile(r"MOU|양해각서", re.IGNORECASE)
_SIGNED = re.compile(r"체결했|체결하|맺었|맺고|협약을\s?통해|성사|쾌거|투자를?\s?(?:결정|확정)해|짓는다|투자한다")
_THEN = re.compile(r"(?<!\d)20\d\d년")  # a sentence with a year tells history or a plan
_PLAN = re.compile(r"투자를?\s?(?:결정|확정)|짓는다|투자한다")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Telltale:
    """One of several deals: its sentence, stage, firms and sum."""

    passage: Passage
    stage: Stage
    companies: tuple[str, ...]
    total: Candidate | None


def separate(telling: Telling, reading: StageReading) -> tuple[Telltale, ...]:
    """Return the deals of an article that tells several of different firms, else ``()``.

    Several means: at least two sentences that each sign with firms of their own, no bundle and no firm in the title.
    """
    bundle = any(_BUNDLE.search(one.text) for one in telling.passages[:4])
    single = any(is_firm(one.name) for one in telling.title.firms)
    if bundle or single or reading.stage in {Stage.CANCELLED, Stage.CHANGED}:
        return ()
    sums = candidates(telling)
    told: list[Telltale] = []
    seen: set[str] = set()
    for passage in telling.passages[1:]:
        if passage.past or _THEN.search(passage.text) or not (_OWN.search(passage.text) and _SIGNED.search(passage.text)):
            continue
        names = tuple(dict.fromkeys(one.name for one in passage.firms if is_firm(one.name)))
        if not names or seen & set(names):
            seen.update(names)
            continue
        seen.update(names)
        told.append(
            Telltale(passage, _stage(passage.text), names, deal_sum([one for one in sums if one.passage is passage]))
        )
    return tuple(told) if len(told) >= _FEWEST else ()


def _stage(text: str) -> Stage:
    if _MOU.search(text):
        return Stage.MOU
    if _PLAN.search(text) and "체결" not in text:
        return Stage.PLAN
    return Stage.CONTRACT if _CONTRACT.search(text) else Stage.AGREEMENT


def bundle_parts(telling: Telling, companies: tuple[str, ...], total: Money | None) -> tuple[Part, ...]:
    """Return each firm's own sum, jobs and place where a sentence about that firm alone names them."""
    if len(companies) < _FEWEST:
        return ()
    parts = [_part(telling, company, total) for company in companies]
    return tuple(part for part in parts if part)


def _part(telling: Telling, company: str, total: Money | None) -> Part | None:
    for passage in telling.passages[1:]:
        at = passage.text.find(company)
        others = [one for one in passage.firms if one.name != company and is_firm(one.name)]
        if at < 0 or passage.past:
            continue
        start = passage.span.start + at
        limit = min((one.span.start for one in others if one.span.start > start), default=passage.span.end)
        own = [
            one
            for one in passage.amounts
            if start < one.span.start < limit
            and (total is None or one.value < total.value or one.currency != total.currency)
        ]
        if own:
            jobs = next((int(one.value) for one in passage.jobs if start < one.span.start < limit), None)
            near = [one for one in passage.places if start - 40 < one.span.start < limit and one.sigungu]
            return Part(company, own[0], jobs, near[0].sigungu if near else "", "")
    return None
