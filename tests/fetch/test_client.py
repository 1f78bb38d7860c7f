"""A page comes whole, decoded and judged, or a named error comes; whatever the server does."""

import asyncio
import gzip
import itertools
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from monitor.errors import Blocked, Forbidden, Gone, Incomplete, Throttled, TooLarge, Unreachable
from monitor.fetch import Fetcher, Limits, Verdict
from tests.fetch.server import Server, onward, reply

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def quick(site: Server, **changes) -> Limits:
    limits = {"allow_private": (site.place,), "gap": timedelta(0), "deadline": timedelta(seconds=5)}
    return Limits(**(limits | changes))


async def test_a_page(site):
    site.answers["/1"] = reply(
        gzip.compress("<html>뷁 협약</html>".encode("cp949")),
        *(
            ("Content-Encoding", "gzip"),
            ("ETag", '"v1"'),
            ("Last-Modified", "yesterday"),
            ("Cache-Control", "max-age=60"),
        ),
        kind="text/html; charset=euc-kr",
    )
    async with Fetcher(quick(site), now=lambda: NOON) as fetcher:
        page = await fetcher.get(site.url("/1#part"))
    assert (page.text, page.encoding, page.status, page.url) == ("<html>뷁 협약</html>", "cp949", 200, site.url("/1"))
    assert (page.etag, page.last_modified, page.fresh_for) == ('"v1"', "yesterday", timedelta(minutes=1))
    assert (page.asked, page.fetched_at, page.size, len(page.digest)) == (site.url("/1#part"), NOON, 20, 32)
    assert site.heard[-1].headers["user-agent"].startswith("bongsu/")
    assert "cookie" not in site.heard[-1].headers


async def test_the_same_bytes_have_the_same_digest(site, fetcher):
    site.answers["/1"] = reply(b"<p>a")
    site.answers["/2"] = reply(gzip.compress(b"<p>a"), ("Content-Encoding", "gzip"))
    assert (await fetcher.get(site.url("/1"))).digest == (await fetcher.get(site.url("/2"))).digest


async def test_the_very_bytes_that_are_known_are_not_read_again(site, fetcher):
    packed = ("Content-Encoding", "gzip")
    site.answers["/1"] = reply(gzip.compress(b"<p>a"), packed)
    first = await fetcher.get(site.url("/1"))
    second = await fetcher.get(site.url("/1"), digest=first.digest)
    third = await fetcher.get(site.url("/1"), digest=first.digest)
    assert (first.text, second.text, third.text) == ("<p>a", "<p>a", "")
    assert (third.digest, third.size, third.status, third.not_modified) == (first.digest, 4, 200, False)
    assert (await fetcher.get(site.url("/1"), digest="another")).text == "<p>a"
    site.answers["/1"] = reply(gzip.compress(b"<p>b"), packed)
    assert (await fetcher.get(site.url("/1"), digest=first.digest)).text == "<p>b"


async def test_an_unchanged_page(site, fetcher):
    site.answers["/1"] = b'HTTP/1.1 304 X\r\nETag: "v1"\r\n\r\n'
    page = await fetcher.get(site.url("/1"), etag='"v1"', last_modified="Mon, 02 Mar 2026 12:00:00 GMT")
    assert (page.not_modified, page.text, page.etag) == (True, "", '"v1"')
    assert page.last_modified == "Mon, 02 Mar 2026 12:00:00 GMT"
    assert site.heard[-1].headers["if-none-match"] == '"v1"'
    assert site.heard[-1].headers["if-modified-since"] == "Mon, 02 Mar 2026 12:00:00 GMT"
    with pytest.raises(Unreachable):
        await fetcher.get(site.url("/1"))


async def test_a_large_page_leaves_the_loop_and_comes_whole(site, fetcher):
    text = "가나다라 " * 300_000
    site.answers["/1"] = reply(gzip.compress(text.encode("cp949")), ("Content-Encoding", "gzip"), kind="text/html")
    with pytest.raises(TooLarge):
        await fetcher.get(site.url("/1"))
    async with Fetcher(quick(site)) as wide:
        assert (await wide.get(site.url("/1"))).text == text


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", Unreachable),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Unreachable),
        (HEAD + b"Content-Length: -1\r\n\r\nx", Unreachable),
        (HEAD + b"Content-Length: 10\r\nContent-Length: 5\r\n\r\n0123456789", Unreachable),
        (HEAD + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", Unreachable),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf", Incomplete),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", Incomplete),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n", Unreachable),
        (HEAD + b"\r\n<html><p>cut", Incomplete),
        (HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", None),
        (HEAD + b"\r\n<html><p>whole</html>", None),
        (reply(b"x", status=404), Gone),
        (reply(b"x", status=403), Blocked),
        (reply(b"x", ("Retry-After", "20"), status=503), Throttled),
        (reply(b"x", status=500), Unreachable),
        (reply(b"x", status=204), Unreachable),
        (reply(b"x", status=302), Unreachable),
        (reply(b"abc", ("Content-Encoding", "br")), Incomplete),
        (reply(gzip.compress(b"a" * 900)[:-9], ("Content-Encoding", "gzip")), Incomplete),
        (reply(gzip.compress(bytes(9_000_000)), ("Content-Encoding", "gzip")), TooLarge),
        (HEAD + b"Content-Length: 900000000\r\n\r\nx", TooLarge),
        (onward("file:///etc/passwd"), Forbidden),
        (onward("http://169.254.169.254/"), Forbidden),
        (onward("http://"), Forbidden),
    ],
)
async def test_a_broken_answer_has_its_name(site, fetcher, answer, kind):
    async def say(writer, _):
        writer.write(answer)
        await writer.drain()

    site.answers["/1"] = say
    if kind is None:
        await fetcher.get(site.url("/1"))
        return
    with pytest.raises(kind) as wrong:
        await fetcher.get(site.url("/1"))
    assert type(wrong.value) is kind
    assert wrong.value.url == site.url("/1")


