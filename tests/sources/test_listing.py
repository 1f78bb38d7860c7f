import json
from datetime import UTC, datetime

import pytest

from monitor.errors import NotAList
from monitor.model import SourceKind
from monitor.sources import discover, list_family, next_page

from .conftest import outlet, page, source

HEADLINES = [
    "나래시, 드론 기업과 투자협약",
    "가람군 산업단지 분양률 구십 퍼센트 넘어",
    "푸른시 청년 창업 지원 대상 모집 공고",
]
MENU = "<nav><ul>" + "".join(f"<li><a href='/menu/{n}00'>행정정보 안내 {n}</a></li>" for n in range(30)) + "</ul></nav>"


def links(html: str, url: str, **selectors: str):
    return discover(source(url, SourceKind.LIST), outlet(**selectors), page(html, url))


def table(cells: list[str]) -> str:
    rows = "".join(
        f"<tr><td>{90 - n}</td><td class='subject'>{cell}</td><td>투자과</td>"
        f"<td>2026.11.{20 - n}</td><td>1,2{n}7</td></tr>"
        for n, cell in enumerate(cells)
    )
    return f"<html><head><title>보도자료</title></head><body>{MENU}<table><tbody>{rows}</tbody></table></body></html>"


BOARDS = [
    (
        "https://www.narae.go.kr/www/selectBbsNttList.do?bbsNo=65&key=429&pageIndex=2",
        "<a href=\"javascript:fn_view('{n}')\">{t}</a>",
        "https://www.narae.go.kr/www/selectBbsNttView.do?bbsNo=65&key=429&nttNo={n}",
    ),
    (
        "https://www.narae.go.kr/boardList.do?boardId=BD_0000000027&pageId=www789",
        "<a href='/boardView.do?boardId=BD_0000000027&amp;pageId=www789&amp;seq={n}'>{t}</a>",
        "https://www.narae.go.kr/boardView.do?boardId=BD_0000000027&pageId=www789&seq={n}",
    ),
    (
        "https://narae.go.kr/board.es?mid=a11007000000&bid=0057",
        "<a href='#' onclick=\"goView('{n}'); return false;\">{t}</a>",
        "https://narae.go.kr/board.es?mid=a11007000000&bid=0057&act=view&list_no={n}",
    ),
    (
        "https://www.narae.go.kr/drh/board/boardNormalList.do?boardId=normal_0189&menuSeq=1632",
        "<a href='#view' onclick=\"javascript:boardView({n});\">{t}</a>",
        "https://www.narae.go.kr/drh/board/boardNormalView.do?boardId=normal_0189&menuSeq=1632&ntatcSeq={n}",
    ),
    (
        "https://www.narae.go.kr/board/list.narae?boardId=BBS_0000060&menuCd=DOM_1",
        "<a onclick=\"fnView('BBS_0000060', '{n}')\" href='javascript:void(0)'>{t}</a>",
        "https://www.narae.go.kr/board/view.narae?boardId=BBS_0000060&menuCd=DOM_1&dataSid={n}",
    ),
    (
        "https://www.narae.go.kr/portal/bbs/B0000003/list.do?menuNo=200100",
        "<a href='./view.do?nttId={n}&amp;menuNo=200100'>{t}</a>",
        "https://www.narae.go.kr/portal/bbs/B0000003/view.do?nttId={n}&menuNo=200100",
    ),
    (
        "https://www.narae.go.kr/bbs/BBSMSTR_000000000036/list.do",
        "<a href=\"javascript:fn_egov_select('{n}')\">{t}</a>",
        "https://www.narae.go.kr/bbs/BBSMSTR_000000000036/view.do?nttId={n}",
    ),
    (
        "https://www.narae.go.kr/u/rep/bbs/list.narae?bbsId=BBS_27&mId=001",
        "<a href=\"javascript:view('{n}')\">{t}</a>",
        "https://www.narae.go.kr/u/rep/bbs/view.narae?bbsId=BBS_27&mId=001&dataId={n}",
    ),
    (
        "https://www.narae.go.kr/nbtnews",
        "<a href=\"javascript:goView('{n}')\">{t}</a>",
        "https://www.narae.go.kr/nbtnews/{n}",
    ),
]


