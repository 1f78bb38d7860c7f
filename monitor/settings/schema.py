"""The shapes of the configuration files as JSON Schema, for editors that complete and check while one types."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from monitor.settings.tables import MonitorFile, OutletFile, ReceiversFile, RoutesFile, WatchFile

_SHAPES: Mapping[str, type[BaseModel]] = {
    "monitor": MonitorFile,
    "outlet": OutletFile,
    "receivers": ReceiversFile,
    "routes": RoutesFile,
    "watch": WatchFile,
}


def schemas() -> dict[str, str]:
    """Return file name → JSON Schema (draft 2020-12) of each kind of configuration file, ready to be written."""
    return {f"{name}.json": _text(name, shape) for name, shape in _SHAPES.items()}


def _text(name: str, shape: type[BaseModel]) -> str:
    table = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"bongsu {name}.toml"}
    table |= {key: value for key, value in shape.model_json_schema().items() if key != "title"}
    return json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
