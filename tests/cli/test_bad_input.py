"""Bad input gives one clear line, the documented exit code, and nothing half started."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shell import bongsu

BONGSU = [sys.executable, "-m", "monitor"]
OUTLET = 'name = "새벽신문"\nfeeds = ["http://127.0.0.1:9/rss"]\n'


def started(*words: str) -> subprocess.CompletedProcess[str]:
    """The daemon, or what keeps it from beginning, in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BONGSU")}
    return subprocess.run([*BONGSU, *words], capture_output=True, text=True, timeout=30, env=clean, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_in(tmp_path)


def folder_in(home: Path) -> Path:
    config = home / "config"
    (config / "outlets" / "gwangju").mkdir(parents=True)
    (config / "outlets" / "gwangju" / "dawn.toml").write_text(OUTLET)
    (config / "receivers.toml").write_text('[receivers.console]\nkind = "console"\n')
    (config / "routes.toml").write_text('[[routes]]\nreceiver = "console"\n')
    write(config, store=home / "bongsu.db")
    return config


def write(config: Path, *, store: Path, port: int = 0) -> None:
    (config / "monitor.toml").write_text(f'[store]\nurl = "sqlite+aiosqlite:///{store}"\n[web]\nport = {port}\n')


def test_every_mistake_is_named_at_once_with_file_line_and_nearest_key(folder: Path) -> None:
    (folder / "monitor.toml").write_text('language = "fr"\n[fetch]\ngapp = "2s"\ndeadline = 20\n')
    (folder / "routes.toml").write_text('[[routes]]\nreceiver = "consol"\nregions = ["광쥬"]\n')
    (folder / "outlets" / "gwangju" / "dawn.toml").write_text('nmae = "새벽신문"\nfeeds = ["gopher://x"]\n')
    done = bongsu("check", "--config", str(folder))
    assert done.returncode == 3
    assert done.stdout == ""
    for line in (
        "monitor.toml:1: language",
        "monitor.toml:3: fetch.gapp: unknown key; did you mean 'gap'?",
        "monitor.toml:4: fetch.deadline: a duration needs a unit",
        "dawn.toml:1: nmae: unknown key; did you mean 'name'?",
        "nobody is called 'consol'; did you mean 'console'?",
        "no region '광쥬'",
    ):
        assert line in done.stderr


def test_an_outlet_that_waits_for_a_browser_is_named_with_the_remedy(folder: Path) -> None:
    (folder / "outlets" / "gwangju" / "dawn.toml").write_text(f'{OUTLET}render = "article"\n')
    done = bongsu("check", "--config", str(folder), BONGSU__FETCH__BROWSER="/nonexistent/chromium")
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "gwangju/dawn: render needs" in done.stderr
    assert "[fetch] browser" in done.stderr or "bongsu[js]" in done.stderr
    (folder / "outlets" / "gwangju" / "dawn.toml").write_text(f'{OUTLET}render = "lists"\n')
    done = bongsu("check", "--config", str(folder))
    assert done.returncode == 3
    assert "dawn.toml:3: render: Input should be '', 'list', 'article' or 'both'" in done.stderr


def test_every_mistake_of_a_watch_list_is_named(folder: Path) -> None:
    (folder / "watch.toml").write_text(
        '[[watch]]\nname = "가온"\nknid = "firm"\n'
        '[[watch]]\nname = "나줏시"\nkind = "region"\n'
        '[[watch]]\nname = "다온"\nkind = "firm"\neffect = "silence"\ngrade = 3\n'
        '[[watch]]\nname = "솔"\nkind = "sector"\n'
    )
    done = bongsu("check", "--config", str(folder))
    assert done.returncode == 3
    for line in (
        "watch.toml:3: watch.0.knid: unknown key; did you mean 'kind'?",
        "watch.0.kind: Field required",
        'effect "silence" takes no grade',
        "'솔' stands in every other word",
    ):
        assert line in done.stderr
    (folder / "watch.toml").write_text(
        '[[watch]]\nname = "나줏시"\nkind = "region"\n'
        '[[watch]]\nname = "가온"\nkind = "firm"\n'
        '[[watch]]\nname = "다온"\nkind = "firm"\naliases = ["㈜가온"]\n'
    )
    told = bongsu("check", "--config", str(folder)).stderr
    assert "watch.1.name: no region '나줏시'; did you mean '나주시'?" in told
    assert "watch.3: '㈜가온' is watched already, by watch.2" in told


def test_a_watched_name_that_nobody_would_hear_of_is_told(folder: Path) -> None:
    (folder / "watch.toml").write_text('[[watch]]\nname = "가온"\nkind = "firm"\n')
    done = bongsu("check", "--config", str(folder))
    assert done.returncode == 0
    assert "min_grade = 2" in done.stderr


def test_the_daemon_checks_first_and_makes_no_database(folder: Path, tmp_path: Path) -> None:
    (folder / "routes.toml").write_text('[[routes]]\nreceiver = "nobody"\n')
    assert bongsu("run", "--config", str(folder)).returncode == 3
    assert not (tmp_path / "bongsu.db").exists()


def test_a_missing_secret_is_named(folder: Path) -> None:
    (folder / "receivers.toml").write_text(
        '[receivers.console]\nkind = "slack"\nchannel = "C1"\ntoken_env = "BONGSU_NO_SUCH"\n'
    )
    done = bongsu("run", "--config", str(folder))
    assert done.returncode == 3
    assert "BONGSU_NO_SUCH" in done.stderr


def test_a_secret_that_everybody_may_read_is_refused(folder: Path) -> None:
    secret = folder / "slack.token"
    secret.write_text("xoxb-secret")
    secret.chmod(0o644)
    (folder / "receivers.toml").write_text(
        '[receivers.console]\nkind = "slack"\nchannel = "C1"\ntoken_file = "slack.token"\n'
    )
    done = bongsu("run", "--config", str(folder))
    assert done.returncode == 3
    assert "chmod 600" in done.stderr
    assert "xoxb-secret" not in done.stderr + done.stdout


def test_a_missing_database_folder(folder: Path, tmp_path: Path) -> None:
    write(folder, store=tmp_path / "nowhere" / "bongsu.db")
    done = started("run", "--config", str(folder))
    assert done.returncode == 6
    assert "nowhere" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_damaged_database_is_not_reset(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bongsu.db").write_bytes(b"this is no database" * 1000)
    done = started("run", "--config", str(folder))
    assert done.returncode == 6
    assert (tmp_path / "bongsu.db").read_bytes().startswith(b"this is no database")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one daemon lives for several tests: starting it costs more than they do."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def first(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A daemon that goes on, whatever is tried beside it."""
    daemon = subprocess.Popen(
        [*BONGSU, "run", "--config", str(folder_in(home))],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert daemon.stderr is not None
    assert "봉수가 매체" in daemon.stderr.readline()
    yield daemon
    daemon.terminate()
    daemon.communicate(timeout=30)
    assert daemon.returncode == 0


def test_a_second_daemon_is_refused_and_the_first_goes_on(first: subprocess.Popen[str], home: Path) -> None:
    done = started("run", "--config", str(home / "config"))
    assert done.returncode == 7
    assert len(done.stderr.strip().splitlines()) == 1
    assert first.poll() is None


def test_a_database_that_was_made_is_private(first: subprocess.Popen[str], home: Path) -> None:
    assert first.poll() is None
    assert (home / "bongsu.db").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(home / "bongsu.db")) as link:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_port_in_use(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        write(folder, store=tmp_path / "bongsu.db", port=taken.getsockname()[1])
        done = started("run", "--config", str(folder))
    assert done.returncode == 3
    assert "[web]" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_full_disk(folder: Path, tmp_path: Path) -> None:
    """A file system of one mebibyte, in a mount namespace of its own."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("needs root and unshare to mount a small file system")
    small = tmp_path / "small"
    small.mkdir()
    write(folder, store=small / "bongsu.db")
    script = f"mount -t tmpfs -o size=64k none {small} && exec {sys.executable} -m monitor run --config {folder}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    if "mount" in done.stderr and "permitted" in done.stderr:
        pytest.skip("mounting is not permitted here")
    assert done.returncode == 6
    assert len(done.stderr.strip().splitlines()) == 1


def test_unknown_files_and_lines_are_named(tmp_path: Path) -> None:
    assert bongsu("analyze", str(tmp_path / "no.jsonl")).returncode == 2
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "title": "광주시 소식"}\nnot json\n')
    done = bongsu("analyze", str(broken))
    assert done.returncode == 2
    assert "broken.jsonl:2" in done.stderr


def test_help_and_version_import_neither_database_nor_network() -> None:
    for word in ("--help", "--version"):
        code = (
            f"import sys; sys.argv = ['bongsu', '{word}']\n"
            "from monitor.cli import main\n"
            "try:\n    main()\nexcept SystemExit:\n    pass\n"
            "heavy = {'sqlalchemy', 'aiohttp', 'pydantic', 'numpy', 'selectolax'} & set(sys.modules)\n"
            "assert not heavy, heavy\n"
        )
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
