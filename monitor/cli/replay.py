"""``bongsu replay``: what a recorded stream would have alerted, and what a change of rules would do to it."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from monitor.cli.changes import alert_line, alert_told, change_told, print_change
from monitor.cli.lines import json_lines
from monitor.daemon import judge_of, kinds_of
from monitor.jobs.replay import Change, Replay, compare
from monitor.jobs.replay import replay as run_replay
from monitor.jobs.stream import Recorded, in_order, recorded
from monitor.settings import Settings, load


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--config", default=None, help="configuration folder")
@click.option("--against", default=None, help="a second configuration folder, to see what it would change")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def replay(file: Path, config: str | None, against: str | None, as_json: bool) -> None:
    """Run the articles of FILE (JSONL or JSONL.gz) through the whole pipeline on the stream's own clock."""
    settings = load(config)
    kinds = kinds_of(settings)
    stream = in_order(recorded(line, kinds, number) for number, line in enumerate(json_lines(file), 1))
    first = _run(settings, stream, "재생 · replay")
    second = _run(load(against), stream, "비교 · against") if against else None
    change = compare(first, second) if second else None
    if as_json:
        click.echo(json.dumps(_report(first, change), ensure_ascii=False, indent=1))
    else:
        _print(first, change)


def _run(settings: Settings, stream: list[Recorded], title: str) -> Replay:
    with progress(len(stream), title) as step:
        return asyncio.run(run_replay(stream, judge_of(settings), on_article=step))


@contextmanager
def progress(total: int, title: str) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; elsewhere nothing, so that output stays clean."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=4) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def _report(result: Replay, change: Change | None) -> dict[str, object]:
    days = result.alerts_a_day()
    report: dict[str, object] = {
        "schema_version": 1,
        "articles": result.articles,
        "stories": len(result.firsts),
        "grades": {str(grade): result.grades[grade] for grade in range(4)},
        "alerts": len(result.told),
        "digest_only": result.digest,
        "days": {str(day): count for day, count in days.items()},
        "most_a_day": max(days.values(), default=0),
        "told": [alert_told(each) for each in result.told],
    }
    if change:
        report["change"] = change_told(change)
    return report


def _print(result: Replay, change: Change | None) -> None:
    for told in result.told:
        click.echo(alert_line(told))
    days = result.alerts_a_day()
    click.echo(
        f"\n기사 {result.articles:,} · 이야기 {len(result.firsts):,} · 알림 {len(result.told)} · "
        f"요약 메일에만 {result.digest} · 하루 알림 {_spread(list(days.values()))}"
    )
    if change:
        print_change(change)


def _spread(counts: list[int]) -> str:
    if not counts:
        return "없음"
    return f"최소 {min(counts)}, 평균 {sum(counts) / len(counts):.1f}, 최대 {max(counts)}"
