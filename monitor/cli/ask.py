"""``bongsu why``, ``why-not`` and ``search``: what the store knows, told in the order it happened."""

import asyncio
import json
from datetime import UTC, datetime

import click

from monitor.clock import KST
from monitor.daemon import open_store
from monitor.dedup import article_key
from monitor.model import Grade, Reason, Stage, Story
from monitor.settings import Settings, load
from monitor.store import LinkTrace, StoryFilter, StoryPage, Trace

WORDS = {Grade.DEAL: "3 딜", Grade.ACTIVITY: "2 활동", Grade.MENTION: "1 언급", Grade.UNRELATED: "0 무관"}


@click.command()
@click.argument("url")
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def why(url: str, config: str | None, as_json: bool) -> None:
    """Tell all that happened to an article, from discovery to delivery, with the rule and version that decided."""
    _tell(url, config, as_json=as_json)


@click.command("why-not")
@click.argument("url")
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def why_not(url: str, config: str | None, as_json: bool) -> None:
    """Tell where an article stopped on its way to an alert; the same trace, its conclusion first."""
    _tell(url, config, as_json=as_json)


def _tell(url: str, config: str | None, *, as_json: bool) -> None:
    trace = asyncio.run(_trace(load(config), url))
    click.echo(json.dumps(_as_json(trace), ensure_ascii=False) if as_json else "\n".join(_words(url, trace)))
    if trace.link is None and trace.stored is None:
        raise SystemExit(8)


@click.command()
@click.argument("words", nargs=-1)
@click.option("--region", default="", help="a 시도 by any printed form, or a 시군구")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), default=None)
@click.option("--amount", default=0.0, help="least amount, in 억원")
@click.option("--firm", default="", help="part of a company's name")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="first Korean day, 2026-03-02")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON lines")
def search(
    words: tuple[str, ...],
    region: str,
    stage: str | None,
    amount: float,
    firm: str,
    since: datetime | None,
    limit: int,
    config: str | None,
    as_json: bool,
) -> None:
    """Find stories and deals; two syllables suffice. The same answers as on the board and in Slack."""
    settings = load(config)
    wanted = StoryFilter(
        since=since.replace(tzinfo=KST).astimezone(UTC) if since else None,
        region=_full_name(settings, region),
        stage=Stage(stage) if stage else None,
        min_amount_krw=amount * 1e8,
        firm=firm,
        text=" ".join(words),
        limit=limit,
    )
    page = asyncio.run(_search(settings, wanted))
    for story in page.stories:
        click.echo(json.dumps(_story(story), ensure_ascii=False) if as_json else _line(story))
    if not page.stories:
        click.echo("찾은 이야기가 없습니다. 낱말을 줄이거나 조건을 풀어 보세요.", err=True)
    elif page.cursor and not as_json:
        click.echo(f"더 있습니다: --limit {min(200, limit * 2)}", err=True)


def _full_name(settings: Settings, region: str) -> str:
    """Return the full name of a 시도 from any printed form; a 시군구 stays as it is."""
    rows = settings.regions.get("sido")
    for row in rows if isinstance(rows, list) else ():
        if region and region in (row["name"], row.get("short"), *row.get("names", ())):
            return str(row["name"])
    return region


async def _trace(settings: Settings, url: str) -> Trace:
    async with await open_store(settings, read_only=True) as store:
        return await store.trace(article_key(url))


async def _search(settings: Settings, wanted: StoryFilter) -> StoryPage:
    async with await open_store(settings, read_only=True) as store:
        return await store.stories(wanted)


def conclusion(trace: Trace) -> str:
    """Return in one line whether the article was told, and if not, where it stopped."""
    stored = trace.stored
    if stored is None:
        return _unread(trace.link)
    if trace.deliveries or trace.alerts:
        receivers = dict.fromkeys(
            [*(each.receiver for each in trace.deliveries), *(each.receiver for each in trace.alerts)]
        )
        first = trace.story.tellings[0] if trace.story and trace.story.tellings else None
        joined = (
            "" if first is None or first.key == trace.key else f" ({first.outlet_name or first.outlet} 기사에 묶임)"
        )
        return f"알림 {', '.join(receivers)}{joined}"
    if stored.quiet:
        return f"알림 안 함: {stored.quiet}"
    return (
        f"알림 안 함: 등급 {WORDS[stored.relevance.grade]} ({stored.relevance.score:.2f}), 받는 곳의 조건에 맞지 않음"
    )


