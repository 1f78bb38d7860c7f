from datetime import UTC, datetime

import pytest

from monitor.errors import NotAList
from monitor.model import SourceKind
from monitor.sources import PART, discover, parse_sitemap

from .conftest import outlet, page, source

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://p.example.kr/a/1</loc>
<news:news><news:publication><news:name>시험</news:name></news:publication>
<news:publication_date>2026-11-20T09:00:00+09:00</news:publication_date>
<news:title>가람군 협약</news:title></news:news></url>
<url><loc>https://p.example.kr/a/2</loc><lastmod>2026-11-21</lastmod></url></urlset>"""


def test_a_news_sitemap_gives_headlines_newest_first():
    later, earlier = discover(source("https://p.example.kr/sitemap.xml", SourceKind.SITEMAP), outlet(), page(NEWS))
    assert (later.url, earlier.title) == ("https://p.example.kr/a/2", "가람군 협약")
    assert earlier.published_at == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def test_parts_of_an_index_are_marked():
    (part,) = parse_sitemap(
        page("<sitemapindex><sitemap><loc>https://p.example.kr/s-1.xml</loc></sitemap></sitemapindex>")
    )
    assert part.flags == (PART,)


def test_another_document_is_refused():
    with pytest.raises(NotAList):
        parse_sitemap(page("<rss/>"))
