"""XML of strangers → an element tree, or a refusal. No entity is ever expanded and no DTD is ever read."""

import html.entities
import re
from functools import lru_cache

from lxml import etree

from monitor.errors import NotAList

# libxml2 took 0.06 s for 50,000 attributes and 0.12 s for 20,000 entries (2026-11), so size alone bounds the work:
# the fetcher's cap of 15 MiB of text keeps the worst page under the ten seconds a source may cost.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{1,32};)?")


def read_xml(text: str, url: str) -> etree._Element:
    """Return the root of the XML document *text*, mended where a CMS broke it.

    Control characters are dropped, loose ampersands and HTML's named characters (``R&D``, ``&nbsp;``) are read as
    meant, and a document type declaration is removed before the parser sees it: with it go entities, external or not.

    Raises:
        NotAList: nothing that looks like an element is left.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(_mended(text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise NotAList(url, f"broken XML ({broken})") from broken
    if root is None:
        raise NotAList(url, "no XML element")
    return root


def _mended(text: str) -> str:
    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1)
    text = _without_doctype(_UNPRINTABLE.sub("", text).replace("&#X", "&#x"))
    if not _LOOSE_AMPERSAND.search(text):
        return text
    pieces, start = [], 0
    while (begin := text.find("<![CDATA[", start)) >= 0 and (end := text.find("]]>", begin)) >= 0:
        pieces += [_LOOSE_AMPERSAND.sub(_as_meant, text[start:begin]), text[begin:end]]
        start = end
    return "".join([*pieces, _LOOSE_AMPERSAND.sub(_as_meant, text[start:])])


def _as_meant(found: re.Match[str]) -> str:
    name = found.group(1) or ""
    known = html.entities.html5.get(name)
    return "".join(f"&#{ord(letter)};" for letter in known) if known else f"&amp;{name}"


def _without_doctype(text: str) -> str:
    """Cut ``<!DOCTYPE … [ … ]>`` by its brackets; an unclosed one takes the rest of the document with it."""
    start = text.find("<!DOCTYPE", 0, 4096)
    if start < 0:
        return text
    end, bracket = text.find(">", start), text.find("[", start)
    if 0 <= bracket < end:
        end = text.find(">", text.find("]", bracket) if "]" in text[bracket:] else len(text))
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def local(element: etree._Element) -> str:
    """Return the element's name without its namespace, in lower case; ``""`` for a processing instruction."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=2048)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def words(element: etree._Element) -> str:
    """Return all text below *element*, in document order."""
    return "".join(element.itertext()) if len(element) else element.text or ""
