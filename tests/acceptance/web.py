"""W: a hostile web costs only itself."""

import gzip
import json
import sys
import time
import urllib.request
import zlib
from itertools import pairwise
from pathlib import Path

from tests.acceptance.field import outlet, running, share, spread, wide_farm
from tests.acceptance.paper import Answer, Asked, Paper, feed, page
from tests.acceptance.stage import TOOLS, Stage, ask, free_port, process, stage

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
LOOPBACK = "127.0.0.0/8"
MB = 1024 * 1024
REFUSALS = "TooLarge%"


def _good(here: Stage, sites: int = 1, every: str = "5m") -> dict[str, str]:
    """Outlets of the farm's town that work; they stand on a host of their own."""
    return {
        f"good{site}": outlet(f"좋은신문{site}", feed=f"{here.farm}/town/{site}/feed", every=every)
        for site in range(sites)
    }


def _hostile(port: str, paths: list[str], kind: str = "feed", times: int = 1) -> dict[str, str]:
    """Outlets of endpoints, each on a host of its own."""
    spots = [path for path in paths for _ in range(times)]
    return {f"bad{n}": outlet(f"나쁜신문{n}", **{kind: spread(port, n, path)}) for n, path in enumerate(spots)}


def _paths(here: Stage, *starts: str) -> list[str]:
    found = ask(here.farm + "/")["endpoints"]
    return [each["path"] for each in found if each["path"].startswith(starts) and each.get("available", True)]


def _bombs(seed: int, outlets, expected: int, here: Stage, allow: tuple[str, ...]) -> tuple[Figure, bool]:
    ask(f"{here.farm}/town/start?n=10&rate=1000&sites=1")
    with running(here, _good(here), name="calm", allow=allow) as calm:
        calm.until(lambda: calm.one("SELECT count(*) FROM article") >= 10, 60)
        base, cpu = calm.peak_mb, calm.cpu_s
    with running(here, _good(here) | outlets, name="hostile", allow=allow) as run:
        run.until(
            lambda: run.tried("%/bad%") >= expected and run.one("SELECT count(*) FROM article") >= 10,
            30 + 12 * expected,
        )
        run.measure()
        figure = {
            "bombs": expected,
            "refused": run.one("SELECT count(*) FROM source WHERE outlet_id LIKE '%/bad%' AND error LIKE ?", REFUSALS),
            "errors": [
                each[0][:90]
                for each in run.rows(
                    "SELECT error FROM source WHERE outlet_id LIKE '%/bad%' AND error NOT LIKE ?", REFUSALS
                )
            ],
            "stored": run.one("SELECT count(*) FROM link WHERE outlet_id LIKE '%/bad%'"),
            "growth_mb": round(run.peak_mb - base, 1),
            "slowest_s": run.one("SELECT coalesce(max(ms), 0) FROM request WHERE outlet_id LIKE '%/bad%'") / 1000,
            "cpu_s_each": round((run.cpu_s - cpu) / max(expected, 1), 2),
            "good_articles": run.one("SELECT count(*) FROM article"),
        }
    good = figure["stored"] == 0 and figure["growth_mb"] <= 64 and figure["slowest_s"] <= 10
    return figure, good and figure["good_articles"] == 10


