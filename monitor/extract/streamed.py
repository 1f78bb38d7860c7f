"""Pages that carry their article in scripts: Next.js streams the HTML as strings that a browser would unfold."""

import json
import re
from html import escape
from itertools import islice

_MARK = "self.__next_f.push("
_PUSH = re.compile(r'self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)')
_TEXT_ROW = re.compile(r"(?:^|\n)([0-9a-f]+):T([0-9a-f]+),")
_AD_SLOT = re.compile(r"\${2}[A-Z_]+\${2}")
_HANGUL = re.compile(r"[가-힣]")
_DEPLOYED = re.compile(r'"(?:deployDt|publishedAt|firstPublishDate|datePublished|regDt)":"([^"]{8,30})"')


def unfold(html: str) -> str:
    """*html* with the longest streamed article put into its body, or *html* itself when it is rendered already.

    A streamed text row is ``<id>:T<bytes in hexadecimal>,<text>``; its length counts UTF-8 bytes
    (React server components; seen on 한국일보 since January 2026).
    """
    if _MARK not in html or _is_rendered(html):
        return html
    stream = "".join(json.loads(found[1], strict=False) for found in _PUSH.finditer(html))
    rows = [_row(stream, found) for found in _TEXT_ROW.finditer(stream)]
    article = max((row for row in rows if "<p" in row), key=len, default="")
    if not article:
        return html
    article = _AD_SLOT.sub("", article)
    stamp = _DEPLOYED.search(stream)
    meta = f'<meta property="article:published_time" content="{escape(stamp[1])}">' if stamp else ""
    return f'{meta}{html}<div class="article-view" itemprop="articleBody">{article}</div>'


def _is_rendered(html: str) -> bool:
    """Whether the body has text before its first streamed string: pushes follow what they would fill."""
    start = max(0, html.find("<body"))
    before = _HANGUL.finditer(html, start, html.find(_MARK, start))
    return next(islice(before, _RENDERED, None), None) is not None


# A shell of menus without its article has some 150 syllables, the shortest article more than twice as many.
_RENDERED = 300


def _row(stream: str, found: re.Match[str]) -> str:
    # A letter has at most three bytes here, so that many letters surely hold the row.
    size = int(found[2], 16)
    return stream[found.end() : found.end() + size].encode()[:size].decode(errors="ignore")
