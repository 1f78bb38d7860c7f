"""``doctor`` names each trouble with what to do; ``config show`` names each value's source and no secret."""

import asyncio
import json
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.settings import schemas
from monitor.store import Store
from tests.cli.shell import Done, bongsu

TOKEN = "xoxb-planted-4711"
OUTLET = 'name = "새벽신문"\nfeeds = ["http://127.0.0.1:9/rss"]\n'


class Desk(BaseHTTPRequestHandler):
    """A Slack that answers each method with what ``answers`` says."""

    answers: dict[str, dict[str, object]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = self.path.rpartition("/")[2]
        body = json.dumps(self.answers.get(method, {"ok": True, "messages": [], "user": "bongsu"})).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slack() -> Iterator[ThreadingHTTPServer]:
    Desk.answers = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path, slack: ThreadingHTTPServer) -> Path:
    config = tmp_path / "config"
    (config / "outlets" / "gwangju").mkdir(parents=True)
    (config / "outlets" / "gwangju" / "dawn.toml").write_text(OUTLET)
    (config / "receivers.toml").write_text(
        '[receivers.desk]\nkind = "slack"\nchannel = "C1"\ntoken_env = "BONGSU_TEST_TOKEN"\n'
        f'api = "http://127.0.0.1:{slack.server_port}/api/"\n'
    )
    (config / "routes.toml").write_text('[[routes]]\nreceiver = "desk"\n')
    (config / "monitor.toml").write_text(
        f'[store]\nurl = "sqlite+aiosqlite:///{tmp_path}/bongsu.db"\n[web]\nport = 0\n'
        f'[fetch]\nallow_private = ["127.0.0.1"]\n'
    )
    return config


def checks(done: Done) -> dict[str, dict[str, object]]:
    return {each["name"]: each for each in json.loads(done.stdout)["checks"]}


def test_a_fresh_install_that_is_well_has_no_findings(folder: Path) -> None:
    done = bongsu("doctor", "--json", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN)
    assert done.returncode == 0, done.stdout
    assert "@bongsu" in str(checks(done)["channel"]["words"])
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("auth.test", "invalid_auth"),
        ("conversations.history", "not_in_channel"),
        ("conversations.history", "missing_scope"),
    ],
)
def test_what_slack_refuses_comes_with_a_remedy(folder: Path, method: str, error: str) -> None:
    Desk.answers = {method: {"ok": False, "error": error}}
    done = bongsu("doctor", "--json", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN)
    assert done.returncode == 8
    assert error in str(checks(done)["channel"]["words"])
    assert checks(done)["channel"]["fix"]


def test_every_other_trouble_is_a_finding_with_a_remedy(folder: Path, tmp_path: Path) -> None:
    asyncio.run(_heartbeat(tmp_path / "bongsu.db", datetime(2099, 1, 1, tzinfo=UTC)))
    text = (folder / "receivers.toml").read_text()
    (folder / "receivers.toml").write_text(
        f'{text}[receivers.mail]\nkind = "email"\nto = ["a@b.example"]\nsender = "c@d.example"\n'
        'smtp = "127.0.0.1:9"\ntls = "none"\n'
    )
    done = bongsu("doctor", "--json", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN)
    found = json.loads(done.stdout)["checks"]
    bad = [each for each in found if not each["ok"]]
    assert done.returncode == 8
    assert {each["name"] for each in bad} == {"channel", "clock"}
    assert all(each["fix"] for each in bad)


@pytest.mark.parametrize(
    ("content", "well", "words"),
    [
        ('{"grade": 3, "because": "투자협약"}', True, "등급 3"),
        ('{"grade": 9, "because": "x"}', False, "not the asked JSON"),
        ("sure!", False, "not the asked JSON"),
    ],
)
def test_a_language_model_is_asked_one_question(
    folder: Path, slack: ThreadingHTTPServer, content: str, well: bool, words: str
) -> None:
    Desk.answers = {"completions": {"choices": [{"message": {"content": content}}]}}
    with (folder / "monitor.toml").open("a") as file:
        file.write(f'[opinion]\nurl = "http://127.0.0.1:{slack.server_port}/v1"\nmodel = "small"\n')
    done = bongsu("doctor", "--json", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN)
    found = checks(done)["opinion"]
    assert (found["ok"], done.returncode, bool(found["fix"])) == (well, 0 if well else 8, not well)
    assert words in str(found["words"])
    offline = bongsu("doctor", "--json", "--offline", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN)
    assert "not asked" in str(checks(offline)["opinion"]["words"])


