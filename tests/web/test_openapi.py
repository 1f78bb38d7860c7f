"""The description of the API is the API."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from monitor.web.serve import API
from tests.web.boards import Board, board, some_news

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
)  # fmt: skip
DOCUMENT = Path(__file__).parents[2] / "monitor" / "web" / "static" / "openapi.json"


def test_every_route_of_the_api_is_described_and_nothing_else():
    described = set(json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"])
    assert described == {"/api/v1/" + path.replace(":[^/.]+", "") for path, _ in API}


async def test_the_board_serves_the_description(open_board: Board):
    answer = await open_board.client.get("/api/v1/openapi.json")
    assert await answer.json() == json.loads(DOCUMENT.read_text(encoding="utf-8"))


@pytest.mark.timeout(3000)
async def test_no_made_up_question_breaks_the_api_or_its_schema(tmp_path):
    """Schemathesis asks from another process, as a stranger would; a test tool, skipped where it is missing."""
    pytest.importorskip("schemathesis", reason="schemathesis is not installed (a test tool)")
    async with board(tmp_path, told=some_news()) as opened:
        document = f"{opened.base}/api/v1/openapi.json"
        cases, seed = os.environ.get("BONGSU_TEST_API_CASES", "40"), os.environ.get("BONGSU_TEST_API_SEED", "1")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", "run", document, "--max-examples", cases, "--seed", seed,
            "--checks", ",".join(CHECKS),
            "--no-color", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
        )  # fmt: skip
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-4000:]
