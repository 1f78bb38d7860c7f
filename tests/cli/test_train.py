"""Learning from verdicts: told first, applied on demand, taken back."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.train import train
from monitor.cli.verdicts import verdicts
from monitor.errors import ConfigError
from monitor.model import Grade
from monitor.settings import SHIPPED, load
from tests.web.boards import board, telling

PLAIN = "https://noon.example/news/2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "own"
    config.mkdir()
    (config / "receivers.toml").write_text('[receivers.console]\nkind = "console"\n')
    (config / "routes.toml").write_text('[[routes]]\nreceiver = "console"\n')
    (config / "monitor.toml").write_text(f'[store]\nurl = "sqlite+aiosqlite:///{tmp_path / "board.db"}"\n')
    return config


@pytest.fixture
def ask(tmp_path: Path, folder: Path):
    async def fill() -> None:
        told = [telling(n, title=f"한별시, 누리소재{n}과 1200억원 투자협약 체결") for n in (1, 2)]
        async with board(tmp_path, told=[*told, telling(3, grade=Grade.MENTION, title="동네 잔치 소식")]):
            pass

    asyncio.run(fill())

    def run(command: object, *words: str) -> Result:
        return CliRunner().invoke(command, [*words, "--config", str(folder)])

    return run


def weights_of(folder: Path) -> bytes:
    return load(str(folder)).model("relevance.npz")


def test_without_a_word_there_is_nothing_to_learn(ask) -> None:
    done = ask(train)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "배울 것이 없습니다" in done.stderr


def test_what_would_change_is_told_and_nothing_is_changed(ask, folder: Path) -> None:
    ask(verdicts, "add", PLAIN, "irrelevant")
    done = ask(train, "--days", "0", "--json")
    assert done.exit_code == 0, done.exception
    report = json.loads(done.stdout)

    assert (report["labels"], report["agreed_before"], report["articles"]) == (1, 0, 3)
    assert report["version"].count("+") == 1
    assert set(report["change"]) == {"added", "dropped", "merged", "split"}
    assert not (folder / "models").exists()


def test_weights_are_applied_and_taken_back_step_by_step(ask, folder: Path) -> None:
    ask(verdicts, "add", PLAIN, "irrelevant")
    assert "썼습니다" in ask(train, "--apply").stderr
    first = weights_of(folder)
    ask(verdicts, "add", "https://noon.example/news/1", "useful")
    ask(train, "--apply")
    assert weights_of(folder) not in (first, (SHIPPED / "models/relevance.npz").read_bytes())

    assert ask(train, "--revert").exit_code == 0
    assert weights_of(folder) == first
    assert ask(train, "--revert").exit_code == 0
    assert weights_of(folder) == (SHIPPED / "models/relevance.npz").read_bytes()
    again = ask(train, "--revert")
    assert again.exit_code == 2
    assert "nothing was applied here" in again.stderr


def test_exported_cases_teach_the_same(ask, folder: Path, tmp_path: Path) -> None:
    ask(verdicts, "add", PLAIN, "irrelevant")
    file = tmp_path / "cases.jsonl"
    ask(verdicts, "export", "--to", str(file))
    told, exported = (json.loads(ask(train, *words, "--json").stdout) for words in ((), ("--export", str(file))))
    assert exported["labels"] == told["labels"] == 1
    assert exported["change"] == told["change"]

    (tmp_path / "other").mkdir()
    ask(train, "--export", str(file), "--to", str(tmp_path / "other"))
    assert (tmp_path / "other" / "models" / "relevance.npz").is_file()
    assert not (folder / "models").exists()


@pytest.mark.parametrize("line", ['{"title": "소식"}', '{"gold": {"grade": 7}}'])
def test_a_file_without_labels_is_one_clear_line(ask, tmp_path: Path, line: str) -> None:
    (tmp_path / "cases.jsonl").write_text(line)
    done = ask(train, "--export", str(tmp_path / "cases.jsonl"))
    assert done.exit_code == 2
    assert "cases.jsonl:1" in done.stderr


def test_the_shipped_weights_are_never_written_over() -> None:
    done = CliRunner().invoke(train, ["--apply", "--config", str(SHIPPED)])
    assert isinstance(done.exception, ConfigError)
    assert "bongsu init" in str(done.exception)