async def test_a_length_that_lies_short_is_no_page(site, fetcher):
    async def say(writer, _):
        writer.write(HEAD + b"Content-Length: 6\r\n\r\n<html><p>much more than that</html>")
        await writer.drain()

    site.answers["/1"] = say
    with pytest.raises(Unreachable):
        await fetcher.get(site.url("/1"))


ENDLESS = {
    "body": (HEAD + b"\r\n", b"x" * 65_536),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    "chunk extension": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;", b"x" * 65_536),
    "chunk size": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 65_536),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X-A: b\r\n" * 8000),
    "headers": (HEAD, b"X-A: b\r\n" * 8000),
    "one header": (HEAD + b"X-A: ", b"x" * 65_536),
    "status line": (b"HTTP/1.1 200 ", b"x" * 65_536),
    "empty lines": (b"", b"\r\n" * 30_000),
    "hints": (b"", b"HTTP/1.1 103 E\r\nLink: <a>\r\n\r\n" * 3000),
}


@pytest.mark.parametrize("kind", ENDLESS)
async def test_what_never_ends_is_cut_off_near_the_cap(site, fetcher, kind):
    start, more = ENDLESS[kind]
    said = 0

    async def say(writer, _):
        nonlocal said
        writer.write(start)
        while True:
            writer.write(more)
            said += len(more)
            await writer.drain()

    site.answers["/1"] = say
    with pytest.raises((TooLarge, Unreachable)):
        await fetcher.get(site.url("/1"))
    assert said < fetcher.limits.max_bytes + 6 * 1024 * 1024


