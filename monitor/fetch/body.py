"""An answer's bytes made into a page's text: pure, and heavy enough to run in a thread when the page is large."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

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
