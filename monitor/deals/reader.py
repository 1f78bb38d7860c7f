"""Reads an article's deals: the facts with the sentences they come from."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from monitor.deals.parties import authorities, firms
from monitor.deals.passage import Passage, Telling, lay_out
from monitor.deals.split import Telltale, bundle_parts, separate, spent_on
from monitor.deals.stages import StageReading, read_stage
from monitor.deals.sums import Candidate, candidates, deal_sum
from monitor.deals.where import Landing, landing
from monitor.model import Article, Deal, Evidence, Facts, Money, Part, Stage
from monitor.text import Gazetteer, Quantity, people

_SIGNS = re.compile(r"체결|협약|MOU|양해각서|맺|기공식|착공|준공|개소|계약|서명|열린|개최")
_ANNOUNCED = re.compile(r"\s?(?:이라고\s|이같이\s)?(?:밝혔|전했|말했|발표)|\s[^.,]{2,24}에\s?따르면")
_TOTAL_JOBS = re.compile(r"총|모두|전체")
_ACHIEVED = re.compile(r"목표로|달성|창출했|채용했|고용했")
_LOUD = 1.2  # stage score: what two sentences of the head say, or the headline with the body
_PROJECT_SUM = 2.2  # log-odds-like score from which a sum alone tells of a planned project
_CAMPAIGN = re.compile(
    r"유치(?:\s?(?:추진위|추진단|추진\s?위원회|결의|의지|열기|염원|총력|경쟁|공모)|\s공식화|를\s(?:위한\s(?:범|전략)|촉구|염원)|에\s?(?:총력|나서|나선|나섰|뛰어))"
)
_WON = re.compile(
    r"유치(?:했|에\s성공|를?\s?확정|\s?성공|\s?결실)|선정(?:됐|되|돼|했)|확정(?:됐|되|돼|했|\s?$)|체결|협약|투자(?:한다|하기로)"
)
_ZONE = re.compile(r"(?:육성|진흥)\s?지구|특구")
_MOST_JOBS = 10_000  # more are the estimate of an effect on the whole economy, not one deal's posts

_HANJA = str.maketrans({"車": "차"})  # a headline's 현대車 is 현대차; one letter for one, so offsets stay


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the whole article names, found once."""

    telling: Telling
    companies: tuple[str, ...]
    authorities: tuple[str, ...]
    where: Landing


class DealReader:
    """Reads deals with the names of ``config/regions.toml``.

    One reader serves every article; it keeps no state.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def read(self, article: Article) -> Facts:
        """Return what the article names, and its candidate deals whatever its grade.

        A bundle signed at one ceremony is one deal with parts; a total over several deals is no deal of its own. The
        caller drops the deals of an article below grade 2. ``deals`` is ``()`` when no step of a deal is told. Names
        come without ㈜, regions by their full official names.
        """
        telling = lay_out(replace(article, title=article.title.translate(_HANJA)), self._gazetteer)
        told = telling.passages
        whole = _Whole(telling, firms(telling, told), authorities(telling, told), landing(telling, told))
        return Facts(
            deals=_deals(whole),
            amounts=tuple(money for passage in told for money in passage.amounts),
            companies=whole.companies,
            authorities=whole.authorities,
            people=tuple(dict.fromkeys(one.name for one in people(telling.text))),
            sido=whole.where.sido,
            sigungu=whole.where.sigungu,
            site=whole.where.site,
            dates=tuple(dict.fromkeys(one.first for passage in told for one in passage.dates if one.is_day)),
        )


def _deals(whole: _Whole) -> tuple[Deal, ...]:
    sums = candidates(whole.telling)
    reading = read_stage(whole.telling) or _planned(sums)
    if reading is None or _is_wish(whole.telling, reading):
        return ()
    apart = separate(whole.telling, reading, sums)
    if apart:
        return tuple(_told_apart(whole, one) for one in apart)
    deal = _main_deal(whole, reading, sums)
    other = _other_place(whole, deal)
    if other:
        return replace(deal, amount=None, parts=()), other
    plant = spent_on(whole.telling, deal, sums)
    if plant:
        return replace(deal, jobs=None), replace(_told_apart(whole, plant), jobs=deal.jobs)
    return (deal,) if _is_somebodys(deal, reading) else ()


def _planned(sums: list[Candidate]) -> StageReading | None:
    """Return a plan where headline or head tell what a project costs, though no word says how far it has come."""
    best = deal_sum([one for one in sums if one.passage.is_head and one.signs & {"invests", "project"}])
    return StageReading(Stage.PLAN, best.passage, best.score) if best and best.score >= _PROJECT_SUM else None


def _is_wish(telling: Telling, reading: StageReading) -> bool:
    """Return whether a region only campaigns for a project that others may get, too."""
    if reading.stage not in {Stage.PLAN, Stage.TALKS}:
        return False
    head = " ".join(one.text for one in telling.passages if one.is_head)
    return bool(_CAMPAIGN.search(head)) and not _WON.search(head)


def _other_place(whole: _Whole, deal: Deal) -> Deal | None:
    """Return the same firm's deal in another region: its sum stands in a later sentence that names only that one."""
    if deal.amount is None or not whole.companies:
        return None
    told = next(one for one in whole.telling.passages if one.span.start <= deal.amount.span.start < one.span.end)
    own = landing(whole.telling, (told,), by_seats=False)
    if told.is_head or told.past or not own.sido or not deal.sido or set(own.sido) & set(deal.sido):
        return None
    return replace(
        deal,
        stage=Stage.PLAN,
        jobs=None,
        authorities=(),
        sido=own.sido,
        sigungu=own.sigungu,
        site=own.site,
        date=None,
        parts=(),
        evidence=tuple(Evidence(fact, told.text) for fact in ("stage", "amount")),
        flags=(),
    )


