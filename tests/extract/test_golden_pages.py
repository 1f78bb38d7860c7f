"""Every outlet of the tests folder reads as its ``expected.toml`` says: real markup, invented prose."""

import tomllib
from datetime import date, datetime, time
from pathlib import Path

import pytest

from monitor.extract import family, read_article
from monitor.model import Article, Page
from monitor.text import KST

OUTLETS = Path(__file__).parents[1] / "outlets"
GOLDEN = sorted(path.parent for path in OUTLETS.glob("*/*/expected.toml"))


def open_page(folder: Path, url: str, fetched_at: datetime) -> Page:
    text = (folder / "article.html").read_text(encoding="utf-8")
    return Page(url=url, asked=url, status=200, text=text, fetched_at=fetched_at)


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_golden_page_reads_as_expected(folder: Path):
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    page = open_page(folder, expected["url"], expected["fetched_at"])

    article = read_article(page)

    assert article.title == expected["title"]
    assert article.layout == expected["layout"]
    assert published(article) == expected["published"]
    for sentence in expected["includes"]:
        assert sentence in article.text
    for chaff in expected["excludes"]:
        assert chaff not in article.text
    for name in ("byline", "outlet_name", "release_of", "section"):
        if name in expected:
            assert getattr(article, name) == expected[name], name
    if "captions" in expected:
        assert list(article.captions) == expected["captions"]
    assert expected.get("translated", "") in article.translated
    assert bool(article.translated) == ("translated" in expected)
    if expected["layout"] != "generic":
        assert family(page) == expected["layout"].split("@")[0]


def published(article: Article) -> datetime | date | None:
    """What the page printed: a moment, or a day where it printed no time."""
    if article.published_at is None or not article.date_only:
        return article.published_at
    local = article.published_at.astimezone(KST)
    assert local.time() == time(0)
    return local.date()


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_golden_page_saved_without_its_address_still_reads(folder: Path):
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))

    article = read_article(open_page(folder, "", expected["fetched_at"]))

    assert article.title == expected["title"]
    assert published(article) == expected["published"]
    assert all(sentence in article.text for sentence in expected["includes"])
    assert not [chaff for chaff in expected["excludes"] if chaff in article.text]
