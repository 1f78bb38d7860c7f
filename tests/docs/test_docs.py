"""What a user can set, type, see or read in an error is documented; what is documented exists."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from monitor import errors
from monitor.cli import COMMANDS, EXITS, cli
from monitor.settings import MonitorFile, OutletFile, ReceiverTable
from monitor.settings.tables import RouteTable, SelectorTable, WatchTable

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    ROOT / "README.md",
    ROOT / "README.en.md",
    *sorted((ROOT / "deploy").rglob("*.md")),
]
PAGES += [ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")]


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def keys(shape: type[BaseModel], above: str = "") -> list[str]:
    found = []
    for name, field in shape.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += keys(inner, f"{above}{name}.")
        else:
            found.append(above + name)
    return found


@pytest.mark.parametrize("key", keys(MonitorFile))
def test_every_setting_of_the_daemon_is_documented(key: str) -> None:
    assert f"`{key}`" in text("settings.md")


@pytest.mark.parametrize(
    "shape", [ReceiverTable, RouteTable, SelectorTable, OutletFile, WatchTable], ids=lambda shape: shape.__name__
)
def test_every_key_of_the_other_files_is_documented(shape: type[BaseModel]) -> None:
    missing = [name for name in shape.model_fields if f"`{name}`" not in text("settings.md") and name != "selectors"]
    assert missing == []


@pytest.mark.parametrize(("shell", "beginning"), [("bash", "_bongsu_completion()"), ("zsh", "#compdef bongsu"),
                                                  ("fish", "function _bongsu_completion")])  # fmt: skip
def test_the_documented_line_prints_the_completion_of_each_shell(shell: str, beginning: str) -> None:
    assert f"_BONGSU_COMPLETE={shell}_source bongsu" in text("commands.md")
    bongsu = Path(sys.executable).with_name("bongsu")
    told = os.environ | {"_BONGSU_COMPLETE": f"{shell}_source"}
    done = subprocess.run([bongsu], capture_output=True, text=True, timeout=30, env=told, check=True)
    assert done.stdout.startswith(beginning)


def test_a_completion_names_the_commands_that_begin_so() -> None:
    asked = {"_BONGSU_COMPLETE": "bash_complete", "COMP_WORDS": "bongsu sea", "COMP_CWORD": "1"}
    bongsu = Path(sys.executable).with_name("bongsu")
    done = subprocess.run([bongsu], capture_output=True, text=True, timeout=30, env=os.environ | asked, check=True)
    assert done.stdout.split() == ["plain,search"]


def test_no_setting_is_documented_that_is_not_there() -> None:
    told = re.findall(r"^\| ((?:`[a-z_.]+` ?)+)\|", text("settings.md"), re.MULTILINE)
    known = {*keys(MonitorFile), *ReceiverTable.model_fields}
    assert {name for cell in told for name in re.findall(r"`([a-z_.]+)`", cell)} <= known


def test_the_documented_defaults_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| `([a-z_.]+)` \| `([^`]+)` \|", text("settings.md"), re.MULTILINE))
    plain = MonitorFile().model_dump(mode="json")
    for key, value in told.items():
        section, _, name = key.rpartition(".")
        if name == "user_agent" or (not section and key != "language"):
            continue
        default = plain[section][name] if section else plain[key]
        assert re.sub(r"\s", "", str(value)).strip('"') == _toml(key, default), key


def _toml(key: str, value: object) -> str:
    same = {"poll.lease": value, "alerts.max_age": "48h" if value == "2d" else value}
    value = same.get(key, value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def commands() -> list[str]:
    with click.Context(cli) as context:
        found = []
        for name in COMMANDS:
            try:
                command = cli.get_command(context, name)
            except ModuleNotFoundError:
                continue
            found.append(name)
            if isinstance(command, click.Group):
                found += [f"{name} {below}" for below in command.commands]
        return found


def test_every_command_is_documented() -> None:
    told = text("commands.md")
    for name in commands():
        first, _, below = name.partition(" ")
        assert f"bongsu {first}" in told
        assert not below or re.search(rf"`(bongsu {first} )?{below}\b", told), name


def test_every_command_that_a_page_types_exists() -> None:
    known = set(COMMANDS)
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for name in re.findall(r"^\s*(?:\S*/)?bongsu ([a-z-]+)", block, re.MULTILINE):
                assert name in known, f"{page}: bongsu {name}"


def test_every_exit_code_and_every_error_is_documented() -> None:
    told = text("commands.md")
    for kind, code in EXITS:
        assert re.search(rf"^\| {code} \|.*`{kind.__name__}`|`{kind.__name__}`", told, re.MULTILINE)
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.BongsuError):
            assert f"| `{name}` |" in told, name


def test_every_metric_is_documented_and_offered() -> None:
    source = (ROOT / "monitor" / "web" / "machines.py").read_text(encoding="utf-8")
    counted = re.search(r"_COUNTS = \{(.*?)\n\}", source, re.DOTALL)
    assert counted
    offered = {f"bongsu_{name}" for name in re.findall(r'"(\w+)":', counted.group(1))}
    offered |= set(re.findall(r'"(bongsu_\w+)"', source))
    assert set(re.findall(r"`(bongsu_\w+)", text("metrics.md"))) == offered


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s#]+)", page.read_text(encoding="utf-8")):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / link).exists(), link


def test_every_file_that_the_docs_name_in_a_command_is_there() -> None:
    for page in PAGES:
        for name in re.findall(
            r"(?<![\w/])((?:tools|deploy|requirements)/[\w./-]+\w)", page.read_text(encoding="utf-8")
        ):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_every_decision_note_has_its_five_parts() -> None:
    for page in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        told = page.read_text(encoding="utf-8")
        for part in ("## Question", "## Options", "## Numbers", "## Choice", "## What would change our mind"):
            assert part in told, f"{page.name}: {part}"
