"""``bongsu verdicts``: what people said of the news, and the labelled cases that it makes."""

import json
from pathlib import Path

import click

from monitor.cli.on_store import on_store
from monitor.cli.story import WHO, known_story
from monitor.clock import KST, utc_now
from monitor.jobs.cases import Case, cases
from monitor.jobs.correct import VERDICTS, judge, unsay
from monitor.settings import load
from monitor.store import Store, Verdict

UNDO = "undo"


@click.group()
def verdicts() -> None:
    """의견 · what people said with buttons, on the board, by mail and here."""


@verdicts.command("list")
@click.option("--kind", default="", help="only this kind, as the first column names it")
@click.option("--config", default=None, help="configuration folder")
@click.option("--json", "as_json", is_flag=True, help="print JSON lines")
def list_(kind: str, config: str | None, as_json: bool) -> None:
    """List verdicts, oldest first."""
    said = on_store(load(config), lambda store: store.verdicts(kind), read_only=True)
    for each in said:
        click.echo(json.dumps(_told(each), ensure_ascii=False) if as_json else _line(each))
    if not said:
        click.echo("아직 아무도 말하지 않았습니다: 알림의 단추, 게시판, bongsu verdicts add", err=True)


@verdicts.command()
@click.argument("story")
@click.argument("value", type=click.Choice([*VERDICTS, UNDO]))
@click.option("--config", default=None, help="configuration folder")
def add(story: str, value: str, config: str | None) -> None:
    """Say that STORY (an id, its page, an article's address) was useful or irrelevant, or take it back."""

    async def act(store: Store) -> str:
        found = await known_story(store, story)
        if value == UNDO:
            return "되돌렸습니다" if await unsay(store, found, WHO) else "한 말이 없습니다"
        await judge(store, found, VERDICTS[value], WHO, utc_now())
        return f"적었습니다: {value}"

    click.echo(on_store(load(config), act))


@verdicts.command()
@click.option("--to", type=click.Path(path_type=Path), default=None, help="file to write; default: standard output")
@click.option("--config", default=None, help="configuration folder")
def export(to: Path | None, config: str | None) -> None:
    """Write every article that people judged as a labelled case, one JSON object a line; names of people stay here."""
    lines = [json.dumps(_case(each), ensure_ascii=False) for each in on_store(load(config), cases, read_only=True)]
    if to is None:
        click.echo("\n".join(lines), nl=bool(lines))
        return
    try:
        to.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as wrong:
        raise click.UsageError(f"{to}: {wrong.strerror}") from wrong
    click.echo(f"{to}: {len(lines)}건", err=True)


def _told(said: Verdict) -> dict[str, object]:
    return {"at": said.at.isoformat(), "kind": said.kind, "subject": said.subject, "value": said.value, "who": said.who}


def _line(said: Verdict) -> str:
    value = f" → {said.value}" if said.value else ""
    return f"{said.at.astimezone(KST):%Y-%m-%d %H:%M}  {said.kind:12}  {said.subject}{value}  ({said.who})"


def _case(case: Case) -> dict[str, object]:
    """Return a case in the form of labelled articles: ``gold`` holds only what a person said."""
    article = case.told.article
    gold = {
        "event": case.told.story,
        "grade": None if case.grade is None else int(case.grade),
        "stage": case.stage.value if case.stage else None,
    }
    return {
        "id": article.key,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "outlet": article.outlet_name or article.outlet,
        "gold": {name: value for name, value in gold.items() if value is not None},
    }
