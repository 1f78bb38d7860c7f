"""Ordinary pages stay in the loop, hostile shapes do not; hiding does not help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import looks_safe

PAGE = (
    "<div class='a'><ul>"
    + "<li><a href='/view?no=1'>제목</a><br><img src=x><span>2026-03-02</span>" * 900
    + "</ul></div>"
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PAGE,
        PAGE.upper(),
        "<table>" + "<tr><td>1<td>2" * 900 + "</table>",
        "<select>" + "<option>x</option>" * 500 + "</select>",
        '<?xml version="1.0"?><rss>' + "<item><title>t</title><category/><link>l</link></item>" * 200 + "</rss>",
        "<svg>" + "<path d='M0'/>" * 500 + "</svg>",
        f"<img src='data:image/png;base64,{'ab/d' * 10_000}'>",
        "<script>" + "if (a<b) { x('</div>'); }" * 1000 + "</script>",
        "<div><p><b class='a'>제목</b> <strong>x</strong></p></div>" * 900,
        "<div><p><b><u>제목</u></b></p></div>" * 900,
    ],
)
def test_ordinary(text):
    assert looks_safe(text)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 3000,
        "<DIV>" * 3000,
        "<li>가</li>" * 5000,
        "<div>" * 3000 + "</div>" * 3000,
        "<b><i>" * 1500,
        "<select>" + "<option>x" * 5000,
        "<a " + " ".join(f"a{n}=1" for n in range(4000)) + ">",
        "<a" + "".join(f"/a{n}" for n in range(4000)),
        "<a " + "".join(f'a{n}="1"' for n in range(4000)) + ">",
        '<div title="</div>">' * 3000,
        "<div><!-- </div> -->" * 3000,
        "<div><script></div></script>" * 3000,
        "<div><script></title></div></script>" * 3000,
        "<div><table></div></table>" * 3000,
        '<div x"><div x">' * 2000,
        '<div a=b="></div>"></div x="' * 3000,
        "<p>" + "<font size=1>" * 250 + "</p>" + "<p>x</p>" * 1000,
        "<p>" + "<font size=1>" * 250 + "</p>" + "<p>x</p>" * 1000 + "</font>" * 250,
        "<div>" + "<i x='></i>'>" * 200 + "</div>" + "<b>x</b><p>" * 1000,
        "<div>" * 1200
        + "</div>" * 1200
        + "<p>"
        + "<B>" * 90
        + "<table><tr><td>"
        + "</B>" * 90
        + "</table></p>"
        + "<p>x" * 999,
        "x" * 700_000,
        "<p>" * 40_000,
    ],
)
def test_hostile(text):
    assert not looks_safe(text)


@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<!--", "-->", '"', "'", "<script>", "</script>", "<a ", "=", ">", "x"]),
        max_size=800,
    )
)
def test_no_text_breaks_it(pieces):
    assert isinstance(looks_safe("".join(pieces)), bool)
