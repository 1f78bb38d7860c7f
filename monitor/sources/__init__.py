"""What does a source list, and when is it asked again?"""

from monitor.sources.cadence import CEILING, FLOOR, backoff, next_poll, overlaps
from monitor.sources.condition import Health, Looks, State, health
from monitor.sources.discovery import discover
from monitor.sources.feed import NO_ADDRESS, parse_feed
from monitor.sources.listing import parse_listing
from monitor.sources.paging import next_page
from monitor.sources.probes import advertised, list_family, probe_urls
from monitor.sources.rhythm import Rhythm
from monitor.sources.selecting import no_selectors
from monitor.sources.sitemap import PART, parse_sitemap
from monitor.sources.stamps import FUTURE, UNUSABLE
from monitor.sources.tolerant import parse_tolerantly

__all__ = [
    "CEILING",
    "FLOOR",
    "FUTURE",
    "NO_ADDRESS",
    "PART",
    "UNUSABLE",
    "Health",
    "Looks",
    "Rhythm",
    "State",
    "advertised",
    "backoff",
    "discover",
    "health",
    "list_family",
    "next_page",
    "next_poll",
    "no_selectors",
    "overlaps",
    "parse_feed",
    "parse_listing",
    "parse_sitemap",
    "parse_tolerantly",
    "probe_urls",
]
