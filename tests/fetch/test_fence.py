"""A parser that does not come back costs one child."""

import asyncio
import os
from datetime import UTC, datetime

import pytest

from monitor.errors import ExtractError, TooHostile
from monitor.fetch import Bounds, Fence
from monitor.model import Link, Page, Source, SourceKind
from tests.fetch import calls


def page(text: str) -> Page:
    return Page("http://a.kr/1", "http://a.kr/1", 200, text, datetime(2026, 3, 2, tzinfo=UTC))


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
async def fence():
    async with Fence(Bounds(cpu_s=1, wall_s=20)) as one:
        yield one


async def test_nouns_go_in_and_come_out(fence):
    assert await fence.run(calls.links, page("http://a.kr/2 http://a.kr/3")) == (
        Link("http://a.kr/2", published_at=calls.HERE),
        Link("http://a.kr/3", published_at=calls.HERE),
    )
    assert await fence.run(calls.kind, Source("x", SourceKind.LIST)) is SourceKind.LIST


@pytest.mark.parametrize("call", [calls.spin, calls.swell, calls.sink, calls.vanish, calls.poison])
async def test_whatever_it_does_is_too_hostile_and_the_next_call_works(fence, call):
    with pytest.raises(TooHostile):
        await fence.run(call)
    assert await fence.run(calls.speak) == "said"


async def test_sleeping_is_stopped_by_the_wall_clock():
    async with Fence(Bounds(wall_s=1)) as fence:
        with pytest.raises(TooHostile):
            await fence.run(calls.rest)


async def test_errors_of_our_tree_come_through_and_others_are_named(fence):
    with pytest.raises(ExtractError) as missing:
        await fence.run(calls.fail, "missing")
    assert (missing.value.missing, missing.value.url) == ("title", "http://a.kr/1")
    with pytest.raises(TooHostile, match="KeyError"):
        await fence.run(calls.fail, "other")


async def test_the_error_names_the_address(fence):
    with pytest.raises(TooHostile) as stopped:
        await fence.run(calls.spin, page("x"))
    assert stopped.value.url == "http://a.kr/1"


async def test_a_child_knows_no_secret(fence, monkeypatch):
    monkeypatch.setenv("SLACK_TOKEN", "secret")
    assert "SLACK_TOKEN" not in await fence.run(calls.surroundings)


async def test_children_are_used_again_and_replaced_in_time():
    async with Fence(Bounds(children=1, uses=2)) as fence:
        first, second, third = [await fence.run(calls.pid) for _ in range(3)]
    assert first == second != third
    assert not is_there(first)
    assert not is_there(third)


async def test_a_cancelled_call_leaves_no_child():
    async with Fence(Bounds(children=1)) as fence:
        pid = await fence.run(calls.pid)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await fence.run(calls.rest)
        while is_there(pid):  # noqa: ASYNC110 - the kernel sets no event
            await asyncio.sleep(0.02)
        assert await fence.run(calls.speak) == "said"


async def test_waiting_for_a_child_has_an_end():
    async with Fence(Bounds(children=1, queue_s=0.2, wall_s=3)) as fence, asyncio.TaskGroup() as group:
        busy = group.create_task(fence.run(calls.pid))
        await busy
        group.create_task(_stopped(fence, calls.rest))
        await asyncio.sleep(0)
        await _stopped(fence, calls.pid)


async def _stopped(fence, call):
    with pytest.raises(TooHostile):
        await fence.run(call)
