"""C: Korean text, times and addresses are exact."""

import tarfile
import time
import unicodedata
from datetime import UTC, datetime, timedelta

from monitor.fetch import robots
from tests.acceptance.field import outlet, running
from tests.acceptance.paper import Paper, feed, page
from tests.acceptance.stage import ROOT, ask, stage
from tests.acceptance.suite import suite

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
SUITES = ROOT.parent / "shared" / "suites"


def _suite(name: str, least: float) -> Verdict:
    """*least*: how many must be right; below 1.5, which share."""
    found = suite(name)
    wanted = least * found["n"] if least <= 1 else least
    return found["ok"] >= wanted and found["exceptions"] == 0, found


def c1(*, seed: int, quick: bool) -> Verdict:
    """Charsets: every syllable under every label."""
    return _suite("korean-charset", 1.0)


def c2(*, seed: int, quick: bool) -> Verdict:
    """Real samples, letter for letter."""
    return _suite("chardet-samples", 1.0)


def c3(*, seed: int, quick: bool) -> Verdict:
    """Charset pages through the whole daemon: titles exact where people see them."""
    with stage(seed=seed) as here, Paper() as paper:
        ends = [each for each in ask(here.farm + "/")["endpoints"] if each["path"].startswith("/cs/")]
        paper.pages["/rss"] = feed((here.farm + each["path"], f"글자 {n}", None) for n, each in enumerate(ends))
        routes = '[[routes]]\nreceiver = "desk"\nmin_grade = 1\n'
        config = {"cs": outlet("글자신문", feed=f"{paper.url}/rss")}
        with running(here, config, allow=(paper.place,), routes=routes) as run:
            run.until(
                lambda: run.one("SELECT count(*) FROM link WHERE tries > 0 OR state != 'pending'") >= len(ends), 30
            )
            time.sleep(6)
            titles = {
                url.removeprefix(here.farm): title + text
                for url, title, text in run.rows("SELECT url, title, text FROM article")
            }
        shown = str([call["payload"] for call in ask(here.slack + "/__calls") if call["delivered"]])
    right = {
        each["path"]: all(must in titles.get(each["path"], "") for must in each["expect"]["must"])
        and not any(bad in titles.get(each["path"], "") for bad in each["expect"].get("must_not", ()))
        for each in ends
    }
    seen = sum(title[:20] in shown for title in titles.values())
    wrong = [path for path, good in right.items() if not good]
    return not wrong and "\ufffd" not in shown, {
        "pages": len(ends),
        "exact": sum(right.values()),
        "wrong": wrong,
        "shown": seen,
    }


def c4(*, seed: int, quick: bool) -> Verdict:
    """One title in two Unicode forms is one story, stored composed."""
    title, body = (
        "나주시, 누리셀과 700억원 투자협약 체결",
        "나주시는 ㈜누리셀과 배터리 공장을 짓는 700억원 규모 투자협약을 체결했다. 누리셀은 120명을 고용한다. " * 3,
    )
    with stage(seed=seed) as here, Paper() as paper:
        for name, form in (("nfc", "NFC"), ("nfd", "NFD")):
            paper.pages[f"/{name}"] = page(unicodedata.normalize(form, title), unicodedata.normalize(form, body))
            paper.pages[f"/{name}.xml"] = feed([(f"{paper.url}/{name}", unicodedata.normalize(form, title), None)])
        outlets = {name: outlet(f"{name}신문", feed=f"{paper.url}/{name}.xml") for name in ("nfc", "nfd")}
        with running(here, outlets, allow=(paper.place,)) as run:
            run.until(lambda: run.one("SELECT count(*) FROM article") >= 2, 20)
            titles = {each[0] for each in run.rows("SELECT title FROM article")}
            stories = run.one("SELECT count(*) FROM story")
    return titles == {title} and stories == 1, {"titles": len(titles), "stories": stories}


def c5(*, seed: int, quick: bool) -> Verdict:
    """Korean times: the instant, or nothing."""
    return _suite("korean-dates", 96)


def c6(*, seed: int, quick: bool) -> Verdict:
    """Odd times of feeds."""
    return _suite("miniflux-dates", 44)


