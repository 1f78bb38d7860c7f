"""The peers' own environment: made once beside this file, from the package index, by ``uv`` or ``pip``."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / ".venv-peers"
PYTHON = FOLDER / "bin" / "python"
WANTED = {
    "scrapy": "scrapy",
    "crawlee": "crawlee[parsel]",
    "trafilatura": "trafilatura",
    "aiohttp": "aiohttp",
    "httpx": "httpx",
    "newspaper4k": "newspaper4k",
    "nltk": "nltk",
    "news-please": "news-please",
    "feedparser": "feedparser",
    "fastfeedparser": "fastfeedparser",
    "readability-lxml": "readability-lxml",
    "sqlalchemy": "sqlalchemy",
    "aiosqlite": "aiosqlite",
    "greenlet": "greenlet",
}
"""What is measured → what is installed."""


def prepared() -> dict[str, str]:
    """Install what is missing and return the version of each peer that is there."""
    if not PYTHON.is_file():
        subprocess.run(_maker(), check=False)
    there = versions()
    for name, wanted in WANTED.items():  # one by one: a peer that cannot be installed takes no other with it
        if name not in there:
            subprocess.run([*_installer(), wanted], check=False, capture_output=True)
    return versions()


def versions() -> dict[str, str]:
    listing = (
        "import json,importlib.metadata as m;print(json.dumps({d.name.lower():d.version for d in m.distributions()}))"
    )
    try:
        ran = subprocess.run([PYTHON, "-c", listing], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {name: version for name, version in json.loads(ran.stdout).items() if name in WANTED}


def _maker() -> list[str | Path]:
    uv = shutil.which("uv")
    return [uv, "venv", "-q", FOLDER] if uv else [sys.executable, "-m", "venv", FOLDER]


def _installer() -> list[str | Path]:
    uv = shutil.which("uv")
    return [uv, "pip", "install", "-q", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "-q"]
