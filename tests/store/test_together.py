"""Calls share a transaction; one that spoils it spoils only its own."""

import asyncio

import pytest

from monitor.errors import StoreAway
from monitor.store.together import Together


async def test_calls_of_one_moment_go_together_and_each_has_its_own_answer():
    asked = []

    async def doubled(numbers):
        asked.append(tuple(numbers))
        return [2 * number for number in numbers]

    together = Together(doubled, linger=0.01, most=3)
    assert await asyncio.gather(*map(together, range(5))) == [0, 2, 4, 6, 8]
    assert asked == [(0, 1, 2), (3, 4)]


async def test_who_spoils_a_transaction_is_told_alone():
    async def inverse(numbers):
        return [1 / number for number in numbers]

    together = Together(inverse)
    answers = await asyncio.gather(*map(together, (2, 0, 4)), return_exceptions=True)
    assert (answers[0], type(answers[1]), answers[2]) == (0.5, ZeroDivisionError, 0.25)


async def test_a_store_that_is_away_is_asked_once():
    tries = []

    async def away(numbers):
        tries.append(numbers)
        raise StoreAway("gone")

    together = Together(away)
    answers = await asyncio.gather(*map(together, range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [StoreAway] * 3
    assert len(tries) == 1
    with pytest.raises(StoreAway):
        await together(1)
