"""Addresses as pages print them → absolute addresses that may be asked."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_BLANK = re.compile(r"[\t\r\n]")
# Most addresses of feeds need no work; the slow road costs 20 µs each.
_CLEAN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::\d{1,5})?/[!\"$-\[\]-~]*")
_LONGEST = 2000


def absolute(base: str, href: str) -> str | None:
    r"""Return *href* as an absolute http(s) address without fragment; None when it is none.

    Browsers drop line breaks, read ``\\`` as ``/`` and (in a page that escaped twice) ``&amp;`` as ``&``; so do we.
    """
    if _CLEAN.fullmatch(href) and len(href) <= _LONGEST and "&amp;" not in href:
        return href
    href = _BLANK.sub("", href).strip().replace("&amp;", "&").replace("\\", "/")
    if not href or len(href) > _LONGEST:
        return None
    try:
        parts = urlsplit(urljoin(base, href))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query.replace(" ", "%20").strip("&"), ""))


def parameters(url: str) -> dict[str, str]:
    """Return the query of *url*; of a repeated name the first value counts."""
    pairs: dict[str, str] = {}
    for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=None):
        pairs.setdefault(name, value)
    return pairs


def with_parameters(url: str, **changes: str) -> str:
    """Return *url* with parameters set; an empty value removes one. The order of the others is kept."""
    parts = urlsplit(url)
    pairs = {**parameters(url), **changes}
    query = urlencode([(name, value) for name, value in pairs.items() if value or name not in changes])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
