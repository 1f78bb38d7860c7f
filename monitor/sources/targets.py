"""Where does a link of a list lead? Addresses, scripts and numbers in attributes → an absolute address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.model import Page
from monitor.sources.addresses import absolute
from monitor.sources.families import called, opened, view_address
from monitor.sources.scripts import opened_by

_MOST_FORMS = 20
_MOST_SCRIPT = 300_000  # characters; inline scripts of real boards have under 60,000
_OPENS = re.compile(r"view|detail|read|inqire|go|show|open|sel|link|move", re.IGNORECASE)
# Attributes from which scripts that are not on the page take a post's number.
_NUMBERED = re.compile(r"data-(?:\w+-)?(?:id|no|seq|sn|idx|key|num|sid|article|post|ntt\w*|list\w*)", re.IGNORECASE)
_DIRECT = ("href", "data-url", "data-href", "data-link")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the links of one page are read with."""

    base: str
    url: str
    scripts: str
    forms: Mapping[str, str]  # action by name or id

    def target(self, node: LexborNode) -> str | None:
        """Return the address *node* leads to; None when it leads nowhere, or back to the page itself."""
        direct = next((value for name in _DIRECT if (value := (node.attributes.get(name) or "").strip())), "")
        if direct and not direct.startswith("#") and not direct.lower().startswith("javascript:"):
            url = absolute(self.base, direct)
            if url is None or url != self.url:
                return url
        script = direct[11:] if direct.lower().startswith("javascript:") else ""
        codes = (node.attributes.get("onclick") or "", script)
        found = next((url for code in codes if (url := self._by_script(code))), None)
        return found or self._by_number(node)

    def _by_script(self, code: str) -> str | None:
        if direct := opened(code):
            return absolute(self.base, direct)
        call = called(code)
        if not call or not call[1]:
            return None
        if written := opened_by(*call, self.scripts, self.forms):
            return absolute(self.base, written)
        return view_address(self.url, call[1]) if _OPENS.search(call[0]) else None

    def _by_number(self, node: LexborNode) -> str | None:
        if node.tag != "a":
            return None
        numbers = tuple(value for name, value in node.attributes.items() if value and _NUMBERED.fullmatch(name))
        return view_address(self.url, numbers) if numbers else None


def surroundings(tree: LexborHTMLParser, page: Page) -> Surroundings:
    """Read once what every link of *page* needs."""
    scripts = "\n".join(node.text() for node in tree.css("script:not([src])"))[:_MOST_SCRIPT]
    return Surroundings(base_address(tree, page), page.url.partition("#")[0], scripts, _forms(tree))


def _forms(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for form in tree.css("form[action]")[:_MOST_FORMS]:
        for mark in (form.attributes.get("name"), form.attributes.get("id")):
            if mark:
                found[mark] = (form.attributes.get("action") or "").strip()
    return found


def base_address(tree: LexborHTMLParser, page: Page) -> str:
    """Return what relative links of *page* are relative to (``<base href>``)."""
    base = tree.css_first("base[href]")
    return (absolute(page.url, (base.attributes.get("href") or "")) if base else None) or page.url
