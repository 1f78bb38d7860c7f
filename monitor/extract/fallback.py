"""The last resort for a page whose body the generic reader is not sure of: trafilatura, where it is installed.

It costs some ten times as much and knows no Korean boilerplate (F1 0.82 against 0.99 on 48 Korean pages), but it
finds bodies by other signs. The extra ``extract`` brings it; without it an unsure body stays what it is.
"""

from importlib import import_module

from monitor.extract.prose import Line, Prose

# 50,000 paragraphs took it 2.7 s; the pages of 30 papers and boards have at most 6,000 tags.
_MOST_TAGS = 15_000


def ask_again(html: str) -> Prose:
    """What trafilatura takes for the body; no lines when it is not installed, or finds none or a list of others."""
    if html.count("<") > _MOST_TAGS:
        return Prose()
    try:
        trafilatura = import_module("trafilatura")
    except ModuleNotFoundError:
        return Prose()
    text = trafilatura.extract(html, include_comments=False, include_tables=False)
    lines = [line.strip(" |") for line in str(text or "").splitlines()]
    if 2 * sum(line.startswith("- ") for line in lines) > len(lines):
        return Prose()
    return Prose(tuple(Line(line) for line in lines if line))
