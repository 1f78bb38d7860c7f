"""What people say from a terminal: it is kept, listed, exported, and it moves stories."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.story import story
from monitor.cli.verdicts import verdicts
from tests.web.boards import board, some_news

ALERTED = "https://noon.example/news/1"
COPY = "https://noon.example/news/21"


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def fill() -> None:
        async with board(tmp_path, told=some_news()):
            pass

    asyncio.run(fill())
    monkeypatch.setenv("BONGSU__STORE__URL", f"sqlite+aiosqlite:///{tmp_path / 'board.db'}")

    def run(command: object, *words: str) -> Result:
        return CliRunner().invoke(command, [*words])

    return run


def test_a_word_is_kept_replaced_and_taken_back(ask):
    assert ask(verdicts, "add", ALERTED, "useful").exit_code == 0
    assert ask(verdicts, "add", "s1", "irrelevant").exit_code == 0
    (said,) = [json.loads(line) for line in ask(verdicts, "list", "--json").stdout.splitlines()]
    assert (said["kind"], said["subject"], said["who"]) == ("not relevant", "s1", "cli")
    assert "되돌렸습니다" in ask(verdicts, "add", "s1", "undo").stdout
    assert ask(verdicts, "list").stdout == ""


def test_cases_are_exported_in_the_form_of_labelled_articles_without_who_said_it(ask, tmp_path: Path):
    ask(verdicts, "add", ALERTED, "irrelevant")
    written = tmp_path / "cases.jsonl"
    assert ask(verdicts, "export", "--to", str(written)).exit_code == 0
    rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 3
    assert {(row["gold"]["grade"], row["gold"]["event"]) for row in rows} == {(1, "s1")}
    assert rows[0]["title"] == "광주시, 누리소재1과 투자협약"
    assert "cli" not in written.read_text(encoding="utf-8")
    assert ask(verdicts, "export", "--to", str(tmp_path / "none" / "x")).exit_code == 2


def test_stories_are_split_and_joined(ask):
    own = ask(story, "split", COPY).stdout.split()[-1]
    assert own != "s1"
    assert "이미 혼자" in ask(story, "split", COPY).stdout
    assert ask(story, "join", "s1", COPY).stdout == "합쳤습니다: s1\n"
    assert ask(story, "join", "s1", COPY).stdout == "이미 한 이야기입니다: s1\n"
    said = [json.loads(line)["kind"] for line in ask(verdicts, "list", "--json").stdout.splitlines()]
    assert said == ["other story", "same story"]


@pytest.mark.parametrize("words", [("split", "https://nowhere.example/1"), ("join", "s1", "s999")])
def test_what_nobody_told_is_one_clear_line(ask, words: tuple[str, ...]):
    done = ask(story, *words)
    assert done.exit_code == 2
    assert f"{words[-1]}: no such" in done.stderr
