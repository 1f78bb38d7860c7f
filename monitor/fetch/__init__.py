"""How is a page asked for without hurting its server or being hurt by it?"""

from monitor.fetch.address import Guard, ip_blocked, join_url, url_blocked
from monitor.fetch.client import Fetcher
from monitor.fetch.decode import decode
from monitor.fetch.limits import Limits
from monitor.fetch.robots import Answer, Verdict, robots
from monitor.fetch.session import open_session

__all__ = [
    "Answer",
    "Fetcher",
    "Guard",
    "Limits",
    "Verdict",
    "decode",
    "ip_blocked",
    "join_url",
    "open_session",
    "robots",
    "url_blocked",
]
