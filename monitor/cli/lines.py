"""JSONL in, from a file, a compressed file or standard input."""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click


def json_lines(file: Path | None) -> Iterator[dict[str, object]]:
    """Yield the objects of a JSONL file (``.gz`` too), or of standard input when *file* is ``None`` or ``-``.

    Raises:
        click.UsageError: the file is missing, or a line is not a JSON object; it is named by its number.
    """
    if file is None or str(file) == "-":
        yield from _objects(sys.stdin, "standard input")
        return
    if not file.is_file():
        raise click.UsageError(f"{file}: there is no such file")
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as text:
        yield from _objects(text, str(file))


def _objects(text: Iterable[str], name: str) -> Iterator[dict[str, object]]:
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except ValueError as wrong:
            raise click.UsageError(f"{name}:{number}: not JSON: {wrong}") from wrong
        if not isinstance(read, dict):
            raise click.UsageError(f"{name}:{number}: not a JSON object")
        yield read
