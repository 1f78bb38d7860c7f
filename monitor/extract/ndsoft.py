"""ND소프트: the publishing system of most local papers (``/news/articleView.html?idxno=N``)."""

from datetime import date

from monitor.extract.layout import Layout

_INSIDE = (
    ".article-writer, .article-copyright, .tag-group, .relation-article, #article-sns, .article-sytool, .emoji-btns"
)

LAYOUTS = (
    Layout(
        family="ndsoft",
        version="2",  # header.article-view-header, ul.infomation with 승인 or 입력; body class misspelt
        marks=("article-view-content-div", "article-veiw-body"),
        body=("#article-view-content-div",),
        headline=(".article-view-header .heading", ".article-head-title", "#article-view .heading", "#article-view h3"),
        published=(
            ".info-update-origin",
            ".article-view-header .infomation",
            "ul.infomation",
            ".info-text",
            ".information-container .breadcrumbs",
            ".view-info",
        ),
        byline=(".info-name", ".article-writer-name", ".infomation li:first-child", ".user-name.provider"),
        section=(".section-name", ".article-view-header .section"),
        captions="figcaption",
        drop=_INSIDE,
    ),
    Layout(
        family="ndsoft",
        version="1",  # the table of the 2010s: .arttitle, #articleBody, "승인 2011.05.03"
        marks=("articleView.html", 'id="articleBody"'),
        until=date(2020, 12, 31),
        body=("#articleBody", "#articleBody_wrap"),
        headline=(".arttitle", "#font_title", ".View_Title strong", ".View_Title"),
        published=(".View_Time", ".View_Info", ".arvdate", "#ArticleDate", "#head-info"),
        byline=(".View_Info li:first-child", ".writer"),
        drop=_INSIDE,
    ),
    Layout(
        family="ndsoft",
        version="mobile",
        marks=("articleView.html", 'id="articleBody"', "mobile"),
        body=("#articleBody",),
        headline=(".article-title", ".titles", "h1"),
        published=(".info", ".byline"),
        drop=_INSIDE,
    ),
    Layout(
        family="ndsoft",
        version="plain",  # re-skinned papers keep only the id of the body
        marks=("article-view-content-div",),
        body=("#article-view-content-div",),
        headline=(".heading", "#article-view h3", "h1"),
        published=(".infomation", ".info-text", ".article-info"),
        captions="figcaption",
        drop=_INSIDE,
    ),
)
