"""The shipped catalogue: every file readable, none boastful."""

import csv
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "config" / "outlets").glob("*/*.toml"))
KNOWN = {
    *("name", "kind", "home", "feeds", "lists", "sitemaps", "layout", "every", "checked", "robots", "enabled"),
    *("note", "fact", "selectors"),
}
TABLE = ROOT.parent / "shared" / "data" / "outlets.csv"


def read(file: Path) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
def test_an_outlet_file(file):
    outlet = read(file)
    assert set(outlet) <= KNOWN
    assert outlet["kind"] in {"paper", "daily", "wire", "release", "board", "other"}
    assert outlet["checked"] == "never from here"
    addresses = [*outlet.get("feeds", []), *outlet.get("lists", []), *outlet.get("sitemaps", [])]
    assert addresses
    assert all(urlsplit(address).scheme in {"http", "https"} and urlsplit(address).hostname for address in addresses)


def test_no_address_is_asked_for_two_outlets():
    addresses = [address for file in FILES for address in [*read(file).get("feeds", []), *read(file).get("lists", [])]]
    assert len(addresses) == len(set(addresses))


@pytest.mark.shared
@pytest.mark.skipif(not TABLE.exists(), reason="the table of facts is not beside the checkout")
def test_every_row_of_the_table_is_in_the_catalogue():
    text = "\n".join(file.read_text(encoding="utf-8") for file in FILES)
    with TABLE.open(encoding="utf-8") as lines:
        missing = [row["outlet"] for row in csv.DictReader(lines) if (row["feed_url"] or row["domain"]) not in text]
    assert missing == []
