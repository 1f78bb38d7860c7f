"""The demo is the product on a town of its own: what it shows is what the daemon does."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.databases import KINDS, database


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2]])
async def test_fifteen_copies_give_one_alert_without_network_or_key(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as url:
        await asyncio.to_thread(_tell, url)


def _tell(url: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BONGSU", "http"))}
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", "--no-stay", "--port", "0", "--store", url],
        capture_output=True,
        text=True,
        timeout=50,
        env=clean,
        check=True,
    )
    assert "기사 40 → 이야기 26 → 알림 12" in done.stdout
    assert "옮긴 기사 15건은 알림 하나" in done.stdout
    told = [line for line in done.stdout.splitlines() if "한빛루멘" in line]
    assert len(told) == 1
    assert done.stderr == ""
