"""Content-Encoding undone with a cap on what comes out and a check that the end was reached.

aiohttp's own inflating has neither: a 1.6 kB brotli body took 2 GB, and a gzip body cut in half passed as a page.
"""

import zlib
from collections.abc import Callable, Iterator

import brotli  # type: ignore[import-untyped]
import zstandard

_STEP = 256 * 1024
"""Most bytes one call may give out before the cap is looked at again."""
_KEPT_AT_ONCE = 1024 * 1024
_RATIO = 2000
"""Most bytes that one byte may stand for in a large body. gzip ends at 1,032, pages stay under 50; brotli and zstd can
say a gigabyte in 200 bytes."""
_MEMBERS = 1024
"""Members or frames in one body; each costs a fresh window, real servers send one."""
_LAYERS = 3
_ZSTD_FEED = 256
"""Bytes of input a step: a zstd block of 4 bytes may stand for 128 KiB, so a step gives at most 8 MiB."""
_ZSTD_WINDOW = 8 * 1024 * 1024  # RFC 9659: what a browser supports
_PLAIN_STARTS = (b"<", b"{", b"[", b"\xef\xbb\xbf")


class Overflow(Exception):
    """More came out than the cap allows."""


class Cut(Exception):
    """The end of the stream was not reached, or its checksum is wrong."""


def inflate(body: bytes, encoding: str, cap: int) -> bytes:
    """Return *body* without its content codings.

    Args:
        body: as it came over the wire.
        encoding: the Content-Encoding header, possibly stacked (``"gzip, br"``); unknown names count as none, as in
            browsers. A gzip body is undone even when the header does not say so (``sitemap.xml.gz``).
        cap: most bytes that may come out of any layer.

    Raises:
        Overflow: more than *cap* bytes, or too many members or layers.
        Cut: a stream that ends early or fails its checksum.
    """
    names = [name.split(";")[0].strip().lower() for name in encoding.split(",")]
    layers = [name for name in names if name in _UNDO]
    if len(layers) > _LAYERS:
        raise Overflow
    for name in reversed(layers):
        if not body:
            break
        if name.endswith("gzip") and _is_plain(body):
            continue  # the header lies; seen on servers that cache the page and not its headers
        body = _collect(_UNDO[name], body, cap)
    if body[:3] == b"\x1f\x8b\x08":
        body = _collect(_gunzip, body, cap)
    return body


def _is_plain(body: bytes) -> bool:
    return not body or body.lstrip()[:3].startswith(_PLAIN_STARTS)


def _collect(layer: Callable[[bytes], Iterator[bytes]], body: bytes, cap: int) -> bytes:
    """Return what comes out of one layer.

    Much is counted before any of it is kept: a bomb then costs one step of memory instead of the whole cap, and an
    honest large page is inflated twice.
    """
    cap = min(cap, max(_KEPT_AT_ONCE, _RATIO * len(body)))
    if cap > _KEPT_AT_ONCE:
        for _ in _within(layer(body), cap):
            pass
    return b"".join(_within(layer(body), cap))


def _within(pieces: Iterator[bytes], cap: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > cap:
            raise Overflow
        yield piece


def _gunzip(body: bytes) -> Iterator[bytes]:
    for _ in range(_MEMBERS):
        stream = zlib.decompressobj(31)
        yield from _zlib_pieces(stream, body)
        body = stream.unused_data.lstrip(b"\0")
        if body[:2] != b"\x1f\x8b":
            return  # the end, or bytes after it that every browser ignores
    raise Overflow


def _deflate(body: bytes) -> Iterator[bytes]:
    """RFC 9110 means zlib's wrapping; some servers send the bare stream. The two first bytes tell them apart."""
    wrapped = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and not int.from_bytes(body[:2], "big") % 31
    yield from _zlib_pieces(zlib.decompressobj(15 if wrapped else -15), body)


def _zlib_pieces(stream: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    try:
        while body and not stream.eof:
            yield stream.decompress(body, _STEP)
            body = stream.unconsumed_tail
    except zlib.error as error:
        raise Cut(str(error)) from error
    if not stream.eof:
        raise Cut("the compressed stream has no end")


def _brotli(body: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    try:
        yield stream.process(body, output_buffer_limit=_STEP)
        while not stream.is_finished() and (piece := stream.process(b"", output_buffer_limit=_STEP)):
            yield piece
    except brotli.error as error:
        raise Cut(str(error)) from error
    if not stream.is_finished():
        raise Cut("the compressed stream has no end")


def _zstd(body: bytes) -> Iterator[bytes]:
    rest = memoryview(body)
    for _ in range(_MEMBERS):
        stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        fed = 0
        try:
            while fed < len(rest) and not stream.eof:
                yield stream.decompress(rest[fed : fed + _ZSTD_FEED])
                fed += _ZSTD_FEED
        except zstandard.ZstdError as error:
            raise Cut(str(error)) from error
        if not stream.eof:
            raise Cut("the compressed stream has no end")
        rest = rest[min(fed, len(rest)) - len(stream.unused_data) :]
        if not rest:
            return
    raise Overflow


_UNDO: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
