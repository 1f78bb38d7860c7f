"""Names and offsets of time zones as feeds print them."""

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_HOURS: Final = {
    "kst": 9, "jst": 9, "gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "bst": 1, "eet": 2, "eest": 3, "msk": 3, "hkt": 8, "sgt": 8,
}  # fmt: skip
_OFFSET = re.compile(r"(?<![\d])(?:gmt|utc|\s|^)*([+-])(\d{2}):?(\d{2})(?!\d)", re.IGNORECASE)
_NAME = re.compile(rf"(?<![A-Za-z])({'|'.join(_HOURS)})(?![A-Za-z])", re.IGNORECASE)
_REGION = re.compile(r"(?:Europe|America|Asia|Australia|Africa|Pacific)/[A-Z][A-Za-z_]+")
_FARTHEST = 14  # hours from Greenwich (Kiritimati)


def zone_of(text: str) -> dt.tzinfo | None:
    """Return the zone named in *text* ("+0900", "GMT-07:00", "KST", "Europe/Brussels"), or None."""
    offset = _OFFSET.search(text)
    if offset and int(offset[2]) <= _FARTHEST:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return dt.timezone(dt.timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    region = _REGION.search(text)
    if region:
        return _named(region[0])
    name = _NAME.search(text)
    return dt.timezone(dt.timedelta(hours=_HOURS[name[1].lower()])) if name else None


def _named(region: str) -> dt.tzinfo | None:
    try:
        return ZoneInfo(region)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "America/Indiana" is a folder of zones
        return None
