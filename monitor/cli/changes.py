"""What a change of rules would do: as lines with the texts side by side, and as JSON."""

import sys

import click

from monitor.clock import KST
from monitor.jobs.replay import Change, Told, Turn
from monitor.model import Article

EXCERPT = 160
"""Signs of a text that are shown: enough to see that two articles tell one story."""
ABREAST = 3
"""Texts side by side; of a larger group the others are counted."""


def alert_told(told: Told) -> dict[str, object]:
    """Return an alert for JSON."""
    deal = told.deals[0] if told.deals else None
    return {
        "at": told.at.astimezone(KST).isoformat(timespec="minutes"),
        "kind": told.kind.value,
        "title": told.title,
        "url": told.url,
        "outlet": told.outlet,
        "receiver": told.receiver,
        "story": told.story,
        "score": round(told.score, 3),
        "stage": deal.stage.value if deal else None,
        "amount": deal.amount.text if deal and deal.amount else None,
        "sido": list(deal.sido) if deal else [],
        "companies": list(deal.companies) if deal else [],
        "why": [reason.text for reason in told.why],
    }


def alert_line(told: Told) -> str:
    """Return an alert in one line."""
    deal = told.deals[0] if told.deals else None
    facts = [deal.stage.value, *deal.sido[:1], deal.amount.text if deal.amount else "금액 미공개"] if deal else ["-"]
    return f"{told.at.astimezone(KST):%m-%d %H:%M}  {' · '.join(facts)}  {told.title}  ({told.outlet})"


def change_told(change: Change) -> dict[str, object]:
    """Return a change for JSON."""
    return {
        "added": [_turn_told(each) for each in change.added],
        "dropped": [_turn_told(each) for each in change.dropped],
        "merged": [[_article_told(each) for each in group] for group in change.merged],
        "split": [[_article_told(each) for each in group] for group in change.split],
    }


def print_change(change: Change) -> None:
    """Print what is told more and less with both judgements, and the texts of stories that join or part abreast."""
    for word, turns in (("더 알림", change.added), ("안 알림", change.dropped)):
        click.echo(f"\n{word} {len(turns)}")
        for each in turns:
            click.echo(f"  {alert_line(each.told)}\n      {each.before}  →  {each.after}")
    for word, groups in (("합쳐짐", change.merged), ("나뉨", change.split)):
        click.echo(f"\n{word} {len(groups)}")
        for group in groups:
            _print_abreast(group)


def _print_abreast(group: tuple[Article, ...]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, expand=True)
    for _ in group[:ABREAST]:
        table.add_column(ratio=1)
    table.add_row(*(Text(f"{each.title}\n({each.outlet_name or each.outlet})", "bold") for each in group[:ABREAST]))
    table.add_row(*(Text(_excerpt(each.text)) for each in group[:ABREAST]))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False).print(table)
    if len(group) > ABREAST:
        click.echo(f"  외 {len(group) - ABREAST}건")


def _turn_told(turn: Turn) -> dict[str, object]:
    said = {"before": turn.before, "after": turn.after, "text": _excerpt(turn.told.text)}
    return alert_told(turn.told) | said


def _article_told(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet_name or article.outlet,
        "text": _excerpt(article.text),
    }


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"
