"""What the store knows, asked from a terminal."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.ask import search, why, why_not
from monitor.model import Grade
from tests.web.boards import board, some_news, telling


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def fill() -> None:
        async with board(
            tmp_path, told=[*some_news(), telling(60, grade=Grade.UNRELATED, title="동네 소식")]
        ) as opened:
            await opened.store.search("소식")

    asyncio.run(fill())
    monkeypatch.setenv("BONGSU__STORE__URL", f"sqlite+aiosqlite:///{tmp_path / 'board.db'}")

    def run(command: object, *words: str) -> Result:
        return CliRunner().invoke(command, [*words])

    return run


def test_search_takes_words_and_limits(ask):
    found = [json.loads(line) for line in ask(search, "누리", "--region", "광주", "--json").stdout.splitlines()]
    assert len(found) == 8
    assert ask(search, "--firm", "묵은", "--amount", "320").stdout.count("\n") == 1
    assert "묵은전지" not in ask(search, "--since", "2026-03-01").stdout
    assert ask(search, "없는말").stdout == ""


def test_why_begins_with_what_happened(ask):
    told = ask(why, "https://noon.example/news/1")
    assert told.exit_code == 0
    assert told.stdout.startswith("결론   알림 console")
    assert "+2.00 서명했다" in told.stdout
    assert "한낮신문 기사에 묶임" in ask(why, "https://noon.example/news/21").stdout
    assert json.loads(ask(why, "https://noon.example/news/1", "--json").stdout)["article"]["version"] == "7"


def test_why_not_says_where_it_stopped(ask):
    assert ask(why_not, "https://noon.example/news/60").stdout.startswith("결론   알림 안 함: 등급 0 무관 (0.90)")
    unknown = ask(why_not, "https://unknown.example/1")
    assert (unknown.exit_code, unknown.stdout.splitlines()[0]) == (8, "결론   본 적이 없습니다")
