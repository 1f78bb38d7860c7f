"""What is kept of an article to know its story again: index keys and a blob, below 400 bytes together on average."""

from monitor.dedup.blob import pack
from monitor.dedup.grams import bits, key, mixed
from monitor.dedup.prose import words
from monitor.dedup.rarity import rarity
from monitor.dedup.reading import Reading, province, read
from monitor.dedup.slots import Kind
from monitor.model import Article, Facts, Fingerprint

TEXT_KEYS = 8
"""Of the lowest hashes: a brief of a third shares three of them, a rewrite of half five."""
TITLE_NAMES, LEAD_NAMES = 4, 4
STEM = 3  # letters of a word in a key: firms add 코리아 or 글로벌, particles follow
_WORD, _COUPLE, _SUM, _DAY = 2, 3, 4, 5  # name spaces of keys


def fingerprint(article: Article, facts: Facts) -> Fingerprint:
    """Keep of *article* what its copies, cuts and rewrites will share.

    Args:
        article: Title and body; an empty body is a valid one (feeds give titles alone).
        facts: Parties, places and amounts when they are known; ``Facts()`` is valid.

    Returns:
        At most 29 index keys and a blob of at most 330 bytes; about 390 bytes in all for a long text.
    """
    reading = read(article)
    return Fingerprint(keys=_keys(reading, facts), blob=pack(reading))


def _keys(reading: Reading, facts: Facts) -> tuple[int, ...]:
    chosen = reading.telling_runs if len(reading.telling_runs) >= TEXT_KEYS else reading.runs
    text = mixed(chosen[:TEXT_KEYS]).view("int64").tolist()
    title = _names(reading.title_text, TITLE_NAMES)
    told = _names(reading.opening, TITLE_NAMES + LEAD_NAMES)
    lead = tuple(name for name in told if name not in title)[:LEAD_NAMES]
    singles = [key(_WORD, name) for name in title + lead]
    couples = [key(_COUPLE, *sorted((one, other))) for at, one in enumerate(title) for other in title[:at]]
    money = [slot.code for slot in reading.body_numbers if slot.kind is Kind.MONEY][:2]
    sums = [key(_SUM, code, name) for code in money for name in title[:2]]
    days = [slot.code for slot in reading.body_numbers if slot.kind is Kind.DAY][:1]
    places = [*reading.title_places[:1].tolist(), *(bits(province(name), 16) for name in facts.sido[:1])]
    where = [
        key(_DAY, code, place) for code in days for place in dict.fromkeys(places + reading.body_places[:1].tolist())
    ]
    return tuple(dict.fromkeys(text + singles + couples + sums + where))


def _names(text: str, limit: int) -> tuple[str, ...]:
    """Beginnings of the rarest words of *text*: whose story it is, however the name goes on."""
    ranked = sorted(words(text), key=lambda word: (-rarity(word), word))
    return tuple(dict.fromkeys(word if word[-1].isdigit() else word[:STEM] for word in ranked))[:limit]
