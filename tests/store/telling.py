"""Invented tellings for the tests of the store: what the thinking rooms would have said."""

from collections.abc import Callable
from datetime import UTC, datetime

from monitor.model import (
    Alert,
    AlertKind,
    Article,
    ArticleKey,
    Deal,
    Decision,
    Facts,
    Fingerprint,
    Grade,
    Money,
    Past,
    Reason,
    Relevance,
    Stage,
    StoryId,
    When,
)
from monitor.store import Unsettled

NOON = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DESK = "desk"
SAME = 3  # so many shared keys make the same story here


def telling(
    name: str,
    *,
    keys: tuple[int, ...] = (),
    deal_keys: tuple[int, ...] = (),
    grade: Grade = Grade.DEAL,
    when: When = When.BOTH,
    title: str = "",
    text: str = "",
    deals: tuple[Deal, ...] | None = None,
    outlet: str = "gwangju/noon",
    alerted: bool = True,
) -> Unsettled:
    """An article whose story is the one that shares ``SAME`` keys, else its own."""
    article = Article(
        key=ArticleKey(f"https://{name}.example/1"),
        url=f"https://{name}.example/1",
        outlet=outlet,
        title=title or f"{name}: 배터리 공장 투자협약",
        text=text or "시는 오늘 새 공장을 짓기로 했다.",
        published_at=NOON,
        captions=("사진 한 장",),
    )
    told = (_deal(name),) if deals is None else deals
    fingerprint = Fingerprint(keys, name.encode())
    facts = Facts(told)
    alerts = (Alert(DESK, AlertKind.NEW, when),) if alerted else ()

    def decide(past: Past) -> Decision:
        near = next((each for each in past.neighbours if each.shared >= SAME and not each.told_apart), None)
        story = near.story if near else StoryId(f"s-{name}")
        return Decision(
            article, fingerprint, facts, Relevance(grade, 0.9, (Reason("서명했다", 2.0),), "test"), story, near is None,
            "shares words" if near else "like none before", alerts=() if near else alerts,
        )  # fmt: skip

    return Unsettled(article, fingerprint, facts, decide, deal_keys=deal_keys)


def _deal(name: str) -> Deal:
    return Deal(
        Stage.MOU, Money(3e11, "KRW", "3천억 원"), 200, (f"{name}전지",), ("광주광역시",), ("광주광역시",), ("광산구",),
        date=NOON.date(),
    )  # fmt: skip


def deciding(base: Unsettled, decide: Callable[[Past], Decision]) -> Unsettled:
    return Unsettled(base.article, base.fingerprint, base.facts, decide, base.deal_keys, base.keys_of, base.link_key)
