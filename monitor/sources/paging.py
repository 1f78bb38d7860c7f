"""Where does the list go on?"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.model import Outlet, Page
from monitor.sources.addresses import absolute, parameters, with_parameters
from monitor.sources.targets import base_address

# Names of the page parameter in the boards and papers of the catalogue, by how often they were met.
_NAMES = (
    "page", "pageIndex", "pageNo", "movePage", "cPage", "currentPage", "curPage", "pageNum", "nPage", "startPage",
    "pageid", "gotoPage", "paged", "pg", "p", "PAGE_NO", "nowPage", "pg_no",
)  # fmt: skip
_BY_NAME = {name.lower(): name for name in _NAMES}
_CALLED = re.compile(r"[\w$.]*(?:page|paging|list|go|move|link)[\w$.]*\s*\(\s*['\"]?(\d{1,5})['\"]?", re.IGNORECASE)
_NEXT = re.compile(
    r"^(?:다음(?:\s?페이지)?(?:로)?(?:\s?이동)?|next(?:\s?page)?|[>›»→▶]|older(?: posts)?)$", re.IGNORECASE
)
_PAGER = re.compile(r"pag(?:e|ing|in)|pager|\bnum\b", re.IGNORECASE)
_MARKED = "strong, em, b, [class~=on], [class*=active], [class*=current], [aria-current]"
_LONGEST_NUMBER = 3  # letters; a longer one is a count of posts
_IN_PATH = re.compile(r"/page/(\d{1,5})(?=/|\Z)")


def next_page(page: Page, outlet: Outlet) -> str | None:
    """Return the address of the list's next page; None on the last one or when the list has no pages.

    Tried in order: the outlet's own selector, ``rel=next``, the number after this page's, the family's parameter in a
    pager made of scripts, a link that says "next".
    """
    tree = LexborHTMLParser(page.text)
    base = base_address(tree, page)
    if outlet.selectors.next_page:
        node = tree.css_first(outlet.selectors.next_page)
        return _target(node, base, page.url) if node else None
    for relation in tree.css("a[rel~=next], link[rel~=next]"):
        target = absolute(base, relation.attributes.get("href") or "")
        if target and page_number(target) > page_number(page.url):
            return target
    return _numbered(tree, base, page.url) or _named(tree, base, page.url)


def page_number(url: str) -> int:
    """Return which page of its list *url* is, counted from 1."""
    for name, value in parameters(url).items():
        if name.lower() in _BY_NAME and value.isdigit():
            return max(1, int(value))
    found = _IN_PATH.search(urlsplit(url).path)
    return int(found.group(1)) if found else 1


def _numbered(tree: LexborHTMLParser, base: str, url: str) -> str | None:
    """The link whose text is the number after this page's; in a pager any address of its own will do."""
    wanted = _current(tree, url) + 1
    for node in tree.css("a, button"):
        if node.text(strip=True).strip("[]") == str(wanted):
            target = _target(node, base, url)
            if target and target != url and (page_number(target) == wanted or _in_pager(node)):
                return target
    return None


def _current(tree: LexborHTMLParser, url: str) -> int:
    """Boards that count rows (``Start=10``) say in the pager alone which page this is."""
    number = page_number(url)
    if number > 1:
        return number
    for node in tree.css(_MARKED):
        text = node.text(strip=True)
        if text.isdigit() and len(text) <= _LONGEST_NUMBER and _in_pager(node):
            return int(text)
    return number


def _in_pager(node: LexborNode) -> bool:
    parent: LexborNode | None = node
    for _ in range(4):
        if parent is None:
            return False
        if _PAGER.search(f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}"):
            return True
        parent = parent.parent
    return False


def _named(tree: LexborHTMLParser, base: str, url: str) -> str | None:
    for node in tree.css("a, button"):
        label = node.text(strip=True) or node.attributes.get("title") or ""
        if _NEXT.match(label.strip()):
            target = _target(node, base, url)
            if target and page_number(target) > page_number(url):
                return target
    return None


def _target(node: LexborNode, base: str, url: str) -> str | None:
    href = (node.attributes.get("href") or "").strip()
    if href and not href.startswith("#") and not href.lower().startswith("javascript"):
        return absolute(base, href)
    called = _CALLED.search(f"{node.attributes.get('onclick') or ''} {href}")
    if not called:
        return None
    return with_parameters(url, **{_page_name(node, url): called.group(1)})


def _page_name(node: LexborNode, url: str) -> str:
    """The parameter this list already uses, else the one a hidden field of the page names, else its family's."""
    for name in parameters(url):
        if name.lower() in _BY_NAME:
            return name
    form = node.parent
    while form is not None and form.parent is not None and form.tag != "body":
        form = form.parent
    for field in form.css("input[type=hidden]") if form is not None else ():
        if (field.attributes.get("name") or "").lower() in _BY_NAME:
            return field.attributes.get("name") or "page"
    return _family_name(url)


def _family_name(url: str) -> str:
    if "boardList.do" in url:
        return "movePage"
    return "nPage" if "board.es" in url else "pageIndex" if re.search(r"\.do(?:\?|\Z)", url) else "page"
