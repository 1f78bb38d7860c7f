"""Look-alikes: tellings that share their wording because they come from one template, not from one event."""

from monitor.dedup.likeness import Likeness

_TEMPLATE = 0.4
"""Share of text from which two releases have one form: rewrites of one story seldom share more."""
_SOME_TEXT = 0.15
_NO_TEXT, _NO_LEAD = 0.06, 0.2
"""A shared headline over bodies that share next to nothing: stock phrases. Neither lead may tell the other: a short
retelling tells little of a long lead, but the long one tells the short one's."""
_STRANGE_TEXT, _STRANGE_LEAD = 0.1, 0.06
"""A headline over a strange body, no number in common but its own: nothing else speaks for the story."""
_NAME = 14
"""Weight of two rare pairs of letters on each side: a name of three letters that the other does not tell."""
_LONG_NAME = 28  # in a looser rewrite with the same numbers names may be spelled in two ways
_NEARLY_ALL, _ALL = 0.8, 0.97  # a whole copy may have any headline
_FIGURES = 0.6
_A_DAYS_WORK = 10.0  # hours: a market report of the next day has other readings


def apart(alike: Likeness) -> bool:
    """Whether two alike articles tell of two events.

    Another turn of a series ("12차", "13차"), another firm whose name carries a number, another day or another town in
    both titles, a column's mark on one side only, the next day's readings of a market; or one form filled in twice:
    the text is shared, and each side has numbers or names of its own. Other figures alone do not part them: one deal
    is told as 10조 and four days later as 9조.
    """
    if not alike.tiny and _headline_alone(alike):
        return True
    if alike.other_turn or alike.other_name or alike.other_day or alike.other_series:
        return True
    if alike.other_place and alike.text < _NEARLY_ALL:
        return True
    if alike.other_reading and not alike.title_numbers and alike.hours > _A_DAYS_WORK:
        return True
    if alike.text >= _TEMPLATE:
        other_figures = alike.strange_numbers > 0 or alike.other_sums
        filled_in = alike.figures < _FIGURES or _NEARLY_ALL <= alike.text < _ALL
        return other_figures or alike.strange_names >= (_NAME if filled_in else _LONG_NAME)
    strange = alike.strange_numbers > 0 and not alike.title_numbers
    other_figures = alike.other_sums or (strange and alike.text >= _SOME_TEXT)
    return other_figures and alike.strange_names >= _NAME


def _headline_alone(alike: Likeness) -> bool:
    if alike.text <= _NO_TEXT and alike.lead <= _NO_LEAD:
        return True
    return alike.text <= _STRANGE_TEXT and alike.lead_alone <= _STRANGE_LEAD and alike.numbers <= alike.title_numbers