def c7(*, seed: int, quick: bool) -> Verdict:
    """Impossible, future and far-off dates: stored no later than they were found, told once."""
    now = datetime.now(UTC)
    times = {
        "future": now + timedelta(days=3), "next-year": now + timedelta(days=365),
        "far": datetime(2099, 1, 1, tzinfo=UTC),
        "old": datetime(1970, 1, 1, tzinfo=UTC), "hours": now + timedelta(hours=9),
    }  # fmt: skip
    firms = dict(zip(times, ("한빛소재", "누리배터리", "다온로직스", "새롬바이오", "가온전자"), strict=True))
    with stage(seed=seed) as here, Paper() as paper:
        for name, at in times.items():
            words = f"나주시는 {firms[name]}과 {len(name)}00억원 투자협약을 체결했다. {firms[name]}은 공장을 짓는다. "
            paper.pages[f"/{name}"] = page(f"{firms[name]}, 나주에 {len(name)}00억 투자협약", words * 5, at)
        rows = [(f"{paper.url}/{name}", f"{firms[name]} 나주 투자협약", at) for name, at in times.items()]
        whole = feed(rows)
        broken = whole.body.replace(b"<pubDate>Thu, 01 Jan 1970", b"<pubDate>Mon, 32 Jan 2026")
        paper.pages["/rss"] = type(whole)(broken, headers=whole.headers)
        with running(
            here, {"odd": outlet("이상한신문", feed=f"{paper.url}/rss", every="2s")}, allow=(paper.place,)
        ) as run:
            run.until(
                lambda: (
                    run.one("SELECT count(*) FROM article") >= len(times)
                    and run.one("SELECT max(polls) FROM source") >= 4
                ),
                30,
            )
            future = run.one("SELECT count(*) FROM article WHERE published_at > seen_at")
            stored = run.one("SELECT count(*) FROM article")
            twice = run.one("SELECT count(*) FROM (SELECT story_id FROM delivery GROUP BY 1 HAVING count(*) > 1)")
            flags = run.one("SELECT count(*) FROM link WHERE flags != ''")
    figure = {"stored": stored, "in_the_future": future, "told_twice": twice, "flagged_links": flags}
    return stored == len(times) and not future and not twice, figure


def c8(*, seed: int, quick: bool) -> Verdict:
    """Which addresses are the same article."""
    found = suite("url-identity")
    return found["ok"] >= found["n"] - 1, found


def c9(*, seed: int, quick: bool) -> Verdict:
    """Hosts as the WHATWG algorithm reads them."""
    return _suite("wpt-url-http", 1.0)


def c10(*, seed: int, quick: bool) -> Verdict:
    """feedparser's own checks."""
    return _suite("feedparser-core", 1187)


def c11(*, seed: int, quick: bool) -> Verdict:
    """W3C's feeds: no exception, no hang."""
    return _suite("w3c-feeds", 1692)


def c12(*, seed: int, quick: bool) -> Verdict:
    """Google's robots.txt cases."""
    found = suite("google-robotstxt")
    return found["ok"] >= 62 and found["exceptions"] == 0, found


def c13(*, seed: int, quick: bool) -> Verdict:
    """Thousands of real robots.txt: no crash, at most 50 ms of our own time each."""
    slowest, count = ("", 0.0), 0
    with tarfile.open(SUITES / "protego" / "protego-tests.tar.gz") as packed:
        for member in packed:
            if not member.isfile() or "test_data" not in member.name:
                continue
            data = packed.extractfile(member)
            text = data.read()
            began = time.process_time()
            robots(text, "bongsu", "https://news.example.kr/a/1?b=2")
            took = time.process_time() - began
            count += 1
            slowest = max(slowest, (member.name, took), key=lambda pair: pair[1])
            if quick and count >= 1500:
                break
    return slowest[1] <= 0.05, {"files": count, "slowest_ms": round(1000 * slowest[1], 1), "slowest": slowest[0][-40:]}


TESTS = {
    "C1": c1, "C2": c2, "C3": c3, "C4": c4, "C5": c5, "C6": c6, "C7": c7, "C8": c8, "C9": c9, "C10": c10, "C11": c11,
    "C12": c12, "C13": c13,
}  # fmt: skip
