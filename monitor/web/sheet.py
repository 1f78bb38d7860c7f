"""What a page says, before it is written as HTML, JSON, CSV or Atom."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Plain = Mapping[str, object]
"""What JSON can say."""
_FORMULA = re.compile(r"\s*[=+\-@|%]|[\t\r\n]")
"""Beginnings that a spreadsheet takes for a formula or a command (OWASP, "CSV injection")."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a spreadsheet."""

    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news for a feed reader; every text is clean."""

    id: str  # below tag:bongsu,2026: — the same for as long as it is the same news
    path: str  # on the board
    title: str
    at: datetime  # when it became so
    summary: str = ""
    first_at: datetime | None = None
    author: str = ""
    source: str = ""  # the web address of the article; "" where there is none


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: the values of its template, and the same for machines, made only when they are asked for."""

    template: str
    title: str
    told: Callable[[], Plain]
    values: Plain = field(default_factory=dict)
    table: Callable[[], Table] | None = None
    entries: Callable[[], tuple[Entry, ...]] | None = None


def as_csv(table: Table) -> str:
    r"""Return the table as Excel reads it: a byte-order mark, CRLF, and no cell that would run as a formula.

    Example:
        >>> as_csv(Table(("제목", "건"), (("=1+1", 3),))).splitlines()
        ['\ufeff제목,건', "'=1+1,3"]
    """
    out = io.StringIO()
    out.write("\ufeff")
    rows = csv.writer(out)
    rows.writerow(table.heads)
    rows.writerows([_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if _FORMULA.match(value) else value
