"""Watched names: what they raise, and what they keep from everybody."""

import pytest

from monitor.classify import WatchList, raised
from monitor.model import Article, ArticleKey, Deal, Facts, Grade, Part, Relevance, Stage, Watch, WatchKind

FIRM, PERSON, REGION, SECTOR = WatchKind
RAISED = (
    Watch("마루 한빛", PERSON, ("Maru Hanbit", "한빛")),
    Watch("솔", FIRM, least=Grade.DEAL),
    Watch("나주시", REGION),
    Watch("해상풍력", SECTOR),
)
SILENT = (
    Watch("가온", FIRM, ("가온그룹",), None),
    Watch("전라남도", REGION, least=None),
    Watch("골프장", SECTOR, least=None),
)


def article(title: str = "소식", text: str = "") -> Article:
    return Article(ArticleKey("k"), "http://a.example/1", "gwangju/a", title, text, None, translated="Maru Hanbit")


def deal(*firms: str, parts: tuple[str, ...] = ()) -> Deal:
    return Deal(Stage.MOU, companies=firms, parts=tuple(map(Part, parts)))


@pytest.mark.parametrize(
    ("found", "facts", "grade"),
    [
        pytest.param(article(text="마루한빛 회장이 시청을 찾았다."), Facts(), 2, id="a person, written together"),
        pytest.param(article(text="회장 Maru Hanbit은"), Facts(), 2, id="an alias"),
        pytest.param(article(), Facts(), 0, id="a translated tail names nobody"),
        pytest.param(article(text="㈜솔과 협약"), Facts(companies=("솔",)), 3, id="a firm of one syllable"),
        pytest.param(article(text="솔 향기"), Facts(), 0, id="a word that is no firm there"),
        pytest.param(article(text="나주시에서"), Facts(sigungu=("나주시",)), 2, id="the article's region"),
        pytest.param(article(text="나주시에서 온 손님"), Facts(), 0, id="a region it is not about"),
        pytest.param(article(text="서남권해상풍력단지"), Facts(), 2, id="a sector inside of a word"),
    ],
)
def test_what_is_watched_is_raised(found: Article, facts: Facts, grade: int) -> None:
    watched = WatchList(RAISED).named(found, facts)

    assert raised(Relevance(Grade.UNRELATED, 0.1), watched).grade == grade


def test_a_raised_grade_says_why_and_never_falls() -> None:
    watched = WatchList(RAISED).named(article(text="마루한빛 회장"), Facts())
    told = raised(Relevance(Grade.MENTION, 0.1), watched)

    assert [reason.text for reason in told.why] == ["지켜보는 사람 (watched person): 마루 한빛 (등급 1→2)"]
    assert told.score == 0.1
    assert raised(Relevance(Grade.DEAL, 0.9), watched) == Relevance(Grade.DEAL, 0.9)


@pytest.mark.parametrize(
    ("found", "facts", "silence"),
    [
        pytest.param(article("가온, 공장"), Facts(deals=(deal("가온"),)), "기업: 가온", id="a firm's deal"),
        pytest.param(
            article(text="가온"), Facts(deals=(deal("가온그룹", "다온"),)), "기업: 가온", id="half of the firms"
        ),
        pytest.param(
            article(text="가온"), Facts(deals=(deal("다온", parts=("가온", "라온")),)), "", id="one of a bundle"
        ),
        pytest.param(article(text="가온"), Facts(deals=(deal("가온"), deal("다온"))), "", id="another deal beside"),
        pytest.param(article("가온 사장 인터뷰"), Facts(), "기업: 가온", id="no deal, in the title"),
        pytest.param(article(text="손님 가운데 가온도"), Facts(), "", id="no deal, in the text"),
        pytest.param(article(), Facts(sido=("전라남도",)), "지역: 전라남도", id="a region"),
        pytest.param(article(), Facts(sido=("전라남도", "광주광역시")), "", id="another region beside"),
        pytest.param(article("골프장 착공"), Facts(), "산업: 골프장", id="a sector in the title"),
        pytest.param(article(text="옆에 골프장이 있다"), Facts(), "", id="a sector in the text"),
    ],
)
def test_only_an_article_about_it_is_silent(found: Article, facts: Facts, silence: str) -> None:
    watch = WatchList(SILENT)
    said = watch.silence(watch.named(found, facts), found, facts)

    korean, _, english = said.partition(" (silenced ")
    assert korean == (f"듣지 않기로 한 {silence}" if silence else "")
    assert bool(english) == bool(silence)


def test_what_is_also_raised_is_heard() -> None:
    both, found = WatchList((*RAISED, *SILENT)), article("골프장 옆 해상풍력")

    assert both.silence(both.named(found, Facts()), found, Facts()) == ""
