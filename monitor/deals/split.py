"""One ceremony or several deals? Bundles keep their parts, a delegation's yield is told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.deals.parties import signs_itself, tells_firm
from monitor.deals.passage import Passage, Telling
from monitor.deals.stages import StageReading
from monitor.deals.sums import Candidate, deal_sum
from monitor.model import Deal, Money, Part, Stage

# "14개 기업과 협약": one ceremony for all of them.
_BUNDLE = re.compile(r"\d+\s?개\s?(?:기업|사(?![가-힣]{2})|업체|기관)|\d+\s?개사|각각")
_SIGNS = re.compile(r"협약|MOU|양해각서|계약|투자|유치", re.IGNORECASE)
_OWN = re.compile(
    r"(?:수출|공급|납품|본|매매)\s?계약|협약|MOU|양해각서|투자를?\s?(?:결정|확정)|투입해|짓는다|체결", re.IGNORECASE
)
_CONTRACT = re.compile(r"(?:수출|공급|납품|본|매매)\s?계약")
_MOU = re.compile(r"MOU|양해각서", re.IGNORECASE)
_SIGNED = re.compile(
    r"체결(?:했|하|된|한\s?것)|맺었|맺고|협약을\s?통해|성사|쾌거|투자를?\s?(?:결정|확정)해|짓는다|투자한다"
)
_THEN = re.compile(r"(?<!\d)20\d\d년")  # a sentence with a year tells history or a plan
_PLAN = re.compile(r"투자를?\s?(?:결정|확정)|짓는다|투자한다")
_RAISED = re.compile(r"투자\s?유치")
_BUILDS = re.compile(r"(?:공장|기지|센터|시설)[^.]{0,14}(?:설립|건설|건립|짓|구축|착공)")
_UNDER_WAY = re.compile(r"건설하고\s?있|짓고\s?있|착공했|건설\s?중")
# "당초 연구소를 세우려 했으나 … 공장을 짓는 MOU를 체결한 것이다" begins with what was before and ends with the news.
_ENDS_SIGNED = re.compile(r"체결(?:했다|한\s?것이다|했다고\s?밝혔다)\.?$")
_TAKES_PART = re.compile(r"\s?(?:규모|상당)의?\s[^.,]{0,40}?(?:사업|프로젝트)[’”'\"]?에\s[^.,]{0,20}?참여")
_FEWEST = 2  # deals; parts of a bundle


@dataclass(frozen=True, slots=True)
class Telltale:
    """One of several deals: its sentence, stage, firms and sum."""

    passage: Passage
    stage: Stage
    companies: tuple[str, ...]
    total: Candidate | None


def separate(telling: Telling, reading: StageReading, sums: list[Candidate]) -> tuple[Telltale, ...]:
    """Return the deals of an article that tells several of different firms or *sums* (all it names), else ``()``.

    Several means: at least two sentences that each sign with firms or a sum of their own, while title and head bundle
    nothing and the title names no firm. A story of delays tells one changed deal for each project's sum.
    """
    if reading.stage == Stage.CANCELLED or _is_single(telling):
        return ()
    found = _delayed(telling, sums) if reading.stage == Stage.CHANGED else _signed(telling, sums)
    told = tuple(_distinct(found))
    return told if len(told) >= _FEWEST else ()


def spent_on(telling: Telling, main: Deal, sums: list[Candidate]) -> Telltale | None:
    """Return the plant that a firm builds with the money it raised: a deal beside the round itself."""
    if main.stage != Stage.CONTRACT or main.amount is None or not _RAISED.search(telling.title.text):
        return None
    for one in sums:
        if one.score > 0 and one.money.value != main.amount.value and _BUILDS.search(one.passage.text):
            stage = Stage.BUILD if _UNDER_WAY.search(one.passage.text) else Stage.PLAN
            return Telltale(one.passage, stage, main.companies[:1], one)
    return None


def _is_single(telling: Telling) -> bool:
    head = telling.passages[:4]
    bundled = any(_BUNDLE.search(one.text) and _SIGNS.search(one.text) for one in head)
    return bundled or any(tells_firm(one) for one in telling.title.firms)


def _signed(telling: Telling, sums: list[Candidate]) -> Iterator[Telltale]:
    for passage in telling.passages[1:]:
        if (passage.past and not _ENDS_SIGNED.search(passage.text)) or _THEN.search(passage.text):
            continue
        if _OWN.search(passage.text) and _SIGNED.search(passage.text):
            main = _telltale(telling, passage, _stage(passage.text), sums)
            yield main if main.companies or main.total else replace(main, companies=_neighbours(telling, passage))
            yield from _taken_part(telling, passage, main, sums)


def _neighbours(telling: Telling, passage: Passage) -> tuple[str, ...]:
    """Return the firms of the sentence before, else after, one that signs a plant without naming anybody."""
    if not _BUILDS.search(passage.text):
        return ()
    beside = [one for one in telling.passages[1:] if abs(one.index - passage.index) == 1]
    named = [tuple(one.name for one in near.firms if signs_itself(telling, one)) for near in beside]
    return next((names[:1] for names in named if names), ())


def _taken_part(telling: Telling, passage: Passage, main: Telltale, sums: list[Candidate]) -> Iterator[Telltale]:
    """Yield the project of another sum that the same sentence goes on to tell: "…이고, 1억달러 사업에 참여"."""
    for one in sums:
        if main.total and one.passage is passage and one.money.span.start > main.total.money.span.end:
            after = telling.text[one.money.span.end : passage.span.end]
            if one.money.currency == main.total.money.currency and _TAKES_PART.match(after):
                yield Telltale(passage, Stage.AGREEMENT, (), one)


def _delayed(telling: Telling, sums: list[Candidate]) -> Iterator[Telltale]:
    for passage in telling.passages[1:]:
        if passage.amounts and _OWN.search(passage.text) and not _BUNDLE.search(passage.text):
            yield _telltale(telling, passage, Stage.CHANGED, sums)


def _telltale(telling: Telling, passage: Passage, stage: Stage, sums: list[Candidate]) -> Telltale:
    names = tuple(dict.fromkeys(one.name for one in passage.firms if signs_itself(telling, one)))
    said = [one for one in sums if one.passage is passage]
    own = [one for one in said if not one.signs & {"past", "running", "aside"}]
    if stage == Stage.CHANGED:
        own = [one for one in said if "invests" in one.signs]
        return Telltale(passage, stage, names, own[0] if own and passage.index > 1 else None)
    return Telltale(passage, stage, names, deal_sum(own))


def _distinct(found: Iterator[Telltale]) -> Iterator[Telltale]:
    """Keep each firm's and each sum's first sentence; a sentence with neither tells no deal of its own."""
    firms: set[str] = set()
    sums: set[float] = set()
    for one in found:
        value = one.total.money.value if one.total else 0.0
        known = bool(firms & set(one.companies)) or value in sums
        if not known and (value or (one.companies and one.stage != Stage.CHANGED)):
            yield one
        firms.update(one.companies)
        sums.update({value} - {0.0})


def _stage(text: str) -> Stage:
    if _MOU.search(text):
        return Stage.MOU
    if _PLAN.search(text) and "체결" not in text:
        return Stage.PLAN
    return Stage.CONTRACT if _CONTRACT.search(text) else Stage.AGREEMENT


def bundle_parts(telling: Telling, companies: tuple[str, ...], total: Money | None) -> tuple[Part, ...]:
    """Return each firm's own sum, jobs and place where the words after its name tell them."""
    if len(companies) < _FEWEST:
        return ()
    parts = [_part(telling, company, total) for company in companies]
    return tuple(part for part in parts if part)


def _part(telling: Telling, company: str, total: Money | None) -> Part | None:
    for passage in telling.passages[1:]:
        at = passage.text.find(company)
        if at < 0 or passage.past:
            continue
        start = passage.span.start + at
        later = [one.span.start for one in passage.firms if one.span.start > start and tells_firm(one)]
        limit = min(later, default=passage.span.end)
        own = [one for one in passage.amounts if start < one.span.start < limit and _is_share(one, total)]
        if own:
            jobs = next((int(one.value) for one in passage.jobs if start < one.span.start < limit), None)
            near = [one.sigungu for one in passage.places if one.span.start < limit and one.sigungu]
            return Part(company, own[0], jobs, near[-1] if near else "")
    return None


def _is_share(money: Money, total: Money | None) -> bool:
    return total is None or money.currency != total.currency or money.value < total.value
