"""Does an article name somebody of whom people want to hear always, or never?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from monitor.model import Article, Deal, Facts, Reason, Relevance, Watch, WatchKind
from monitor.text import Mentions, folded, name_key

_KINDS: Final = {
    WatchKind.FIRM: ("기업", "firm"),
    WatchKind.PERSON: ("사람", "person"),
    WatchKind.REGION: ("지역", "region"),
    WatchKind.SECTOR: ("산업", "sector"),
}


class WatchList:
    """The names of ``config/watch.toml``; holds no state between articles.

    Raising is generous and silence careful: a name anywhere in the text lifts the grade, while an article falls silent
    only when it is about what nobody wants to hear of.
    """

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._by_key: Final = {name_key(name): one for one in watches for name in (one.name, *one.aliases)}
        self._mentions: Final = Mentions(
            _names(watches, WatchKind.FIRM, WatchKind.PERSON), _names(watches, WatchKind.SECTOR)
        )

    def named(self, article: Article, facts: Facts) -> tuple[Watch, ...]:
        """Return the watched names that title, text or facts name, each once.

        Firms, people and sectors are looked for in title and text; regions are those that the article is about
        (``Facts``), and a firm of one syllable is known only where the deal reader found a firm. A translated tail and
        captions name nobody.
        """
        if not self._by_key:
            return ()
        keys = [*self._mentions.found(folded(f"{article.title}\n{article.text}")), *_places(facts)]
        keys += map(name_key, facts.companies)
        return tuple(dict.fromkeys(self._by_key[key] for key in keys if key in self._by_key))

    def silence(self, watched: Sequence[Watch], article: Article, facts: Facts) -> str:
        """Return why nobody is to hear of an article that names *watched*; ``""`` when somebody is.

        A firm silences deals of which it is half of the firms, a region an article all of whose places are silent, a
        person or a sector (or a firm without a deal) an article whose title names it. What is also raised is heard.
        """
        silent = [one for one in watched if one.least is None]
        if not silent or len(silent) < len(watched):
            return ""
        about = next((one for one in silent if self._is_about(one, article, facts)), None)
        if about is None:
            return ""
        korean, english = _KINDS[about.kind]
        return f"듣지 않기로 한 {korean}: {about.name} (silenced {english})"

    def _is_about(self, watch: Watch, article: Article, facts: Facts) -> bool:
        if watch.kind is WatchKind.REGION:
            return self._is_silent_place(facts)
        if watch.kind is WatchKind.FIRM and facts.deals:
            return all(self._is_silent_deal(deal) for deal in facts.deals)
        return any(self._by_key[key] == watch for key in self._mentions.found(folded(article.title)))

    def _is_silent_deal(self, deal: Deal) -> bool:
        """Whether half of the firms are silent: the others of a bundle are still news."""
        firms = [*deal.companies, *(part.company for part in deal.parts)]
        return 2 * sum(self._is_silent(firm) for firm in firms) >= len(firms) > 0

    def _is_silent_place(self, facts: Facts) -> bool:
        """Whether no other place is told: every 시도 is silent, or every 시군구 of the only 시도."""
        towns = facts.sigungu if len(facts.sido) <= 1 else ()
        return any(places and all(map(self._is_silent, places)) for places in (facts.sido, towns))

    def _is_silent(self, name: str) -> bool:
        watch = self._by_key.get(name_key(name))
        return watch is not None and watch.least is None


def raised(relevance: Relevance, watched: Iterable[Watch]) -> Relevance:
    """Return *relevance* with at least the grade that the *watched* names ask for, and why."""
    for one in watched:
        if one.least is not None and one.least > relevance.grade:
            korean, english = _KINDS[one.kind]
            told = f"지켜보는 {korean} (watched {english}): {one.name} (등급 {relevance.grade}→{one.least})"
            relevance = replace(relevance, grade=one.least, why=(Reason(told, 0.0), *relevance.why))
    return relevance


def _places(facts: Facts) -> Iterator[str]:
    return map(name_key, (*facts.sido, *facts.sigungu, *facts.site))


def _names(watches: Sequence[Watch], *kinds: WatchKind) -> list[str]:
    names = [name for one in watches if one.kind in kinds for name in (one.name, *one.aliases)]
    return [name for name in names if len(name_key(name)) > 1]
