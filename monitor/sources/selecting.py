"""Are the selectors of an outlet file CSS that our parser runs? Anything else (XPath, a file's address) is refused."""

from dataclasses import asdict

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.model import Selectors

_EMPTY = LexborHTMLParser("<p>")
_LABELLED = frozenset({"body", "headline", "published"})
"""Of a page these may also be ``=label``: the cell after it (``extract.Document.select``)."""


def no_selectors(selectors: Selectors) -> tuple[str, ...]:
    """Return the names of those that are no CSS selector; ``""`` means the family's own and is fine.

    Example:
        >>> no_selectors(Selectors(item="tr.row", link="//a", published="=작성일"))
        ('link',)
    """
    return tuple(name for name, text in asdict(selectors).items() if text and not _runs(name, text))


def _runs(name: str, text: str) -> bool:
    if text.startswith("=") and name in _LABELLED:
        return True
    try:
        _EMPTY.css(text)
    except SelectolaxError:
        return False
    return True
