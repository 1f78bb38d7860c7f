from datetime import UTC, datetime

import pytest

from monitor.model import Outlet, OutletId, OutletKind, Page, Selectors, Source, SourceKind

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # noon in Korea


def page(text: str, url: str = "https://paper.example.kr/rss/allArticle.xml") -> Page:
    return Page(url=url, asked=url, status=200, text=text, fetched_at=NOW)


def outlet(**selectors: str) -> Outlet:
    return Outlet(
        OutletId("gwangju/paper"), "시험일보", "gwangju", OutletKind.PAPER, (), selectors=Selectors(**selectors)
    )


def source(url: str, kind: SourceKind) -> Source:
    return Source(url, kind)


@pytest.fixture
def now() -> datetime:
    return NOW
