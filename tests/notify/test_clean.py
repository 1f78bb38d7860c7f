"""Text from strangers: laws and hard cases."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.notify.clean import _scrubbed, clean, cut, mrkdwn, mrkdwn_within, names_other_host, web_address

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
NASTY = st.text(alphabet=st.one_of(st.sampled_from("<>&|*_~`!@#:\n\r\0 가각한" + BIDI), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("제목\r\nBcc: v@evil.example", "제목 Bcc: v@evil.example"),
        ("제목\x85끝", "제목 끝"),
        ("\u202e협약투자", "협약투자"),
        ("광\u200b주\u200c시", "광주시"),
        ("\u1112\u1161\u11ab\u1107\u1175\u11be", "한빛"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("가\u200d나", "가나"),
        ("제목\u3000전각", "제목 전각"),
        ("ㅤ", ""),
        ("e\u0301\u0301\u0301\u0301\u0301\u0301", "é\u0301\u0301\u0301"),
    ],
)
def test_clean(told: str, shown: str) -> None:
    assert clean(told) == shown


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("<!channel> 긴급", "&lt;!channel&gt; 긴급"),
        ("A & B < C", "A &amp; B &lt; C"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("*굵게* _기울임_ ~취소~ `코드`", "∗굵게∗ ＿기울임＿ ∼취소∼ ˋ코드ˋ"),
        ("3~5일, 10~15일", "3~5일, 10~15일"),
        ("http://evil.example/login 확인", "evil.example/login 확인"),
    ],
)
def test_mrkdwn(told: str, shown: str) -> None:
    assert mrkdwn(told) == shown


@settings(deadline=None)
@given(NASTY)
def test_shown_text_mentions_links_and_turns_nothing(told: str) -> None:
    shown = mrkdwn(told)

    assert not set(shown) & set("<>\0\n\r" + BIDI)
    assert "://" not in shown or shown.count("://") <= told.count("://") - 0
    assert unicodedata.is_normalized("NFC", clean(told))


@settings(deadline=None)
@given(NASTY)
@example("0 \ud800 0")
def test_clean_is_idempotent(told: str) -> None:
    assert clean(clean(told)) == clean(told)


@settings(deadline=None)
@given(
    st.text(alphabet="가나\u0301\u200d\U0001f468\U0001f467\U0001f1f0\U0001f1f7\U0001f3fd", max_size=30),
    st.integers(2, 20),
)
def test_a_cut_never_passes_the_limit_nor_ends_in_half_a_grapheme(told: str, limit: int) -> None:
    shown = cut(told, limit)

    assert len(shown) <= limit
    if shown != told:
        kept = shown[:-1]
        assert not kept.endswith("\u200d")
        assert not told[len(kept) :].startswith(("\u0301", "\u200d", "\U0001f3fd")) or not kept


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        pytest.param("가나다", 3, "가나다", id="as long as it may be"),
        pytest.param("가나다", 2, "가…", id="one too long"),
        pytest.param("가나다라", 3, "가나…", id="the last one before the dots stays"),
        pytest.param("가나 다라", 4, "가나…", id="no space before the dots"),
        pytest.param("가e\u0301나다", 3, "가…", id="an accent stays with its letter"),
        pytest.param("가e\u0301나다", 4, "가e\u0301…", id="a whole letter with its accent stays"),
        pytest.param("가\u20dd나다", 2, "…", id="an enclosing mark"),
        pytest.param("क\u093e나다", 2, "…", id="a spacing mark"),
        pytest.param("가\U0001f468\u200d\U0001f467나", 3, "가…", id="before a joiner"),
        pytest.param("가\U0001f468\u200d\U0001f467나", 4, "가…", id="after a joiner"),
        pytest.param("가\U0001f44d\U0001f3fb나", 3, "가…", id="the lightest skin"),
        pytest.param("가\U0001f44d\U0001f3ff나", 3, "가…", id="the darkest skin"),
        pytest.param("가\U0001f44d\U0001f3fa나", 3, "가\U0001f44d…", id="an emoji just before the skins"),
        pytest.param("가\U0001f44d\U0001f400나", 3, "가\U0001f44d…", id="an emoji just after the skins"),
        pytest.param("\u1112\u1161\u11ab", 2, "…", id="conjoining vowel"),
        pytest.param("가\u1112\u1160나", 3, "가…", id="the first vowel"),
        pytest.param("가\u1112\u11ff나", 3, "가…", id="the last tail"),
        pytest.param("가\u1112\u115f나", 3, "가\u1112…", id="a leading consonant begins anew"),
        pytest.param("가\u1112\u1200나", 3, "가\u1112…", id="just after the last tail"),
        pytest.param("가\U0001f1e6\U0001f1ff나", 3, "가…", id="a flag of the first and the last letter"),
        pytest.param("가\U0001f1ff\U0001f1e6나", 3, "가…", id="a flag of the last and the first letter"),
        pytest.param("가\U0001f1e6\U0001f200나", 3, "가\U0001f1e6…", id="half a flag and another sign"),
        pytest.param("가\U0001f1e5\U0001f1e6나", 3, "가\U0001f1e5…", id="another sign and half a flag"),
        pytest.param("e\u0301\u0301\u0301\u0301", 3, "…", id="nothing but one letter"),
        pytest.param("가가e\u0301\u0301\u0301", 4, "가가…", id="two steps back"),
    ],
)
def test_cut(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        pytest.param("A&B", 7, "A&amp;B", id="exactly as long as it may be"),
        pytest.param("A&B", 6, "A…", id="an escape is dropped whole"),
        pytest.param("가&나&다&라&마바사아자차카타파하", 24, "가&amp;나&amp;다&amp;라…", id="as much as fits"),
        pytest.param("&" * 40, 20, "&amp;" * 3 + "…", id="nothing but escapes"),
        pytest.param("&" * 200, 24, "&amp;" * 4 + "…", id="far too long"),
        pytest.param("&" * 200 + "가" * 200, 400, "&amp;" * 79 + "…", id="escapes before words"),
        pytest.param("가" * 60 + "&" * 9, 70, "가" * 60 + "&amp;…", id="words before escapes"),
    ],
)
def test_mrkdwn_within(text: str, limit: int, shown: str) -> None:
    assert mrkdwn_within(text, limit) == shown


@pytest.mark.parametrize(
    ("label", "url", "lies"),
    [
        ("광주시청", "http://evil.example/", False),
        ("www.gwangju.go.kr", "http://evil.example/", True),
        ("https://www.gwangju.go.kr 안내", "https://www.gwangju.go.kr/1", False),
        ("gwangju.go.kr", "https://www.gwangju.go.kr/1", False),
        ("gwangju。go．kr", "http://evil.example/", True),
        ("2.5조원 투자", "http://a.example/", False),
        ("광주.한국 개통", "http://a.example/", True),
        ("a.example 안내", "http://b.example/", True),
        ("b.example 안내", "http://a.example/", True),
        ("a.example, evil.example", "http://a.example/", True),
    ],
)
def test_names_other_host(label: str, url: str, lies: bool) -> None:
    assert names_other_host(label, url) is lies


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/b?c=1&d=2", "https://a.example/b?c=1&d=2"),
        ("http://a.example/|x>y<z", "http://a.example/%7Cx%3Ey%3Cz"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("http://[", ""),
        ("http://a.example:0/", ""),
        ("http://a.example:1/", "http://a.example:1/"),
        ("http://a.example/가 나", "http://a.example/%EA%B0%80%20%EB%82%98"),
    ],
)
def test_web_address(url: str, safe: str) -> None:
    assert web_address(url) == safe


ODD = st.sampled_from("가힣 a\u1100\u1161\u3164\u0301\u0323\u200d\ufe0f\u00a0\u00ad")


@given(st.text(st.one_of(st.characters(), ODD), max_size=30))
def test_the_short_way_for_ordinary_text_says_the_same(text: str) -> None:
    assert clean(text) == _scrubbed(text)