@pytest.mark.parametrize(("url", "anchor", "view"), BOARDS, ids=[case[0].partition("go.kr")[2] for case in BOARDS])
def test_boards_of_public_bodies(url, anchor, view):
    cells = [anchor.format(n=4300 + n, t=title) for n, title in enumerate(HEADLINES)]
    found = links(table(cells), url)
    assert [link.url for link in found] == [view.format(n=4300 + n) for n in range(3)]
    assert [link.title for link in found] == HEADLINES
    assert found[0].published_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)


FLAT = "<a href='/v/{n}00'>{t}</a> <span>2026-11-1{n}</span><br>"
PAIRS = "<dt><a href='/v/{n}00'>{t}</a></dt><dd>본문의 첫 문장이 이어진다 2026-11-1{n}</dd>"
ROWS = "<div class='row' onclick=\"location.href='/v/{n}00'\"><b>{t}</b><em>2026-11-1{n}</em></div>"


@pytest.mark.parametrize("shape", [FLAT, PAIRS, ROWS], ids=["flat", "pairs", "rows"])
def test_dates_beside_links_of_lists_without_rows(shape):
    html = "<div>" + "".join(shape.format(n=n, t=title) for n, title in enumerate(HEADLINES, 1)) + "</div>"
    found = links(html, "https://narae.go.kr/news")
    assert [link.title for link in found] == HEADLINES
    assert [link.published_at.day for link in found] == [10, 11, 12]


def test_a_headline_beside_its_link():
    card = (
        "<div class='card'><a href='/p/{n}00'><img src='x.jpg'></a><h3>{t}</h3>"
        "<time datetime='2026-11-1{n}T09:00'>-</time></div>"
    )
    found = links("".join(card.format(n=n, t=t) for n, t in enumerate(HEADLINES, 1)), "https://own.example.kr/")
    assert [link.title for link in found] == HEADLINES
    assert found[0].published_at == datetime(2026, 11, 11, 0, 0, tzinfo=UTC)


def test_a_number_in_an_attribute_of_a_known_family():
    cells = [f"<a href='#' data-ntt-no='{n}' class='open'>{title}</a>" for n, title in enumerate(HEADLINES, 31)]
    found = links(table(cells), "https://www.narae.go.kr/www/selectBbsNttList.do?bbsNo=65&key=429")
    assert found[0].url.endswith("selectBbsNttView.do?bbsNo=65&key=429&nttNo=31")


def test_an_address_the_page_builds_in_its_own_script():
    script = (
        "<script>function detail(no, kind){ location.href = '/press/show.jsp?kind=' + kind + '&post_no=' + no; }"
        "</script>"
    )
    cells = [f"<a href=\"javascript:detail('{n}', 'A')\">{title}</a>" for n, title in enumerate(HEADLINES, 51)]
    found = links(table(cells).replace("</head>", script + "</head>"), "https://www.narae.go.kr/press/main.jsp")
    assert [link.url for link in found] == [
        f"https://www.narae.go.kr/press/show.jsp?kind=A&post_no={n}" for n in (51, 52, 53)
    ]


def test_an_address_the_page_builds_by_filling_a_form():
    script = (
        "<script>function fnDetail(id){ var f = document.listForm; f.articleSeq.value = id;"
        " f.action = '/bbs/articleDetail.do'; f.submit(); }</script>"
    )
    cells = [f"<a href='#none' onclick='fnDetail({n})'>{title}</a>" for n, title in enumerate(HEADLINES, 700)]
    found = links(table(cells).replace("</head>", script + "</head>"), "https://www.narae.go.kr/bbs/articles.do")
    assert found[0].url == "https://www.narae.go.kr/bbs/articleDetail.do?articleSeq=700"


NDSOFT = """<html><body><header><a href="/">시험일보</a></header>
<section id="section-list"><ul>{rows}</ul></section>
<aside class="ranking"><ul><li><a href="/news/articleView.html?idxno=1">많이 본 기사의 제법 긴 제목</a></li></ul>
</aside>
<nav class="pagination"><a href="/news/articleList.html?page=1" class="active">1</a>
<a href="/news/articleList.html?page=2&amp;view_type=sm">2</a>
<a href="/news/articleList.html?page=11">다음</a></nav></body></html>"""
ROW = """<li><a href="/news/articleView.html?idxno={n}" class="thumb"><img src="/x.jpg" alt=""></a>
<h4 class="titles"><a href="/news/articleView.html?idxno={n}">{title}</a></h4>
<p class="lead"><a href="/news/articleView.html?idxno={n}">첫 문장은 제목보다 훨씬 길게 이어지는 설명이다</a></p>
<span class="byline"><em>경제</em><em>김기자</em><em>11.20 09:30</em></span></li>"""


