"""How much one address may cost us, and how often we may ask."""

from dataclasses import dataclass
from datetime import timedelta

MAX_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one fetcher.

    Attributes:
        max_bytes: cap of a body in bytes, on the wire and after inflating. 15 MiB as in Miniflux; a Korean news
            page is 60 to 400 kB, the largest sitemaps come near 10 MB.
        deadline: for one page, from the first connect to the last byte, all redirects together.
        redirects: hops followed by hand; browsers stop at 20, no news site was seen to need more than 4.
        gap: shortest time between the starts of two requests to one host; robots.txt may lengthen it.
        allow_private: ``"host"``, ``"host:port"``, ``"10.0.0.0/8"`` or ``"10.0.0.0/8:8080"`` that the address guard
            lets through although the address is not public.
        user_agent: sent with every request; its first word up to ``/`` is our name in robots.txt.
        browser: path of the Chromium that runs the scripts of pages that need it; ``""`` finds one on PATH.
    """

    max_bytes: int = MAX_BYTES
    deadline: timedelta = timedelta(seconds=20)
    redirects: int = 10
    gap: timedelta = timedelta(seconds=2)
    allow_private: tuple[str, ...] = ()
    user_agent: str = "bongsu/0.1 (regional news monitor)"
    browser: str = ""
