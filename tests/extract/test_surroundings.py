"""What papers and boards print inside the box of an article does not reach its text, whatever the family."""

from datetime import UTC, datetime
from itertools import product

import pytest

from monitor.extract import read_article
from monitor.model import Page

TITLE = "가람시, 누리셀과 1천200억원 투자협약"
STORY = [
    "가람시가 이차전지 소재 기업 누리셀과 1천200억원 규모의 투자협약을 14일 체결했다.",
    "누리셀은 2028년까지 가람산단 3만3천㎡ 터에 양극재 공장을 세우고 180명을 새로 뽑는다.",
    "한결 시장은 “기업이 뿌리내리도록 인허가를 돕고 도로와 전력을 제때 놓겠다”고 말했다.",
    "주민 설명회는 다음 달 3일 가람면사무소에서 열린다.",
]
FAMILIES = {
    "ndsoft": "https://www.garamnews.kr/news/articleView.html?idxno=77",
    "breaknews": "http://www.breaknews.com/77",
    "newswire": "https://www.newswire.co.kr/newsRead.php?no=77",
    "naver": "https://n.news.naver.com/article/001/77",
    "yonhap": "https://www.yna.co.kr/view/AKR77",
    "mk": "https://www.mk.co.kr/news/77",
    "egov": "https://www.garam.go.kr/www/selectBbsNttView.do?nttNo=77",
    "board": "https://www.garam.go.kr/news/view.do?no=77",
    "paper": "https://garamcitizen.kr/77",
}
PAGES = {
    "ndsoft": """<header class="article-view-header"><h3 class="heading">{}</h3></header><ul class="infomation">
        <li>나들목 기자</li><li>승인 2026.01.14 15:07</li></ul><div id="article-view-content-div">{}</div>""",
    "breaknews": """<meta property="og:title" content="가람"><h1 class="read_title">{}</h1>
        <div class="writer_time">나들목 기자 | 기사입력 2026/01/14 [15:07]</div><div id="CLtag">{}</div>""",
    "newswire": """<h1>{}</h1><div class="release-time">2026-01-14 15:07</div>
        <section class="article_column">{}</section>""",
    "naver": """<h2 class="media_end_head_headline">{}</h2>
        <span class="media_end_head_info_datestamp_time _ARTICLE_DATE_TIME">2026.01.14. 오후 3:07</span>
        <article id="dic_area">{}</article>""",
    "yonhap": """<h1 class="tit01">{}</h1><p class="update-time">송고2026-01-14 15:07</p>
        <article class="story-news">{}</article>""",
    "mk": """<h2 class="news_ttl">{}</h2><dl class="registration"><dt>입력 :</dt><dd>2026-01-14 15:07:00</dd></dl>
        <div class="news_cnt_detail_wrap">{}</div>""",
    "egov": """<table><tr><th>제목</th><td class="p-table__subject_text">{}</td></tr>
        <tr><th>작성일</th><td>2026-01-14 15:07</td></tr><tr><td class="p-table__content">{}</td></tr></table>""",
    "board": """<div class="board"><h4 class="tit">{}</h4><ul><li>작성자 : 홍보담당관</li>
        <li>등록일 : 2026-01-14 15:07</li><li>조회수 : 77</li></ul><div class="cont">{}</div></div>""",
    "paper": """<h1>{}</h1><div class="info"><span>나들목 기자</span><span>입력 2026.01.14 15:07</span></div>
        <div>{}</div>""",
}
ANYWHERE = {
    "figure": "<figure><img src=a><figcaption>시장과 대표가 협약서를 들고 있다. 가람시 제공</figcaption></figure>",
    "table": "<table><tr><td><img src=a></td></tr><tr><td>▲ 시장과 대표. ⓒ 가람신문</td></tr></table>",
    "paragraph": "<p><img src=a><br>▲협약식에 참석한 한결 시장. (사진=가람시)</p>",
    "credit": "<div><img src=a></div><p>▲ 협약식에 참석한 한결 시장 [사진=가람시]</p>",
    "sum": '<div class="box"><strong>AI 요약</strong><p>나래군 축제에 3만 명이 찾았고 군은 내년에도 연다.</p></div>',
    "sums": "<div><h5>AI 3줄 요약</h5><ul><li>나래군 축제에 3만 명이 찾았다.</li></ul><p>* AI 요약</p></div>",
    "folded sum": "<details><summary>기사 요약</summary><p>나래군 축제에 3만 명이 찾았다.</p></details>",
    "frame": '<iframe src=ad></iframe><div class="ad_wrap">누리카드 연회비 없이 발급받으세요</div>',
    "slot": "<p>[광고]</p><p>- AD -</p><div>Advertisement · 광고</div>",
}
BELOW = {
    "signature": "<p>나들목·마루 기자 n@garam.kr m@garam.kr</p>",
    "bracketed signature": "<p>[나들목 가람일보 기자 / n@garam.kr]</p><p>&lt;가람일보&gt; 나들목 기자</p>",
    "reporter": '<div class="reporter_box"><b>나들목 기자</b><a href=1>n@garam.kr</a><p>구독</p></div>',
    "copyright": "<p>ⓒ 가람일보</p>",
    "related": "<div><strong>함께 본 뉴스</strong><ul><li><a href=1>나래군 봄꽃 축제 3만명 찾았다</a></li></ul></div>",
    "more": "<p>기사 더보기</p><p><a href=1>이 기자의 다른기사 보기 &gt;</a></p>",
    "faces": "<div>좋아요 12</div><div>훈훈해요 0</div><div>슬퍼요 0</div><div>후속기사 원해요 0</div>",
    "sharing": "<ul><li>페이스북</li><li>트위터</li><li>URL복사</li></ul><div>가 가</div><p>글씨키우기 글씨줄이기</p>",
    "tips": "<p>▷ 이메일 : jebo@garam.kr</p><p>여러분의 제보가 뉴스가 됩니다. 제보 전화 02-700-0000</p>",
    "portal": "<p>가람일보를 네이버 뉴스에서 만나보세요</p><p>가람일보를 후원해 주세요.</p>",
    "tags": "<p>#가람시 #투자협약 #누리셀</p><p>태그: <a href=1>가람시</a>, <a href=2>투자</a></p>",
    "stamps": "<p>입력 2026.01.14 15:07 수정 2026.01.14 18:00</p><p>[2026년 01월 14일 15:07]</p>",
    "photo": "<p>[사진] 가람시 제공</p><p>사진=가람시 제공</p>",
}


