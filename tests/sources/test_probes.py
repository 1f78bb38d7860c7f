import pytest

from monitor.model import SourceKind
from monitor.sources import advertised, list_family, probe_urls

from .conftest import page


def test_probes_begin_with_the_commonest_feed_and_end_with_the_given_page():
    probes = probe_urls("https://paper.example.kr/economy?x=1")
    assert probes[0].url == "https://paper.example.kr/rss/allArticle.xml"
    assert (probes[-1].url, probes[-1].kind) == ("https://paper.example.kr/economy?x=1", SourceKind.LIST)
    assert probe_urls("paper.example.kr")[0].url.startswith("https://paper.example.kr/")


def test_advertised_feeds_come_before_linked_ones():
    html = (
        "<head><link rel='alternate' type='application/rss+xml' href='/rss/all.xml'>"
        "<link rel='alternate' hreflang='en' href='/en/'></head><a href='/rss/S1N2.xml'>RSS</a>"
    )
    assert [one.url for one in advertised(page(html, "https://p.example.kr/"))] == [
        "https://p.example.kr/rss/all.xml",
        "https://p.example.kr/rss/S1N2.xml",
    ]


@pytest.mark.parametrize(
    ("url", "html", "family"),
    [
        ("https://p.kr/", "<a href='/news/articleView.html?idxno=1'></a>" * 3, "ndsoft"),
        ("https://p.kr/", "<a href='/sub_read.html?uid=1&section=sc1'></a>" * 3, "breaknews"),
        ("https://city.go.kr/www/selectBbsNttList.do?bbsNo=1", "", "board"),
        ("https://p.kr/", "<a href='/somewhere'></a>", ""),
    ],
)
def test_families(url, html, family):
    assert list_family(page(html, url)) == family
