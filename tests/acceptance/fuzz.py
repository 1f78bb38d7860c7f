"""Bytes nobody thought of, guided by coverage: ``python -m tests.acceptance.fuzz TARGET CORPUS [LIBFUZZER_OPTION…]``.

An exception that is no promised one, and an input that takes more than two seconds of CPU, end the run with the input.
"""

import json
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["monitor"]):
    from monitor.dedup import article_key, same_article, trusted_canonical
    from monitor.errors import ReadError
    from monitor.extract import read_article
    from monitor.fetch import decode, join_url, looks_safe, url_blocked
    from monitor.fetch.answer import retry_at
    from monitor.model import Page
    from monitor.notify.retry_after import wait_asked
    from monitor.sources import parse_feed
    from monitor.text import parse_date

from tests.acceptance.stage import TOOLS

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SLOWEST_S = 2.0
SUITES = TOOLS.parent / "suites"


def _page(text: str) -> Page:
    return Page("https://news.example.kr/a/1", "https://news.example.kr/a/1", 200, text, NOW)


def _read(raw: bytes) -> None:
    head, _, body = raw.partition(b"\n")
    if not isinstance(decode(body, head.decode("latin-1")), str):
        raise TypeError("decode returned no text")


def _feed(raw: bytes) -> None:
    text = raw.decode("utf-8", "replace")
    if looks_safe(text):  # the rest is parsed behind the fence, which ends it
        try:
            parse_feed(_page(text))
        except ReadError:
            return


def _extract(raw: bytes) -> None:
    text = raw.decode("utf-8", "replace")
    if looks_safe(text):
        try:
            read_article(_page(text))
        except ReadError:
            return


def _date(raw: bytes) -> None:
    at = parse_date(raw.decode("utf-8", "replace"), NOW)
    if at is not None and at.tzinfo is None:
        raise ValueError("a time without a zone")


def _url(raw: bytes) -> None:
    one, _, other = raw.decode("utf-8", "replace").partition("\n")
    if article_key(one) != article_key(one):
        raise ValueError("a key that changes")
    same_article(one, other)
    url_blocked(one)
    trusted_canonical(join_url("https://news.example.kr/a/1", one) or "", "https://news.example.kr/a/1")


def _wait(raw: bytes) -> None:
    header = raw.decode("latin-1")
    until, wait = retry_at(header, NOW), wait_asked(header, NOW)
    if (until is not None and until <= NOW) or (wait is not None and wait.total_seconds() <= 0):
        raise ValueError("a wait that is over")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decode": _read, "parse_feed": _feed, "extract": _extract, "parse_date": _date, "canonical_url": _url,
    "retry_after": _wait,
}  # fmt: skip


def _cases(suite: str) -> Iterator[dict]:
    with (SUITES / suite / "cases.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _seeds(target: str) -> Iterator[bytes]:
    """The suites' inputs, the smallest first: what they cover is where the search begins."""
    if target == "decode":
        yield from (
            f"{each['content_type']}\n".encode() + b64decode(each["body_b64"]) for each in _cases("korean-charset")
        )
    elif target == "parse_feed":
        yield from (path.read_bytes() for path in (SUITES / "feedparser-corpus").rglob("*.xml"))
    elif target == "extract":
        yield from (path.read_bytes() for path in (TOOLS.parent / "data" / "pages").glob("*.html"))
    elif target == "parse_date":
        yield from (each["input"].encode() for each in _cases("korean-dates"))
    elif target == "canonical_url":
        yield from (f"{each['a']}\n{each['b']}".encode() for each in _cases("url-identity"))
        yield from (each["input"].encode("utf-8", "replace") for each in _cases("wpt-url"))
    else:
        yield from (b"120", b"1.5", b"-1", b"Wed, 21 Oct 2026 07:28:00 GMT", b"1790000000000", b"9" * 40, b"soon")


def fill(target: str, corpus: Path, most: int = 400, longest: int = 60_000) -> int:
    """Write the seeds of *target* into the folder *corpus*; return how many."""
    seeds = sorted({each for each in _seeds(target) if len(each) <= longest}, key=len)
    step = max(1, len(seeds) // most)
    for number, seed in enumerate(seeds[::step]):
        (corpus / f"{number:04d}").write_bytes(seed)
    return len(seeds[::step])


def main() -> None:
    name, corpus, *options = sys.argv[1:]
    fill(name, Path(corpus))
    target = TARGETS[name]

    def one(raw: bytes) -> None:
        began = time.process_time()
        target(raw)
        if time.process_time() - began > SLOWEST_S:
            raise TimeoutError(f"{len(raw)} bytes took {time.process_time() - began:.1f} s")

    atheris.Setup([sys.argv[0], corpus, *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
