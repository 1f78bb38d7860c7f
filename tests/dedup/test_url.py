import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup import article_key, same_article, trusted_canonical

SAME = {
    "family ignores list context": (
        "https://www.paper.kr/news/articleView.html?idxno=700&page=3&total=90&sc_code=S1N4&replyAll=1",
        "http://m.paper.kr/news/articleViewAmp.html?idxno=700&amp;utm_source=rss",
    ),
    "two forms of one CMS": ("https://gj.paper.kr/814370", "http://gj.paper.kr/sub_read.html?uid=814370&section=sc4"),
    "parameters without a question mark": (
        "https://paper.kr/articles/210&amp;ref=rss",
        "https://paper.kr/articles/210",
    ),
    "board and number name a post": (
        "https://city.go.kr/board/boardNormalView.do?ntatcSeq=9&menuSeq=1632&boardId=normal_0189",
        "https://city.go.kr/board/boardNormalView.do?boardId=normal_0189&ntatcSeq=9&menuSeq=6825&pageIndex=4",
    ),
    "menu and search of a board": (
        "https://www.city.go.kr/www/selectBbsNttView.do?key=429&bbsNo=65&nttNo=31&searchCnd=all&pageIndex=2",
        "https://www.city.go.kr/www/selectBbsNttView.do?bbsNo=65&nttNo=31",
    ),
    "a count of posts beside a post": (
        "https://prov.go.kr/Main/page.do?mnu_uid=6792&BD_CODE=bodo&B_NUM=506274201&V_NUM=13418",
        "https://prov.go.kr/Main/page.do?mnu_uid=6792&BD_CODE=bodo&B_NUM=506274201&V_NUM=13419&Start=10",
    ),
    "one number under two sections": (
        "https://paper.kr/politics/assembly/article/202607290803001",
        "https://paper.kr/politics/article/202607290803001",
    ),
    "agency number": (
        "https://www.yna.co.kr/view/AKR20260101000100001?section=local",
        "https://m.yna.co.kr/view/AKR20260101000100001",
    ),
    "portal of two hosts": (
        "https://n.news.naver.com/mnews/article/607/0000001728",
        "https://news.naver.com/main/read.naver?oid=607&aid=0000001728",
    ),
    "a clock against caches": ("https://paper.kr/a/19?ts=1795330666136258156", "https://paper.kr/a/19?ts=1795330999"),
    "session in the path": ("https://city.go.kr/view.do;jsessionid=AB12?nttId=5", "https://city.go.kr/view.do?nttId=5"),
    "closing slash": ("https://paper.kr/2026/11/story/", "https://paper.kr/2026/11/story"),
    "line break in a feed": ("https://paper.kr/a\n/19", "https://paper.kr/a/19"),
}
OTHER = {
    "a category beside a weak number": (
        "https://city.go.kr/view.do?seq=5&cate=1",
        "https://city.go.kr/view.do?seq=5&cate=2",
    ),
    "another number": (
        "https://paper.kr/news/articleView.html?idxno=700",
        "https://paper.kr/news/articleView.html?idxno=70",
    ),
    "another edition": ("https://gj.paper.kr/814370", "https://paper.kr/814370"),
    "another board": (
        "https://city.go.kr/boardView.do?boardId=A&seq=5",
        "https://city.go.kr/boardView.do?boardId=B&seq=5",
    ),
    "two numbers, one differs": ("https://city.go.kr/view.do?idx=3&seq=5", "https://city.go.kr/view.do?idx=4&seq=5"),
    "unknown parameter": ("https://paper.kr/a?kind=x", "https://paper.kr/a?kind=y"),
    "page of a list": ("https://paper.kr/list?page=1", "https://paper.kr/list?page=2"),
    "a number that is no article's": ("https://paper.kr/1234?lang=en", "https://paper.kr/1234"),
    "another port": ("http://127.0.0.1:8900/article/1", "http://127.0.0.1:8901/article/1"),
    "entries without address": ("https://paper.kr/rss#guid=1", "https://paper.kr/rss#guid=2"),
    "case of the path": ("https://paper.kr/A/1", "https://paper.kr/a/1"),
}


@pytest.mark.parametrize(("a", "b"), SAME.values(), ids=SAME.keys())
def test_forms_of_one_address(a, b):
    assert same_article(a, b)


@pytest.mark.parametrize(("a", "b"), OTHER.values(), ids=OTHER.keys())
def test_other_articles(a, b):
    assert not same_article(a, b)


def test_names_that_look_like_characters_stay():
    assert "section2=sc7" in article_key("https://paper.kr/v?id=ab&section2=sc7&copy=1")


@pytest.mark.parametrize(
    ("page", "candidate", "trusted"),
    [
        (
            "https://m.paper.kr/news/articleView.html?idxno=7000",
            "https://paper.kr/news/articleView.html?idxno=7000",
            True,
        ),
        ("https://city.go.kr/boardView.do?boardId=A&seq=51234", "https://city.go.kr/", False),
        ("https://city.go.kr/boardView.do?boardId=A&seq=51234", "https://city.go.kr/boardList.do?boardId=A", False),
        (
            "https://city.go.kr/boardView.do?boardId=A&seq=51234",
            "https://other.go.kr/boardView.do?boardId=A&seq=51234",
            False,
        ),
        ("https://paper.kr/economy/91234?from=x", "https://paper.kr/news/91234", True),
        ("https://paper.kr/a/19", "javascript:alert(1)", False),
    ],
)
def test_a_canonical_address_is_believed_only_when_it_names_the_article(page, candidate, trusted):
    assert trusted_canonical(page, candidate) is trusted


@given(st.text(max_size=120))
def test_any_text_has_a_key(text):
    assert isinstance(article_key(text), str)


@given(st.from_regex(r"https?://[a-z]{1,8}\.kr/[a-z0-9/]{0,20}(\?[a-z]{1,5}=[a-z0-9%]{0,8})?", fullmatch=True))
def test_a_key_is_its_own_key(url):
    key = article_key(url)
    assert article_key(key) == key
