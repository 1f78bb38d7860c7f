"""A list that a web page carries as JSON for its own script: schema.org's ``ItemList``, a framework's state."""

from selectolax.lexbor import LexborHTMLParser

from monitor.errors import NotAList
from monitor.model import Link, Page
from monitor.sources.feed import parse_json

_MOST_SCRIPTS = 20
# As in a list of anchors: labels of menus are 2 to 9 letters long in the mean, headlines 19 to 45.
_LABEL = 11


def embedded(tree: LexborHTMLParser, page: Page) -> tuple[Link, ...]:
    """Return the longest list of headlines in the page's JSON blocks; ``()`` when none holds one."""
    blocks = tree.css("script[type*=json]")[:_MOST_SCRIPTS]
    return max((_headlines(node.text().strip(), page) for node in blocks), key=len, default=())


def _headlines(text: str, page: Page) -> tuple[Link, ...]:
    try:
        links = parse_json(text, page)
    except NotAList:
        return ()
    return links if links and sum(len(link.title) for link in links) / len(links) >= _LABEL else ()
