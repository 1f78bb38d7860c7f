"""The body of a page of a site nobody described, among names that lie and boxes that part it."""

from datetime import UTC, datetime

import pytest

from monitor.extract import read_article
from monitor.model import Page

TITLE = "누리셀, 가람산단에 양극재 공장"
FIRST = "누리셀이 가람산단에 양극재 공장을 짓기로 하고, 가람시와 투자협약을 맺었다고 14일 밝혔다."
STORY = [
    FIRST,
    "공장은 3만3천㎡ 터에 2028년까지 들어서며, 새로 뽑는 직원은 180명이라고 회사는 설명했다.",
    "한결 시장은 “기업이 뿌리내릴 수 있도록 인허가를 돕고, 도로와 전력을 제때 놓겠다”고 말했다.",
    "주민 설명회는 다음 달 가람면사무소에서 열리며, 환경 영향을 살피는 조사도 함께 시작된다.",
]
OTHER = "나래군이 봄꽃 축제를 열고, 손님 3만 명을 맞았다고 밝혔다. 축제는 주말까지 이어진다."


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def numbered(*texts: str, times: int) -> list[str]:
    """*texts* again and again, each time a little different: what a page says three times is a label."""
    return [f"{text} ({number})" for number in range(times) for text in texts]


def read(body: str, head: str = "") -> str:
    html = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    url = "https://paper.example.com/77"
    return read_article(Page(url, url, 200, html, datetime(2026, 1, 20, tzinfo=UTC))).text


@pytest.mark.parametrize(
    "names",
    [
        "post-77 post type-post status-publish hentry category-banner tag-footer",  # WordPress tells its subjects
        "field field-name-body field-label-hidden",  # Drupal hides a label
        "node node-promoted",
        "story hidden-xs",  # hidden on small screens only
        "text copyNormal",
    ],
)
def test_a_name_that_speaks_of_something_else_hides_no_article(names: str):
    below = f'<div class="comments">{paragraphs(*numbered(OTHER, times=9))}</div>'
    body = f"<h1>{TITLE}</h1><div class='{names}'>{paragraphs(*STORY)}</div>{below}"
    assert read(body).splitlines() == STORY


def test_the_box_around_the_headline_is_read_whatever_it_is_called():
    body = f"<div class='container right-sidebar'><h1>{TITLE}</h1><div>{paragraphs(*STORY)}</div></div>"
    assert read(body + f"<div class='sidebar'>{paragraphs(OTHER, OTHER, OTHER)}</div>").splitlines() == STORY


def test_paragraphs_above_a_folded_rest_belong_to_it():
    lead = [f"{FIRST} {STORY[1]}", STORY[1]]
    rest = paragraphs(*numbered(*STORY[2:], times=4))
    folded = f"<div class='read-more'><div class='read-more-content'>{rest}</div></div>"
    body = f"<h1>{TITLE}</h1><div class='story-body'>{paragraphs(*lead)}{folded}</div>"
    assert read(body).splitlines()[:3] == [*lead, f"{STORY[2]} (0)"]


def test_an_article_that_another_follows_ends_where_it_ends():
    following = "".join(
        f"<article><h2>다른 소식</h2>{paragraphs(*numbered(OTHER, times=30))}</article>" for _ in range(3)
    )
    story = f"<article><h1>{TITLE}</h1>{paragraphs(*numbered(*STORY, times=12))}</article>"
    assert OTHER not in read(f"<main>{story}{following}</main>")


def test_an_english_page_is_no_translation_of_its_date():
    english = "The maker of cathode materials will build a plant in Garam, the city said on Wednesday, and hire 180."
    text = read(f"<h1>{TITLE}</h1><div><p>01/14/26 EDT</p>{paragraphs(*numbered(english, times=5))}</div>")
    assert text.count("cathode") == 5


def test_teasers_inside_an_article_are_no_part_of_it():
    teasers = "".join(f"<article><a href={n}>나래군 소식 {n}</a><p>{OTHER}</p></article>" for n in range(3))
    body = f"<h1>{TITLE}</h1><article>{paragraphs(*STORY)}<section><h3>관련기사</h3>{teasers}</section></article>"
    assert read(body).splitlines() == STORY


def test_the_labels_above_a_boards_text_are_no_part_of_it():
    office = "<dt>담당부서</dt><dd>투자유치과 (062-440-0000)</dd><dt>작성일</dt><dd>2026-01-14</dd>"
    body = f"<div class=view><h3>{TITLE}</h3><dl>{office}</dl><div class=text>{'<br><br>'.join(STORY)}</div></div>"
    assert read(body).splitlines() == STORY
