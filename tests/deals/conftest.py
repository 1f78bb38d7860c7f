"""The shipped gazetteer, for tests of names and places."""

import tomllib
from pathlib import Path

import pytest

from monitor.text import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    path = Path(__file__).parents[2] / "config" / "regions.toml"
    return Gazetteer.from_toml(tomllib.loads(path.read_text(encoding="utf-8")))
