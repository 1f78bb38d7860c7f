"""The founding documents' suites and hostile server, where they stand beside the checkout."""

import asyncio
import base64
import io
import json
import socket
import sys
import tarfile
import time
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import FetchError, Forbidden, Throttled
from monitor.fetch import Fetcher, Limits, Verdict, decode, ip_blocked, join_url, robots, url_blocked

SHARED = Path(__file__).resolve().parents[3] / "shared"
SUITES = SHARED / "suites"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SUITES.exists(), reason="the founding documents are not beside the checkout"),
]


def rows(suite: str) -> list[dict]:
    return [json.loads(line) for line in (SUITES / suite / "cases.jsonl").read_text("utf-8").splitlines()]


def test_addresses_and_urls():
    judge = {"address": ip_blocked, "url": url_blocked}
    assert not [row["id"] for row in rows("ssrf") if judge[row["kind"]](row["value"]) != row["block"]]


def test_korean_pages():
    for row in rows("korean-charset"):
        text = decode(base64.b64decode(row["body_b64"]), row["content_type"])
        assert row["must"] in text
        assert not (row.get("must_not") and row["must_not"] in text)


def test_old_sample_texts():
    wanted = {"cp949", "utf-8", "utf-8-sig", "johab", "iso2022_kr"}
    for row in rows("chardet-samples"):
        if row["codec"] in wanted:
            body = (SUITES / "chardet-samples" / "tests" / row["id"]).read_bytes()
            want, got = body.decode(row["codec"], "replace"), decode(body, "text/html")
            assert [c for c in want if "가" <= c <= "힣"] == [c for c in got if "가" <= c <= "힣"], row["id"]


def test_the_robots_standard():
    wrong = [
        row["id"]
        for row in rows("google-robotstxt")
        if robots(base64.b64decode(row["robots_b64"]), row["ua"], row["url"]) != row["allowed"]
    ]
    assert wrong == []


def test_real_robots_files():
    packed = (SUITES / "protego" / "protego-tests.tar.gz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        read = [files.extractfile(member).read() for member in files if member.isfile() and "test_data" in member.name]
    assert len(read) > 4000
    for body in read:
        assert robots(body, "bongsu", "http://paper.kr/robots.txt")


def test_urls_are_joined_as_browsers_do():
    for row in rows("wpt-url"):
        if row["http"]:
            base = row["base"] if row["base"] and row["base"] != "about:blank" else ""
            assert join_url(base, row["input"]) == (None if row["failure"] else row["href"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
async def hostile():
    main, canary = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SHARED / "tools" / "hostile_server.py")),
        *("--port", str(main), "--canary-port", str(canary)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await process.stdout.readline()
    yield f"http://127.0.0.1:{main}"
    process.terminate()
    await process.wait()


SECRETS = (("Authorization", "Bearer mark"), ("Cookie", "mark=1"), ("Proxy-Authorization", "mark"))
SLOW = {"slow", "endless"}


@pytest.mark.timeout(300)
async def test_every_endpoint_of_the_hostile_server(hostile):
    place = hostile.removeprefix("http://")
    limits = Limits(allow_private=(place,), gap=timedelta(0), deadline=timedelta(seconds=6))
    async with Fetcher(limits) as fetcher:
        async with fetcher.session.get(hostile) as listing:
            endpoints = json.loads(await listing.read())["endpoints"]
        slow = [endpoint for endpoint in endpoints if endpoint["cat"] in SLOW]
        wrong = [await verdict(fetcher, hostile, endpoint) for endpoint in endpoints if endpoint["cat"] not in SLOW]
        wrong += await asyncio.gather(*(verdict(fetcher, hostile, endpoint) for endpoint in slow))
        async with fetcher.session.get(f"{hostile}/__summary") as answer:
            summary = json.loads(await answer.read())
    assert [line for line in wrong if line] == []
    assert summary["canary_hits"] == []
    assert "/private/" not in summary["hits"]
    swallowed = {path: sent for path, sent in summary["sent"].items() if sent > limits.max_bytes + 6 * 1024 * 1024}
    assert swallowed == {}


async def verdict(fetcher: Fetcher, hostile: str, endpoint: dict) -> str:
    """Return what went wrong at *endpoint*, "" when all is as promised. What parsers must judge is not judged here."""
    expect, path, began = endpoint["expect"], endpoint["path"], time.monotonic()
    if not endpoint["available"]:
        return ""
    try:
        text = (await fetcher.get(hostile + path, headers=SECRETS, robots=path == "/private/")).text
    except FetchError as error:
        text, found = "", error
    else:
        found = None
    if time.monotonic() - began > expect.get("max_s", 60):
        return f"{path}: late"
    parsers_judge = endpoint["cat"] in {"feed", "html"} or path in {"/town/", "/euckr-target/"}
    match expect["outcome"]:
        case "reject":
            fine = found is not None or "also_ok" in expect or parsers_judge
        case "text":
            fine = found is None and all(word in text for word in expect.get("must", ()))
            fine = fine and not any(word in text for word in expect.get("must_not", ()))
        case "no_hit":
            fine = isinstance(found, Forbidden) or path == "/feed/xxe-http"
        case "no_leak":
            fine = isinstance(found, Forbidden)
        case "polite":
            fine = isinstance(found, Throttled)
        case _:
            fine = found is None or parsers_judge
    return "" if fine else f"{path}: {found!r}"


async def test_its_robots_with_a_mark_and_its_unchanged_page(hostile):
    limits = Limits(allow_private=(hostile.removeprefix("http://"),), gap=timedelta(0))
    async with Fetcher(limits) as fetcher:
        answer = await fetcher.robots(f"{hostile}/private/1")
        assert answer.verdict is Verdict.BLOCKED
        assert answer.crawl_delay == timedelta(seconds=1)
        first = await fetcher.get(f"{hostile}/polite/etag")
        for _ in range(2):
            assert (await fetcher.get(f"{hostile}/polite/etag", etag=first.etag)).not_modified