def test_a_list_of_the_ndsoft_family():
    html = NDSOFT.format(rows="".join(ROW.format(n=n, title=t) for n, t in enumerate(HEADLINES, 5000)))
    found = links(html, "https://paper.example.kr/news/articleList.html?view_type=sm")
    assert [link.title for link in found] == HEADLINES
    assert found[0].url == "https://paper.example.kr/news/articleView.html?idxno=5000"
    assert list_family(page(html)) == "ndsoft"


def test_the_full_headline_is_taken_from_the_title_attribute():
    full = "나래시, 드론 기업 세 곳과 삼백억 원 규모 투자협약 체결"
    cells = [f"<a href='/view?no={n}00' title='{full} {n}'>{full[:18]}...</a> <img alt='새글'>" for n in range(3)]
    assert [link.title for link in links(table(cells), "https://narae.go.kr/list")] == [f"{full} {n}" for n in range(3)]


def test_revision_and_closing_dates_come_after_the_first_date():
    html = (
        "<ul><li><a href='/v/101'>가람군 산업단지 입주 기업 간담회</a> 수정 2026-11-21 등록 2026-11-18</li>"
        "<li><a href='/v/102'>푸른시 물류센터 기공식 열려 성황</a> 등록 2026-11-17 수정 2026-11-20</li></ul>"
    )
    days = [link.published_at.day for link in links(html, "https://narae.go.kr/news")]
    assert days == [17, 16]  # midnight in Korea


def test_custom_selectors_read_a_list_of_its_own_shape():
    html = "".join(
        f"<div class='card'><div data-url='/story/{name}'></div><a class='go' href='/story/{name}'>더보기</a>"
        f"<p class='hd'>{title}</p><i class='when'>2026/11/1{n}</i></div>"
        for n, (name, title) in enumerate(zip(["aa", "bb", "cc"], HEADLINES, strict=True))
    )
    found = links(html, "https://own.example.kr/", item="div.card", link="a.go", title="p.hd", date="i.when")
    assert [(link.url[-2:], link.title) for link in found] == list(zip(["aa", "bb", "cc"], HEADLINES, strict=True))
    assert found[2].published_at == datetime(2026, 11, 11, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "html",
    [
        "<html><title>로그인</title><body><form><input type='password'></form></body></html>",
        "<html><title>오류</title><body>요청하신 페이지를 찾을 수 없습니다</body></html>",
        "<html><title>Just a moment...</title><body>Checking your browser</body></html>",
        "<html><body></body></html>",
    ],
)
def test_a_login_or_error_page_is_no_empty_list(html):
    with pytest.raises(NotAList):
        links(html, "https://narae.go.kr/boardList.do?boardId=B1")


def test_an_empty_board_is_an_empty_list():
    assert (
        links(f"<html><body>{MENU}<p>등록된 게시물이 없습니다.</p></body></html>", "https://narae.go.kr/list.do") == ()
    )


def test_a_trap_of_links_is_cut():
    html = "".join(f"<li><a href='/news/{n}'>끝없이 이어지는 목록의 제목 {n}</a></li>" for n in range(8000))
    assert len(links(html, "https://trap.example.kr/list")) <= 5000


def test_links_in_a_page_with_a_base_address():
    html = "<base href='https://narae.go.kr/site/'>" + "".join(
        f"<li><a href='post/{n}00'>{title}</a></li>" for n, title in enumerate(HEADLINES, 1)
    )
    assert links(html, "https://narae.go.kr/")[0].url == "https://narae.go.kr/site/post/100"


PAGERS = [
    (
        "https://p.kr/list.do?menuNo=1",
        "<div class='paging'><strong>1</strong><a href='?menuNo=1&amp;pageIndex=2'>2</a></div>",
        "https://p.kr/list.do?menuNo=1&pageIndex=2",
    ),
    (
        "https://p.kr/list.do?pageIndex=2",
        "<a onclick='fn_link_page(3); return false;' href='#'>3</a>",
        "https://p.kr/list.do?pageIndex=3",
    ),
    ("https://p.kr/news?page=10", "<a href='/news?page=11' class='next'>다음</a>", "https://p.kr/news?page=11"),
    (
        "https://p.kr/b.do?Start=0",
        "<div class='pagination'><a class='on'>1</a><a href='b.do?Start=10'>2</a></div>",
        "https://p.kr/b.do?Start=10",
    ),
    ("https://p.kr/sec", "<div class='paging'><a href='/sec/2' class='num'>2</a></div>", "https://p.kr/sec/2"),
    ("https://p.kr/blog/", "<link rel='next' href='https://p.kr/blog/page/2'>", "https://p.kr/blog/page/2"),
    ("https://p.kr/list.do?pageIndex=9", "<a href='?pageIndex=8'>이전</a>", None),
    ("https://p.kr/list", "<a href='/article/2'>2</a>", None),
]


