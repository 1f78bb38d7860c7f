"""Every error that is raised on purpose; a class for each reaction, not for each cause.

BongsuError
├── ConfigError(mistakes)          tell the user every mistake, exit 3
├── FetchError(url)                the address gave no page
│   ├── Throttled(retry_at)        wait until then
│   ├── Gone                       stop asking for this article; keep asking a source
│   ├── Forbidden                  robots or the address guard refuse: tell a person
│   ├── Blocked                    the site refuses us (401, 403, 451, a challenge): tell a person
│   ├── TooLarge                   over a cap: refuse for good
│   ├── Incomplete                 the body was cut: try again, never store it
│   └── Unreachable                name, connection, time-out, 5xx: try later
├── ReadError(url)                 the page is not what it should be
│   ├── NotAList                   a source gave no feed or list (a login page, an error page)
│   ├── ExtractError(missing)      an article's title or body was not found: redesign alarm
│   ├── NotAnArticle               a soft 404, a login page, a list where an article was promised
│   └── TooHostile                 the parser was stopped at its limit
├── NotifyError(receiver)          a message was not delivered
│   ├── TryLater(retry_at)         not delivered for certain; wait until then
│   ├── Uncertain                  it may have been delivered: look before repeating
│   ├── Rejected                   this one message is refused: shorten it or give up on it
│   └── ChannelDown(remedy)        nothing can go to this receiver until a person acts
└── StoreError
    ├── Locked                     another daemon holds the store, exit 7
    ├── StoreUnusable(remedy)      missing folder, permissions, damaged, exit 6
    ├── StoreFull                  no space: keep what is accepted, try later
    └── StoreAway                  the database does not answer now (server gone, locked too long): try later
"""

from datetime import datetime


class BongsuError(Exception):
    """Root of every error that is raised on purpose."""


class ConfigError(BongsuError):
    """All mistakes of a configuration, one line each."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class FetchError(BongsuError):
    """The address gave no page."""

    def __init__(self, url: str, reason: str, *, status: int = 0) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.status = status


class Throttled(FetchError):
    """The server asks to wait."""

    def __init__(self, url: str, reason: str, retry_at: datetime, *, status: int = 0) -> None:
        super().__init__(url, reason, status=status)
        self.retry_at = retry_at


class Gone(FetchError):
    """The page is not there (404, 410)."""


class Forbidden(FetchError):
    """We refuse to ask: robots.txt, the address guard, the scheme."""


class Blocked(FetchError):
    """The site refuses us."""


class TooLarge(FetchError):
    """A cap was passed while reading or inflating."""


class Incomplete(FetchError):
    """The body was cut short or its checksum is wrong."""


class Unreachable(FetchError):
    """No answer, or an answer that promises nothing."""


class ReadError(BongsuError):
    """The page is not what it should be."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class NotAList(ReadError):
    """A source gave no feed and no list."""


class ExtractError(ReadError):
    """A field of an article was not found."""

    def __init__(self, url: str, missing: str) -> None:
        super().__init__(url, f"no {missing}")
        self.missing = missing


class NotAnArticle(ReadError):
    """A soft 404, a login or challenge page, a list."""


class TooHostile(ReadError):
    """The parser was stopped at its limit of time, memory or size."""


class NotifyError(BongsuError):
    """A message was not delivered."""

    def __init__(self, receiver: str, reason: str) -> None:
        super().__init__(f"{receiver}: {reason}")
        self.receiver = receiver
        self.reason = reason


class TryLater(NotifyError):
    """Certainly not delivered; wait until ``retry_at``."""

    def __init__(self, receiver: str, reason: str, retry_at: datetime) -> None:
        super().__init__(receiver, reason)
        self.retry_at = retry_at


class Uncertain(NotifyError):
    """It may have been delivered."""


class Rejected(NotifyError):
    """This one message is refused as it is."""


class ChannelDown(NotifyError):
    """Nothing can go to this receiver until a person acts; ``remedy`` says how."""

    def __init__(self, receiver: str, reason: str, remedy: str) -> None:
        super().__init__(receiver, reason)
        self.remedy = remedy


class StoreError(BongsuError):
    """The database cannot be used."""


class Locked(StoreError):
    """Another daemon holds the store."""


class StoreUnusable(StoreError):
    """Missing folder, permissions, damage; ``remedy`` says what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}: {remedy}")
        self.remedy = remedy


class StoreFull(StoreError):
    """No space is left."""


class StoreAway(StoreError):
    """The database does not answer now: its server is away, or another process holds it for too long."""