@pytest.mark.parametrize("stage", ["nothing", "headers", "body"])
async def test_what_is_slow_ends_at_the_deadline(site, stage):
    async def say(writer, _):
        if stage != "nothing":
            writer.write(HEAD)
        if stage == "body":
            writer.write(b"Content-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b"" if stage == "nothing" else b"X")
            await asyncio.sleep(0.01)

    site.answers["/1"] = say
    async with Fetcher(quick(site, deadline=timedelta(seconds=0.3))) as fetcher:
        with pytest.raises(Unreachable, match="no whole answer"):
            await fetcher.get(site.url("/1"))


# ---- redirects ---------------------------------------------------------------------------------


async def test_redirects_are_followed_to_the_end_of_the_page(site, fetcher):
    site.answers |= {"/1": onward("/2", 301), "/2": onward("/b/3?a=1", 307), "/b/3?a=1": onward("4", 308)}
    site.answers["/b/4"] = reply(b"<p>here")
    page = await fetcher.get(site.url("/1"))
    assert (page.url, page.asked, page.text) == (site.url("/b/4"), site.url("/1"), "<p>here")


async def test_a_redirect_in_raw_euc_kr_keeps_its_bytes(site, fetcher):
    site.answers["/1"] = onward("/기사".encode("cp949"))
    site.answers["/%B1%E2%BB%E7"] = reply(b"<p>here")
    site.answers["/2"] = onward("/기사")
    site.answers["/%EA%B8%B0%EC%82%AC"] = reply(b"<p>there")
    assert (await fetcher.get(site.url("/1"))).text == "<p>here"
    assert (await fetcher.get(site.url("/2"))).text == "<p>there"


async def test_a_loop_ends_after_ten_hops(site, fetcher):
    site.answers["/1"] = onward("/1")
    with pytest.raises(Unreachable, match="redirects"):
        await fetcher.get(site.url("/1"))
    assert site.paths.count("/1") == 11


@pytest.mark.parametrize(
    "road",
    [
        *("http://127.0.0.1:{}/", "http://localhost:{}/", "http://2130706433:{}/", "http://0x7f000001:{}/"),
        *("http://0177.0.0.1:{}/", "http://127.1:{}/", "http://0.0.0.0:{}/", "http://[::1]:{}/", "http://[::]:{}/"),
        *("http://[::ffff:127.0.0.1]:{}/", "http://[64:ff9b::7f00:1]:{}/", "//127.0.0.1:{}/", "/\\127.0.0.1:{}/"),
        *("http://paper.kr\\@127.0.0.1:{}/", "http://paper.kr@127.0.0.1:{}/", "http://１２７.０.０.１:{}/"),
        *("HTTP://127。0。0。1:{}/", "http:127.0.0.1:{}/", "ftp://127.0.0.1:{}/", "http://127.0.0.1.:{}/"),
    ],
)
async def test_no_redirect_reaches_another_door_of_this_machine(site, fetcher, road):
    async with Server() as inner:
        site.answers["/1"] = onward(road.format(inner.port))
        with pytest.raises((Forbidden, Gone)):
            await fetcher.get(site.url("/1"))
        assert inner.connections == 0


async def test_secrets_stay_at_the_first_origin(site):
    secrets = (("Authorization", "Bearer mark"), ("Cookie", "mark=1"), ("X-Key", "mark"))
    async with Server() as other:
        async with Fetcher(quick(site, allow_private=(site.place, other.place))) as fetcher:
            site.answers |= {"/1": onward("/2"), "/2": onward(other.url("/3")), "/4": reply(b"<p>back")}
            other.answers["/3"] = onward(site.url("/4"))
            await fetcher.get(site.url("/1"), headers=secrets)
        told = {asked.path: "mark" in str(asked.headers) for asked in (*site.heard, *other.heard)}
    assert told == {"/robots.txt": False, "/1": True, "/2": True, "/3": False, "/4": False}


async def test_cookies_of_an_answer_are_not_kept(site, fetcher):
    site.answers["/1"] = reply(b"<p>", ("Set-Cookie", "a=b"))
    await fetcher.get(site.url("/1"))
    await fetcher.get(site.url("/1"))
    assert "cookie" not in site.heard[-1].headers


async def test_a_proxy_of_the_environment_is_not_used(site, monkeypatch):
    async with Server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.place}")
        site.answers["/1"] = reply(b"<p>")
        async with Fetcher(quick(site)) as fetcher:
            await fetcher.get(site.url("/1"))
        assert proxy.connections == 0


# ---- robots and pace ---------------------------------------------------------------------------


async def test_robots_is_asked_once_and_obeyed_with_its_bom(site, fetcher):
    site.answers["/robots.txt"] = reply(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /private/\r\n", kind="text/plain")
    site.answers |= {"/1": reply(b"<p>"), "/2": onward("/private/1")}
    await asyncio.gather(*(fetcher.get(site.url("/1")) for _ in range(5)))
    for path in ("/private/1", "/2"):
        with pytest.raises(Forbidden, match=r"robots\.txt"):
            await fetcher.get(site.url(path))
    assert site.paths.count("/robots.txt") == 1
    assert "/private/1" not in site.paths


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (reply(b"User-agent: *\nDisallow: /x", kind="text/plain"), Verdict.OPEN),
        (reply(b"User-agent: *\nDisallow: /", kind="text/plain"), Verdict.BLOCKED),
        (reply(b"no", status=404), Verdict.NO_FILE),
        (reply(b"no", status=403), Verdict.NO_FILE),
        (reply(b"no", status=500), Verdict.UNDETERMINED),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf", Verdict.UNDETERMINED),
        (onward("/r2"), Verdict.BLOCKED),
        (onward("/robots.txt"), Verdict.UNDETERMINED),
    ],
)
async def test_four_verdicts(site, fetcher, answer, verdict):
    site.answers |= {"/robots.txt": answer, "/r2": reply(b"User-agent: bongsu\nDisallow: /", kind="text/plain")}
    site.answers["/1"] = reply(b"<p>")
    assert (await fetcher.robots(site.url("/1"))).verdict is verdict
    if verdict in {Verdict.OPEN, Verdict.NO_FILE}:
        await fetcher.get(site.url("/1"))
    else:
        with pytest.raises(Forbidden if verdict is Verdict.BLOCKED else Unreachable):
            await fetcher.get(site.url("/1"))
        assert "/1" not in site.paths


async def test_a_busy_robots_is_waited_for(site, fetcher):
    site.answers["/robots.txt"] = reply(b"", ("Retry-After", "20"), status=503)
    with pytest.raises(Throttled):
        await fetcher.get(site.url("/1"))
    assert site.paths == ["/robots.txt"]


async def test_robots_may_be_left_out(site, fetcher):
    site.answers["/1"] = reply(b"<p>")
    await fetcher.get(site.url("/1"), robots=False)
    assert site.paths == ["/1"]


