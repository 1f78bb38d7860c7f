"""A real headless Chromium for tests, where one is installed."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
DRIVER = shutil.which("chromedriver") or ""
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def axe() -> str:
    """The script of axe-core: BONGSU_TEST_AXE names its file (npm install axe-core); "" without one."""
    path = os.environ.get("BONGSU_TEST_AXE", "")
    return Path(path).read_text(encoding="utf-8") if path and Path(path).is_file() else ""


@contextmanager
def chromium(*, dark: bool = False, width: int = 1280, height: int = 900) -> Iterator[Any]:
    """Open a browser of the given width; skips the test where there is none."""
    selenium = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (a test tool)")
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium and chromedriver on this machine (Debian: chromium chromium-driver)")
    options, folder = selenium.ChromeOptions(), tempfile.mkdtemp(prefix="bongsu-chromium-")
    options.binary_location = CHROMIUM
    for flag in (*QUIET, f"--user-data-dir={folder}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(DRIVER))
    try:
        driver.set_page_load_timeout(30)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(folder, ignore_errors=True)


def complaints(driver: Any) -> list[str]:
    """What the console says since the last call; the missing alert of a script that a page did not run is none."""
    return [line["message"] for line in driver.get_log("browser") if line["level"] in {"SEVERE", "WARNING"}]


def sideways(driver: Any) -> int:
    """How many pixels the page is wider than the window."""
    return driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")


def violations(driver: Any, script: str) -> list[str]:
    """Serious and critical findings of axe-core."""
    driver.execute_script(script)
    found = driver.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run(document, {iframes: false, resultTypes: ['violations']})"
        ".then(found => done(JSON.stringify(found.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html)]))))"
    )
    return [f"{rule}: {nodes[:2]}" for impact, rule, nodes in json.loads(found) if impact in {"serious", "critical"}]
