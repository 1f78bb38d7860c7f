"""Stories settled in a real store, and a clock that a test moves."""

from datetime import datetime

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
    Relevance,
    Stage,
    StoryId,
    When,
)
from monitor.store import Store


def firm(number: int) -> str:
    return f"누리소재{number:04d}"


async def publish(
    store: Store,
    number: int,
    now: datetime,
    *receivers: str,
    telling: int = 0,
    kind: AlertKind = AlertKind.NEW,
    stage: Stage | None = None,
    when: When = When.NOW,
    deals: tuple[Deal, ...] | None = None,
    title: str = "",
    party: int = 0,
) -> StoryId:
    """Settle one telling of story ``number``; its alerts are owed to ``receivers``.

    Stories with the same ``party`` are about one deal; with a ``stage`` the later one moves it.
    """
    key = ArticleKey(f"news.example/{number}/{telling}")
    story = StoryId(f"a{number:015d}")
    if deals is None:
        won = Money((number % 90 + 10) * 1e8, "KRW", f"{number % 90 + 10}억원")
        deals = (Deal(Stage.MOU, won, companies=(firm(number),), sido=("광주광역시",)),)
    article = Article(
        key=key,
        url=f"https://news.example/article?id={number}&t={telling}",
        outlet=f"gwangju/paper{telling}",
        title=title or f"{firm(number)}, 광주에 새 공장",
        text="광주시와 투자협약을 맺었다.",
        published_at=now,
        outlet_name=f"소식{telling}",
    )
    facts, relevance = Facts(deals=deals), Relevance(Grade.DEAL, 0.9)
    mark = Fingerprint((number * 1000 + telling,), b"")
    alerts = tuple(Alert(receiver, kind, when, stage) for receiver in receivers)

    def decide(past: Past) -> Decision:
        moved = tuple((known.id, stage) for known in past.deals if stage)
        return Decision(article, mark, facts, relevance, story, telling == 0, "test", alerts=alerts, stage_of=moved)

    await store.settle(article, mark, facts, decide, now, deal_keys=(party,) if party else ())
    return story
