"""Who hears of a story?"""

from monitor.routing.listeners import address

__all__ = ["address"]
