"""S: no address that is not public, no secret that leaves home."""

import asyncio
import os
import subprocess
import time
import urllib.error
import urllib.request

from monitor.errors import FetchError
from monitor.fetch import Fetcher, Limits
from tests.acceptance.field import outlet, running
from tests.acceptance.paper import Answer, Paper, feed, page
from tests.acceptance.stage import BONGSU, ask, stage, wait_for
from tests.acceptance.suite import suite

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
EVERY = 'every = "2s"'


def s1(*, seed: int, quick: bool) -> Verdict:
    """The suite's addresses, exactly."""
    found = suite("ssrf-address")
    return found["ok"] == found["n"], found


def s2(*, seed: int, quick: bool) -> Verdict:
    """The suite's addresses of pages, exactly; refused schemes ask no name server."""
    found = suite("ssrf-url")
    lookups = asyncio.run(
        _lookups(("file:///etc/passwd", "gopher://a.kr/", "ftp://a.kr/x", "javascript:1", "dict://a.kr:1/"))
    )
    return found["ok"] == found["n"] and lookups == 0, found | {"lookups": lookups}


async def _lookups(urls: tuple[str, ...]) -> int:
    async with Fetcher(Limits()) as fetcher:
        names = _LyingNames({})
        fetcher.session.connector._resolver._inner = names
        for url in urls:
            await _refused(fetcher, url)
        return len(names.asked)


