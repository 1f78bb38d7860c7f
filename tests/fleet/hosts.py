"""Outlets of hosts that a test schedules; nothing is fetched from them."""

from datetime import UTC, datetime, timedelta

from monitor.model import Outlet, OutletId, OutletKind, Source, SourceKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = timedelta(seconds=12)


def paper(number: int) -> Outlet:
    source = Source(f"https://paper{number}.example/rss", SourceKind.FEED)
    return Outlet(OutletId(f"town/paper{number}"), f"paper{number}", "town", OutletKind.PAPER, (source,))


def papers(count: int) -> list[Outlet]:
    return [paper(number) for number in range(count)]