def w1(*, seed: int, quick: bool) -> Verdict:
    """Decompression bombs: refused as too large, nothing stored, memory and time bounded."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        paths = _paths(here, "/bomb/")
        figure, good = _bombs(seed, _hostile(port, paths), len(paths), here, (LOOPBACK,))
    return good and figure["refused"] == len(paths), figure


def w2(*, seed: int, quick: bool) -> Verdict:
    """Further bombs: other names of the same codings, raw deflate, several layers, a packed feed, a packed sitemap."""

    def packed(level: int = 9) -> bytes:
        return gzip.compress(b" " * (256 * MB), level)

    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    rawed = raw.compress(b" " * (256 * MB)) + raw.flush()
    once = packed()
    tail = b"<?xml version='1.0'?><rss><channel>" + b" " * (256 * MB)
    bombs = {
        "x-gzip": ("x-gzip", once), "upper": ("GZIP", once), "raw-deflate": ("deflate", rawed),
        "spaced": (" gzip ", once), "thrice": ("gzip, gzip, gzip", gzip.compress(gzip.compress(once))),
        "mixed": ("deflate, gzip", gzip.compress(zlib.compress(b" " * (256 * MB), 9))),
        "feed": ("gzip", gzip.compress(tail, 9)), "members": ("gzip", gzip.compress(b" " * MB, 9) * 400),
        "identity-first": ("identity, gzip", once),
    }  # fmt: skip
    with stage(seed=seed) as here, Paper("0.0.0.0") as paper:
        for name, (coding, body) in bombs.items():
            headers = {"Content-Encoding": coding, "Content-Type": "application/rss+xml"}
            paper.pages[f"/{name}"] = Answer(body, headers=headers)
        paths = list(paper.pages)
        figure, good = _bombs(seed, _hostile(str(paper.port), paths), len(paths), here, (LOOPBACK,))
    return good and figure["cpu_s_each"] <= 5 and figure["refused"] + len(figure["errors"]) == len(paths), figure


def w3(*, seed: int, quick: bool) -> Verdict:
    """What is incomplete is never stored: cut codings and framings behind the links of an honest feed."""
    with stage(seed=seed) as here, Paper() as paper:
        paths = _paths(here, "/gzip/", "/cl/", "/close/", "/chunk/", "/status/")
        whole = gzip.compress(page("체크섬이 틀린 기사", "나주시는 공장을 짓는 협약을 맺었다. " * 30).body)
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/html; charset=utf-8"}
        paper.pages["/badcrc"] = Answer(whole[:-8] + b"\0\0\0\0" + whole[-4:], headers=headers)
        paper.pages["/cut"] = Answer(whole[: len(whole) // 2], headers=headers)
        links = [here.farm + path for path in paths] + [f"{paper.url}/badcrc", f"{paper.url}/cut"]
        paper.pages["/rss"] = feed((url, f"조각 {n}", None) for n, url in enumerate(links))
        with running(here, {"cut": outlet("조각신문", feed=f"{paper.url}/rss")}, allow=(paper.place,)) as run:
            run.until(
                lambda: run.one("SELECT count(*) FROM link WHERE tries > 0 OR state != 'pending'") >= len(links), 50
            )
            stored = [each[0] for each in run.rows("SELECT url FROM article")]
            reasons = dict(run.rows("SELECT url, reason FROM link WHERE state != 'done'"))
    allowed = ("/gzip/lies", "/cl/too-short")  # the whole answer came; what it was called is another matter
    partial = [url for url in stored if not url.endswith(allowed)]
    figure = {
        "pages": len(links),
        "partial_articles": len(partial),
        "stored": stored,
        "refused_with_reason": len(reasons),
    }
    return not partial and len(reasons) + len(stored) == len(links), figure


def _beside(here: Stage, bad: dict[str, str], seconds: float, *, sites: int = 20, rate: float = 0.2, expected: int = 0):
    """Run good sources alone, then beside bad ones; return both runs' delays and the second run's cost."""
    delays, figure = [], {}
    for name, outlets in (("calm", {}), ("hostile", bad)):
        ask(f"{here.farm}/town/start?n=100000&rate={rate}&sites={sites}")
        with running(here, _good(here, sites, "2s") | outlets, name=name, allow=(LOOPBACK,), board=True) as run:
            time.sleep(4)
            fds = run.fds
            run.until(lambda: False, seconds)
            due = sites * int(rate * (seconds - 4))
            delays.append([delay - 1 / rate for delay in run.delays("%/good%")])  # the town shows a story one step late
            figure = {
                "good_due_at_least": due,
                "good_stored": run.one("SELECT count(*) FROM article WHERE outlet LIKE '%/good%'"),
                "lag_max_ms": round(1000 * max(run.lags)),
                "lag_p95_ms": round(1000 * share(sorted(run.lags), 0.95)), "peak_mb": round(run.peak_mb),
                "rss_mb": round(run.rss_mb), "fds_before": fds, "fds_after": run.fds, "alive": run.is_alive,
                "slowest_s": run.one("SELECT coalesce(max(ms), 0) FROM request WHERE outlet_id LIKE '%/bad%'") / 1000,
                "tried": run.tried("%/bad%"), "bad": len(bad),
                "unhandled": run.log.count("visit.failed") + run.log.count("Traceback"),
                "children": len(Path(f"/proc/{run.daemon.pid}/task/{run.daemon.pid}/children").read_text().split()),
            }  # fmt: skip
    figure |= {"calm_p95_s": share(delays[0], 0.95), "p95_s": share(delays[1], 0.95), "max_s": share(delays[1], 1)}
    figure["added_p95_s"] = round(figure["p95_s"] - figure["calm_p95_s"], 2)
    return figure


def w4(*, seed: int, quick: bool) -> Verdict:
    """64 connections that hardly move: each ends by the deadline, good sources do not notice."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        paths = _paths(here, "/slow/")
        bad = _hostile(port, paths, times=64 // len(paths))
        figure = _beside(here, bad, 40 if quick else 180, sites=5 if quick else 20)
        sent = {row["path"]: row for row in ask(f"http://127.0.0.1:{port}/__log") if row["path"].startswith("/slow/")}
        figure["longest_connection_s"] = round(max((row.get("dur") or 0) for row in sent.values()), 1) if sent else None
    good = (
        figure["slowest_s"] <= 25
        and figure["added_p95_s"] <= 2
        and figure["good_stored"] >= figure["good_due_at_least"]
    )
    return good and figure["tried"] > 0, figure


def w5(*, seed: int, quick: bool) -> Verdict:
    """Bodies and headers without end are cut near the cap, by the server's count."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        paths = _paths(here, "/endless/", "/size/200mb")
        with running(here, _hostile(port, paths), allow=(LOOPBACK,)) as run:
            run.until(lambda: run.tried("%/bad%") >= len(paths), 55)
            time.sleep(1)
            peak = run.peak_mb
        log = [row for row in ask(f"http://127.0.0.1:{port}/__log") if row["path"] in paths]
        swallowed = {row["path"]: round(row["sent"] / MB, 1) for row in log}
        asked = {path: sum(row["path"] == path for row in log) for path in paths}
    return max(swallowed.values()) <= 21, {"swallowed_mb": swallowed, "requests": asked, "peak_mb": round(peak)}


def w6(*, seed: int, quick: bool) -> Verdict:
    """Pages on which parsers are quadratic, 16 at once: the loop goes on, no worker is left behind."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        bad = _hostile(
            port, ["/html/nested-div", "/html/attributes", "/html/options"], kind="listing", times=3 if quick else 16
        )
        figure = _beside(here, bad, 40 if quick else 90, sites=5)
    good = figure["lag_max_ms"] <= 200 and figure["tried"] == len(bad) and figure["children"] <= 4
    return good and figure["good_stored"] >= figure["good_due_at_least"], figure