class _LyingNames:
    """A resolver that says what it is told to: name → answers, one list a question, the last one repeated."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        self.asked.append(host)
        found = self.answers.get(host)
        if not found:
            raise OSError(f"no such name: {host}")
        records = found.pop(0) if len(found) > 1 else found[0]
        return [
            {"hostname": host, "host": ip, "port": port, "family": 10 if ":" in ip else 2, "proto": 0, "flags": 0}
            for ip in records
        ]

    async def close(self) -> None:
        pass


async def _refused(fetcher: Fetcher, url: str) -> bool:
    try:
        async with asyncio.timeout(3):
            await fetcher.get(url, robots=False)
    except (FetchError, TimeoutError):
        return True
    return False


def s3(*, seed: int, quick: bool) -> Verdict:
    """Sixteen redirects to an address that must not be reached."""
    with stage(seed=seed) as here, Paper() as canary, Paper() as paper:
        port = canary.port
        forms = (
            "127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
            "0.0.0.0",
            "①②⑦.⓪.⓪.①", "user:pw@127.0.0.1", "[64:ff9b::7f00:1]", "[::1]", "127.0.0.1.", "LOCALHOST",
        )  # fmt: skip
        targets = [f"http://{form}:{port}/secret" for form in forms] + [f"http:\\\\127.0.0.1:{port}\\secret"]
        for number, target in enumerate(targets):
            paper.pages[f"/r{number}"] = Answer(b"", 302, {"Location": target.encode().decode("latin-1")})
        refresh = f'<meta http-equiv="refresh" content="0;url=http://127.0.0.1:{port}/secret">'.encode()
        paper.pages["/refresh"] = Answer(refresh, headers={"Content-Type": "text/html"})
        sources = [f"{paper.url}{path}" for path in paper.pages] + [
            here.farm + each["path"] for each in ask(here.farm + "/")["endpoints"] if each["path"].startswith("/redir/")
        ]
        links = feed((url, f"가는 길 {n}", None) for n, url in enumerate(sources))
        paper.pages["/rss"] = links
        bad = {f"r{n}": outlet(f"이동{n}", feed=url) for n, url in enumerate(sources)}
        with running(here, bad | {"rss": outlet("이동신문", feed=f"{paper.url}/rss")}, allow=(paper.place,)) as run:
            tried = run.until(
                lambda: (
                    run.tried("%") >= len(bad)
                    and run.one("SELECT count(*) FROM link WHERE state = 'pending' AND tries = 0") == 0
                ),
                45,
            )
        hits = [each.path for each in canary.asked] + ask(here.farm + "/__summary")["canary_hits"]
    return tried and not hits, {"roads": len(sources) * 2, "canary_hits": len(hits), "all_tried": tried}


def s4(*, seed: int, quick: bool) -> Verdict:
    """Fourteen roads out of content."""
    with stage(seed=seed) as here, Paper() as canary, Paper() as paper:
        away = f"{canary.url}/secret"
        rich = page("나주시, 한빛소재와 투자협약", "나주시는 공장을 짓는 협약을 맺었다. " * 20)
        head = (
            f'<base href="{away}/"><link rel="canonical" href="{away}?canonical"><link rel="amphtml" href="{away}?amp">'
            f'<link rel="alternate" type="application/rss+xml" href="{away}?alternate">'
            f'<link rel="icon" href="{away}?icon">'
            f'<meta property="og:image" content="{away}?image"><meta property="og:url" content="{away}?ogurl">'
            f'<meta http-equiv="refresh" content="0;url={away}?refresh">'
        )
        paper.pages["/rich"] = Answer(rich.body.replace(b"<head>", b"<head>" + head.encode()), headers=rich.headers)
        paper.pages["/robots.txt"] = Answer(
            f"User-agent: *\nSitemap: {away}?sitemap\n".encode(), headers={"Content-Type": "text/plain"}
        )
        rss = feed([(f"{paper.url}/rich", "풍성한 기사", None), (f"{away}?item", "밖으로", None)]).body
        outside = (
            f'<?xml version="1.0"?><?xml-stylesheet href="{away}?style"?><!DOCTYPE rss SYSTEM "{away}?dtd" '
            f'[<!ENTITY x SYSTEM "{away}?xxe"><!ENTITY % p SYSTEM "{away}?pe"> %p;]>'
        ).encode()
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{away}?xinclude"/>'.encode()
        body = rss.replace(b'<?xml version="1.0" encoding="utf-8"?>', outside).replace(
            b"<item>", include + b"<item>", 1
        )
        paper.pages["/rss"] = Answer(body, headers={"Content-Type": "application/rss+xml"})
        paper.pages["/clean"] = Answer(rss, headers={"Content-Type": "application/rss+xml"})
        index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{away}?part</loc></sitemap></sitemapindex>'
        paper.pages["/sitemap.xml"] = Answer(index.encode(), headers={"Content-Type": "text/xml"})
        hook = '[receivers.hook]\nkind = "webhook"\nurl_env = "BONGSU_TEST_HOOK"\nsigning_env = "BONGSU_TEST_SIGN"\n'
        os.environ |= {
            "BONGSU_TEST_HOOK": f"{away}?webhook",
            "BONGSU_TEST_SIGN": "s" * 32,
            "http_proxy": canary.url,
            "HTTP_PROXY": canary.url,
            "ALL_PROXY": canary.url,
        }
        try:
            with running(
                here,
                {
                    "xml": outlet("밖신문", feed=f"{paper.url}/rss", sitemap=f"{paper.url}/sitemap.xml"),
                    "clean": outlet("안신문", feed=f"{paper.url}/clean"),
                },
                allow=(paper.place,), robots=True, receivers=hook,
                routes='[[routes]]\nreceiver = "hook"\nmin_grade = 1\n',
            ) as run:  # fmt: skip
                run.until(lambda: run.one("SELECT count(*) FROM link WHERE state != 'pending'") >= 2, 30)
                time.sleep(3)
                links = run.rows("SELECT url, state, reason FROM link")
                done, sent = (
                    run.one("SELECT count(*) FROM article"),
                    run.one("SELECT count(*) FROM delivery WHERE receiver = 'hook'"),
                )
        finally:
            for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
                os.environ.pop(name)
        hits = [each.path for each in canary.asked]
    return not hits and done >= 1, {
        "roads": 17,
        "canary_hits": hits,
        "articles": done,
        "webhooks_owed": sent,
        "links": links,
    }


def s5(*, seed: int, quick: bool) -> Verdict:
    """Names that answer with private records, mixed ones, or another one each time."""
    with _on_a_web_port() as canary:
        names = {
            "rebind.kr": [["93.184.216.34"], ["127.0.0.1"]], "both.kr": [["93.184.216.34", "127.0.0.1"]],
            "loop.kr": [["127.0.0.1"]], "meta.kr": [["169.254.169.254"]], "mapped.kr": [["::ffff:127.0.0.1"]],
            "six.kr": [["::1"]], "nat.kr": [["64:ff9b::7f00:1"]],
        }  # fmt: skip
        refused = asyncio.run(_rebound(names, canary.port))
        hits = len(canary.asked)
    return hits == 0 and all(refused.values()), {"private_connects": hits, "refused": refused}


def _on_a_web_port() -> Paper:
    """A listener on a port that the guard lets pages name, so that only the address can be refused."""
    for port in range(8100, 8200):
        try:
            return Paper(port=port)
        except OSError:
            continue
    raise RuntimeError("no free port between 8100 and 8200")


async def _rebound(names: dict[str, list[list[str]]], port: int) -> dict[str, bool]:
    async with Fetcher(Limits()) as fetcher:
        fetcher.session.connector._resolver._inner = _LyingNames(names)
        found = {}
        for name in names:
            found[name] = all(
                [await _refused(fetcher, f"http://{name}:{each}/") for each in (80, port) for _ in range(2)]
            )
        return found


def s6(*, seed: int, quick: bool) -> Verdict:
    """A connection that is kept open is judged again when it is taken again."""
    with Paper() as paper:
        first, second = asyncio.run(_pooled(paper))
        asked = len(paper.asked)
    return first and second and asked == 1, {"first_answered": first, "second_refused": second, "requests": asked}


async def _pooled(paper: Paper) -> tuple[bool, bool]:
    paper.pages["/a"] = page("첫 기사", "나주시는 협약을 맺었다. " * 9)
    async with Fetcher(Limits(allow_private=(paper.place,))) as fetcher:
        first = (await fetcher.get(f"{paper.url}/a", robots=False)).status == 200
        fetcher.session.connector._guard = type(fetcher._guard)(())
        return first, await _refused(fetcher, f"{paper.url}/a")


def s7(*, seed: int, quick: bool) -> Verdict:
    """A source's secret headers go to its own origin and nowhere else."""
    secret = {"authorization": "Basic Ym9uZ3N1", "cookie": "session=beacon", "proxy-authorization": "Basic cHJveHk"}
    with stage(seed=seed) as here, Paper() as own, Paper() as other:
        other.pages["/article"] = page("다른 집 기사", "나주시는 협약을 맺었다. " * 9)
        other.pages["/robots.txt"] = own.pages["/robots.txt"] = Answer(
            b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"}
        )
        for number, status in enumerate((301, 302, 303, 307, 308)):
            own.pages[f"/move{number}"] = Answer(b"", status, {"Location": f"{other.url}/article?{number}"})
        own.pages["/name"] = Answer(b"", 302, {"Location": f"http://localhost:{own.port}/article"})
        own.pages["/home"] = page("우리 기사", "나주시는 협약을 맺었다. " * 9)
        links = [f"{own.url}{path}" for path in (*(f"/move{n}" for n in range(5)), "/name", "/home")] + [
            f"{other.url}/article?link"
        ]
        own.pages["/rss"] = feed((url, f"기사 {n}", None) for n, url in enumerate(links))
        config = {"own": outlet("우리신문", feed=f"{own.url}/rss", more='headers_file = "own.headers"')}
        folder = here.folder / "run"
        folder.mkdir()
        (folder / "own.headers").write_text("\n".join(f"{name}: {value}" for name, value in secret.items()))
        (folder / "own.headers").chmod(0o600)
        with running(here, config, allow=(own.place, other.place, f"localhost:{own.port}"), robots=True) as run:
            run.until(
                lambda: run.one("SELECT count(*) FROM link WHERE tries > 0 OR state != 'pending'") >= len(links), 40
            )
        leaks = [each.path for each in other.asked if secret.keys() & each.headers.keys()]
        leaks += [
            each.path
            for each in own.asked
            if "localhost" in each.headers["host"] and secret.keys() & each.headers.keys()
        ]
        leaks += ["robots" for each in own.asked if each.path == "/robots.txt" and secret.keys() & each.headers.keys()]
        given = {each.path for each in own.asked if each.headers.get("authorization") == secret["authorization"]}
    figure = {"leaks": leaks, "other_asked": len(other.asked), "own_pages_with_secret": len(given)}
    return not leaks and {"/rss", "/home"} <= given and len(other.asked) > 3, figure


