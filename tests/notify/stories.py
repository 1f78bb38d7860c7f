"""Stories to show, invented."""

from dataclasses import replace
from datetime import UTC, datetime

from monitor.model import (
    ArticleKey,
    Deal,
    DeliveryId,
    Grade,
    Money,
    OutletKind,
    Reason,
    Stage,
    Story,
    StoryId,
    Telling,
)
from monitor.notify import Message

NOON = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
DEAL = Deal(
    Stage.MOU,
    Money(320e8, "KRW", "320억원"),
    jobs=120,
    companies=("가온소재",),
    authorities=("광주광역시",),
    sido=("광주광역시",),
    sigungu=("광산구",),
    site=("첨단3지구",),
)


def telling(number: int = 1, title: str = "가온소재, 광주에 배터리 소재 공장", **fields: object) -> Telling:
    made = Telling(
        key=ArticleKey(f"gwangju.example/{number}"),
        url=f"https://www.gwangju-news.example/news/articleView.html?idxno={number}&page=1",
        title=title,
        outlet="gwangju/news",
        outlet_name=f"광주소식{number}",
        outlet_kind=OutletKind.PAPER,
        published_at=NOON,
        seen_at=NOON,
        because="first",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def story(number: int = 1, title: str = "가온소재, 광주에 배터리 소재 공장", **fields: object) -> Story:
    lead = telling(number, title)
    made = Story(
        id=StoryId(f"a{number:015d}"),
        title=title,
        url=lead.url,
        grade=Grade.DEAL,
        score=0.9,
        why=(Reason("투자협약", 0.6),),
        first_at=NOON,
        last_at=NOON,
        lead=lead,
        tellings=(lead,),
        deals=(DEAL,),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def alert(shown: Story | None = None, **fields: object) -> Message:
    made = Message(DeliveryId("d1"), "new", (shown or story(),))
    return replace(made, **fields)  # type: ignore[arg-type]
