"""How is a page asked for without hurting its server or being hurt by it?"""

from monitor.fetch.address import Guard, ip_blocked, join_url, url_blocked
from monitor.fetch.adviser import Adviser
from monitor.fetch.charset import decode, read_text
from monitor.fetch.client import Fetcher
from monitor.fetch.fence import Bounds, Fence
from monitor.fetch.limits import Limits
from monitor.fetch.render import no_rendering
from monitor.fetch.robotstxt import robots
from monitor.fetch.rulebook import Answer, Verdict
from monitor.fetch.session import open_session
from monitor.fetch.suspicion import looks_safe

__all__ = [
    "Adviser",
    "Answer",
    "Bounds",
    "Fence",
    "Fetcher",
    "Guard",
    "Limits",
    "Verdict",
    "decode",
    "ip_blocked",
    "join_url",
    "looks_safe",
    "no_rendering",
    "open_session",
    "read_text",
    "robots",
    "url_blocked",
]
