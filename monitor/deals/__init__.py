"""Who invests, where, how much, how many jobs, at which stage?"""

from monitor.deals.known import deal_keys, party_key, same_deal
from monitor.deals.reader import DealReader

__all__ = ["DealReader", "deal_keys", "party_key", "same_deal"]
