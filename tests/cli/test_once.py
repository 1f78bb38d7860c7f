"""``bongsu once`` for cron users, and the commands that look at what it left behind."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.shell import bongsu
from tests.town import Newsroom

RELEASE = (
    "광주광역시는 배터리 소재 기업 ㈜누리셀과 첨단3지구에 공장을 짓는 투자협약을 체결했다고 4일 밝혔다.",
    "협약에 따라 ㈜누리셀은 2028년까지 1200억원을 들여 첨단3지구 터에 공장을 세우고 180명을 새로 고용한다.",
    "광주광역시는 인허가와 기반시설을 지원하고 지역 대학과 함께 인력을 기르기로 했다.",
)


async def started(*words: str) -> tuple[int, str]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitor", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await running.communicate()
    return running.returncode or 0, out.decode() or err.decode()


async def asked(*words: str) -> tuple[int, str]:
    done = await asyncio.to_thread(bongsu, *words)
    return done.returncode, done.stdout or done.stderr


def write(folder: Path, paper: Newsroom) -> Path:
    config = folder / "config"
    (config / "outlets" / "gwangju").mkdir(parents=True)
    (config / "outlets" / "gwangju" / "dawn.toml").write_text(f'name = "새벽신문"\nfeeds = ["{paper.url}/rss"]\n')
    (config / "monitor.toml").write_text(
        f'[store]\nurl = "sqlite+aiosqlite:///{folder}/bongsu.db"\n'
        f'[fetch]\ngap = "0s"\nallow_private = ["{paper.place}"]\n'
    )
    (config / "receivers.toml").write_text(
        '[receivers.console]\nkind = "console"\n'
        '[receivers.morning]\nkind = "email"\nsmtp = "127.0.0.1:9"\nsender = "bongsu@example.org"\n'
        'to = ["desk@example.org"]\ntls = "none"\n'
    )
    (config / "routes.toml").write_text(
        '[[routes]]\nreceiver = "console"\n[[routes]]\nreceiver = "morning"\nwhen = "digest"\n'
    )
    return config


@pytest.mark.timeout(120)
async def test_once_tells_once_and_can_say_why(tmp_path: Path) -> None:
    async with Newsroom("새벽신문") as paper:
        now = datetime.now(UTC)
        paper.publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE, at=now)
        paper.publish(2, "시립도서관 독서교실 참가자 모집", "시립도서관은 여름 독서교실을 연다.", at=now)
        config = str(write(tmp_path, paper))
        first = await started("once", "--config", config)
        second = await started("once", "--config", config)
        why = await asked("why", f"{paper.url}/news/1", "--config", config)
        unknown = await asked("why", f"{paper.url}/news/77", "--config", config)
        found = await asked("search", "누리", "--json", "--config", config)
        letter = tmp_path / "letter.html"
        preview = await asked("digest", "--preview", str(letter), "--config", config)
    assert first[0] == 0
    assert first[1].count("협약 광주 누리셀") == 1
    assert second[0] == 0
    assert "누리셀" not in second[1]
    assert why[0] == 0
    assert "관련   3 딜" in why[1]
    assert unknown[0] == 8
    assert json.loads(found[1])["amount"] == "1200억원"
    assert preview[0] == 0
    assert letter.read_text(encoding="utf-8").startswith("<!")


@pytest.mark.timeout(120)
async def test_a_source_that_fails_is_exit_4_and_the_others_are_read(tmp_path: Path) -> None:
    async with Newsroom("새벽신문") as paper:
        paper.publish(1, "광주시, ㈜누리셀과 1200억원 투자협약", *RELEASE, at=datetime.now(UTC))
        config = write(tmp_path, paper)
        broken = config / "outlets" / "gwangju" / "broken.toml"
        broken.write_text(f'name = "고장신문"\nfeeds = ["{paper.url}/no-such-feed"]\n')
        code, out = await started("once", "--config", str(config))
    assert code == 4
    assert "누리셀" in out
