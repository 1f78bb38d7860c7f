"""What machines ask: is it alive, can it work, how much of everything is there?"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric

from monitor.errors import StoreError
from monitor.store import LAG_EDGES, Counts, Lags, OutboxDepth, SourceHealth
from monitor.web.house import House
from monitor.web.outlets import WORSE, watched

SILENCE = timedelta(seconds=60)
"""Six missed heartbeats."""
STUCK = timedelta(minutes=10)
"""An alert that waits for longer is a channel that a person should look at."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_COUNTS = {
    "outlets": "Outlets in the catalogue.",
    "sources": "Addresses that are polled.",
    "links_pending": "Links whose article is still to be read.",
    "links_refused": "Links that were refused for good.",
    "articles": "Articles stored.",
    "stories": "Stories stored.",
    "deals": "Deals stored.",
}


def healthz() -> web.Response:
    """Answer while the loop turns."""
    return web.json_response({"ok": True})


async def readyz(house: House) -> web.Response:
    """Answer 200 when the store can be read and the daemon's heart beats, else 503 with what is wrong."""
    try:
        last = await house.store.last_heartbeat()
    except StoreError as wrong:
        return web.json_response({"ok": False, "wrong": str(wrong)}, status=503)
    silent = last is not None and house.room.now() - last > SILENCE
    told = {"ok": not silent, "heartbeat": last.isoformat() if last else None}
    return web.json_response(told, status=503 if silent else 200)


async def metrics(house: House) -> web.Response:
    """Answer in Prometheus's text format."""
    now = house.room.now()
    gauges = (
        *_sizes(await house.store.counts()),
        *_outbox(await house.store.outbox_depth(), now),
        _waits(await house.store.lags()),
        *_sources(await house.store.health(with_requests=False), now),
        *_alive(await house.store.last_heartbeat(), now),
    )
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(gauges))
    return web.Response(body=generate_latest(registry), headers={"Content-Type": METRICS_TYPE})


class _Told:
    """A collector of what was just counted."""

    def __init__(self, gauges: Iterable[Metric]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        yield from self._gauges


def _sizes(counts: Counts) -> Iterator[Metric]:
    for name, words in _COUNTS.items():
        yield GaugeMetricFamily(f"bongsu_{name}", words, value=getattr(counts, name))
    deliveries = GaugeMetricFamily("bongsu_deliveries", "Messages in the ledger by state.", labels=["state"])
    for state in ("owed", "sent", "uncertain", "failed"):
        deliveries.add_metric([state], getattr(counts, state))
    yield deliveries


def _outbox(depths: Iterable[OutboxDepth], now: datetime) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("bongsu_outbox_depth", "Messages that wait, by receiver.", labels=["receiver"])
    age = GaugeMetricFamily("bongsu_outbox_oldest_seconds", "Age of the oldest one that waits.", labels=["receiver"])
    for depth in depths:
        waiting.add_metric([depth.receiver], depth.owed + depth.sending + depth.uncertain)
        if depth.oldest:
            age.add_metric([depth.receiver], (now - depth.oldest).total_seconds())
    yield waiting
    yield age


def _waits(found: Iterable[Lags]) -> Metric:
    words = "From publication of a new story to its alert, by receiver."
    waited = HistogramMetricFamily("bongsu_alert_lag_seconds", words, labels=["receiver"])
    edges = [*(f"{edge.total_seconds():.1f}" for edge in LAG_EDGES), "+Inf"]
    for each in found:
        buckets = list(zip(edges, accumulate(each.counts), strict=True))
        waited.add_metric([each.receiver], buckets, each.seconds)
    return waited


def _sources(found: Iterable[SourceHealth], now: datetime) -> Iterator[Metric]:
    states = [watched(each, now).state for each in found]
    gauge = GaugeMetricFamily("bongsu_source_states", "Sources by state.", labels=["state"])
    for state in WORSE:
        gauge.add_metric([state.value], states.count(state))
    yield gauge


def _alive(last: datetime | None, now: datetime) -> Iterator[Metric]:
    if last is not None:
        words = "Seconds since the daemon was last alive."
        yield GaugeMetricFamily("bongsu_heartbeat_age_seconds", words, value=(now - last).total_seconds())
