"""Is a text ordinary enough to be parsed in the loop? A cheap look before any parser, linear in whatever comes.

Parsers are quadratic in three shapes (measured with lexbor, selectolax 1.0.2): elements inside each other, options of
one select, attributes of one tag. A page is ordinary when it has little of each.
"""

import re
from collections.abc import Iterator

_LONGEST = 600_000
"""Characters. Pages of 400 kB are ordinary; lexbor needs 1 ms for 100 kB of flat markup."""
_FEW = 400
"""Marks of a page in which no shape can grow: 400 nested <div> take under 1 ms."""
_MARKS = 30_000
_DEPTH = 256
"""Elements inside each other; news pages stay under 60. 2,000 nested <div> take 4 ms, 8,000 already 52 ms."""
_MISFITS = 300
"""Closing tags that fit nothing; broken templates have some, a page that hides its depth needs many."""
_NEAR = 8
"""How far down a closing tag looks for what it closes."""
_OPTIONS = 2000  # 13 ms when all are in one select, 57 ms with 4,000
_ATTRIBUTES = 500  # 1.4 ms, 26 ms with 4,000
_LONG_TAG = 2048

_LOOSE = frozenset(
    {
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "param",
            "source",
            "track",
            "wbr",
        ),
        *("wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption"),
        *("option", "optgroup", "rb", "rt", "rtc", "rp", "html", "head", "body", "item", "entry", "url", ""),
    }
)
"""Tags that have no end, or whose end may be left out because the next one ends them: alone they do not nest."""

_ATTRIBUTE_LIST = r"""(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>]*+))?+|=)*+"""
_PLAIN_LIST = r"""(?:[^>"'=]*+(?<![\s/"'])=(?:"[^">]*+"|'[^'>]*+'|[^\s"'=>]++(?=[\s>])))*+[^>"'=]*+(?=>)"""
"""What most tags hold: values after their names, no ``>`` in quotes. It ends where ``_ATTRIBUTE_LIST`` ends, at a third
of the cost; what does not fit is left to that one."""
_RAW_TEXT = "|".join(
    rf"(?i:{name})(?=[\s/>]){_ATTRIBUTE_LIST}>?+[^<]*+(?:<(?!/(?i:{name})[\s/>])[^<]*+)*+(?:</(?i:{name})|\Z)"
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
)
_TAG = re.compile(
    rf"""<(?:
      !--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))
    | (?=[sStTxXiInN])(?:{_RAW_TEXT})
    | (/?)([a-zA-Z][^\s/>]*+)(?:(?=>)|{_PLAIN_LIST}|{_ATTRIBUTE_LIST})(?:(?<=/)(>)|>?+)
    )""",
    re.VERBOSE,
)
"""A tag as the HTML tokenizer cuts it: what stands in comments, scripts and quotes is no tag. Possessive throughout,
so that every character is read once; 400 kB of open quotes take 7 ms."""
_SHORT_PIECES = re.compile(rf"(?:[^>]{{0,{_LONG_TAG}}}+>)*+")
"""All up to the next long piece, or up to the last ``>``."""
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|urlset|sitemapindex|rdf:RDF)\b", re.IGNORECASE)


def looks_safe(text: str) -> bool:
    """Return whether *text* may be parsed in the event loop: a small, shallow, flat page or feed.

    ``False`` says nothing bad about a page, only that it belongs behind the fence. Under 2 ms for 100 kB.

    Example:
        >>> looks_safe("<p>투자협약</p>"), looks_safe("<div>" * 9000)
        (True, False)
    """
    if len(text) > _LONGEST:
        return False
    if _has_long_tag(text):
        return False
    marks = text.count("<")
    return marks <= _FEW or (marks <= _MARKS and _is_shallow(text))


def _has_long_tag(text: str) -> bool:
    """Return whether a tag has more attributes than any newsroom writes; whitespace and slashes part them."""
    for piece in _long_pieces(text):
        if (start := piece.find("<")) >= 0:
            bare = _QUOTED.sub('"', piece[start:])
            if len(bare.split()) + bare.count("/") + bare.count('"') > _ATTRIBUTES:
                return True
    return False


def _long_pieces(text: str) -> Iterator[str]:
    """Yield what stands between two ``>`` where it is long, without cutting up the rest of the page."""
    start = 0
    while (short := _SHORT_PIECES.match(text, start)) and len(text) - short.end() > _LONG_TAG:
        end = text.find(">", short.end())
        end = end if end >= 0 else len(text)
        yield text[short.end() : end]
        start = end + 1


def _is_shallow(text: str) -> bool:
    """Walk the tags with a stack, as forgiving as a browser and as doubtful as its abuse demands."""
    is_xml = bool(_XML.match(text))
    stack, misfits, options = [""], 0, 0
    for closing, printed, ended in _TAG.findall(text):
        name = printed.lower()
        if name in _LOOSE:
            options += name == "option"
        elif not closing:
            if not (ended and (is_xml or "svg" in stack[-_NEAR:])):
                stack.append(name)
        elif stack[-1] == name:
            stack.pop()
        else:
            misfits += 1
            _close(stack, name)
        if len(stack) > _DEPTH or misfits > _MISFITS or options > _OPTIONS:
            return False
    return True


def _close(stack: list[str], name: str) -> None:
    """Close the nearest *name* and what was left open in it."""
    if name in stack[-_NEAR:]:
        while stack.pop() != name:
            pass
