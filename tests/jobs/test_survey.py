"""A site by its address alone, on real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from monitor.cli.outlets import outlets
from monitor.errors import NotAList
from monitor.fetch import Fence, Fetcher, Limits, Verdict
from monitor.jobs.survey import Survey, Surveyor
from monitor.model import SourceKind
from tests.jobs.site import Site, a_judge, item, rss
from tests.town import START

FRONT = (
    '<!doctype html><html><head><meta charset="utf-8"><title>새벽신문</title>{head}</head><body>{body}</body></html>'
)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


@asynccontextmanager
async def a_surveyor(site: Site) -> AsyncIterator[Surveyor]:
    async with Fetcher(Limits(allow_private=(site.place,), gap=timedelta(0))) as fetcher, Fence() as fence:
        yield Surveyor(fetcher, fence, a_judge())


async def survey(site: Site, path: str = "/") -> Survey:
    async with a_surveyor(site) as surveyor:
        return await surveyor.survey(site.url + path)


def posts(numbers: range, shape: str) -> str:
    return "".join(
        f'<li><a href="{shape.format(n=n)}">나주시 혁신산단 투자협약 소식 제{n}호</a> <em>2026.03.04</em></li>'
        for n in numbers
    )


async def test_a_feed_that_the_front_page_names(site: Site) -> None:
    site.pages["/"] = FRONT.format(head='<link rel="alternate" type="application/rss+xml" href="/all.xml">', body="")
    site.pages["/all.xml"] = rss(item(f"{site.url}/news/{n}", n, START) for n in range(1, 9))
    site.publish(*range(1, 9))
    found = await survey(site)
    assert (found.source.url, found.source.kind) == (site.url + "/all.xml", SourceKind.FEED)
    assert (len(found.links), len(found.samples), found.name) == (8, 5, "새벽신문")
    assert all(sample.article and "누리셀" in sample.article.text for sample in found.samples)
    assert found.robots.verdict is Verdict.NO_FILE


async def test_a_list_of_a_known_family_without_a_feed(site: Site) -> None:
    listed = posts(range(1001, 1021), "/news/articleView.html?idxno={n}")
    site.pages["/"] = FRONT.format(
        head="", body=f'<ul class="menu"><li><a href="/a">회사</a></li></ul><ul>{listed}</ul>'
    )
    site.pages["/news/articleList.html"] = FRONT.format(
        head="", body=f'<section><ul class="type2">{listed}</ul></section>'
    )
    site.publish(1)
    site.pages["/news/articleView.html"] = site.pages["/news/1"]
    found = await survey(site)
    assert found.source.kind is SourceKind.LIST
    assert "articleList.html" in found.source.url
    assert len(found.links) == 20
    assert found.layout == "ndsoft" or all(sample.article for sample in found.samples)


async def test_a_press_board_by_its_own_address(site: Site) -> None:
    rows = posts(range(501, 516), "/www/selectBbsNttView.do?bbsNo=3&nttNo={n}")
    site.pages["/www/selectBbsNttList.do"] = FRONT.format(head="", body=f'<ul class="bbs">{rows}</ul>')
    site.publish(1)
    site.pages["/www/selectBbsNttView.do"] = site.pages["/news/1"]
    found = await survey(site, "/www/selectBbsNttList.do?bbsNo=3")
    assert found.source.kind is SourceKind.LIST
    assert found.source.url.endswith("selectBbsNttList.do?bbsNo=3")
    assert len(found.links) == 15


async def test_a_login_page_is_refused(site: Site) -> None:
    form = '<form action="/login"><input name=id><input type=password name=pw><button>로그인</button></form>'
    site.pages["/"] = FRONT.format(head="", body=f"<h1>로그인이 필요합니다</h1>{form}")
    with pytest.raises(NotAList):
        await survey(site)


async def test_a_page_that_robots_keep_is_not_asked(site: Site) -> None:
    site.pages["/robots.txt"] = lambda _: web.Response(text="User-agent: *\nDisallow: /news/\n")
    site.pages["/"] = FRONT.format(head='<link rel="alternate" type="application/rss+xml" href="/all.xml">', body="")
    site.pages["/all.xml"] = rss(item(f"{site.url}/news/{n}", n, START) for n in range(1, 6))
    site.publish(*range(1, 6))
    found = await survey(site)
    assert all("robots" in sample.problem for sample in found.samples)
    assert not any(path.startswith("/news/") for path in site.paths())


def test_the_command_refuses_to_write_into_the_shipped_catalogue(tmp_path: Path) -> None:
    done = CliRunner().invoke(outlets, ["add", "http://127.0.0.1:9/", "--yes", "--config", str(tmp_path)])
    assert done.exit_code != 0
