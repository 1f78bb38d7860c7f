import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import NotAList
from monitor.model import Page, Source, SourceKind
from monitor.sources import FUTURE, NO_ADDRESS, UNUSABLE, discover, parse_feed, parse_tolerantly

from .conftest import NOW, outlet, page

ENTRY = "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><pubDate>{date}</pubDate></item>"


def rss(*entries: str, head: str = "") -> str:
    return f"{head}<rss version='2.0'><channel><title>시험</title>{''.join(entries)}</channel></rss>"


def entry(title="나래시, 드론 공장 유치", link="https://paper.example.kr/a/1", guid="1", date="2026-11-20 09:30:00"):
    return ENTRY.format(title=title, link=link, guid=guid, date=date)


def one(text: str):
    (link,) = parse_feed(page(text))
    return link


def test_a_stamp_without_zone_is_korean_time():
    assert one(rss(entry(date="2026-11-20 09:30:00"))).published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "instant"),
    [
        ("Fri, 20 Nov 2026 09:30:00 +0900", datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
        ("Fri,20 Nov 2026 9:30:5 GMT+9", datetime(2026, 11, 20, 0, 30, 5, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 00:30:00 GMT", datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
        ("2026-11-20T09:30:00+09:00", datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
        ("2026-11-20T00:30:00Z", datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
        ("3시간 전", datetime(2026, 11, 22, 0, 0, tzinfo=UTC)),
    ],
)
def test_stamps_of_feeds(printed, instant):
    assert one(rss(entry(date=printed))).published_at == instant


@pytest.mark.parametrize("printed", ["2026-13-45 99:00:00", "어느 날", "0000-00-00 00:00:00", "1970-01-01 00:00:00"])
def test_an_unusable_stamp_is_flagged_and_the_entry_kept(printed):
    link = one(rss(entry(date=printed)))
    assert (link.published_at, link.flags) == (NOW, (UNUSABLE,))


def test_a_future_stamp_becomes_the_moment_it_was_seen():
    link = one(rss(entry(date="2026-11-25 09:00:00")))
    assert (link.published_at, link.flags) == (NOW, (FUTURE,))


def test_a_clock_a_little_ahead_is_forgiven_in_silence():
    link = one(rss(entry(date=(NOW + timedelta(minutes=5)).isoformat())))
    assert (link.published_at, link.flags) == (NOW, ())


def test_first_publication_beats_revision():
    text = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>가람시 협약</title>"
        "<link rel='self' href='/api/1'/><link rel='alternate' type='text/html' href='/news/1'/>"
        "<updated>2026-11-21T10:00:00+09:00</updated><published>2026-11-20T10:00:00+09:00</published></entry></feed>"
    )
    link = one(text)
    assert link.url == "https://paper.example.kr/news/1"
    assert link.published_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("R&D 특구 & 투자&nbsp;유치", "R&D 특구 & 투자 유치"),
        ("투자\x0b유치 \x08협약", "투자유치 협약"),
        ("<![CDATA[ &quot;반도체&quot; 공장 & 협약 ]]>", '"반도체" 공장 & 협약'),
        ("&lt;단독&gt; 나래시 유치전", "<단독> 나래시 유치전"),
        ("&lt;b&gt;나래시&lt;/b&gt; 유치전", "나래시 유치전"),
        ("[공지] 나래시 공장 유치 새글", "나래시 공장 유치"),
    ],
)
def test_headlines_are_mended(printed, read):
    assert one(rss(entry(title=printed))).title == read


def test_churning_and_shared_guids_do_not_decide_identity():
    first = parse_feed(page(rss(entry(guid="poll1-a"), entry(link="https://paper.example.kr/a/2", guid="same"))))
    again = parse_feed(page(rss(entry(guid="poll2-z"), entry(link="https://paper.example.kr/a/2", guid="same"))))
    assert [link.url for link in first] == [link.url for link in again]
    shared = parse_feed(page(rss(*(entry(link=f"https://paper.example.kr/a/{n}", guid="same") for n in range(5)))))
    assert len(shared) == 5


def test_an_entry_without_address_keeps_its_words():
    link = one(rss("<item><title>제목만 있는 글</title><guid>77</guid></item>"))
    assert link.title == "제목만 있는 글"
    assert link.url.endswith("#guid=77")
    assert link.flags == (NO_ADDRESS,)


def test_a_permalink_guid_stands_for_a_missing_link():
    assert one(rss("<item><title>글</title><guid>https://paper.example.kr/a/5</guid></item>")).url.endswith("/a/5")
    hidden = "<item><title>글</title><guid isPermaLink='false'>https://paper.example.kr/a/5</guid></item>"
    assert one(rss(hidden)).flags == (NO_ADDRESS,)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (
            "/news/articleView.html?idxno=3&amp;section=sc1",
            "https://paper.example.kr/news/articleView.html?idxno=3&section=sc1",
        ),
        ("https://paper.example.kr/a\n/7", "https://paper.example.kr/a/7"),
        ("https://paper.example.kr/a/7#comments", "https://paper.example.kr/a/7"),
    ],
)
def test_addresses_are_made_absolute(link, url):
    assert one(rss(entry(link=link))).url == url


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://paper.example.kr/1"])
def test_other_schemes_are_no_addresses(link):
    assert one(rss(entry(link=link))).flags == (NO_ADDRESS,)


