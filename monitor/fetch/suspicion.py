"""Is a text ordinary enough to be parsed in the loop? A cheap look before any parser, linear in whatever comes.

Parsers are quadratic in four shapes (measured with lexbor, selectolax 1.0.2): elements inside each other, options of
one select, attributes of one tag, and ``<font>`` and the like that stay open, because every paragraph after them gets
its own copies. A page is ordinary when it has little of each.
"""

import re
from collections import Counter
from collections.abc import Iterator

_LONGEST = 600_000
"""Characters. Pages of 400 kB are ordinary; lexbor needs 1 ms for 100 kB of flat markup."""
_MARKS = 8_000
"""``<`` in a page. The largest known page of a newsroom has 7,700; reading a list of 8,000 takes about 50 ms, of 30,000
it took 170."""
_STEPS = 5_000_000
"""Opening tags times those of them that could be inside each other: what a parser looks through, at the worst, to find
what a tag closes. 2,200 nested <div> with as many <li> take 40 ms to read; most Korean pages stay under half of it."""
_DEPTH = 256
"""Elements inside each other; news pages stay under 60. 2,000 nested <div> take 4 ms, 8,000 already 52 ms."""
_MISFITS = 300
"""Closing tags that fit nothing; broken templates have some, a page that hides its depth needs many."""
_NEAR = 8
"""How far down a closing tag looks for what it closes."""
_OPTIONS = 2000  # 13 ms when all are in one select, 57 ms with 4,000
_ATTRIBUTES = 500  # 1.4 ms, 26 ms with 4,000
_LONG_TAG = 2048
_COPIES = 15_000
"""Elements that a parser may make of styles left open. ``<font>`` 250 times and then 1,000 paragraphs, 11 kB, are
250,000 elements and take 0.9 s to read; these take 50 ms."""

_LOOSE = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption",
    "option", "optgroup", "rb", "rt", "rtc", "rp", "html", "head", "body", "item", "entry", "url", "",
})  # fmt: skip
"""Tags that have no end, or whose end may be left out because the next one ends them: alone they do not nest."""
_STYLES = frozenset({"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
"""Elements that are opened anew in every block until they are closed."""

_OPENING = re.compile(r"<([a-zA-Z][^\s/>]*)")
"""Whatever may be an opening tag; also what only looks like one, in a comment, a script or a quote."""
_CLOSED = {
    name: re.compile(rf"""<{name}(?:\s+[\w-]+=(?:"[^"<>]*"|'[^'<>]*'))*>[^<]*</{name}>""") for name in sorted(_STYLES)
}
"""A style around nothing but words: it cannot stay open."""
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

    ``False`` says nothing bad about a page, only that it belongs behind the fence. 0.6 ms for an ordinary 100 kB.

    Example:
        >>> looks_safe("<p>투자협약</p>"), looks_safe("<div>" * 9000)
        (True, False)
    """
    if len(text) > _LONGEST:
        return False
    if _has_long_tag(text):
        return False
    marks = text.count("<")
    return marks <= _MARKS and (_is_small(text) or _is_shallow(text))


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


def _is_small(text: str) -> bool:
    """Return whether no shape can grow in *text*, however its tags are put together: most pages are that small."""
    names: Counter[str] = Counter()
    for printed, count in Counter(_OPENING.findall(text)).items():
        names[printed.lower()] += count
    nestable = sum(count for name, count in names.items() if name not in _LOOSE)
    if nestable * names.total() > _STEPS or names["option"] > _OPTIONS:
        return False
    styles = {name: names[name] for name in _STYLES if name in names}
    closed = sum(len(_CLOSED[name].findall(text)) for name in styles)
    return (sum(styles.values()) - closed) * names.total() <= _COPIES


def _is_shallow(text: str) -> bool:
    """Walk the tags with a stack, as forgiving as a browser and as doubtful as its abuse demands."""
    is_xml = bool(_XML.match(text))
    stack, misfits, options, styles, copies = [""], 0, 0, 0, 0
    for closing, printed, ended in _TAG.findall(text):
        name = printed.lower()
        if name in _LOOSE:
            options += name == "option"
        elif not closing:
            if not (ended and (is_xml or "svg" in stack[-_NEAR:])):
                stack.append(name)
                styles += name in _STYLES
        elif stack[-1] == name:
            stack.pop()
            styles -= name in _STYLES
        else:
            misfits += 1
            _close(stack, name)
        copies += styles
        if len(stack) > _DEPTH or misfits > _MISFITS or options > _OPTIONS or copies > _COPIES:
            return False
    return True


def _close(stack: list[str], name: str) -> None:
    """Close the nearest *name* and what was left open in it."""
    if name in stack[-_NEAR:]:
        while stack.pop() != name:
            pass