MARKS = ("xoxb-LEAK1", "LEAK2HOOK", "LEAK3SMTP", "LEAK4SOURCE", "LEAK5COOKIE", "LEAK6SIGN", "LEAK7BOARD", "LEAK8PING")


def s8(*, seed: int, quick: bool) -> Verdict:
    """Eight secrets planted; everything that comes out is searched for them."""
    token, hook, smtp, source, cookie, signing, board, ping = MARKS
    with stage(seed=seed) as here, Paper() as paper:
        receivers = (
            f'[receivers.hook]\nkind = "webhook"\nurl_env = "LEAK_HOOK"\nsigning_env = "LEAK_SIGN"\n'
            f'[receivers.mail]\nkind = "email"\nsmtp = "{here.smtp}"\nuser = "u"\npassword_env = "LEAK_SMTP"\n'
            'sender = "bongsu@example.kr"\nto = ["a@example.kr"]\ntls = "none"\n'
        )
        os.environ |= {
            "LEAK_HOOK": f"{paper.url}/{hook}", "LEAK_SMTP": smtp, "LEAK_SIGN": signing, "LEAK_BOARD": board * 4,
            "LEAK_PING": f"{paper.url}/{ping}",
        }  # fmt: skip
        folder = here.folder / "run"
        folder.mkdir()
        (folder / "own.headers").write_text(f"Authorization: Bearer {source}\nCookie: sid={cookie}\n")
        (folder / "own.headers").chmod(0o600)
        paper.pages["/rss"] = feed(
            [(f"{paper.url}/a", "나주시, 한빛소재와 투자협약", None), (f"{paper.url}/none", "없는 기사", None)]
        )
        paper.pages["/a"] = page(
            "나주시, 한빛소재와 400억 투자협약", "나주시는 한빛소재와 400억원 투자협약을 체결했다. " * 9
        )
        paper.pages["/down"] = Answer(b"", 500)
        outlets = {
            "own": outlet("우리신문", feed=f"{paper.url}/rss", every="2s", more='headers_file = "own.headers"'),
            "down": outlet("고장신문", feed=f"{paper.url}/down", more='headers_file = "own.headers"'),
        }
        secret = 'token_env = "LEAK_BOARD"\n[heartbeat]\nping_env = "LEAK_PING"\nevery = "1s"\n'
        os.environ["BONGSU_TEST_TOKEN"] = token
        outputs: dict[str, str] = {}
        with running(
            here, outlets, allow=(paper.place,), board=True, receivers=receivers, settings="",
            replace={"[digest]": secret + "[digest]"},
            routes='[[routes]]\nreceiver = "hook"\n[[routes]]\nreceiver = "mail"\nwhen = "digest"\n',
        ) as run:  # fmt: skip
            run.until(lambda: run.one("SELECT count(*) FROM article") >= 1, 20)
            os.killpg(run.daemon.pid, 9)
            run.daemon.wait()
            log = (here.folder / "debug.log").open("wb")
            env = os.environ | {"BONGSU_TEST_TOKEN": token}
            again = subprocess.Popen(
                [BONGSU, "run", "--log", "debug", "--config", str(run.config)], stdout=log, stderr=log, env=env
            )
            wait_for(lambda: _get(run.web + "/healthz").startswith(("Content", "Date", "X-", "Server", "Cache")), 30)
            time.sleep(6)
            for path in (
                "/healthz",
                "/readyz",
                "/metrics",
                "/",
                "/outlets",
                "/login",
                "/api/v1/openapi.json",
                "/nothing",
                "/health",
            ):
                outputs[path] = _get(run.web + path)
            outputs["ps"] = subprocess.run(
                ["ps", "axww", "-o", "args"], capture_output=True, text=True, check=False
            ).stdout
            again.terminate()
            again.wait(20)
            log.close()
            outputs["log"] = (here.folder / "debug.log").read_text(errors="replace") + run.log
            for words in (
                ["check"],
                ["outlets", "check", "--json"],
                ["outlets", "list", "--json"],
                ["why", f"{paper.url}/a"],
                ["doctor"],
            ):
                done = subprocess.run(
                    [BONGSU, *words, "--config", str(run.config)], capture_output=True, text=True, check=False
                )
                outputs[" ".join(words)] = done.stdout + done.stderr
            outputs["database"] = run.database.read_bytes().decode("latin-1")
            outputs["wal"] = "".join(path.read_bytes().decode("latin-1") for path in here.folder.glob("run.db-*"))
    found = {
        name: [mark for mark in MARKS if mark in text]
        for name, text in outputs.items()
        if any(mark in text for mark in MARKS)
    }
    figure = {"outputs": len(outputs), "log_bytes": len(outputs["log"]), "leaks": found}
    return not found and len(outputs["log"]) > 1000, figure


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return str(answer.headers) + answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        return str(refused.headers) + refused.read().decode(errors="replace")
    except OSError as gone:
        return str(gone)


def s9(*, seed: int, quick: bool) -> Verdict:
    """A private source is refused unless it is named; the message says how."""
    with stage(seed=seed) as here, Paper() as paper:
        paper.pages["/rss"] = feed([(f"{paper.url}/a", "사설망 기사", None)])
        with running(here, {"private": outlet("사설신문", feed=f"{paper.url}/rss")}) as run:
            run.until(lambda: run.tried("%") > 0, 20)
            error = run.rows("SELECT error FROM source")[0][0]
        refused = not paper.asked
        with running(
            here, {"private": outlet("사설신문", feed=f"{paper.url}/rss")}, name="named", allow=(paper.place,)
        ) as run:
            run.until(lambda: run.tried("%") > 0, 20)
        allowed = bool(paper.asked)
    return refused and allowed and "allow_private" in error, {
        "refused": refused,
        "allowed_by_name": allowed,
        "message": error,
    }


TESTS = {"S1": s1, "S2": s2, "S3": s3, "S4": s4, "S5": s5, "S6": s6, "S7": s7, "S8": s8, "S9": s9}
