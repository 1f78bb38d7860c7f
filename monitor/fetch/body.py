"""An answer's bytes made into a page's text: pure, and heavy enough to run in a thread when the page is large."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.fetch.answer import body_failure
from monitor.fetch.charset import read_text
from monitor.fetch.inflate import inflate


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer whose body came whole, still in its codings."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_framed(self) -> bool:
        """Whether length or chunks told where the body ends."""
        return "Content-Length" in self.headers or "chunked" in self.headers.get("Transfer-Encoding", "").lower()


@dataclass(frozen=True, slots=True)
class Read:
    """A body as text. ``size`` is in bytes after inflating, ``digest`` hashes those bytes."""

    text: str
    encoding: str
    digest: str
    size: int


class Known:
    """What was read from which bytes off the wire: a page that comes as it came before need not be inflated again.

    Only in memory, 400 bytes each: after a restart every page is read once more.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._read: dict[bytes, Read] = {}

    def of(self, raw: Raw) -> Read | None:
        """Return what these very bytes came to, without the text; None when they are new."""
        return self._read.get(_wire(raw))

    def note(self, raw: Raw, read: Read) -> None:
        """Remember what *raw* came to; the oldest is forgotten for it."""
        if len(self._read) >= self._most:
            del self._read[next(iter(self._read))]
        self._read[_wire(raw)] = replace(read, text="")


def _wire(raw: Raw) -> bytes:
    coding = ", ".join(_all(raw.headers, "Content-Encoding"))
    return hashlib.blake2b(coding.encode() + b"\0" + raw.body, digest_size=16).digest()


def read_body(raw: Raw, asked: str, cap: int) -> Read:
    """Inflate, judge and decode *raw*.

    Raises:
        Overflow: more than *cap* bytes come out.
        Cut: the compressed stream is not whole.
        FetchError: it is whole and no page all the same, see ``answer.body_failure``.
    """
    body = inflate(raw.body, ", ".join(_all(raw.headers, "Content-Encoding")), cap)
    if error := body_failure(asked, body, raw.headers, framed=raw.is_framed):
        raise error
    text, encoding = read_text(body, raw.headers.get("Content-Type", ""))
    return Read(text, encoding, hashlib.blake2b(body, digest_size=16).hexdigest(), len(body))


def _all(headers: Mapping[str, str], name: str) -> list[str]:
    return [value for key, value in headers.items() if key.lower() == name.lower()]
