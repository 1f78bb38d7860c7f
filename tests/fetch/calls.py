"""What the children of the fence are told to do; importable by name."""

import os
import time
from datetime import UTC, datetime

from monitor.errors import ExtractError, Throttled
from monitor.model import Link, Page, Source, SourceKind

HERE = datetime(2026, 3, 2, tzinfo=UTC)


def links(page: Page) -> tuple[Link, ...]:
    return tuple(Link(url, published_at=HERE) for url in page.text.split())


def kind(source: Source) -> SourceKind:
    return source.kind


def spin(_: str = "") -> None:
    while True:
        pass


def rest() -> None:
    time.sleep(60)


def swell() -> int:
    return len(bytes(2**31))


def sink() -> int:
    def deeper(n: int) -> int:
        return deeper(n + 1) + 1

    return deeper(0)


def vanish() -> None:
    os._exit(9)


def speak() -> str:
    print("noise")
    os.write(1, b"noise")
    return "said"


def surroundings() -> tuple[str, ...]:
    return tuple(sorted(os.environ))


def pid() -> int:
    return os.getpid()


def fail(error: str) -> None:
    if error == "missing":
        raise ExtractError("http://a.kr/1", "title")
    if error == "throttled":
        raise Throttled("http://a.kr/1", "slow", HERE)
    raise KeyError(error)


class Bad:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)


def poison() -> Bad:
    return Bad()
