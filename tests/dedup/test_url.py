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
    "scheme and its port": ("https://paper.kr:443/a/19", "http://paper.kr:80/a/19"),
    "without a scheme": ("paper.kr/a/19", "https://paper.kr/a/19"),
    "final dot of a host": ("https://paper.kr./a/19", "https://paper.kr/a/19"),
    "a host in Korean": ("https://신문.kr/a/19", "https://xn--z92b13l.kr/a/19"),
    "a host that cannot be written for the wire": (f"https://{'가' * 60}.kr/a/19/", f"https://{'가' * 60}.kr/a/19"),
    "steps back in the path": ("https://paper.kr/b/.././a/19", "https://paper.kr/a/19"),
    "one step back of two": ("https://paper.kr/b/c/../19", "https://paper.kr/b/19"),
    "steps out of the path": ("https://paper.kr/../../a/19", "https://paper.kr/a/19"),
    "a path that ends in amp": ("https://paper.kr/a/19/AMP", "https://paper.kr/a/19"),
    "escapes of plain letters": ("https://paper.kr/%61/%ea%b0%80", "https://paper.kr/a/가"),
    "escapes in a parameter": ("https://paper.kr/v?%69d=%ea%b0%80", "https://paper.kr/v?id=가"),
    "order of parameters": ("https://paper.kr/v?b=2&a=1", "https://paper.kr/v?a=1&b=2"),
    "doubled escapes of a feed": ("https://paper.kr/v?a=1&amp;amp;b=2", "https://paper.kr/v?a=1&b=2"),
    "paging beside a number in the path": (
        "https://paper.kr/a/12345?page=3&lang=en",
        "https://paper.kr/a/12345?lang=en",
    ),
    "paging beside a number": ("https://paper.kr/v?id=12345&page=3", "https://paper.kr/v?id=12345"),
    "one number and paging": ("https://paper.kr/1234/?page=3", "https://paper.kr/1234"),
    "newsRead of one family": (
        "https://paper.kr/news/newsRead.php?no=81&section=2",
        "https://paper.kr/newsRead.php?no=81",
    ),
    "comments of the portal": (
        "https://n.news.naver.com/article/comment/607/0000001728",
        "https://n.news.naver.com/article/607/0000001728",
    ),
    "agency number in a parameter": (
        "https://paper.kr/view?id=NISX20260101_0003000001&cID=1",
        "https://paper.kr/other?id=NISX20260101_0003000001",
    ),
    "news number of a town": ("https://town.go.kr/main?newsid=77&menu=1", "https://town.go.kr/main?menu=2&newsid=77"),
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
    "the port of the other scheme": ("https://paper.kr:80/a/19", "https://paper.kr/a/19"),
    "no article of the family": ("https://paper.kr/articleView.html?no=1", "https://paper.kr/articleView.html?no=2"),
    "no uid of the family": ("https://paper.kr/sub_read.html?no=1", "https://paper.kr/sub_read.html?no=2"),
    "another uid": ("https://paper.kr/sub_read.html?uid=1", "https://paper.kr/sub_read.html?uid=2"),
    "another no": ("https://paper.kr/newsRead.php?no=1", "https://paper.kr/newsRead.php?no=2"),
    "no number of the family": ("https://paper.kr/newsRead.php?id=1", "https://paper.kr/newsRead.php?id=2"),
    "another paper of the portal": (
        "https://n.news.naver.com/article/607/0000001728",
        "https://n.news.naver.com/article/608/0000001728",
    ),
    "another article of the portal": (
        "https://news.naver.com/main/read.naver?oid=607&aid=0000001728",
        "https://news.naver.com/main/read.naver?oid=607&aid=0000001729",
    ),
    "a paper of the portal without an article": (
        "https://news.naver.com/press?oid=607&kind=1",
        "https://news.naver.com/press?oid=607&kind=2",
    ),
    "no portal": ("https://paper.kr/v/607/x?oid=1&aid=2&k=1", "https://paper.kr/v/607/x?oid=1&aid=2&k=2"),
    "a number of zeros": ("https://city.go.kr/view.do?nttNo=0&x=1", "https://city.go.kr/view.do?nttNo=0&x=2"),
    "no view of a board": ("https://city.go.kr/search?nttNo=9&x=1", "https://city.go.kr/search?nttNo=9&x=2"),
    "another search": ("https://paper.kr/find?keyword=a", "https://paper.kr/find?keyword=b"),
    "paging is no number of an article": ("https://paper.kr/list?page=1000&p=1", "https://paper.kr/list?page=1000&p=2"),
    "one parameter, or none": ("https://paper.kr/v?a=1", "https://paper.kr/v"),
    "an ampersand in a path": ("https://paper.kr/r&d/1", "https://paper.kr/r/1"),
    "a short clock": ("https://paper.kr/a?ts=179533066", "https://paper.kr/a?ts=179533099"),
}


@pytest.mark.parametrize(("a", "b"), SAME.values(), ids=SAME.keys())
def test_forms_of_one_address(a, b):
    assert same_article(a, b)


@pytest.mark.parametrize(("a", "b"), OTHER.values(), ids=OTHER.keys())
def test_other_articles(a, b):
    assert not same_article(a, b)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.paper.kr", "paper.kr/"),
        ("http://paper.kr:8900/a?", "paper.kr:8900/a"),
        ("https://paper.kr/v?b=2&a=1&b=1", "paper.kr/v?a=1&b=2&b=1"),
        ("https://paper.kr/v?a", "paper.kr/v?a="),
        ("https://paper.kr/rss#guid=7", "paper.kr/rss#guid=7"),
        ("https://paper.kr/a#part", "paper.kr/a"),
        ("https://paper.kr/articles/1&ref=rss&lang=en?b=1", "paper.kr/articles/1?b=1&lang=en"),
        ("https://paper.kr/814370/", "paper.kr/814370"),
        ("https://paper.kr/x/articleView.htm?idxno=7", "paper.kr/articleView?idxno=7"),
        ("https://paper.kr/sub_read.html?uid=7", "paper.kr/7"),
        ("https://paper.kr/x/article/202607290803001", "paper.kr/article/202607290803001"),
        ("https://www.yna.co.kr/view/AKR20260101000100001", "yna.co.kr/AKR20260101000100001"),
        ("https://news.naver.com/read?oid=607&aid=17", "news.naver.com/607/17"),
        ("https://city.go.kr/view.do?x=1&seq=5&bbsNo=2", "city.go.kr/view.do?bbsNo=2&seq=5"),
        (" ftp://paper.kr/a ", "ftp://paper.kr/a"),
        ("http:///a", "http:///a"),
        ("http://paper.kr:x/", "http://paper.kr:x/"),
    ],
)
def test_the_key_that_is_stored(url, key):
    assert article_key(url) == key


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
        ("javascript:alert(1)", "https://paper.kr/a/19", False),
        ("https://paper.kr/", "https://paper.kr", False),
        ("https://paper.kr/?no=51234", "https://paper.kr/?no=51234&menu=1", True),
        ("https://paper.kr/a/story", "https://paper.kr/b/story", False),
        ("https://paper.kr/a/story", "https://www.paper.kr/a/story?utm_source=rss", True),
        ("https://paper.kr/view?id=51234", "https://paper.kr/view/51234", True),
        ("https://paper.kr/view?id=51234&no=61234", "https://paper.kr/view/51234", False),
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
