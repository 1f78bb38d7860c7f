"""The five articles that set the level, as the gold reads them; their texts stand beside the checkout."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "gold" / "seeds"
OUTLETS = (
    ("브레이크뉴스", "2021-05-11T14:56:00+09:00"),
    ("천지일보", "2023-09-14T11:58:00+09:00"),
    ("뉴스와이어", "2011-05-06T09:00:00+09:00"),
    ("대전광역시", "2023-01-26T00:00:00+09:00"),
    ("광주in", "2023-01-16T15:00:00+09:00"),
)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the labelled texts are not beside this checkout"),
]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    lines = []
    for number, (file, (outlet, at)) in enumerate(zip(sorted(SEEDS.glob("*.txt")), OUTLETS, strict=True)):
        text = file.read_text(encoding="utf-8").strip()
        title = next(line for line in text.splitlines() if len(line.strip()) > 12)
        lines.append(
            {
                "id": str(number),
                "url": f"http://seed.example/{number}",
                "title": title.strip(),
                "text": text,
                "published_at": at,
                "outlet": outlet,
            }
        )
    stream = tmp_path_factory.mktemp("seeds") / "seeds.jsonl"
    stream.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    command = [sys.executable, "-m", "monitor", "analyze", str(stream)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in found.splitlines()]


def test_grades(findings: list[dict[str, object]]) -> None:
    assert [each["relevance"]["grade"] for each in findings] == [2, 2, 3, 2, 3]


def test_a_round_table_and_a_visit_sign_nothing(findings: list[dict[str, object]]) -> None:
    for number in (0, 1, 3):
        assert {deal["stage"] for deal in findings[number]["deals"]} <= {"talks", "plan"}


def test_the_export_is_an_mou_of_usd_5_2_billion_as_printed(findings: list[dict[str, object]]) -> None:
    largest = findings[2]["deals"][0]
    assert largest["stage"] == "mou"
    assert largest["amount"] == {"value": 5_200_000_000, "currency": "USD", "approx": False, "text": "52억달러"}


def test_sol_is_a_signed_agreement(findings: list[dict[str, object]]) -> None:
    sol = next(deal for deal in findings[4]["deals"] if "솔" in deal["companies"])
    assert sol["stage"] == "agreement"
    assert sol["sido"] == ["광주광역시"]