def read(family: str, above: str, chaff: str, below: str) -> list[str]:
    url, body = FAMILIES[family], PAGES[family].format(TITLE, above + chaff + below)
    html = f"<html><head><title>{TITLE} - 가람일보</title></head><body>{body}</body></html>"
    article = read_article(Page(url, url, 200, html, datetime(2026, 1, 20, tzinfo=UTC)))
    assert article.title == TITLE
    assert article.published_at == datetime(2026, 1, 14, 6, 7, tzinfo=UTC)
    return article.text.splitlines()


def in_paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def in_breaks(lines: list[str]) -> str:
    return "".join(f"{line}<br><br>" for line in lines)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("chaff", ANYWHERE)
def test_what_stands_between_the_paragraphs_stays_out(family: str, chaff: str):
    for split, at in product((in_paragraphs, in_breaks), (0, 2, 4)):
        assert read(family, split(STORY[:at]), ANYWHERE[chaff], split(STORY[at:])) == STORY


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("chaff", BELOW)
def test_what_stands_below_the_paragraphs_stays_out(family: str, chaff: str):
    for split in (in_paragraphs, in_breaks):
        assert read(family, split(STORY), BELOW[chaff], "") == STORY


def test_a_credit_on_a_line_of_its_own_takes_no_sentence_with_it():
    photo = "<p>사진=가람시 제공</p>"
    assert read("ndsoft", in_paragraphs(STORY[:1]), photo, in_paragraphs(STORY[1:])) == STORY