def w7(*, seed: int, quick: bool) -> Verdict:
    """Feeds made to be slow: each within ten seconds and 64 MB, or refused."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port, Paper("0.0.0.0") as paper:
        deep = b"<rss><channel>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</channel></rss>"
        quad = b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 50_000 + b'">]><rss><channel><item><title>' + b"&a;" * 20_000
        mail = b"<rss><channel><item><title>" + b"a@" * 200_000 + b"</title><author>" + b"a." * 200_000
        for name, body in {"deep": deep, "quadratic": quad, "mail": mail + b"</author></item></channel></rss>"}.items():
            paper.pages[f"/{name}"] = Answer(body, headers={"Content-Type": "application/rss+xml"})
        paths = ["/feed/attributes", "/feed/20k-items", "/feed/billion-laughs", "/feed/xxe-file", "/feed/xxe-http"]
        bad = _hostile(port, paths)
        bad |= {
            f"own{n}": outlet(f"느린신문{n}", feed=spread(str(paper.port), n, path))
            for n, path in enumerate(paper.pages)
        }
        with running(here, _good(here), name="calm", allow=(LOOPBACK,)) as calm:
            calm.until(lambda: calm.tried("%") > 0, 20)
            base = calm.peak_mb
        with running(here, bad, allow=(LOOPBACK,)) as run:
            run.until(lambda: run.tried("%") >= len(bad), 50)
            run.measure()
            times = dict(
                run.rows(
                    "SELECT substr(source_url, instr(substr(source_url, 10), '/') + 9), max(ms) / 1000.0 "
                    "FROM request GROUP BY 1"
                )
            )
            errors = dict(run.rows("SELECT url, substr(error, 1, 60) FROM source WHERE failures > 0"))
            growth = round(run.peak_mb - base, 1)
            tried = run.tried("%")
    figure = {"seconds": times, "refused": len(errors), "tried": tried, "growth_mb": growth}
    return tried == len(bad) and max(times.values()) <= 10 and growth <= 64, figure


def w8(*, seed: int, quick: bool) -> Verdict:
    """Broken feeds give exact titles; a login page is a degraded source and not an empty one."""
    want = {
        "/feed/control-chars": "투자유치 협약",
        "/feed/bare-amp": "R&D 특구 & 투자 유치",
        "/feed/euckr-decl": "똠방각하 펲시콜라 햏자 뷁 쌰 욥 큪",
    }
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        bad = _hostile(port, [*want, "/feed/html-login"])
        with running(here, bad, allow=(LOOPBACK,)) as run:
            run.until(lambda: run.tried("%") >= len(bad), 30)
            titles = run.rows("SELECT outlet_id, title FROM link")
            login = run.rows("SELECT failures, error FROM source WHERE url LIKE '%html-login'")
    got = {path: (f"town/bad{n}", title) in titles for n, (path, title) in enumerate(want.items())}
    is_degraded = login[0][0] == 1 and login[0][1].startswith("NotAList")
    return all(got.values()) and is_degraded, {"titles": got, "login": login, "right": sum(got.values()) + is_degraded}


def w9(*, seed: int, quick: bool) -> Verdict:
    """Redirects: at most ten hops, refused schemes and addresses are never opened."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        paths = ["/redir/self", "/redir/ever/", "/redir/metadata", "/redir/file"]
        with running(here, _hostile(port, paths), allow=(LOOPBACK,)) as run:
            run.until(lambda: run.tried("%") >= len(paths), 40)
            errors = dict(run.rows("SELECT url, error FROM source"))
            times = run.one("SELECT max(ms) FROM request") / 1000
        log = ask(f"http://127.0.0.1:{port}/__log")
        hops = {path: sum(row["path"].startswith(path) for row in log) for path in paths[:2]}
    refused = sum(bool(error) for error in errors.values())
    return max(hops.values()) <= 11 and refused == 4, {"requests": hops, "refused": refused, "slowest_s": times}


