"""Text from strangers: laws and hard cases."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.notify.clean import clean, cut, mrkdwn, names_other_host, web_address

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
    ("label", "url", "lies"),
    [
        ("광주시청", "http://evil.example/", False),
        ("www.gwangju.go.kr", "http://evil.example/", True),
        ("https://www.gwangju.go.kr 안내", "https://www.gwangju.go.kr/1", False),
        ("gwangju.go.kr", "https://www.gwangju.go.kr/1", False),
        ("gwangju。go．kr", "http://evil.example/", True),
        ("2.5조원 투자", "http://a.example/", False),
        ("광주.한국 개통", "http://a.example/", True),
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
        ("http://a.example/가 나", "http://a.example/%EA%B0%80%20%EB%82%98"),
    ],
)
def test_web_address(url: str, safe: str) -> None:
    assert web_address(url) == safe