def test_json_feed():
    entries = [{"url": "https://p.example.kr/9", "title": "푸른시 착공", "date_published": "2026-11-20T09:00:00+09:00"}]
    link = one(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries}))
    assert (link.title, link.published_at) == ("푸른시 착공", datetime(2026, 11, 20, 0, 0, tzinfo=UTC))


def test_xml_of_a_vocabulary_of_its_own():
    rows = "".join(
        f"<row><subject>가람군 소식 {n}</subject><linkUrl>/v/{n}</linkUrl><regDate>20261119</regDate></row>"
        for n in range(2)
    )
    found = parse_feed(page(f"<response><body><rows>{rows}</rows></body></response>"))
    assert [(link.title, link.url[-4:]) for link in found] == [("가람군 소식 0", "/v/0"), ("가람군 소식 1", "/v/1")]
    assert found[0].published_at == datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


def test_a_board_that_answers_in_json():
    rows = [
        {"nttSj": f"가람군 소식 {n}", "detailUrl": f"/view.do?nttId={n}", "regDate": "2026-11-19"} for n in range(3)
    ]
    text = json.dumps({"code": 0, "paging": [{"page": 1}], "data": {"total": 3, "list": rows}})
    found = discover(
        Source("https://p.example.kr/api", SourceKind.LIST), outlet(), page(text, "https://p.example.kr/api")
    )
    assert [link.url for link in found] == [f"https://p.example.kr/view.do?nttId={n}" for n in range(3)]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><title>로그인</title><body>로그인이 필요합니다</body></html>",
        "<html><body>점검 중</body></html>",
        "{}",
        "{broken",
        '{"items": [{"title": "no address"}]}',
        "[" * 100_000,
        "plain words",
        "<note>hello</note>",
        "",
        "   ",
    ],
)
def test_what_is_no_feed_is_never_an_empty_list(text):
    with pytest.raises(NotAList):
        discover(Source("https://paper.example.kr/rss", SourceKind.FEED), outlet(), page(text))


def test_an_honest_empty_feed_is_empty():
    assert parse_feed(page(rss())) == ()


def test_entities_are_never_expanded():
    bomb = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '" + "&a;" * 10 + "'><!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    link = one(rss(entry(title="&b;&x;"), head=bomb))
    assert link.title == "&b;&x;"


@pytest.mark.parametrize(
    "piece", ["<![CDATA[", "<script>", "&a", "<!--", "<!DOCTYPE x [", "<item>", "]]>", "<item><title>"]
)
def test_a_repeated_piece_costs_no_more_than_its_length(piece):
    with suppress(NotAList):
        parse_feed(page(rss(entry(title=piece * 300), "<description>" + piece * 30_000)))


def test_a_hostile_element_does_not_stop_the_feed():
    text = "<rss><channel " + " ".join(f"a{n}='1'" for n in range(20_000)) + ">" + entry() + "</channel></rss>"
    assert one(text).title == "나래시, 드론 공장 유치"


def test_an_element_that_feedparser_stumbles_over_costs_no_more_than_its_feed():
    chapters = '<item><psc:chapters></item><item><psc:chapter start="1"/></item>'  # the second item has no list
    broken = f'<rss version="2.0" xmlns:psc="http://podlove.org/simple-chapters"><channel>{chapters}'.encode()
    with pytest.raises(KeyError):
        feedparser.parse(BytesIO(broken))
    assert parse_tolerantly(broken, {})["entries"] == []


def test_a_deep_feed_is_refused_or_read_but_ends():
    with suppress(NotAList):
        parse_feed(page(rss("<a>" * 5000)))


@given(st.text(max_size=300))
def test_any_text_gives_links_or_not_a_list(text):
    try:
        links = discover(
            Source("https://p.example.kr/r", SourceKind.FEED),
            outlet(),
            Page("https://p.example.kr/r", "", 200, text, NOW),
        )
    except NotAList:
        return
    assert isinstance(links, tuple)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=80))
def test_any_title_survives_without_control_characters(title):
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    link = one(rss(entry(title=escaped)))
    assert not any(ord(letter) < 32 for letter in link.title)