def w10(*, seed: int, quick: bool) -> Verdict:
    """A calendar without end and a list of 150,000 links: at most 50 requests a host and run, done within 30 s."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port, Paper("0.0.0.0") as paper:
        many = "".join(
            f'<li><a href="/news/articleView.html?idxno={n}">나주시 공장 유치 소식 {n}번째</a></li>'
            for n in range(150_000)
        )
        paper.pages["/list"] = page("목록", f"<ul>{many}</ul>")

        def onward(asked: Asked) -> Answer:
            number = int(asked.path.rpartition("=")[2]) if "=" in asked.path else 1
            first = number * 100 + int(time.monotonic()) * 100_000
            rows = "".join(
                f'<li><a href="/view?no={first + n}">끝없는 게시판의 새 소식 {number}-{n}</a></li>' for n in range(20)
            )
            return page(
                "게시판",
                f'<ul>{rows}</ul><div class="paging"><a href="/board?page={number + 1}">{number + 1}</a></div>',
            )

        paper.pages["/board"] = onward
        bad = {
            "calendar": outlet("달력", listing=spread(port, 1, "/trap/calendar/2026/11"), every="2s"),
            "list": outlet("긴목록", listing=spread(str(paper.port), 2, "/list"), every="2s"),
            "board": outlet("끝없는게시판", listing=spread(str(paper.port), 3, "/board"), every="2s"),
        }
        with running(here, bad, allow=(LOOPBACK,), settings="") as run:
            run.until(lambda: run.one("SELECT min(polls) FROM source") >= 2, 40)
            time.sleep(3)
            looks = run.one("SELECT sum(polls) FROM source WHERE outlet_id LIKE '%/board'")
            slowest = run.one("SELECT max(ms) FROM request") / 1000
            visits = dict(run.rows("SELECT host, token FROM host"))
            pending = dict(run.rows("SELECT outlet_id, count(*) FROM link WHERE state = 'pending' GROUP BY 1"))
            gaps = run.one("SELECT count(*) FROM link WHERE reason LIKE 'gap:%'")
        calendar = sum(row["path"].startswith("/trap/") for row in ask(f"http://127.0.0.1:{port}/__log"))
    asked = {
        "calendar": calendar,
        "list": sum("articleView" in each.path or each.path == "/list" for each in paper.asked),
        "board": sum(each.path.startswith(("/board", "/view")) for each in paper.asked),
    }
    hosts = dict(zip(("calendar", "list", "board"), ("127.1.0.2", "127.1.0.3", "127.1.0.4"), strict=True))
    per_visit = {
        name: round(asked[name] / max(1, next((n for host, n in visits.items() if host.startswith(f"{ip}:")), 1)), 1)
        for name, ip in hosts.items()
    }
    figure = {
        "requests": asked,
        "requests_a_visit": per_visit,
        "slowest_look_s": slowest,
        "looks_at_board": looks,
        "pending": pending,
        "gaps_listed": gaps,
    }
    return bool(looks) and calendar > 0 and max(per_visit.values()) <= 50 and slowest <= 30, figure


def w11(*, seed: int, quick: bool) -> Verdict:
    """Politeness: what 429 and 503 ask for, crawl delay, robots.txt, 304."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port, Paper() as paper:
        waits = _hostile(port, ["/polite/429", "/polite/503-date", "/polite/etag"])
        waits = {name: text.replace('every = "5m"', 'every = "1s"') for name, text in waits.items()}
        private = [spread(port, 9, f"/private/{n}") for n in range(3)]
        paper.pages["/rss"] = feed((url, f"들어오지 마시오 {n}", None) for n, url in enumerate(private))
        delayed = [spread(port, 8, f"/article/{n}") for n in range(4)]
        paper.pages["/slow"] = feed((url, f"천천히 {n}", None) for n, url in enumerate(delayed))
        waits["private"] = outlet("비밀신문", feed=f"{paper.url}/rss")
        waits["delayed"] = outlet("느긋신문", feed=f"{paper.url}/slow")
        with running(here, waits, allow=(LOOPBACK,), robots=True) as run:
            run.until(lambda: False, 45 if quick else 120, 0.5)
            refused = run.one("SELECT count(*) FROM link WHERE reason LIKE 'Forbidden%'")
        log = ask(f"http://127.0.0.1:{port}/__log")
    at = {
        path: [row["t"] for row in log if row["path"] == path]
        for path in ("/polite/429", "/polite/503-date", "/polite/etag")
    }
    gaps = {path: round(min((b - a for a, b in pairwise(times)), default=-1), 2) for path, times in at.items()}
    conditional = [row for row in log if row["path"] == "/polite/etag"][1:]
    share_304 = sum(row["headers"].get("if-none-match") == '"v1"' for row in conditional) / max(1, len(conditional))
    articles = sorted(row["t"] for row in log if row["path"].startswith("/article/"))
    delay = min((b - a for a, b in pairwise(articles)), default=0)
    figure = {
        "min_gap_s": gaps, "requests": {path: len(times) for path, times in at.items()},
        "private_hits": sum(row["path"].startswith("/private/") for row in log), "private_refused": refused,
        "share_304": share_304, "conditional": len(conditional), "crawl_delay_kept_s": round(delay, 2),
    }  # fmt: skip
    kept = all(gaps[path] == -1 or gaps[path] >= 19.5 for path in ("/polite/429", "/polite/503-date"))
    return kept and not figure["private_hits"] and share_304 == 1 and len(conditional) > 0 and delay >= 0.98, figure


