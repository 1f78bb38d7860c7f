"""robots.txt is obeyed in every shape it is written."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import robots
from monitor.fetch.robotstxt import Robots

PLACE = "http://paper.kr"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("user-AGENT : *\ndisallow : /a # why", "/a", False),
        ("User-agent *\nDisallow /a", "/a", False),
        ("User-agent: *\nDisalow: /a", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: bongsu\nAllow: /\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nAllow: /\nUser-agent: BongSu/2.0\nDisallow: /", "/a", False),
        ("User-agent: bongsubot\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: bongsu\nDisallow: /a", "/a", False),
        ("User-agent: bongsu\nSitemap: http://paper.kr/s.xml\nUser-agent: x\nDisallow: /a", "/a", False),
        ("User-agent: bongsu\nDisallow: /a\nUser-agent: x\nDisallow: /b", "/b", True),
        (
            "User-agent: bongsu\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: bongsu\nDisallow: /c",
            "/c",
            False,
        ),
        ("Disallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", True),
        ("User-agent: *\nDisallow: /*?page=", "/list?page=2", False),
        ("User-agent: *\nDisallow: /기사", "/%EA%B8%B0%EC%82%AC/1", False),
        ("User-agent: *\nDisallow: /%7Eme", "/~me", False),
        ("User-agent: *\nDisallow: /\nAllow: /index.html", "/", True),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("<html><body>no such file</body></html>", "/a", True),
    ],
)
def test_rules(text, path, allowed):
    assert robots(text.encode(), "bongsu", PLACE + path) is allowed


def test_crawl_delay_and_sitemaps():
    rules = Robots.parse(b"Sitemap: http://paper.kr/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x", "bongsu")
    assert rules.crawl_delay == timedelta(seconds=2.5)
    assert rules.sitemaps == ("http://paper.kr/s.xml",)


@pytest.mark.parametrize("value", ["", "-1", "0", "inf", "nan", "soon", "1 s"])
def test_a_crawl_delay_that_says_nothing(value):
    assert Robots.parse(f"User-agent: *\nCrawl-delay: {value}".encode(), "bongsu").crawl_delay is None


def test_a_crawl_delay_is_believed_up_to_a_day():
    assert Robots.parse(b"User-agent: *\nCrawl-delay: 99999999", "bongsu").crawl_delay == timedelta(days=1)


@given(st.binary(), st.text())
def test_nothing_breaks_it(body, path):
    robots(b"User-agent: *\nDisallow: " + body, "bongsu", PLACE + "/" + path)


def test_hostile_patterns_cost_no_more_than_their_length():
    body = b"User-agent: *\n" + b"Disallow: /" + b"a*" * 4000 + b"b$\n" * 1
    assert robots(body, "bongsu", PLACE + "/" + "a" * 20_000)
