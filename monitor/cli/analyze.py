"""``bongsu analyze``: recorded articles through the thinking rooms, one line of findings each."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from monitor.cli.lines import json_lines
from monitor.daemon import judge_of, kinds_of
from monitor.jobs.stream import Recorded, recorded, settled
from monitor.model import Deal, Decision, Money
from monitor.settings import Settings, load
from monitor.store import Store


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--config", default=None, help="configuration folder")
def analyze(file: Path | None, config: str | None) -> None:
    """Read JSONL articles {id,url,title,text,published_at,outlet}; write relevance, story and deals of each."""
    settings = load(config)
    asyncio.run(_analyze(settings, json_lines(file), sys.stdout))


async def _analyze(settings: Settings, lines: Iterator[dict[str, object]], out: TextIO) -> None:
    kinds = kinds_of(settings)
    stream = [recorded(line, kinds, number) for number, line in enumerate(lines, 1)]
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    try:
        async for line, _, decision in settled(stream, judge_of(settings), store):
            out.write(json.dumps(_finding(line, decision), ensure_ascii=False) + "\n")
    finally:
        await store.close()


def _finding(line: Recorded, decision: Decision) -> dict[str, object]:
    relevance = decision.relevance
    return {
        "id": line.id,
        "relevance": {
            "grade": int(relevance.grade),
            "score": round(relevance.score, 4),
            "why": [{"text": reason.text, "weight": round(reason.weight, 3)} for reason in relevance.why],
        },
        "story": decision.story,
        "first": decision.is_new_story,
        "because": decision.because,
        "parent": decision.parent,
        "deals": [_deal(deal) for deal in decision.facts.deals],
    }


def _deal(deal: Deal) -> dict[str, object]:
    return {
        "stage": deal.stage.value,
        "amount": _amount(deal.amount),
        "jobs": deal.jobs,
        "companies": list(deal.companies),
        "authorities": list(deal.authorities),
        "sido": list(deal.sido),
        "sigungu": list(deal.sigungu),
        "site": list(deal.site),
        "date": deal.date.isoformat() if deal.date else None,
        "parts": [
            {
                "company": part.company,
                "amount": _amount(part.amount),
                "jobs": part.jobs,
                "sigungu": part.sigungu or None,
                "site": part.site or None,
            }
            for part in deal.parts
        ],
        "flags": list(deal.flags),
        "evidence": {each.fact: each.sentence for each in deal.evidence},
    }


def _amount(money: Money | None) -> dict[str, object] | None:
    if money is None:
        return None
    value = int(money.value) if money.value == int(money.value) else money.value
    return {"value": value, "currency": money.currency, "approx": money.approx, "text": money.text}
