"""The digest page: order, budgets, contrast, and what strangers' text cannot do to it."""

import datetime as dt
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from monitor.model import Money, Stage, Story, StoryId
from monitor.notify import Briefing, Lapsed, Lookback, render_digest
from monitor.notify.digest_mail import CHIPS, PALETTE
from tests.notify.stories import DEAL, NOON, story, telling

REGIONS = ("광주광역시", "대전광역시", "전라남도", "충청북도", "경상북도", "강원특별자치도")


def made(number: int, stage: Stage = Stage.MOU, won: float = 320e8) -> Story:
    amount = Money(won, "KRW", "") if won else None
    deal = replace(DEAL, stage=stage, amount=amount, companies=(f"누리소재{number}",), sido=(REGIONS[number % 6],))
    tellings = tuple(telling(number * 100 + each, outlet=f"o{each}") for each in range(3))
    return story(number, f"누리소재{number}, 새 공장에 투자하기로", deals=(deal,), tellings=tellings)


def briefing(*stories: Story, **fields: object) -> Briefing:
    one = Briefing(
        dt.date(2026, 3, 4),
        NOON - timedelta(days=1),
        NOON,
        stories,
        checked=142,
        failing=3,
        unsubscribe="https://b.example/u/token",
        detail=lambda ident: f"https://b.example/stories/{ident}",
        dislike=lambda ident: f"https://b.example/f/{ident}-a-signed-token-of-usual-length",
    )
    return replace(one, **fields)  # type: ignore[arg-type]


def test_the_subject_says_day_number_and_the_largest() -> None:
    page = render_digest(briefing(made(0, won=1.2e12), made(1, won=50e8)))

    assert page.subject == "[투자·MOU] 3/4(수) 신규 2건 · 최대 광주 1조 2,000억원"


def test_a_deal_that_fell_through_is_not_the_largest_news() -> None:
    page = render_digest(briefing(made(0, Stage.CANCELLED, 9e12), made(1, won=50e8)))

    assert page.subject.endswith("최대 대전 50억원")


def test_sections_come_in_order_and_the_largest_first() -> None:
    stories = (made(0, Stage.TALKS), made(1, Stage.MOU, 10e8), made(2, Stage.MOU, 90e8), made(3, Stage.CONTRACT))

    text = render_digest(briefing(*stories)).text

    places = [text.index(f"누리소재{number},") for number in (3, 2, 1, 0)]
    assert places == sorted(places)
    assert "계약·착공 1 · MOU 2 · 협의·활동 1" in text


def test_an_empty_digest_says_how_well_was_watched() -> None:
    page = render_digest(briefing())

    assert "매체 142곳 확인" in page.subject
    assert "매체 142곳 확인, 실패 3곳" in page.text
    assert "새로 들어온 소식이 없습니다" in page.html


def test_a_digest_after_a_break_says_so() -> None:
    assert "5일 모음" in render_digest(briefing(made(1), since=NOON - timedelta(days=5))).subject


@pytest.mark.parametrize("count", [1, 12, 40, 60, 200])
def test_the_page_stays_within_its_budget(count: int) -> None:
    page = render_digest(briefing(*(made(number) for number in range(count))))

    assert len(page.html.encode()) <= 90_000
    shown = len(re.findall(r'class="t"', page.html))
    assert shown == (count if count <= 40 else 25)
    assert ("그 밖에" in page.html) is (count > 40)
    assert len(page.subject) < 80


def test_long_addresses_do_not_break_the_budget() -> None:
    long = [replace(made(number), url="https://a.example/?" + "x" * 390) for number in range(40)]

    assert len(render_digest(briefing(*long)).html.encode()) <= 90_000


def test_all_styles_are_inline_but_for_the_dark_ones() -> None:
    html = render_digest(briefing(made(1))).html

    assert len(re.findall("<style", html)) == 1
    assert "prefers-color-scheme" in html
    assert "<img" not in html
    assert "http-equiv" not in html


def test_a_digest_in_english() -> None:
    page = render_digest(briefing(made(0, won=1.2e12), language="en"))

    assert page.subject == "[Investment·MOU] 3/4(Wed) 1 new · largest Gwangju KRW 1.2 trillion"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *((PALETTE[ink], PALETTE["paper"]) for ink in ("ink", "dim", "link")),
    *product((PALETTE["dark_ink"], PALETTE["dark_dim"], PALETTE["dark_link"]), (PALETTE["dark_paper"],)),
    *((PALETTE["chip_ink"], chip) for chip in CHIPS.values()),
]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_text_can_be_read(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


def test_a_title_cannot_run_script_or_hide_a_host() -> None:
    title = "<img src=x onerror=alert(1)> javascript:alert(1) www.gwangju.go.kr"
    nasty = story(1, title, lead=telling(1, outlet_name=title), deals=(replace(DEAL, companies=(title,)),))

    html = render_digest(briefing(nasty)).html

    assert not re.search(r"<script|\bon(?:error|load|click)\s*=|javascript:", html, re.IGNORECASE)
    assert "원문 보기</a>" in html
    assert "gwangju.go.kr</a>" not in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ko",
            ("약속 2건", "MOU · 광주 · 누리소재 · 900억원 · 마지막 2025-03-04", "약속 12건 3조원", "4건 금액 미공개"),
        ),
        ("en", ("2 promises", "Gwangju", "last 2025-03-04", "12, KRW 3 trillion")),
    ],
)
def test_the_month_looks_back_at_promises_the_largest_first(language: str, words: tuple[str, ...]) -> None:
    at = NOON - timedelta(days=365)
    lapsed = tuple(
        Lapsed(StoryId(f"s{n}"), firms, ("광주광역시",), "<b>제목</b>", Stage.MOU, krw, at)
        for n, firms, krw in ((1, "", None), (2, "누리소재", 900e8))
    )
    page = render_digest(briefing(language=language, lookback=Lookback(lapsed, 12, 4, 3e12, 0.0)))

    for shown in (page.text, page.html):
        assert [word for word in words if word not in shown] == []
    assert "<b>제목" not in page.html
    assert page.text.index("누리소재") < page.text.index("제목")
    assert "https://b.example/stories/s2" in page.html