def _is_somebodys(deal: Deal, reading: StageReading) -> bool:
    """Return whether a plan or talk has a firm or a sum, or a plan for a region is told loudly; else it is a wish.

    A zone with advantages for whoever comes is nobody's project.
    """
    if deal.stage not in {Stage.PLAN, Stage.TALKS} or deal.companies:
        return True
    if deal.amount:
        return bool(deal.sido)
    if _ZONE.search(reading.passage.text):
        return False
    return deal.stage == Stage.PLAN and bool(deal.sido) and reading.score >= _LOUD


def _main_deal(whole: _Whole, reading: StageReading, sums: list[Candidate]) -> Deal:
    telling = whole.telling
    total = deal_sum(sums)
    money = total.money if total else None
    parts = bundle_parts(telling, whole.companies, money)
    jobs, jobs_from = _jobs(telling.passages, len(parts) if _are_all(parts, money) else 0)
    day, day_from = _day(telling)
    facts = {
        "stage": reading.passage,
        "amount": total.passage if total else None,
        "jobs": jobs_from,
        "date": day_from,
        "companies": _naming(telling.passages, whole.companies[:1]),
    }
    return Deal(
        stage=reading.stage,
        amount=money,
        jobs=jobs,
        companies=whole.companies,
        authorities=whole.authorities,
        sido=whole.where.sido,
        sigungu=whole.where.sigungu,
        site=whole.where.site,
        date=day,
        parts=parts,
        evidence=tuple(Evidence(fact, passage.text) for fact, passage in facts.items() if passage),
        flags=reading.flags,
    )


def _told_apart(whole: _Whole, told: Telltale) -> Deal:
    """Build one of several deals from its own sentence; the place is the article's when the sentence has none."""
    own = landing(whole.telling, (told.passage,), by_seats=False)
    where = own if own.sido else replace(whole.where, site=own.site)
    evidence = [Evidence("stage", told.passage.text)]
    if told.total:
        evidence.append(Evidence("amount", told.total.passage.text))
    return Deal(
        stage=told.stage,
        amount=told.total.money if told.total else None,
        companies=told.companies,
        authorities=authorities(whole.telling, (whole.telling.title, told.passage)),
        sido=where.sido,
        sigungu=where.sigungu,
        site=where.site,
        evidence=tuple(evidence),
    )


def _are_all(parts: tuple[Part, ...], total: Money | None) -> bool:
    """Return whether the printed parts add up to the total: then none is missing."""
    sums = [part.amount.value for part in parts if part.amount and total and part.amount.currency == total.currency]
    return total is not None and len(sums) == len(parts) > 1 and sum(sums) == total.value


def _jobs(passages: tuple[Passage, ...], parts: int) -> tuple[int | None, Passage | None]:
    """Return the direct new jobs: a total, else the sum of one number for each part, else the first number told."""
    told = [
        (one, passage)
        for passage in passages
        if not (passage.past or _ACHIEVED.search(passage.text))
        for one in passage.jobs
        if one.role == "jobs" and one.value < _MOST_JOBS
    ]
    if not told:
        return None, None
    whole = [pair for pair in told if _is_total(*pair)]
    count, passage = (whole or told)[0]
    if not whole and parts and len(told) == parts:
        return sum(int(one.value) for one, _ in told), passage
    return int(count.value), passage


def _is_total(count: Quantity, passage: Passage) -> bool:
    at = count.span.start - passage.span.start
    return bool(_TOTAL_JOBS.search(passage.text[max(0, at - 14) : at]))


def _day(telling: Telling) -> tuple[dt.date | None, Passage | None]:
    """Return the day of the signing or ground-breaking: the first day in a sentence of the head that tells it.

    The day of the announcement ("16일 밝혔다") is not it.
    """
    for passage in telling.passages:
        if passage.past or not passage.is_head or not _SIGNS.search(passage.text):
            continue
        for one in passage.dates:
            if one.is_day and not _ANNOUNCED.match(telling.text, one.span.end):
                return one.first, passage
    return None, None


def _naming(passages: tuple[Passage, ...], names: tuple[str, ...]) -> Passage | None:
    return next((one for one in passages for name in names if name in one.text), None)
