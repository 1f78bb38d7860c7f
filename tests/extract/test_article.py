"""What ``read_article`` promises whatever the outlet: named errors, own selectors, claims that are not believed."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import BongsuError, ExtractError, NotAnArticle
from monitor.extract import family, read_article
from monitor.model import ArticleKey, Outlet, OutletId, OutletKind, Page, Selectors

NOW = datetime(2026, 1, 20, 3, tzinfo=UTC)
TITLE = "가람시, 누리셀과 1천200억원 투자협약"
BODY = "누리셀은 가람산단에 1200억원을 투자해 공장을 짓는 투자협약(MOU)을 체결했다. 고용 인원은 180명이다. "
LONG = "".join(f"<p>{BODY * 2}</p>" for _ in range(4))


def page(html: str, url: str = "https://paper.example.com/view.php?no=77") -> Page:
    return Page(url=url, asked=url, status=200, text=html, fetched_at=NOW)


def simple(title: str = TITLE, body: str = BODY, head: str = "") -> str:
    return (
        f"<!doctype html><html lang=ko><head>{head}<title>{title}</title></head><body>"
        f"<article><h1>{title}</h1><p>{body}</p><p class=marker></p></article></body></html>"
    )


OWN = Outlet(
    id=OutletId("garam/citizen"),
    name="가람시민",
    region="garam",
    kind=OutletKind.PAPER,
    sources=(),
    selectors=Selectors(body=".mine", headline=".head", published=".when"),
)


def test_a_page_of_one_sentence_is_an_article():
    head = '<meta property="article:published_time" content="2026-01-19T10:15:00+09:00">'
    article = read_article(page(simple(head=head)))
    assert article.title == TITLE
    assert article.text == BODY.strip()
    assert article.published_at == datetime(2026, 1, 19, 1, 15, tzinfo=UTC)
    assert (article.date_only, article.layout, article.warnings) == (False, "generic", ())


def test_the_key_is_the_callers():
    assert read_article(page(simple())).key == ArticleKey("")
    assert read_article(page(simple()), key=ArticleKey("k")).key == ArticleKey("k")


def test_a_page_without_a_date_says_so():
    article = read_article(page(simple()))
    assert article.published_at is None
    assert article.warnings == ("no date of publication",)


def test_selectors_of_the_outlet_file_win():
    html = (
        f"<html><head><title>x</title></head><body><h1>다른 제목이 크게 적혀 있다</h1><p class=head>{TITLE}</p>"
        f"<i class=when>2026.01.19 10:15</i><article>{LONG}</article><div class=mine><p>{BODY}</p></div></body></html>"
    )
    article = read_article(page(html), OWN)
    assert (article.title, article.text, article.layout) == (TITLE, BODY.strip(), "own")
    assert article.published_at == datetime(2026, 1, 19, 1, 15, tzinfo=UTC)
    assert (article.outlet, article.outlet_name, article.outlet_kind) == ("garam/citizen", "가람시민", OutletKind.PAPER)


def test_a_selector_that_finds_nothing_is_a_redesign():
    with pytest.raises(ExtractError) as caught:
        read_article(page(f"<h1 class=head>{TITLE}</h1>{LONG}"), OWN)
    assert caught.value.missing == "body"


def test_a_selector_that_is_no_css_is_named():
    broken = dataclasses.replace(OWN, selectors=Selectors(body="div >> bad("))
    with pytest.raises(ExtractError, match="valid selector"):
        read_article(page(simple()), broken)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<script>alert('삭제된 기사입니다.');history.back();</script>", "only says"),
        (simple("알림", "존재하지 않는 기사입니다. 주소를 확인해 주세요."), "soft 404"),
        (simple("페이지를 찾을 수 없습니다", "요청하신 페이지가 없습니다."), "soft 404"),
        ("<title>Just a moment...</title><p>Checking your browser</p>", "challenge"),
        (
            "<title>로그인</title><h1>회원 로그인</h1><p>아이디를 넣어 주세요 여기에</p><input type=password>",
            "login",
        ),
        (
            simple("목록", "".join(f'<li><a href="/{n}">가람시 소식을 전하는 제목 {n}</a></li>' for n in range(30))),
            "list",
        ),
        (simple(TITLE, f"{BODY}</p><p>이 기사는 유료회원 전용입니다. 로그인 후 이용해 주세요."), "cut"),
        ("<html><body></body></html>", "without text"),
        ("", "without text"),
    ],
)
def test_what_is_no_article_is_refused_with_its_name(html: str, reason: str):
    with pytest.raises(NotAnArticle, match=reason):
        read_article(page(html))


def test_an_article_above_many_titles_is_an_article():
    titles = "".join(f'<div><a href="/{n}">나래군의 소식을 전하는 다른 제목 {n}</a></div>' for n in range(25))
    article = read_article(page(f"<h1>{TITLE}</h1><div><div>{LONG}</div>{titles}</div>"))
    assert BODY.strip() in article.text
    assert "다른 제목" not in article.text


def test_an_article_about_a_deleted_post_is_an_article():
    article = read_article(page(f"<h1>{TITLE}</h1>{LONG}<p>삭제된 게시물이 논란이 됐다고 시는 설명했다.</p>"))
    assert "논란이 됐다" in article.text


@pytest.mark.parametrize("title", ["보도자료", "알림마당>담양뉴스>보도자료 > 상세", "가람군청", ""])
def test_a_name_of_a_board_is_no_headline(title: str):
    with pytest.raises(ExtractError) as caught:
        read_article(page(f"<title>{title}</title><div>{LONG}</div>"))
    assert caught.value.missing == "title"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (f"<title>{TITLE} | 가람신문</title>", "", TITLE),
        (f"<title>{TITLE} &lt; 경제 &lt; 기사본문 - 가람일보</title>", "", TITLE),
        (f'<title>x</title><meta property="og:title" content="{TITLE}-경제ㅣ가람일보">', "", TITLE),
        (f"<title>가람일보 모바일 :: {TITLE}</title>", f"<h2>{TITLE}</h2>", TITLE),
        ("<title>지역을 밝히는 신문 ◆가람◆</title>", f"<table><tr><th>제목</th><td>{TITLE}</td></tr></table>", TITLE),
        (f'<meta property="og:title" content="{TITLE}, 가람시, Garam City">', f"<p class=title>{TITLE}</p>", TITLE),
        ("<title>LG-나래시, 1천억 투자 - 공장 짓는다</title>", "", "LG-나래시, 1천억 투자 - 공장 짓는다"),
    ],
)
def test_the_headline_is_found_among_slogans_and_tails(head: str, body: str, expected: str):
    assert read_article(page(f"<html><head>{head}</head><body>{body}<div>{LONG}</div></body></html>")).title == expected


def test_broken_json_ld_is_no_claim_and_no_error():
    broken = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"가람 "따옴표" 시",}</script>'
    assert read_article(page(simple(head=broken))).title == TITLE


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        ("https://paper.example.com/", False),
        ("https://other.example.net/view.php?no=77", False),
        ("https://paper.example.com/view.php?no=78", False),
        ("https://www.paper.example.com/view.php?no=77", True),
        ("/view.php?no=77", True),
    ],
)
def test_a_canonical_address_is_believed_when_it_is_the_same_article(canonical: str, believed: bool):
    article = read_article(page(simple(head=f'<link rel=canonical href="{canonical}">')))
    assert (article.url != "https://paper.example.com/view.php?no=77") == (believed and not canonical.startswith("/"))


def test_the_first_publication_counts_and_zoneless_is_korean():
    stamp = "<p class=info>수정 2026.01.19 18:00 | 입력 2026.01.19 10:15</p>"
    html = f"<h1>{TITLE}</h1>{stamp}<div>{LONG}</div>"
    assert read_article(page(html)).published_at == datetime(2026, 1, 19, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        "입력 2026.01.19 10:15",
        "입력: 26.01.19 10:15",
        "10:15 January 19, 2026",
        "Jan. 19, 2026 10:15",
        "2026. 1. 19. 10:15",
    ],
)
def test_the_stamp_below_the_headline_wins_over_todays_date_above_it(printed: str):
    today = "<div class=top><span class=date>2026.01.20</span></div>"
    others = "<ul><li>나래군 봄꽃 축제 <span>2026.01.18</span></li></ul>"
    html = f"{today}<h1>{TITLE}</h1><p>나들목 기자 <span>{printed}</span></p><div>{LONG}</div>{others}"
    assert read_article(page(html)).published_at == datetime(2026, 1, 19, 1, 15, tzinfo=UTC)


def test_a_day_without_a_time_is_marked():
    article = read_article(page(f"<h1>{TITLE}</h1><p>작성일 : 2026-01-19</p><div>{LONG}</div>"))
    assert article.date_only
    assert article.published_at == datetime(2026, 1, 18, 15, tzinfo=UTC)


def test_a_date_in_the_future_is_no_publication():
    head = '<meta property="article:published_time" content="2027-01-19T10:15:00+09:00">'
    assert read_article(page(simple(head=head))).published_at is None


def test_an_old_shape_still_replays_and_a_young_page_tries_the_new_one_first():
    old = '<div id="CLtag">' + LONG + f'</div><td class="read_title">{TITLE}</td>'
    html = f"<table><tr><td class='read_title'>{TITLE}</td></tr><tr><td><div id='CLtag'>{LONG}</div></td></tr></table>"
    recorded = dataclasses.replace(page(html, "http://breaknews.com/1"), fetched_at=NOW - timedelta(days=5000))
    assert read_article(recorded).layout == "breaknews@1"
    assert (
        read_article(page(old + "<meta property='og:title' content='x'>", "http://breaknews.com/1")).layout
        == "breaknews@2"
    )


def test_a_known_family_without_its_body_is_read_but_said():
    html = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{LONG}</div></body></html>"
    article = read_article(page(html, "https://www.mk.co.kr/news/1"))
    assert article.layout == "generic"
    assert "redesign" in article.warnings[0]


def test_an_unknown_site_has_no_family():
    assert family(page(simple())) == ""


def test_prose_in_boxes_in_boxes_is_read_without_recursion():
    html = f"<h1>{TITLE}</h1>" + "<div class=box>" * 3000 + LONG + "</div>" * 3000
    assert BODY.strip() in read_article(page(html)).text


def test_bidi_and_nul_do_not_reach_the_title():
    article = read_article(page(simple("투자\x00협약 체결 &#x202E;lpx.exe&#x2066; 소식")))
    assert article.title in {"투자협약 체결 lpx.exe 소식", "투자\ufffd협약 체결 lpx.exe 소식"}


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300),
    st.lists(st.sampled_from(["<div class=related>", "</p>", "<table>", "<a href=x>", "<img>", "<form>"])),
)
def test_whatever_a_page_holds_is_an_article_or_a_named_error(text: str, tags: list[str]):
    try:
        article = read_article(page(f"<title>{text}</title>" + text.join(tags) + LONG))
    except BongsuError:
        return
    assert article.title
    assert article.text


def test_a_marked_word_inside_a_sentence_stays_and_a_marked_line_goes():
    word = f'<p>누리셀(<span class="keyword">Nuricell</span>)은 공장을 짓는다. {BODY}</p>'
    article = read_article(page(f'<h1>{TITLE}</h1><div>{word}{LONG}<p><span class="tag">#가람시</span></p></div>'))
    assert article.text.startswith("누리셀(Nuricell)은")
    assert "#가람시" not in article.text


def test_an_outlet_file_may_name_a_family_a_version_or_a_kin_of_families():
    ndsoft = f'<h3 class="heading">{TITLE}</h3><div id="article-view-content-div">{LONG}</div>'
    board = f'<i class="view_title">{TITLE}</i><div class="bbs_view_contnet">{LONG}</div>'
    for layout, html, read_as in [
        ("ndsoft", ndsoft, "ndsoft@2"),
        ("ndsoft@plain", ndsoft, "ndsoft@plain"),
        ("board", board, "board-jeonnam@1"),
        ("board", simple(), "generic"),
    ]:
        article = read_article(page(html), dataclasses.replace(OWN, layout=layout, selectors=Selectors()))
        assert (article.layout, article.title) == (read_as, TITLE)
        assert "redesign" not in "".join(article.warnings)


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"반쪽 글자 \\ud83d 가 든 제목"}</script>',
        '<script>self.__next_f.push([1,"24:T40,<p>\\ud83d\\x</p>"])</script>',
        '<script>self.__next_f.push([1,"24:T40,<p>\\ud83d 글</p>"])</script>',
        '<script>Fusion.globalContent={"content_elements":[{"type":"text","content":"\\ud83d"},7,null]};</script>',
        "<script>Fusion.globalContent=[</script>",
        '<script type="application/ld+json">[[[[[[[[{"@graph":{}}]]]]]]]]</script>',
    ],
)
def test_half_characters_and_torn_scripts_do_no_harm(script: str):
    article = read_article(
        page(f"<html><head><title>{TITLE}</title></head><body>{script}<div>{LONG}</div></body></html>")
    )
    assert article.title.encode()
    assert BODY.strip() in article.text
