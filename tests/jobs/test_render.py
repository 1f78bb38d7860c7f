"""An outlet whose pages are empty until a browser runs their scripts."""

import json
import shutil
from importlib.util import find_spec

import pytest

from monitor.model import Render, Source, SourceKind
from tests.jobs.site import Site, article, watching
from tests.town import START

needs_browser = pytest.mark.skipif(
    find_spec("playwright") is None or shutil.which("chromium") is None,
    reason="no playwright or no chromium on this machine (pip install bongsu[js]; Debian: chromium)",
)
SHELL = '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>새벽신문</title></head><body></body>'


def later(html: str) -> str:
    """A page that is empty until its script puts *html* in."""
    return (
        f"{SHELL}<script>setTimeout(() => {{ document.documentElement.innerHTML = {json.dumps(html)} }}, 50)</script>"
    )


@pytest.fixture
async def site():
    async with Site() as one:
        rows = "".join(f'<li><a href="/news/{n}">나주시 투자협약 소식을 알립니다 제{n}호</a></li>' for n in range(1, 5))
        one.pages["/list"] = later(f"<head><title>보도자료</title></head><body><ul>{rows}</ul></body>")
        for number in range(1, 5):
            one.pages[f"/news/{number}"] = later(article(number, at=START).partition('lang="ko">')[2])
        yield one


@needs_browser
async def test_articles_of_an_outlet_that_is_rendered_are_stored(site):
    source = Source(f"{site.url}/list", SourceKind.LIST)
    async with watching(site.outlet(source, render=Render.BOTH)) as watchers:
        await watchers.look()
        (state,) = await watchers.store.sources()
        assert (state.failures, state.found) == (0, 4)
        counts = await watchers.store.counts()
        assert (counts.articles, counts.links_pending, counts.links_refused) == (4, 0, 0)


async def test_an_outlet_that_is_not_rendered_is_asked_as_ever(site):
    source = Source(f"{site.url}/list", SourceKind.LIST)
    async with watching(site.outlet(source)) as watchers:
        await watchers.look()
        (state,) = await watchers.store.sources()
        assert state.found == 0


async def test_without_a_browser_the_outlet_fails_with_the_remedy_and_others_go_on(site):
    site.publish(7)
    site.pages["/plain"] = '<ul><li><a href="/news/7">나주시 투자협약 소식을 알립니다 제7호</a></li></ul>'
    dark = site.outlet(Source(f"{site.url}/list", SourceKind.LIST), name="dark", render=Render.LIST)
    plain = site.outlet(Source(f"{site.url}/plain", SourceKind.LIST), name="plain")
    async with watching(dark, plain, browser="/nonexistent/chromium") as watchers:
        await watchers.look()
        states = {state.outlet_id: state for state in await watchers.store.sources()}
        assert states["jeonnam/dark"].failures == 1
        assert "render needs" in states["jeonnam/dark"].error
        assert states["jeonnam/plain"].failures == 0
