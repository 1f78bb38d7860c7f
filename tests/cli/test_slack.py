"""``bongsu slack``: a manifest to paste, and a round trip that says what to do when a step fails."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.shell import bongsu
from tests.notify.desk import TOKEN, Desk, open_desk


async def run(folder: Path, desk: Desk, token: str = TOKEN) -> tuple[int, str]:
    (folder / "monitor.toml").write_text(f'[fetch]\nallow_private = ["127.0.0.1:{desk.port}"]\n')
    (folder / "receivers.toml").write_text(
        f'[receivers.desk]\nkind = "slack"\nchannel = "C1"\napi = "{desk.url}"\ntoken_env = "BONGSU_TEST_TOKEN"\n'
    )
    (folder / "routes.toml").write_text('[[routes]]\nreceiver = "desk"\n')
    done = await asyncio.to_thread(bongsu, "slack", "test", "--config", str(folder), BONGSU_TEST_TOKEN=token)
    return done.returncode, done.stdout + done.stderr


async def test_a_round_trip_posts_edits_and_finds(tmp_path: Path) -> None:
    async with open_desk() as desk:
        code, said = await run(tmp_path, desk)

    assert (code, said.count("✓")) == (0, 4), said
    assert len(desk.posts) == 1
    assert "봉수시험산업" in json.dumps(desk.posts[0], ensure_ascii=False)


@pytest.mark.parametrize(
    ("outage", "remedy"),
    [("error:not_in_channel", "/invite @bongsu"), ("error:channel_not_found", "channel"), ("503", "try again later")],
)
async def test_a_step_that_fails_names_its_remedy(tmp_path: Path, outage: str, remedy: str) -> None:
    async with open_desk() as desk:
        desk.outage = outage
        code, said = await run(tmp_path, desk)

    assert code == 5, said
    assert remedy in said


async def test_a_wrong_token_is_told_and_never_shown(tmp_path: Path) -> None:
    async with open_desk() as desk:
        code, said = await run(tmp_path, desk, token="xoxb-a-wrong-one")

    assert code == 5
    assert "token_file" in said
    assert "xoxb-a-wrong-one" not in said
