"""What a page's own script says a link opens: ``function fn_view(no) { location.href = 'view.do?nttNo=' + no; }``."""

import re
from collections.abc import Mapping
from functools import lru_cache

_LONGEST_BODY = 3000
_TARGET = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\(|(?:window\.)?open\s*\(|\.action\s*=|attr\(\s*['"]action['"]\s*,)\s*([^;\n]{1,600})"""
)
_FIELD = re.compile(
    r"""(?:\.(\w{1,40})\.value\s*=|getElementById\(\s*['"](\w{1,40})['"]\s*\)\.value\s*=|\$\(\s*['"](?:#|[^'"]*\[?name=\\?['"]?)(\w{1,40})[^'"]*['"]\s*\)\.val\()\s*([A-Za-z_$][\w$]*)"""
)
_WORD = re.compile(r"[\w-]+")
_PIECE = re.compile(r"""'([^']*)'|"([^"]*)"|`([^`]*)`|([A-Za-z_$][\w$]*)""")


def opened_by(name: str, arguments: tuple[str, ...], scripts: str, forms: Mapping[str, str]) -> str:
    """Return the address that the function *name* of *scripts* opens when called with *arguments*; ``""`` if unread.

    Two ways are understood: an address put together from texts and parameters, and a form whose fields are filled from
    parameters and whose ``action`` is set by the script or stands in the page. Nothing is run.

    Args:
        name: of the function that the link calls.
        arguments: of that call, in order.
        scripts: all inline scripts of the page.
        forms: each form's name or id, and its ``action``.
    """
    found = _definition(name, scripts)
    if not found:
        return ""
    values = dict(zip((part.strip() for part in found.group("names").split(",")), arguments, strict=False))
    body = scripts[found.end() : found.end() + _LONGEST_BODY].split("\nfunction ", 1)[0]
    target = _TARGET.search(body)
    if not target:
        return _asked(_submitted(body, forms), _filled(body, values))
    address = _joined(target.group(1), values)
    fields = _filled(body, values) if "action" in target.group(0)[:20] else ""
    if not fields:
        return address if any(value and value in address for value in values.values()) else ""
    return _asked(address, fields)


def _asked(address: str, fields: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{fields}" if address and fields else ""


def _submitted(body: str, forms: Mapping[str, str]) -> str:
    """The action of the form that the script sends off, by its name; of the only form where it is not named."""
    if "submit" not in body:
        return ""
    names = set(_WORD.findall(body))
    named = next((action for form, action in forms.items() if form in names), "")
    return named or (next(iter(forms.values())) if len(set(forms.values())) == 1 else "")


@lru_cache(maxsize=8)
def _definition(name: str, scripts: str) -> re.Match[str] | None:
    short = re.escape(name.rpartition(".")[2])
    patterns = (
        rf"function\s+{short}\s*\((?P<names>[^)]{{0,200}})\)\s*\{{",
        rf"\b{short}\s*[=:]\s*function\s*\((?P<names>[^)]{{0,200}})\)\s*\{{",
        rf"\b{short}\s*=\s*\((?P<names>[^)]{{0,200}})\)\s*=>\s*\{{",
    )
    return next((found for pattern in patterns if (found := re.search(pattern, scripts))), None)


def _joined(expression: str, values: dict[str, str]) -> str:
    pieces: list[str] = []
    for single, double, template, variable in _PIECE.findall(expression):
        pieces.append(single or double or _template(template, values) or values.get(variable, ""))
    return "".join(pieces)


def _template(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\$\{\s*(\w+)\s*\}", lambda found: values.get(found.group(1), ""), text)


def _filled(body: str, values: dict[str, str]) -> str:
    names = [("".join(found[:3]), found[3]) for found in _FIELD.findall(body)]
    return "&".join(f"{field}={values[variable]}" for field, variable in names if variable in values)
