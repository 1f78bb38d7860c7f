"""Look-alikes: tellings that share their wording because they come from one template, not from one event."""

from monitor.dedup.likeness import Likeness

_TEMPLATE = 0.4
"""Share of text from which two releases have one form: rewrites of one story seldom share more."""
_SAME_WORDS = 0.6
_NAME = 14.0
"""Weight of two rare pairs of letters on each side: a name of three letters that the other does not tell."""
_FIGURES = 0.6


def apart(alike: Likeness) -> bool:
    """Whether two alike articles tell of two events.

    Another turn of a series ("12차", "13차"), another firm whose name carries a number, another day in both titles;
    or one form filled in twice: the text or the headline is shared, and each side has numbers or names of its own.
    """
    if alike.other_turn or alike.other_name or alike.other_day:
        return True
    same_words = alike.titles >= _SAME_WORDS and not alike.title_numbers
    if alike.strange_numbers and (alike.text >= _TEMPLATE or same_words):
        return True
    other_names = alike.strange_names >= _NAME
    return alike.text >= _TEMPLATE and other_names and alike.figures < _FIGURES
