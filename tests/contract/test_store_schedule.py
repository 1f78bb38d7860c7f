"""Every store keeps the same timetable."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import ArticleKey, Link, Outlet, OutletId, OutletKind, Source, SourceKind
from monitor.store import FoundLink, PollResult, Store, host_of
from tests.store.telling import NOON, telling

FEED = "https://noon.example/rss"
MINUTE = timedelta(minutes=1)


def outlet(name: str = "noon", *feeds: str) -> Outlet:
    sources = tuple(Source(url, SourceKind.FEED) for url in feeds or (f"https://{name}.example/rss",))
    return Outlet(OutletId(f"gwangju/{name}"), name, "gwangju", OutletKind.PAPER, sources)


def found(*names: str, host: str = "noon.example", skip: str = "", first_look: bool = False) -> tuple[FoundLink, ...]:
    return tuple(
        FoundLink(ArticleKey(name), Link(f"https://{host}/{name}", name, NOON, flags=("a", "b")), first_look, skip)
        for name in names
    )


def poll(*links: FoundLink, **changes: object) -> PollResult:
    result = PollResult(OutletId("gwangju/noon"), FEED, ok=True, at=NOON, next_poll_at=NOON + 5 * MINUTE, links=links)
    return replace(result, **changes)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.Example.KR/a", "news.example.kr"),
        ("http://example.kr:80/", "example.kr"),
        ("http://127.0.0.1:8080/rss", "127.0.0.1:8080"),
    ],
)
def test_a_host_is_a_name_and_an_unusual_port(url, host):
    assert host_of(url) == host


async def test_new_outlets_are_due_at_once_and_a_host_is_given_out_once(store: Store):
    await store.sync_outlets([outlet("noon"), outlet("dusk")], NOON)
    leases = await store.claim_hosts(NOON, 10, MINUTE)
    assert {lease.host for lease in leases} == {"noon.example", "dusk.example"}
    assert await store.claim_hosts(NOON, 10, MINUTE) == ()
    assert [source.url for source in await store.due_sources("noon.example", NOON)] == [FEED]


async def test_a_lease_that_ran_out_is_fenced_off(store: Store):
    await store.sync_outlets([outlet()], NOON)
    (slept,) = await store.claim_hosts(NOON, 1, MINUTE)
    (taken,) = await store.claim_hosts(NOON + MINUTE, 1, MINUTE)
    assert taken.token > slept.token
    assert not await store.release(slept, NOON)
    assert not await store.renew(slept, NOON + 9 * MINUTE)
    assert await store.renew(taken, NOON + 9 * MINUTE)
    assert await store.claim_hosts(NOON + 8 * MINUTE, 1, MINUTE) == ()
    assert await store.release(taken, NOON + 10 * MINUTE)
    assert await store.claim_hosts(NOON + 9 * MINUTE, 1, MINUTE) == ()
    assert len(await store.claim_hosts(NOON + 10 * MINUTE, 1, MINUTE)) == 1


async def test_claims_of_two_daemons_never_overlap(two_stores):
    one, other = two_stores
    await one.sync_outlets([outlet(f"o{number}") for number in range(40)], NOON)
    claims = await asyncio.gather(*(each.claim_hosts(NOON, 7, MINUTE) for each in (one, other) * 4))
    hosts = [lease.host for leases in claims for lease in leases]
    assert len(hosts) == len(set(hosts)) == 40


async def test_a_vanished_outlet_rests_and_keeps_its_memory(store: Store):
    await store.sync_outlets([outlet()], NOON)
    await store.record_poll(poll(etag="x"))
    await store.sync_outlets([], NOON)
    assert await store.sources() == ()
    assert await store.next_due("noon.example") is None
    await store.sync_outlets([outlet()], NOON)
    (source,) = await store.sources()
    assert source.etag == "x"
    assert source.first_polled_at == NOON


async def test_a_poll_is_stored_once_however_often_it_is_told(store: Store):
    await store.sync_outlets([outlet()], NOON)
    first = poll(*found("a", "b", "a", first_look=True), etag="e", rhythm="r")
    assert await store.record_poll(first) == 2
    assert await store.record_poll(first) == 0
    assert await store.unseen([ArticleKey("a"), ArticleKey("c")]) == {"c"}
    links = await store.pending_links("noon.example", NOON, 10)
    assert {(each.key, each.first_look, each.link.flags) for each in links} == {
        ("a", True, ("a", "b")),
        ("b", True, ("a", "b")),
    }
    (source,) = await store.sources()
    assert (source.etag, source.rhythm, source.found, source.last_ok_at) == ("e", "r", 2, NOON)


async def test_a_failed_poll_forgets_nothing(store: Store):
    await store.sync_outlets([outlet()], NOON)
    await store.record_poll(poll(etag="e"))
    for _ in range(2):
        await store.record_poll(poll(ok=False, error="no answer", at=NOON + MINUTE, next_poll_at=NOON + 9 * MINUTE))
    (source,) = await store.sources()
    assert (source.etag, source.failures, source.error, source.last_ok_at) == ("e", 2, "no answer", NOON)
    assert await store.next_due("noon.example") == NOON + 9 * MINUTE
    await store.record_poll(poll(at=NOON + 2 * MINUTE))
    (source,) = await store.sources()
    assert (source.failures, source.error) == (0, "")


async def test_a_skipped_link_is_known_and_never_fetched(store: Store):
    await store.sync_outlets([outlet()], NOON)
    assert await store.record_poll(poll(*found("old", skip="before the first look"))) == 1
    assert await store.pending_links("noon.example", NOON, 10) == ()
    trace = await store.trace("old")
    assert trace.is_seen
    assert trace.link is not None
    assert (trace.link.state, trace.link.reason) == ("refused", "before the first look")


async def test_links_wait_for_their_time_and_end(store: Store):
    await store.sync_outlets([outlet()], NOON)
    await store.record_poll(poll(*found("a", "b")))
    await store.retry_link(ArticleKey("a"), "no answer", NOON + MINUTE)
    await store.refuse_link(ArticleKey("b"), "gone", NOON)
    assert await store.pending_links("noon.example", NOON, 10) == ()
    (late,) = await store.pending_links("noon.example", NOON + MINUTE, 10)
    assert (late.key, late.tries) == ("a", 1)
    assert await store.next_due("noon.example") == NOON + MINUTE
    assert await store.unseen([ArticleKey("b")]) == frozenset()


async def test_links_on_another_host_wake_it(store: Store):
    await store.sync_outlets([outlet()], NOON)
    (visit,) = await store.claim_hosts(NOON, 1, MINUTE)
    await store.record_poll(poll(*found("x", host="pages.example")))
    await store.release(visit, NOON + 5 * MINUTE)
    (other,) = await store.claim_hosts(NOON, 5, MINUTE)
    assert other.host == "pages.example"
    await store.record_poll(poll(*found("y", host="pages.example"), at=NOON + MINUTE / 2))
    hold = NOON + MINUTE / 2 + timedelta(seconds=2)
    assert await store.release(other, NOON + 60 * MINUTE, hold_until=hold)
    assert await store.claim_hosts(hold - timedelta(seconds=1), 5, MINUTE) == ()
    assert [lease.host for lease in await store.claim_hosts(hold, 5, MINUTE)] == ["pages.example"]


async def test_a_held_host_is_not_woken_early(store: Store):
    await store.sync_outlets([outlet()], NOON)
    (visit,) = await store.claim_hosts(NOON, 1, MINUTE)
    await store.release(visit, NOON + 30 * MINUTE, hold_until=NOON + 30 * MINUTE)
    await store.record_poll(poll(*found("z")))
    assert await store.claim_hosts(NOON + 29 * MINUTE, 5, MINUTE) == ()
    assert len(await store.claim_hosts(NOON + 30 * MINUTE, 5, MINUTE)) == 1


async def test_the_request_log_is_bounded(store: Store):
    await store.sync_outlets([outlet()], NOON)
    for minute in range(25):
        await store.record_poll(poll(at=NOON + minute * MINUTE, status=200 + minute, size=10, ms=5))
    (health,) = await store.health()
    assert [request.status for request in health.requests] == list(range(224, 204, -1))
    assert health.outlet_name == "noon"


async def test_settling_ends_the_link_that_led_there(store: Store):
    await store.sync_outlets([outlet()], NOON)
    await store.record_poll(poll(*found("redirected")))
    each = replace(telling("noon"), link_key=ArticleKey("redirected"))
    await store.settle_many([each], NOON)
    assert await store.pending_links("noon.example", NOON, 5) == ()
    assert await store.unseen([each.article.key]) == frozenset()


async def test_a_person_can_ask_for_a_poll_now(store: Store):
    await store.sync_outlets([outlet()], NOON)
    (visit,) = await store.claim_hosts(NOON, 1, MINUTE)
    await store.record_poll(poll())
    await store.release(visit, NOON + 5 * MINUTE)
    assert await store.poll_now(OutletId("gwangju/noon"), NOON + MINUTE) == 1
    assert len(await store.claim_hosts(NOON + MINUTE, 1, MINUTE)) == 1
