"""What does the page's JSON-LD claim?

Newsrooms write it by string templates, so it is often no JSON: raw line breaks and unescaped quotes in the headline,
a comma too many. What cannot be read is no claim; the page still is.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ARTICLES = {"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "Report", "AnalysisNewsArticle"}
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
# Nesting deeper than @graph > article > author > publisher is nobody's article.
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Claim:
    """The article that JSON-LD describes; ``""`` where it does not say."""

    headline: str = ""
    published: str = ""
    author: str = ""
    publisher: str = ""
    section: str = ""
    image: str = ""
    body: str = ""  # paragraphs as the page gives them; few papers do
    is_article: bool = False


def read_claim(scripts: Iterable[str]) -> Claim:
    """The first article among *scripts*, an empty claim when there is none."""
    for script in scripts:
        for thing in _things(_loads(script), _DEPTH):
            if _types(thing) & _ARTICLES:
                return Claim(
                    headline=_line(thing.get("headline") or thing.get("name")),
                    published=_line(thing.get("datePublished")),
                    author=_line(thing.get("author")),
                    publisher=_line(thing.get("publisher")),
                    section=_line(thing.get("articleSection")),
                    image=_line(thing.get("image")),
                    body=_text(thing.get("articleBody")),
                    is_article=True,
                )
    return Claim()


def _loads(script: str) -> object:
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _things(value: object, depth: int) -> Iterator[dict[str, object]]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        yield from _things(value.get("@graph"), depth - 1)
        yield from _things(value.get("mainEntity"), depth - 1)
    elif isinstance(value, list):
        for one in value[:50]:
            yield from _things(one, depth - 1)


def _types(thing: dict[str, object]) -> set[str]:
    kind = thing.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {str(one) for one in kinds}


def _line(value: object) -> str:
    while isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("url") or ""
    return " ".join(_text(value).split())


def _text(value: object) -> str:
    """A string without entities and without halves of characters, which JSON may spell but nothing may store."""
    return html.unescape(value).encode(errors="ignore").decode() if isinstance(value, str) else ""
