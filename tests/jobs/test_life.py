"""A monitor's life, a few times over; ``python -m tests.acceptance E1`` plays five thousand."""

import pytest

from tests.jobs.life import Life, live


@pytest.mark.timeout(120)
def test_whatever_happens_each_story_is_told_once() -> None:
    live(lives=4, steps=20, number=11)
    assert Life.steps > 20
