"""``bongsu outlets add | list | check``."""

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import click

from monitor.clock import KST, utc_now
from monitor.daemon import judge_of, limits_of, open_store
from monitor.errors import ConfigError
from monitor.fetch import Fence, Fetcher
from monitor.jobs.notes import Notes, recall_all
from monitor.jobs.survey import Sample, Survey, Surveyor
from monitor.jobs.watch import Checked, judge
from monitor.model import Grade
from monitor.settings import SHIPPED, Settings, load
from monitor.sources import State
from monitor.store import SourceHealth

GRADES = {
    Grade.DEAL: "알림 대상",
    Grade.ACTIVITY: "요약 메일",
    Grade.MENTION: "언급",
    Grade.UNRELATED: "무관",
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@click.group()
def outlets() -> None:
    """매체 추가·목록·점검 · add, list and check outlets."""


@outlets.command()
@click.argument("url")
@click.option("--region", default="national", show_default=True, help="folder below outlets/")
@click.option("--id", "name", default="", help="file name; default from the address")
@click.option("--config", default=None, help="configuration folder")
@click.option("--yes", is_flag=True, help="write without asking")
@click.option("--json", "as_json", is_flag=True, help="print what was found as JSON, write nothing unless --yes")
def add(url: str, region: str, name: str, config: str | None, yes: bool, as_json: bool) -> None:
    """Add a site by its address alone: finds its feed or list, previews five articles, writes the file."""
    for option, text in (("--region", region), ("--id", name or "site")):
        if not _SLUG.fullmatch(text):
            raise click.UsageError(f"{option} {text!r}: only small letters, digits and hyphens")
    settings = load(config)
    found = asyncio.run(_survey(settings, url if "://" in url else f"https://{url}"))
    if as_json:
        click.echo(json.dumps(_found(found), ensure_ascii=False))
    else:
        _show(found)
    path = settings.folder / "outlets" / region / f"{name or _slug(found.home)}.toml"
    if yes or (not as_json and click.confirm(f"{path} 에 쓸까요?", default=True)):
        _write(path, found, settings)
        click.echo(f"썼습니다: {path}\n다음: bongsu check", err=as_json)


@outlets.command(name="list")
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def list_outlets(config: str | None, as_json: bool) -> None:
    """List the configured outlets."""
    for outlet in load(config).outlets:
        line = {
            "id": outlet.id,
            "name": outlet.name,
            "kind": outlet.kind.value,
            "enabled": outlet.enabled,
            "sources": [source.url for source in outlet.sources],
        }
        mark = "●" if outlet.enabled else "○"
        click.echo(json.dumps(line, ensure_ascii=False) if as_json else f"{mark} {outlet.id:32} {outlet.name}")


@outlets.command()
@click.argument("ident", required=False, default="")
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.option("--sample", is_flag=True, help="print the page that shows why bodies are not found")
def check(ident: str, config: str | None, as_json: bool, sample: bool) -> None:
    """Show how sources are doing; exit 8 when one is not well."""
    settings = load(config)
    if sample:
        click.echo("\n".join(asyncio.run(_samples(settings, ident))))
        return
    checked = asyncio.run(_health(settings, ident))
    for each, known in checked:
        click.echo(json.dumps(_health_line(each, known), ensure_ascii=False) if as_json else _health_words(each))
    if any(_is_sick(each) for each, _ in checked):
        raise SystemExit(8)


async def _survey(settings: Settings, url: str) -> Survey:
    async with Fetcher(limits_of(settings)) as fetcher, Fence() as fence:
        return await Surveyor(fetcher, fence, judge_of(settings)).survey(url)


async def _health(settings: Settings, ident: str) -> list[tuple[Checked, SourceHealth]]:
    async with await open_store(settings, read_only=True) as store:
        notes, now = await recall_all(store), utc_now()
        sources = await store.health(ident)
    return [
        (judge(each.state, notes.get((each.state.outlet_id, each.state.url), Notes()), now), each) for each in sources
    ]


async def _samples(settings: Settings, ident: str) -> list[str]:
    async with await open_store(settings, read_only=True) as store:
        kept = await recall_all(store)
    return [notes.sample for (outlet_id, _), notes in kept.items() if notes.sample and ident in {"", outlet_id}]


def _show(found: Survey) -> None:
    good = [sample.article for sample in found.samples if sample.article]
    dated = sum(article.published_at is not None for article in good)
    letters = sum(len(article.text) for article in good) // max(len(good), 1)
    click.echo(f"  {found.name} ({urlsplit(found.home).hostname})")
    click.echo(f"  ✓ robots.txt   {found.robots.verdict.value}")
    click.echo(f"  ✓ 목록         {found.source.kind.value} {found.source.url}  {len(found.links)}건")
    click.echo(f"  ✓ CMS          {found.layout or '알 수 없음: 일반 읽기'}")
    click.echo(
        f"  ✓ 본문         {len(good)}/{len(found.samples)} · 평균 {letters}자 · 날짜 {dated}/{len(found.samples)}"
    )
    click.echo("  미리보기")
    for sample in found.samples:
        click.echo(f"    {_sample_words(sample)}")


def _sample_words(sample: Sample) -> str:
    if sample.article is None or sample.relevance is None:
        return f"✗ {sample.link.title or sample.link.url}: {sample.problem}"
    at = sample.article.published_at
    when = f"{at.astimezone(KST):%m-%d %H:%M}" if at else "--"
    return f"{when}  {sample.article.title}  → {GRADES[sample.relevance.grade]} {sample.relevance.score:.2f}"


def _found(found: Survey) -> dict[str, object]:
    return {
        "home": found.home,
        "name": found.name,
        "robots": found.robots.verdict.value,
        "source": {"url": found.source.url, "kind": found.source.kind.value},
        "links": len(found.links),
        "layout": found.layout,
        "samples": [
            {"url": sample.link.url, "title": sample.article.title if sample.article else "", "problem": sample.problem}
            for sample in found.samples
        ],
    }


def _write(path: Path, found: Survey, settings: Settings) -> None:
    if settings.folder == SHIPPED:
        raise ConfigError(("there is no configuration of your own yet; first: bongsu init",))
    if path.exists():
        raise ConfigError((f"{path}: there is such an outlet already; choose another --id",))
    key = {"feed": "feeds", "list": "lists", "sitemap": "sitemaps"}[found.source.kind.value]
    lines = [
        f"name = {json.dumps(found.name, ensure_ascii=False)}",
        f"home = {json.dumps(found.home)}",
        f"{key} = [{json.dumps(found.source.url)}]",
        f"layout = {json.dumps(found.layout)}",
        f"checked = {utc_now().astimezone(KST).date().isoformat()}",
        f"robots = {json.dumps(found.robots.verdict.value)}",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _slug(home: str) -> str:
    host = (urlsplit(home).hostname or "site").removeprefix("www.")
    return re.sub(r"[^a-z0-9]+", "-", host.split(".")[0] if "." in host else host) or "site"


def _is_sick(each: Checked) -> bool:
    """A source that has never worked is doubted from its first failure, one that has worked from the third."""
    return each.health.state is not State.OK or bool(each.source.failures and not each.has_worked)


def _health_line(each: Checked, known: SourceHealth) -> dict[str, object]:
    state = each.source
    return {
        "outlet": state.outlet_id,
        "name": known.outlet_name,
        "url": state.url,
        "state": each.health.state.value,
        "because": each.health.because,
        "has_worked": each.has_worked,
        "patch": each.patch,
        "gap": each.gap,
        "failures": state.failures,
        "error": state.error,
        "last_ok_at": state.last_ok_at.isoformat() if state.last_ok_at else None,
        "last_new_at": state.last_new_at.isoformat() if state.last_new_at else None,
        "pending": known.pending,
        "requests": [
            {"at": line.at.isoformat(), "status": line.status, "ms": line.ms, "new": line.new, "error": line.error}
            for line in known.requests
        ],
    }


def _health_words(each: Checked) -> str:
    state = each.source
    mark = "■" if _is_sick(each) else "●" if each.has_worked else "○"
    last = state.last_ok_at
    when = f"{last.astimezone(KST):%m-%d %H:%M}" if last else "아직"
    because = each.health.because or (state.error if state.failures else "")
    lines = [f"{mark} {state.outlet_id:32} {when:12} {each.word:8} {because}".rstrip()]
    lines += [f"    {each.gap}"] if each.gap else []
    return "\n".join([*lines, *(f"    {line}" for line in each.patch.splitlines())])
