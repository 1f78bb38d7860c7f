"""Pages that carry their article in scripts alone, for a browser to unfold: Next.js streams and Arc stories."""

import json
import re
from html import escape
from itertools import islice

_MARK = "self.__next_f.push("
_FUSION = "Fusion.globalContent="
_PUSH = re.compile(r'self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)')
_TEXT_ROW = re.compile(r"(?:^|\n)([0-9a-f]+):T([0-9a-f]+),")
_AD_SLOT = re.compile(r"\${2}[A-Z_]+\${2}")
_HANGUL = re.compile(r"[가-힣]")
_DEPLOYED = re.compile(r'"(?:deployDt|publishedAt|firstPublishDate|datePublished|regDt)":"([^"]{8,30})"')


def is_folded(source: bytes) -> bool:
    """Whether a page's source (UTF-8) has scripts in which its article may be."""
    return _MARK.encode() in source or _FUSION.encode() in source


def unfold(html: str) -> str:
    """*html* with the article of its scripts put into its body, or *html* itself when that is rendered already."""
    if _MARK in html and not _is_rendered(html):
        return _with(html, *_from_stream(html))
    if _FUSION in html:
        return _with(html, *_from_fusion(html))
    return html


def _with(html: str, article: str, published: str) -> str:
    """*html* with an article's markup and date where every reader looks for them."""
    if not article:
        return html
    # JSON may spell half of a character; half a character can be neither parsed nor stored.
    article = article.encode(errors="ignore").decode()
    published = published.encode(errors="ignore").decode()
    meta = f'<meta property="article:published_time" content="{escape(published)}">' if published else ""
    return f'{meta}{html}<div class="article-view article-body" itemprop="articleBody">{article}</div>'


def _from_stream(html: str) -> tuple[str, str]:
    """The longest streamed text and the stamp beside it.

    A streamed text row is ``<id>:T<bytes in hexadecimal>,<text>``; its length counts UTF-8 bytes
    (React server components; seen on 한국일보 since January 2026).
    """
    stream = "".join(_unquoted(found[1]) for found in _PUSH.finditer(html))
    rows = (_row(stream, found) for found in _TEXT_ROW.finditer(stream))
    article = max((row for row in rows if "<p" in row), key=len, default="")
    stamp = _DEPLOYED.search(stream)
    return _AD_SLOT.sub("", article), stamp[1] if stamp else ""


def _from_fusion(html: str) -> tuple[str, str]:
    """The text elements of an Arc story (``Fusion.globalContent={…}``) and its first publication.

    The story is in the page's source alone; a browser renders it (조선일보 since its move to Arc in 2020).
    """
    start = html.find("{", html.find(_FUSION))
    try:
        story, _ = json.JSONDecoder(strict=False).raw_decode(html, max(start, 0))
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(story, dict):
        return "", ""
    elements = story.get("content_elements")
    texts = [
        str(one.get("content") or "")
        for one in (elements if isinstance(elements, list) else [])
        if isinstance(one, dict) and one.get("type") in ("text", "header")
    ]
    if not texts or html.count(texts[0]) > 1:
        return "", ""
    published = story.get("first_publish_date") or story.get("display_date") or ""
    return "".join(f"<p>{text}</p>" for text in texts), str(published)


def _is_rendered(html: str) -> bool:
    """Whether the body has text before its first streamed string: pushes follow what they would fill."""
    start = max(0, html.find("<body"))
    before = _HANGUL.finditer(html, start, html.find(_MARK, start))
    return next(islice(before, _RENDERED, None), None) is not None


# A shell of menus without its article has some 150 syllables, the shortest article more than twice as many.
_RENDERED = 300


def _unquoted(literal: str) -> str:
    """The text of a JSON string; what a torn page left of one is skipped."""
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return ""


def _row(stream: str, found: re.Match[str]) -> str:
    # A letter has at most three bytes here, so that many letters surely hold the row.
    size = int(found[2], 16)
    return stream[found.end() : found.end() + size].encode(errors="ignore")[:size].decode(errors="ignore")