def test_a_language_model_without_its_key_is_a_finding(folder: Path) -> None:
    with (folder / "monitor.toml").open("a") as file:
        file.write('[opinion]\nurl = "http://127.0.0.1:9/v1"\nmodel = "small"\nkey_env = "BONGSU_NO_SUCH_KEY"\n')
    found = checks(bongsu("doctor", "--json", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN))["opinion"]
    assert "BONGSU_NO_SUCH_KEY" in str(found["words"])
    assert found["fix"]


async def _heartbeat(path: Path, at: datetime) -> None:
    async with await Store.open(f"sqlite+aiosqlite:///{path}") as store:
        await store.heartbeat(at)


def test_a_missing_secret_and_a_broken_file_are_findings(folder: Path) -> None:
    done = bongsu("doctor", "--config", str(folder))
    assert done.returncode == 8
    assert "BONGSU_TEST_TOKEN" in done.stdout
    (folder / "monitor.toml").write_text("[web]\nprot = 1\n")
    done = bongsu("doctor", "--config", str(folder))
    assert done.returncode == 8
    assert "did you mean 'port'" in done.stdout


def test_healthcheck_is_red_without_a_beat(folder: Path, tmp_path: Path) -> None:
    asyncio.run(_heartbeat(tmp_path / "bongsu.db", datetime(2026, 1, 1, tzinfo=UTC)))
    done = bongsu("healthcheck", "--config", str(folder))
    assert done.returncode == 8
    assert "no heartbeat since 2026-01-01" in done.stderr


def test_config_show_names_each_source_and_masks_secrets(folder: Path) -> None:
    (folder / "monitor.toml").write_text('[store]\nurl = "postgresql+asyncpg://bongsu:hunter2@db/bongsu"\n')
    done = bongsu(
        "config", "show", "--origin", "--config", str(folder), BONGSU__WEB__PORT="9001", BONGSU_TEST_TOKEN=TOKEN
    )
    assert done.returncode == 0
    lines = {line.split(" = ")[0]: line for line in done.stdout.splitlines()}
    assert "environment BONGSU__WEB__PORT" in lines["web.port"]
    assert "monitor.toml" in lines["store.url"]
    assert lines["fetch.gap"].endswith("# default")
    assert "hunter2" not in done.stdout
    assert TOKEN not in done.stdout


def test_the_shipped_schemas_are_those_of_this_version_and_accept_the_shipped_files() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    shipped = Path(__file__).resolve().parents[2] / "config"
    made = schemas()
    assert {path.name: path.read_text(encoding="utf-8") for path in (shipped / "schema").glob("*.json")} == made
    for name in ("monitor", "receivers", "routes", "watch"):
        table = tomllib.loads((shipped / f"{name}.toml").read_text(encoding="utf-8"))
        jsonschema.validate(table, json.loads(made[f"{name}.json"]))
    outlet = json.loads(made["outlet.json"])
    for path in (shipped / "outlets").glob("*/*.toml"):
        jsonschema.validate(
            json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str)), outlet
        )


def test_slack_is_read_into_the_ledger_when_asked(folder: Path) -> None:
    told = {"event_type": "bongsu_alert", "event_payload": {"id": "d1", "ids": ["d1"], "story": "a1", "kind": "new"}}
    Desk.answers = {
        "conversations.history": {"ok": True, "messages": [{"ts": "1772593200.000100", "metadata": told}]},
    }
    runs = [
        bongsu("doctor", "--repair-slack", "30", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN) for _ in range(2)
    ]

    assert ["메시지 1건" in runs[0].stdout, "메시지 0건" in runs[1].stdout] == [True, True]


def test_a_history_that_may_not_be_read_comes_with_a_remedy(folder: Path) -> None:
    Desk.answers = {"conversations.history": {"ok": False, "error": "missing_scope"}}
    run = bongsu("doctor", "--repair-slack", "--config", str(folder), BONGSU_TEST_TOKEN=TOKEN)

    assert run.returncode == 8
    assert "✗ repair" in run.stdout
    assert "→ " in run.stdout
