"""연합뉴스 and the other news agencies."""

from monitor.extract.layout import Layout
from monitor.model import OutletKind

LAYOUTS = (
    Layout(
        family="yonhap",
        hosts=("yna.co.kr", "yonhapnews.co.kr"),
        body=("article.story-news", ".story-news.article", "#articleWrap .article", ".article-txt"),
        headline=("h1.tit01", "h1.tit", ".title-article01 .tit", "h1"),
        published=(".update-time", ".txt-time", ".article-time", "#newsUpdateTime01"),
        byline=(".tit-name", ".writer-zone01 .tit-name", ".name-zone .tit"),
        captions=".txt-desc, .desc-con",
        drop=".writer-zone01, .txt-copyright, .related-zone, .comp-box, .aside-box, .tit-sub, .link-info",
        kind=OutletKind.WIRE,
    ),
    Layout(
        family="newsis",
        hosts=("newsis.com",),
        body=("article .viewer article", "#content .viewer", ".viewer", "#textBody", "#articleBody"),
        headline=("h1.tit.title_area", ".title_area", "h1"),
        published=(".infoLine .txt", ".date", ".infoLine"),
        byline=(".infoLine .byline", ".byline"),
        captions=".photojournal, .thumCont .desc",
        drop=".summury, .summary_view, .article_journal, .journalist",
        kind=OutletKind.WIRE,
    ),
    Layout(
        family="news1",
        hosts=("news1.kr",),
        body=("#articleBodyContent", "#articles_detail", ".detail.sa_area"),
        headline=("h1.article-h1", "h1"),
        published=(".article-time", ".info"),
        captions="figcaption, .photo_description",
        kind=OutletKind.WIRE,
    ),
)