@pytest.mark.parametrize(("url", "html", "following"), PAGERS, ids=[case[0] for case in PAGERS])
def test_the_next_page(url, html, following):
    assert next_page(page(f"<html><body>{html}</body></html>", url), outlet()) == following


def test_the_next_page_by_the_outlets_selector():
    html = "<a class='more' href='/list?offset=20'>더 보기</a>"
    assert next_page(page(html, "https://p.kr/list"), outlet(next_page="a.more")) == "https://p.kr/list?offset=20"


def cards(card: str) -> str:
    shown = "".join(card.format(n=90 - n, t=title, d=f"2026-11-{20 - n}") for n, title in enumerate(HEADLINES))
    return f"<html><head><title>소식</title></head><body>{MENU}<main>{shown}</main></body></html>"


@pytest.mark.parametrize(
    "card",
    [
        "<article data-href='/news/{n}'><h3>{t}</h3><time datetime='{d}'>{d}</time></article>",
        "<dl><dt><a href='/news/{n}'>{t}</a></dt><dd>첫 문장입니다</dd><dd>{d}</dd></dl>",
    ],
    ids=["an address in a data attribute", "a definition list"],
)
def test_cards_are_rows_however_they_say_where_they_lead(card):
    found = links(cards(card), "https://narae.kr/list/")
    assert [link.title for link in found] == HEADLINES
    assert [link.url for link in found] == [f"https://narae.kr/news/{n}" for n in (90, 89, 88)]
    assert all(link.published_at for link in found)


def test_posts_may_live_below_a_folder_named_list():
    row = "<p><a href='view.php?id={n}&amp;cate=7'>{t}</a> {d}</p>"
    found = links(cards(row), "https://narae.kr/list/")
    assert found[0].url == "https://narae.kr/list/view.php?id=90&cate=7"


def test_a_script_that_sends_a_form_of_the_page_opens_the_forms_address():
    form = (
        "<form name='frm' action='/news/detail.do'><input type='hidden' name='seq'></form><form action='/find'></form>"
    )
    script = "<script>function goPost(s) { document.frm.seq.value = s; document.frm.submit(); }</script>"
    row = "<li onclick='goPost({n})'><strong>{t}</strong><span>{d}</span></li>"
    found = links(form + cards(row) + script, "https://narae.kr/news/index.do")
    assert [link.url for link in found] == [f"https://narae.kr/news/detail.do?seq={n}" for n in (90, 89, 88)]


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (
            "application/ld+json",
            lambda rows: {
                "@type": "ItemList",
                "itemListElement": [{"@type": "ListItem", "item": {"url": u, "name": t}} for u, t in rows],
            },
        ),
        (
            "application/json",
            lambda rows: {"props": {"posts": [{"id": u[-2:], "slug": u, "headline": t} for u, t in rows]}},
        ),
    ],
    ids=["schema.org", "state of a framework"],
)
def test_a_list_that_only_the_pages_script_shows_is_read_from_its_json(kind, made):
    rows = [(f"/news/{90 - n}", title) for n, title in enumerate(HEADLINES)]
    carried = f"<script type='{kind}'>{json.dumps(made(rows), ensure_ascii=False)}</script>"
    found = links(f"<html><body>{MENU}<div id='app'></div>{carried}</body></html>", "https://narae.kr/")
    assert [(link.url, link.title) for link in found] == [(f"https://narae.kr{u}", t) for u, t in rows]


def test_a_menu_in_a_pages_json_is_no_list():
    menu = [{"url": f"/menu/{n}", "name": f"안내 {n}"} for n in range(9)]
    html = f"<html><body>{MENU}<script type='application/json'>{json.dumps({'menu': menu})}</script></body></html>"
    assert links(html, "https://narae.kr/") == ()
