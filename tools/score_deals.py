"""Score the deal facts read from articles that no rule was tuned on before they were labelled.

    python tools/score_deals.py SHARED [--batch N]

SHARED is the folder that holds ``data/news/`` and ``tools/score.py``. Labels read by us are in
``tools/labels/deals.jsonl``: the hash of the address (first 12 hex digits of its sha1), the batch, and the deals in the
form of ``gold/DEALS.md``; no text. Each batch was labelled in full before the reader saw it. Prints the JSON object of
``score.py deals``.
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "tools/labels/deals.jsonl"


def read_labels(batch: int | None) -> dict[str, list[object]]:
    """Return the deals of each labelled article by the hash of its address."""
    rows = [json.loads(line) for line in LABELS.read_text().splitlines()]
    return {row["url"]: row["deals"] for row in rows if batch in {None, row["batch"]}}


def gold_lines(shared: Path, labels: dict[str, list[object]]) -> Iterator[dict[str, object]]:
    """Yield the labelled articles with their texts; an address that the recorded streams lack is left out."""
    left = dict(labels)
    for path in sorted((shared / "data/news").glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            for line in lines:
                record = json.loads(line)
                name = hashlib.sha1(record["url"].encode(), usedforsecurity=False).hexdigest()[:12]
                if name in left:
                    text = " ".join(part for part in (record.get("subtitle"), record["text"]) if part)
                    told = {key: record[key] for key in ("url", "title", "published_at", "outlet")}
                    yield {"id": name, **told, "text": text, "deals": left.pop(name)}


def score(shared: Path, lines: Sequence[dict[str, object]]) -> dict[str, object]:
    """Return the figures of ``score.py deals`` on labelled articles."""
    with tempfile.TemporaryDirectory() as folder:
        gold, found = Path(folder) / "gold.jsonl", Path(folder) / "found.jsonl"
        gold.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
        analyze = [sys.executable, "-m", "monitor", "analyze", str(gold)]
        found.write_text(subprocess.run(analyze, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
        command = [sys.executable, str(shared / "tools/score.py"), "deals", str(gold), str(found)]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Read the labels, find the texts, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--batch", type=int, default=None, help="one batch of labels alone")
    options = parser.parse_args()
    lines = list(gold_lines(options.shared, read_labels(options.batch)))
    print(json.dumps(score(options.shared.resolve(), lines), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