async def test_requests_to_one_host_keep_their_distance(site):
    loop, starts = asyncio.get_running_loop(), []

    async def say(writer, _):
        starts.append(loop.time())
        writer.write(reply(b"<p>"))

    site.answers["/1"] = say
    async with Fetcher(quick(site, gap=timedelta(seconds=0.1), deadline=timedelta(seconds=0.25))) as fetcher:
        await asyncio.gather(*(fetcher.get(site.url("/1")) for _ in range(5)))
    assert len(starts) == 5
    assert min(later - earlier for earlier, later in itertools.pairwise(starts)) > 0.05


async def test_a_long_crawl_delay_is_told_not_slept(site, fetcher):
    site.answers["/robots.txt"] = reply(b"User-agent: *\nCrawl-delay: 3600", kind="text/plain")
    site.answers["/1"] = reply(b"<p>")
    assert (await fetcher.robots(site.url("/1"))).crawl_delay == timedelta(hours=1)
    await fetcher.get(site.url("/1"))
    with pytest.raises(Throttled) as wait:
        await fetcher.get(site.url("/1"))
    assert wait.value.retry_at > datetime.now(UTC) + timedelta(minutes=58)


# ---- names and connections ---------------------------------------------------------------------


async def test_a_name_of_a_closed_address_is_refused_before_a_socket(site):
    async with Fetcher(Limits(gap=timedelta(0))) as fetcher:
        for url in (site.url("/1"), f"http://localhost:{site.port}/1"):
            with pytest.raises(Forbidden):
                await fetcher.get(url)
    assert site.connections == 0


async def test_the_number_that_is_connected_is_judged_whatever_the_name_says(site, monkeypatch):
    """The name passes the look at its letters, and resolves to this machine: alone, and among public numbers."""
    loop = asyncio.get_running_loop()
    for numbers in (["127.0.0.1"], ["203.0.113.9", "127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"]):
        async with Fetcher(quick(site, allow_private=(f"elsewhere.kr:{site.port}",))) as fetcher:
            monkeypatch.setattr(loop, "getaddrinfo", _answers(numbers, site.port))
            with pytest.raises(Forbidden):
                await fetcher.get("http://paper.kr:8080/1")
    assert site.connections == 0


async def test_a_name_on_the_list_reaches_its_private_address(site, monkeypatch):
    site.answers["/1"] = reply(b"<p>here")
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _answers(["127.0.0.1"], site.port))
    async with Fetcher(quick(site, allow_private=(f"newsroom.kr:{site.port}",))) as fetcher:
        assert (await fetcher.get(f"http://newsroom.kr:{site.port}/1")).text == "<p>here"
        with pytest.raises(Forbidden):
            await fetcher.get("http://other.kr:8080/1")


async def test_a_pooled_connection_is_judged_again_and_grows_old(site, fetcher, monkeypatch):
    site.answers["/1"] = reply(b"<p>")
    await fetcher.get(site.url("/1"))
    await fetcher.get(site.url("/1"))
    assert site.connections == 1
    monkeypatch.setattr("monitor.fetch.session._NAME_LIFE_S", 0)
    await fetcher.get(site.url("/1"))
    assert site.connections == 2
    monkeypatch.setattr(fetcher._guard, "admits", lambda *_: False)
    heard = len(site.heard)
    with pytest.raises(Forbidden):
        await fetcher.get(site.url("/1"))
    assert len(site.heard) == heard


def _answers(numbers, port):
    async def getaddrinfo(host, asked, **_):
        return [
            (10, 1, 6, "", (number, port, 0, 0)) if ":" in number else (2, 1, 6, "", (number, port))
            for number in numbers
        ]

    return getaddrinfo


async def test_many_large_pages_at_once_all_arrive(site):
    body = "가나다라 ".encode() * 120_000
    site.answers["/1"] = reply(gzip.compress(body), ("Content-Encoding", "gzip"))
    site.answers["/2"] = reply(body)
    async with Fetcher(quick(site)) as fetcher:
        pages = await asyncio.gather(*(fetcher.get(site.url(path)) for path in ("/1", "/2") * 8))
    assert {page.size for page in pages} == {len(body)}


async def test_the_session_for_webhooks_is_guarded_and_asks_for_nothing_packed(site, fetcher):
    site.answers["/hook"] = reply(b"ok")
    async with fetcher.session.post(site.url("/hook"), data=b"{}") as answer:
        assert await answer.text() == "ok"
    assert site.heard[-1].headers["accept-encoding"] == "identity"
    async with Server() as inner:
        with pytest.raises(aiohttp.ClientError):
            await fetcher.session.post(inner.url("/hook"), data=b"{}")
        assert inner.connections == 0


async def test_outside_its_context_there_is_no_way_out():
    with pytest.raises(RuntimeError):
        await Fetcher().get("http://paper.kr/")
