"""A list in JSON → Links: JSON Feed, and the answers of boards that load their rows by script."""

import json
from collections.abc import Iterator

from monitor.errors import NotAList

_DEEPEST = 6
_MOST_LISTS = 200
# Names of fields as JSON Feed, common interfaces of Korean boards (egov) and WordPress write them.
_NAMES = {
    "title": ("title", "subject", "headline", "sj", "nttsj", "articletitle", "newstitle", "name"),
    "link": ("url", "link", "external_url", "href", "articleurl", "linkurl", "detailurl", "permalink", "path", "slug"),
    "pubdate": (
        *("date_published", "datepublished", "pubdate", "published_at", "publishedat", "published", "date", "datetime"),
        *("regdate", "regdt", "created_at", "createdat", "created", "frstregisterpnttm", "writedate", "servicedate"),
    ),
    "updated": ("date_modified", "modified", "updated_at", "updatedat", "updated"),
    "summary": ("summary", "content_text", "content_html", "description", "excerpt", "lead"),
    "guid": ("id", "guid", "articleid", "nttid", "seq"),
}


def json_entries(text: str, url: str) -> Iterator[dict[str, str]]:
    """Return each entry's fields by the feed reader's names: ``title link pubdate updated summary guid``.

    JSON Feed says where its entries are; elsewhere the longest list of objects that have a title and an address is it.

    Raises:
        NotAList: broken JSON, or nothing in it is a list of titled addresses.
    """
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise NotAList(url, f"broken JSON ({type(broken).__name__})") from broken
    if isinstance(document, dict) and "jsonfeed.org" in str(document.get("version", "")):
        entries = document.get("items")
        return _read(entries if isinstance(entries, list) else [])
    found = [entries for entries in _lists(document) if next(_linked(entries), None)]
    if not found:
        raise NotAList(url, "JSON without a list of titled addresses")
    return _linked(max(found, key=len))


def _lists(document: object) -> Iterator[list[object]]:
    """All lists of objects, outermost first."""
    level: list[object] = [document]
    count = 0
    for _ in range(_DEEPEST):
        below: list[object] = []
        for value in level:
            if isinstance(value, list) and value and isinstance(value[0], dict) and count < _MOST_LISTS:
                count += 1
                yield value
            children = value.values() if isinstance(value, dict) else value[:50] if isinstance(value, list) else ()
            below += [child for child in children if isinstance(child, dict | list)]
        level = below


def _linked(entries: list[object]) -> Iterator[dict[str, str]]:
    return (fields for fields in _read(entries) if fields.get("link") and fields.get("title"))


def _read(entries: list[object]) -> Iterator[dict[str, str]]:
    for entry in entries:
        if isinstance(entry, dict):
            inner = entry.get("item")  # schema.org's ListItem
            fields = {**entry, **(inner if isinstance(inner, dict) else {})}
            yield named({str(name).lower(): _field(str(name), value) for name, value in fields.items()})


def named(given: dict[str, str]) -> dict[str, str]:
    """Return fields (names in lower case) under the feed reader's names; unknown and empty ones are left out."""
    read = {field: next((given[name] for name in names if given.get(name)), "") for field, names in _NAMES.items()}
    return {field: value for field, value in read.items() if value}


def _field(name: str, value: object) -> str:
    """A slug without a leading slash does not say where it belongs."""
    text = _text(value)
    return "" if name.lower() in {"path", "slug"} and not text.startswith("/") else text


def _text(value: object) -> str:
    if isinstance(value, dict):  # WordPress: {"title": {"rendered": "…"}}
        value = value.get("rendered", "")
    return str(value) if isinstance(value, str | int) else ""
