"""The pages in a real browser: no complaint, no sideways scroll, nothing that keeps a reader out, no script runs."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from monitor.web.serve import ADDRESSES
from tests.web.boards import TOKEN, Board, board, some_news, telling
from tests.web.browser import axe, chromium, complaints, sideways, violations
from tests.web.test_pages import filled

pytestmark = pytest.mark.timeout(300)
PATHS = [filled(each.path) for each in ADDRESSES] + ["/login", "/search?q=누리", "/search?q=없는말"]
TITLES = Path(__file__).parents[3] / "shared" / "suites" / "injection" / "cases.jsonl"
OURS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "</title><script>alert(1)</script>",
    "{{7*7}}{% raw %}", "javascript:alert(1)", '=HYPERLINK("http://evil.example")', "<svg/onload=alert(1)>",
    "http://evil.example/login 확인", "\u202egnp.exe", "가" * 2000, "a" * 2000, "&lt;b&gt;", "${alert(1)}",
)  # fmt: skip


def until(driver: Any, is_so: Callable[[], bool]) -> None:
    """Wait, at most ten seconds, for the page that a click leads to."""
    wait = pytest.importorskip("selenium.webdriver.support.wait").WebDriverWait(driver, 10)
    wait.until(lambda _: is_so())


@contextmanager
def served(folder: Path, **told: object) -> Iterator[Board]:
    """Serve a board from a loop in another thread: a browser's driver waits without one."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    opened: list[Board] = []

    async def serve() -> None:
        async with board(folder, **told) as here:
            opened.append(here)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(30)
        yield opened[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_quiet_fits_and_can_be_read_by_all(tmp_path, dark: bool, width: int):
    script = axe()
    with chromium(dark=dark, width=width) as driver, served(tmp_path, told=some_news()) as opened:
        for language in ("ko", "en"):
            for path in PATHS:
                driver.get(f"{opened.base}{path}{'&' if '?' in path else '?'}lang={language}")
                assert complaints(driver) == [], path
                assert sideways(driver) <= 0, path
                if script:
                    assert violations(driver, script) == [], path
        driver.get(f"{opened.base}/login?next=/stories/s1")
        driver.find_element("name", "token").send_keys(TOKEN)
        driver.find_element("css selector", "main button").click()
        until(driver, lambda: driver.find_elements("css selector", "form[action='/logout']"))
        assert driver.current_url.endswith("/stories/s1")
        driver.find_element("css selector", "input[value='irrelevant'] ~ button").click()
        until(driver, lambda: "not relevant · web" in driver.page_source)
        for path in ("/stories/s1", "/feedback", "/outlets/gwangju/noon"):
            driver.get(f"{opened.base}{path}")
            assert complaints(driver) == [], path
            assert sideways(driver) <= 0, path
            if script:
                assert violations(driver, script) == [], path


def test_the_judge_of_pages_sees_what_is_wrong(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        '<html><img src="x"><div style="width:3000px"><p style="color:#eee;background:#fff">흐린 글자</p></html>',
        encoding="utf-8",
    )
    with chromium() as driver:
        driver.get(page.as_uri())
        assert sideways(driver) > 1000
        if axe():
            found = " ".join(violations(driver, axe()))
            assert "image-alt" in found
            assert "color-contrast" in found


def hostile_titles() -> list[str]:
    shared = (
        [json.loads(line)["title"] for line in TITLES.read_text(encoding="utf-8").split("\n") if line]
        if TITLES.is_file()
        else []
    )
    return [*OURS, *shared]


def test_no_title_runs_as_a_script_on_any_page(tmp_path):
    told = [
        telling(
            n,
            title=title,
            firm=title,
            because=title,
            outlet_name=title,
            url=f"javascript:alert({n})" if n % 5 == 0 else "",
        )
        for n, title in enumerate(hostile_titles(), 1)
    ]
    with chromium() as driver, served(tmp_path, told=told) as opened:
        pages = [path for path in PATHS if "{" not in path] + [f"/stories/s{n}" for n in range(1, len(told) + 1)]
        pages += [
            "/digest/2026-03-05/mail",
            "/today.json",
            *(f"{stem}.atom" for stem in ("/today", "/deals", "/completeness")),
            "/deals.json",
            "/search?q=<script>alert(1)</script>",
        ]
        pages += [f"/nope/{title[:50]}" for title in OURS[:3]]
        for path in pages:
            driver.get(opened.base + path)  # an open dialog would raise here
            assert driver.execute_script("return document.querySelectorAll('script').length") == 0, path
            links = driver.execute_script("return [...document.querySelectorAll('a')].map(a => a.protocol)")
            assert set(links) <= {"http:", "https:"}, path
            refused = [line for line in complaints(driver) if "Content Security Policy" in line]
            assert refused == [], path
            assert sideways(driver) <= 0 or path.endswith((".json", ".atom")), path
