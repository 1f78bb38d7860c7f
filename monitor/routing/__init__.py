"""Who hears of a story?"""

from monitor.routing.address import address

__all__ = ["address"]
