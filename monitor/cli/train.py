"""``bongsu train``: weights corrected by what people said; shown first, applied on demand, taken back at will."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from monitor.classify import Grader
from monitor.cli.changes import change_told, print_change
from monitor.cli.lines import json_lines
from monitor.cli.on_store import on_store
from monitor.cli.replay import progress
from monitor.clock import utc_now
from monitor.daemon import judge_of, kinds_of
from monitor.errors import ConfigError
from monitor.jobs.replay import Change
from monitor.jobs.stream import DAWN, recorded
from monitor.jobs.train import Labelled, Trained, labelled, stream_since, would_change
from monitor.jobs.train import train as correct
from monitor.model import Grade
from monitor.settings import SHIPPED, Settings, find_folder, load

NAME = "relevance.npz"
BEFORE = "relevance.before.npz"
DIGITS = frozenset(map(int, Grade))


@click.command()
@click.option("--export", type=click.Path(path_type=Path), default=None, help="cases of bongsu verdicts export")
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(0), help="stored articles to compare on; 0: all"
)
@click.option("--to", type=click.Path(path_type=Path), default=None, help="also write the weights into this folder")
@click.option("--apply", is_flag=True, help="use them from now on")
@click.option("--revert", is_flag=True, help="go back to the weights before the last --apply")
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def train(
    export: Path | None, days: int, to: Path | None, apply: bool, revert: bool, config: str | None, as_json: bool
) -> None:
    """Learn from people's verdicts; tell what would change, and change nothing without --apply."""
    if revert:
        click.echo(_reverted(find_folder(config)))
        return
    settings = load(config)
    if apply:
        _own(settings.folder)
    labels = tuple(_exported(settings, export)) if export else on_store(settings, labelled, read_only=True)
    if not labels:
        click.echo("배울 것이 없습니다: 알림의 단추나 bongsu verdicts add 로 말해 주세요", err=True)
        return
    judge = judge_of(settings)
    shipped = Grader.load((SHIPPED / "models" / NAME).read_bytes(), settings.topic)
    trained = correct(labels, judge, shipped)
    since = utc_now() - timedelta(days=days) if days else DAWN
    stream = on_store(settings, lambda store: stream_since(store, since), read_only=True)
    with progress(2 * len(stream), "견줌 · compare") as step:
        change = asyncio.run(would_change(stream, judge, trained.grader, step))
    _tell(trained, change, len(stream), as_json=as_json)
    for folder in (to, settings.folder if apply else None):
        if folder:
            click.echo(_written(folder, trained.grader.packed()), err=True)
    if not apply:
        click.echo("설정은 그대로입니다. 쓰려면: bongsu train --apply", err=True)


def _exported(settings: Settings, file: Path) -> Iterator[Labelled]:
    kinds = kinds_of(settings)
    for number, line in enumerate(json_lines(file), 1):
        gold = line.get("gold")
        if not isinstance(gold, dict):
            raise click.UsageError(f"{file}:{number}: no labelled case; write the file with: bongsu verdicts export")
        if "grade" in gold:
            if gold["grade"] not in DIGITS:
                raise click.UsageError(f"{file}:{number}: gold.grade must be 0, 1, 2 or 3")
            found = recorded(line, kinds, number)
            yield Labelled(found.article, Grade(gold["grade"]), str(gold.get("event") or found.id))


def _tell(trained: Trained, change: Change, articles: int, *, as_json: bool) -> None:
    if as_json:
        report = {
            "schema_version": 1,
            "labels": trained.labels,
            "agreed_before": trained.agreed_before,
            "agreed_after": trained.agreed_after,
            "version": trained.grader.weights.version,
            "articles": articles,
            "change": change_told(change),
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    click.echo(f"사례 {trained.labels}건 · 사람의 말과 맞음 {trained.agreed_before} → {trained.agreed_after}")
    click.echo(f"저장된 기사 {articles:,}건을 두 무게로 돌려 보면:")
    print_change(change)


def _own(folder: Path) -> Path:
    """Return the folder, unless it is the shipped one."""
    if folder.resolve() == SHIPPED.resolve():
        raise ConfigError((f"{folder}: the shipped folder stays as it is; write your own with: bongsu init",))
    return folder


def _written(folder: Path, packed: bytes) -> str:
    """Write weights; those of one's own that stood there are kept for ``--revert``."""
    file = _own(folder) / "models" / NAME
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / BEFORE).unlink(missing_ok=True)
        if file.is_file():
            file.replace(file.parent / BEFORE)
        part = file.with_suffix(".part")
        part.write_bytes(packed)
        part.replace(file)
    except OSError as wrong:
        raise ConfigError((f"{file}: {wrong.strerror}",)) from wrong
    return f"썼습니다: {file} · 도는 봉수는 SIGHUP 에 다시 읽습니다 · 되돌리기: bongsu train --revert"


def _reverted(folder: Path) -> str:
    file = _own(folder) / "models" / NAME
    if not file.is_file():
        raise click.UsageError(f"{file}: nothing was applied here")
    before = file.parent / BEFORE
    if before.is_file():
        before.replace(file)
        return f"되돌렸습니다: {file}"
    file.unlink()
    return "되돌렸습니다: 함께 실린 무게를 씁니다"
