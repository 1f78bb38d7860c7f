"""There is one door to the network for HTTP."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "monitor"
DOORS = re.compile(r"ClientSession\(|TCPConnector\(|aiohttp\.request\(|urlopen\(|http\.client|httpx|import requests")


def test_sessions_are_made_in_one_file_only():
    makers = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if DOORS.search(path.read_text("utf-8"))}
    assert makers == {"fetch/session.py"}


def test_nothing_starts_at_import():
    code = re.compile(r"^(?:\w+ = )?(?:asyncio\.run|subprocess|threading|multiprocessing)", re.MULTILINE)
    assert not [path for path in (SOURCE / "fetch").glob("*.py") if code.search(path.read_text("utf-8"))]
