"""Frozen values as JSON text and back.

Fields that hold their default are left out: rows stay short, and a field added to a noun later reads as its default.
"""

import datetime as dt
import json
import types
from collections.abc import Callable, Hashable
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
_Read = Callable[[object], object]


def pack(value: object) -> str:
    """Return *value* (a dataclass, or a tuple of them) as compact JSON."""
    return storable(json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")))


def storable(text: str) -> str:
    r"""Return the text without what a database refuses: NUL (PostgreSQL) and half surrogates (both).

    They come from escapes in feeds (``\\ud83d`` cut short); one such letter must not cost the article.
    """
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def pack_some(value: object, names: frozenset[str]) -> str:
    """Return the fields *names* of a dataclass as compact JSON, "" when all hold their default."""
    told = _told(value, tuple(each for each in _defaults(cast("Hashable", type(value))) if each[0] in names))
    return storable(json.dumps(told, ensure_ascii=False, separators=(",", ":"))) if told else ""


def fill(value: T, text: str) -> T:
    """Return the dataclass *value* with those fields replaced that ``pack_some`` wrote."""
    if not text:
        return value
    read = _readers(cast("Hashable", type(value)))
    stored = {name: read[name](held) for name, held in json.loads(text).items() if name in read}
    return cast("T", replace(cast("DataclassInstance", value), **stored))


def unpack(kind: type[T], text: str) -> T:
    """Return the value of class *kind* that ``pack`` wrote; "" reads as all defaults."""
    return cast("T", _reader(cast("Hashable", kind))(json.loads(text) if text else {}))


def unpack_all(kind: type[T], text: str) -> tuple[T, ...]:
    """Return the tuple of *kind* that ``pack`` wrote; "" reads as ()."""
    read = _reader(cast("Hashable", kind))
    return tuple(cast("T", read(each)) for each in json.loads(text)) if text else ()


def _plain(value: object) -> object:
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):  # a datetime is one, too
        return value.isoformat()
    return _told(value, _defaults(cast("Hashable", type(value))))


def _told(value: object, known: tuple[tuple[str, object], ...]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, default in known:
        held = getattr(value, name)
        if held is not default and held != default:  # most fields hold the very default: no comparison
            told[name] = _plain(held)
    return told


@cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    if not is_dataclass(kind):
        message = f"{kind.__name__} cannot be stored"
        raise TypeError(message)
    return tuple((each.name, _default(each)) for each in fields(kind))


def _default(declared: "Field[object]") -> object:
    if declared.default is not MISSING:
        return declared.default
    return declared.default_factory() if declared.default_factory is not MISSING else MISSING


@cache
def _reader(kind: object) -> _Read:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(_reader(next(each for each in get_args(kind) if each is not type(None))))
    if origin is tuple:
        return _many(get_args(kind))
    if not isinstance(kind, type):  # a NewType
        return _same
    if is_dataclass(kind):
        return _fields(kind)
    return _scalar(kind)


def _scalar(kind: type) -> _Read:
    if issubclass(kind, Enum):
        return kind
    if issubclass(kind, dt.date):
        return cast("_Read", kind.fromisoformat)
    return cast("_Read", float) if kind is float else _same


def _same(raw: object) -> object:
    return raw


def _optional(read: _Read) -> _Read:
    return lambda raw: None if raw is None else read(raw)


def _many(members: tuple[object, ...]) -> _Read:
    if len(members) == 2 and members[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        read = _reader(members[0])
        return lambda raw: tuple(map(read, cast("list[object]", raw)))
    readers = tuple(map(_reader, members))
    return lambda raw: tuple(read(each) for read, each in zip(readers, cast("list[object]", raw), strict=True))


@cache
def _readers(kind: type) -> dict[str, _Read]:
    hints = get_type_hints(kind)
    return {each.name: _reader(hints[each.name]) for each in fields(kind)}


def _fields(kind: type) -> _Read:
    readers = _readers(cast("Hashable", kind))

    def read(raw: object) -> object:
        stored = cast("dict[str, object]", raw)
        return kind(**{name: readers[name](held) for name, held in stored.items() if name in readers})

    return read
