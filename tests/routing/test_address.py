"""Who hears of a story: a table of routes and deals."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import (
    Article,
    ArticleKey,
    Deal,
    Grade,
    Money,
    Part,
    Relevance,
    Route,
    Stage,
    When,
)
from monitor.routing import address

ARTICLE = Article(
    ArticleKey("k"),
    "http://a.example/1",
    "gwangju/a",
    "새 공장",
    "배터리 소재 공장을 짓는다.",
    datetime(2026, 1, 5, tzinfo=UTC),
)
SURE = Relevance(Grade.DEAL, 0.9)
GWANGJU = Deal(Stage.MOU, Money(320e8, "KRW", "320억원"), sido=("광주광역시",), companies=("가온",))
DAEJEON = Deal(Stage.CONTRACT, Money(5e9, "KRW", "50억원"), sido=("대전광역시",), sigungu=("유성구",))
DOLLARS = Deal(Stage.MOU, Money(1e6, "USD", "100만 달러"), sido=("광주광역시",))
SECRET = Deal(Stage.MOU, sido=("광주광역시",))
BUNDLE = Deal(Stage.MOU, sido=("광주광역시",), parts=(Part("가", Money(200e8, "KRW", "200억원")),))

CASES = [
    ("no limits", Route("desk"), (GWANGJU,), True),
    ("another region", Route("desk", regions=("대전광역시",)), (GWANGJU,), False),
    ("a town", Route("desk", regions=("유성구",)), (DAEJEON,), True),
    ("one of several regions", Route("desk", regions=("대전광역시", "광주광역시")), (GWANGJU,), True),
    ("a listed stage", Route("desk", stages=(Stage.CONTRACT,)), (GWANGJU,), False),
    ("at least a contract", Route("desk", min_stage=Stage.CONTRACT), (GWANGJU,), False),
    ("at least an MOU", Route("desk", min_stage=Stage.MOU), (DAEJEON,), True),
    ("large enough", Route("desk", min_amount_krw=100e8), (GWANGJU,), True),
    ("too small", Route("desk", min_amount_krw=100e8), (DAEJEON,), False),
    ("undisclosed", Route("desk", min_amount_krw=100e8), (SECRET,), False),
    ("foreign money is never too small", Route("desk", min_amount_krw=100e8), (DOLLARS,), True),
    ("a share is large enough", Route("desk", min_amount_krw=100e8), (BUNDLE,), True),
    (
        "region and amount of different deals",
        Route("desk", regions=("대전광역시",), min_amount_krw=100e8),
        (GWANGJU, DAEJEON),
        False,
    ),
    ("a named sector", Route("desk", sectors=("배터리",)), (GWANGJU,), True),
    ("a sector nobody names", Route("desk", sectors=("해상풍력",)), (GWANGJU,), False),
    ("no deal, no limits", Route("desk"), (), True),
    ("no deal, a stage is asked", Route("desk", min_stage=Stage.TALKS), (), False),
    ("no deal, a wanted place", Route("desk", regions=("전라남도",)), (), True),
    ("no deal, another place", Route("desk", regions=("경상북도",)), (), False),
]


@pytest.mark.parametrize(("route", "deals", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_route_takes_or_leaves_a_story(route: Route, deals: tuple[Deal, ...], told: bool) -> None:
    assert bool(address(SURE, ARTICLE, deals, [route], ("전라남도",))) is told


@pytest.mark.parametrize("least", list(Grade))
@pytest.mark.parametrize("grade", list(Grade))
def test_the_grade_must_suffice(grade: Grade, least: Grade) -> None:
    alerts = address(Relevance(grade, 0.5), ARTICLE, (GWANGJU,), [Route("desk", min_grade=least)])

    assert bool(alerts) is (grade >= least)


def test_two_routes_to_one_receiver_are_one_alert_now_and_in_the_digest() -> None:
    routes = [Route("desk", When.NOW, regions=("광주광역시",)), Route("desk", When.DIGEST), Route("mail", When.DIGEST)]

    alerts = address(SURE, ARTICLE, (GWANGJU, DAEJEON), routes)

    assert [(alert.receiver, alert.when) for alert in alerts] == [("desk", When.BOTH), ("mail", When.DIGEST)]
    assert {alert.stage for alert in alerts} == {None}


@settings(deadline=None)
@given(st.lists(st.builds(Route, st.sampled_from("abc"), st.sampled_from(When), st.sampled_from(Grade)), max_size=8))
def test_nobody_is_told_twice(routes: list[Route]) -> None:
    told = [alert.receiver for alert in address(SURE, ARTICLE, (GWANGJU,), routes)]

    assert len(told) == len(set(told))
    assert set(told) == {route.receiver for route in routes}