def _unread(link: LinkTrace | None) -> str:
    if link is None:
        return "본 적이 없습니다"
    if link.state == "refused":
        return f"읽지 않음: {link.reason}"
    return f"아직 읽지 않음: 다음 시도 {link.next_try_at.astimezone(KST):%m-%d %H:%M}"


def _words(url: str, trace: Trace) -> list[str]:
    lines = [f"결론   {conclusion(trace)}", f"주소   {url}  (열쇠 {trace.key})"]
    if trace.link is None and trace.stored is None:
        return [*lines, "다음   매체 목록에 있는지 보세요: bongsu outlets list"]
    if trace.link:
        link = trace.link
        lines.append(f"발견   {link.found_at.astimezone(KST):%Y-%m-%d %H:%M} {link.outlet_id} {link.source_url}")
        state = {"pending": "아직 읽지 않음", "done": "읽음", "refused": "거절"}.get(link.state, link.state)
        lines.append(f"읽기   {state} · 시도 {link.tries}번 {link.reason}".rstrip())
    if trace.stored:
        relevance = trace.stored.relevance
        lines.append(f"이야기 {trace.stored.story}: {trace.stored.because}")
        lines.append(f"관련   {WORDS[relevance.grade]} ({relevance.score:.2f}) · 규칙 {relevance.version}")
        lines += [f"       {_weight(reason)} {reason.text}" for reason in relevance.why]
        for deal in trace.stored.facts.deals:
            amount = deal.amount.text if deal.amount else "금액 미공개"
            lines.append(f"딜     {deal.stage.value} · {', '.join(deal.companies) or '-'} · {amount}")
            lines += [f"       {each.fact}: {each.sentence}" for each in deal.evidence]
    return [*lines, *_told(trace)]


def _weight(reason: Reason) -> str:
    """Return how much a reason weighs; a watched name and an opinion decide without weighing."""
    return f"{reason.weight:+.2f}" if reason.weight else "  ·  "


def _told(trace: Trace) -> list[str]:
    lines = [
        f"알림   {each.receiver} {each.kind} {each.state.value} 시도 {each.tries}번 {each.message_id} {each.error}"
        for each in trace.deliveries
    ]
    if not trace.alerts:
        quiet = trace.stored.quiet if trace.stored else ""
        lines.append(f"알림   없음{': ' + quiet if quiet else ' (받는 곳의 조건에 맞지 않음)'}")
    return lines


def _as_json(trace: Trace) -> dict[str, object]:
    stored = trace.stored
    return {
        "key": trace.key,
        "seen": trace.is_seen,
        "link": {"state": trace.link.state, "reason": trace.link.reason, "outlet": trace.link.outlet_id}
        if trace.link
        else None,
        "article": {
            "story": stored.story,
            "because": stored.because,
            "quiet": stored.quiet,
            "grade": int(stored.relevance.grade),
            "score": stored.relevance.score,
            "version": stored.relevance.version,
            "why": [{"text": reason.text, "weight": reason.weight} for reason in stored.relevance.why],
        }
        if stored
        else None,
        "alerts": [{"receiver": each.receiver, "kind": each.kind, "when": each.when} for each in trace.alerts],
        "deliveries": [
            {"receiver": each.receiver, "state": each.state.value, "tries": each.tries, "error": each.error}
            for each in trace.deliveries
        ],
    }


def _story(story: Story) -> dict[str, object]:
    deal = story.deals[0] if story.deals else None
    return {
        "id": story.id,
        "title": story.title,
        "url": story.url,
        "grade": int(story.grade),
        "tellings": len(story.tellings),
        "first_at": story.first_at.isoformat(),
        "stage": deal.stage.value if deal else None,
        "amount": deal.amount.text if deal and deal.amount else None,
        "companies": list(deal.companies) if deal else [],
        "sido": list(deal.sido) if deal else [],
    }


def _line(story: Story) -> str:
    deal = story.deals[0] if story.deals else None
    facts = f"{deal.stage.value} {' '.join(deal.sido)} {deal.amount.text if deal.amount else ''}" if deal else "-"
    day = story.first_at.astimezone(KST).date()
    return f"{day}  {facts:24}  {story.title}  ({story.lead.outlet_name}, {len(story.tellings)}건)"
