"""Thin calls into the rooms, under the names that the conformance suites' runner asks for."""

import feedparser

from monitor.dedup import same_article as same_url
from monitor.fetch import decode, ip_blocked, join_url, robots, url_blocked
from monitor.sources import parse_tolerantly
from monitor.text import parse_date

__all__ = ["decode", "ip_blocked", "join_url", "parse_date", "parse_feed", "robots", "same_url", "url_blocked"]


def parse_feed(body: bytes, headers: dict[str, str]) -> feedparser.FeedParserDict:
    return parse_tolerantly(body, headers)
