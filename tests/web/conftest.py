from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.boards import Board, board, some_news


@pytest.fixture
async def open_board(tmp_path: Path) -> AsyncIterator[Board]:
    async with board(tmp_path, told=some_news()) as opened:
        yield opened
