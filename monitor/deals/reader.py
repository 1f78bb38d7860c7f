"""Reads an article's deals: the facts with the sentences they come from."""

import datetime as dt
import re
from dataclasses import replace

from monitor.deals.parties import authorities, firms
from monitor.deals.passage import Passage, Telling, lay_out
from monitor.deals.split import Telltale, bundle_parts, separate, spent_on
from monitor.deals.stages import StageReading, read_stage
from monitor.deals.sums import Candidate, candidates, deal_sum
from monitor.deals.where import landing
from monitor.model import Article, Deal, Evidence, Facts, Stage
from monitor.text import Gazetteer, people

_SIGNS = re.compile(r"체결|협약|MOU|양해각서|맺|기공식|착공|준공|개소|계약|서명|열린|개최")
_ACHIEVED = re.compile(r"목표로|달성|창출했|채용했|고용했")
_MOST_JOBS = 10_000  # more are the estimate of an effect on the whole economy, not one deal's posts
_TOTAL_JOBS = re.compile(r"총|모두|전체")


class DealReader:
    """Reads deals with the names of ``config/regions.toml``.

    One reader serves every article; it keeps no state.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def read(self, article: Article) -> Facts:
        """Return what the article names, and its candidate deals whatever its grade.

        A bundle signed at one ceremony is one deal with parts; a total over several deals is no deal of its own. The
        caller drops the deals of an article below grade 2. ``deals`` is ``()`` when no step of a deal is told.
        """
        telling = lay_out(article, self._gazetteer)
        where = landing(telling, telling.passages)
        return Facts(
            deals=self._deals(telling),
            amounts=tuple(money for passage in telling.passages for money in passage.amounts),
            companies=firms(telling, telling.passages),
            authorities=authorities(telling, telling.passages),
            people=tuple(dict.fromkeys(one.name for one in people(telling.text))),
            sido=where.sido,
            sigungu=where.sigungu,
            site=where.site,
            dates=tuple(
                dict.fromkeys(one.first for passage in telling.passages for one in passage.dates if one.is_day)
            ),
        )

    def _deals(self, telling: Telling) -> tuple[Deal, ...]:
        reading = read_stage(telling)
        if reading is None:
            return ()
        told = separate(telling, reading)
        if told:
            return tuple(_told_apart(telling, one) for one in told)
        deal = _main_deal(telling, reading)
        plant = spent_on(telling, deal)
        if plant:
            built = _told_apart(telling, plant)
            return replace(deal, jobs=None), replace(built, jobs=deal.jobs)
        return (deal,) if _is_somebodys(deal) else ()


def _is_somebodys(deal: Deal) -> bool:
    """Return whether a mere plan or talk has a firm or a sum; without either it is a wish, not a deal."""
    return deal.stage not in {Stage.PLAN, Stage.TALKS} or bool(deal.companies or deal.amount)


def _main_deal(telling: Telling, reading: StageReading) -> Deal:
    where = landing(telling, telling.passages)
    total = deal_sum(candidates(telling))
    jobs, jobs_from = _jobs(telling.passages)
    companies = firms(telling, telling.passages)
    day, day_from = _day(telling, reading)
    facts = {
        "stage": reading.passage,
        "amount": total.passage if total else None,
        "jobs": jobs_from,
        "date": day_from,
        "companies": _naming(telling.passages, companies[0]) if companies else None,
    }
    return Deal(
        stage=reading.stage,
        amount=total.money if total else None,
        jobs=jobs,
        companies=companies,
        authorities=authorities(telling, telling.passages),
        sido=where.sido,
        sigungu=where.sigungu,
        site=where.site,
        date=day,
        parts=bundle_parts(telling, companies, total.money if total else None),
        evidence=tuple(Evidence(fact, passage.text) for fact, passage in facts.items() if passage),
        flags=reading.flags,
    )


def _told_apart(telling: Telling, told: Telltale) -> Deal:
    """Build one of several deals from its own sentence; the place is the article's when the sentence has none."""
    own = landing(telling, (told.passage,))
    whole = own if own.sido else landing(telling, telling.passages)
    total: Candidate | None = told.total
    evidence = [Evidence("stage", told.passage.text)]
    if total:
        evidence.append(Evidence("amount", total.passage.text))
    return Deal(
        stage=told.stage,
        amount=total.money if total else None,
        companies=told.companies,
        authorities=authorities(telling, (telling.title, told.passage)),
        sido=whole.sido,
        sigungu=whole.sigungu,
        site=own.site,
        evidence=tuple(evidence),
    )


def _jobs(passages: tuple[Passage, ...]) -> tuple[int | None, Passage | None]:
    """Return the direct new jobs: a total, else the first number that is told (the parts come after it)."""
    told = [
        (one, passage)
        for passage in passages
        if not (passage.past or _ACHIEVED.search(passage.text))
        for one in passage.jobs
        if one.role == "jobs" and one.value < _MOST_JOBS
    ]
    if not told:
        return None, None
    whole = [
        pair
        for pair in told
        if _TOTAL_JOBS.search(pair[1].text[: max(0, pair[0].span.start - pair[1].span.start)][-14:])
    ]
    count, passage = (whole or told)[0]
    return int(count.value), passage


def _day(telling: Telling, reading: StageReading) -> tuple[dt.date | None, Passage | None]:
    """Return the day of the signing or ground-breaking: the first day in a sentence of the head that tells it."""
    for passage in telling.passages:
        if passage.past or not passage.is_head or not _SIGNS.search(passage.text):
            continue
        day = next((one.first for one in passage.dates if one.is_day and not _says(telling, one.span.end)), None)
        if day is not None:
            return day, passage
    return None, None


def _says(telling: Telling, end: int) -> bool:
    """Return whether a day is that of the announcement: "16일 밝혔다"."""
    return bool(re.match(r"\s?(?:이라고\s|이같이\s)?(?:밝혔|전했|말했|발표)", telling.text[end : end + 10]))


def _naming(passages: tuple[Passage, ...], name: str) -> Passage | None:
    return next((one for one in passages if name in one.text), None)