def w12(*, seed: int, quick: bool) -> Verdict:
    """Every endpoint at once beside 20 good sources."""
    with stage(seed=seed) as here, wide_farm(here.folder) as port:
        paths = _paths(
            here,
            "/bomb/",
            "/gzip/",
            "/size/",
            "/slow/",
            "/endless/",
            "/cl/",
            "/close/",
            "/status/",
            "/soft/",
            "/redir/",
            "/feed/",
            "/html/",
            "/trap/",
            "/polite/",
            "/type/",
        )
        figure = _beside(here, _hostile(port, paths), 25 if quick else 1800, sites=20)
    good = figure["good_stored"] >= figure["good_due_at_least"] and figure["added_p95_s"] <= 5
    return good and figure["rss_mb"] <= 300 and figure["alive"] and not figure["unhandled"], figure


def w13(*, seed: int, quick: bool) -> Verdict:
    """The town through a bad line: no crash, no false article, and everything arrives in the end."""
    stories = 20 if quick else 200
    with stage(seed=seed) as here:
        port, control = free_port(), free_port()
        command = (
            sys.executable,
            str(TOOLS / "faultproxy.py"),
            "--listen",
            f"127.0.0.1:{port}",
            "--to",
            here.farm.removeprefix("http://"),
            "--ctl",
            str(control),
            "--seed",
            str(seed),
        )
        with process(*command, port=port):
            ask(f"{here.farm}/town/start?n={stories}&rate=1000&sites=1")
            toxics = {"latency_ms": 300, "jitter_ms": 100, "rate_kbps": 64, "corrupt": 0.01}
            _post(f"http://127.0.0.1:{control}/toxics", toxics)
            with Paper() as paper:
                paper.pages["/rss"] = feed(
                    (f"http://127.0.0.1:{port}/town/0/a/{n}", f"거친 회선 {n}", None) for n in range(stories)
                )
                with running(here, {"line": outlet("거친신문", feed=f"{paper.url}/rss")}, allow=(LOOPBACK,)) as run:
                    run.until(lambda: run.one("SELECT count(*) FROM article") >= stories, 50 if quick else 600, 0.5)
                    stored, alive = run.rows("SELECT title, text FROM article"), run.is_alive
                    unhandled = run.log.count("visit.failed") + run.log.count("Traceback")
        truth = {each["firm"] for each in ask(here.farm + "/town/truth")["stories"]}
    broken = [title for title, text in stored if "\ufffd" in title + text]
    figure = {
        "stories": stories,
        "stored": len(stored),
        "with_broken_letters": len(broken),
        "unhandled": unhandled,
        "alive": alive,
        "firms": len(truth),
    }
    return alive and not unhandled and not broken and len(stored) >= stories * 0.9, figure


def _post(url: str, toxics: dict[str, object]) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(toxics).encode())) as answer:  # noqa: S310
        answer.read()


TESTS = {
    "W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6, "W7": w7, "W8": w8, "W9": w9, "W10": w10, "W11": w11,
    "W12": w12, "W13": w13,
}  # fmt: skip
