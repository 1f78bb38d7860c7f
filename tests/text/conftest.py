"""The shipped gazetteer, for tests of names and places."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import settings

from monitor.text import Gazetteer

# A busy machine is no failure: pytest-timeout is the only clock of these tests.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    path = Path(__file__).parents[2] / "config" / "regions.toml"
    return Gazetteer.from_toml(tomllib.loads(path.read_text(encoding="utf-8")))
