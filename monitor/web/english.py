"""The board's words in English; the Korean ones stand in the templates and are the keys here."""

_ENGLISH: dict[str, str] = {}


def in_english(korean: str) -> str:
    """Return the English words; the Korean ones where there are none (a test finds those)."""
    return _ENGLISH.get(korean, korean)
