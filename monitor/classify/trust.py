"""How far is the probability of a deal to be trusted before people are alerted?"""

from monitor.classify.lexicon import Lexicon
from monitor.model import Facts


def trusted(alert: float, title: str, facts: Facts, lexicon: Lexicon) -> float:
    """Return the probability of an alert after doubt, never above *alert*.

    What people are annoyed by (shares, accidents, flats for sale; the topic's ``[doubt]``) is no alert, however much it
    speaks of plants and sums. A deal of which neither public body nor sum nor jobs were read rests on words alone and
    counts half: held out, such deals of probability .10 to .20 were wanted 0 of 5 times, others 6 of 12 times.

    Args:
        alert: probability of grade 3, from 0 to 1.
        title: headline without mark-up.
        facts: what the deal reader found.
        lexicon: the topic.
    """
    if lexicon.annoying.is_in(title):
        return 0.0
    deal = facts.deals[0] if facts.deals else None
    backed = deal is not None and bool(deal.authorities or deal.amount or deal.jobs)
    return alert if backed else alert * lexicon.bare
