"""The national dailies and the regional papers with a system of their own: a table of selectors."""

from datetime import date

from monitor.extract.layout import Layout
from monitor.model import OutletKind

_HANKOOK = Layout(
    family="hankookilbo",
    version="2",
    hosts=("hankookilbo.com",),
    body=("[itemprop=articleBody]", "#article-view-content", ".end-body .col-main", ".article-view"),
    headline=("h1.title",),
    published=(".wrt-text", ".end-top .info"),
    byline=(".writer .name",),
    captions=".caption",
    drop=".more-news, .edit-subscribe, .newspaper-subscribe, .more-articles, .writer, .btn-area, .no-print, "
    ".module-quote",
    headline_from_ld=True,
    kind=OutletKind.DAILY,
)


def _daily(
    host: str,
    *body: str,
    headline: tuple[str, ...] = (),
    published: tuple[str, ...] = (),
    captions: str = "",
    drop: str = "",
    kind: OutletKind = OutletKind.DAILY,
    until: date | None = None,
    version: str = "1",
) -> Layout:
    return Layout(
        family=host.partition(".")[0],
        version=version,
        hosts=(host,),
        body=body,
        headline=headline,
        published=published,
        captions=captions,
        drop=drop,
        kind=kind,
        until=until,
    )


def _paper(host: str, *body: str, headline: tuple[str, ...] = (), published: tuple[str, ...] = ()) -> Layout:
    return _daily(host, *body, headline=headline, published=published, kind=OutletKind.PAPER)


LAYOUTS = (
    _HANKOOK,
    _daily(
        "mk.co.kr",
        ".news_cnt_detail_wrap",
        "#article_body",
        ".art_txt",
        headline=("h2.news_ttl", "h1.top_title"),
        published=(".time_area .registration", ".time_area", ".lasttime"),
        captions="figcaption, .thum_figure_txt",
    ),
    _daily(
        "chosun.com",
        "#news_body_id",
        "section.article-body",
        ".article-body",
        headline=("#news_title_text_id", "h1.article-header__headline", "h1"),
        published=(".news_date", ".inputDate", ".article-dateline"),
        captions="figcaption",
    ),
    _daily("imbc.com", "div.news_txt[itemprop=articleBody]", ".news_txt", published=(".date",), captions=".caption"),
    _daily("ytn.co.kr", "#CmAdContent", published=(".date",)),
    _daily(
        "mt.co.kr", "div#textBody[itemprop=articleBody]", "#textBody", headline=("h1.subject",), published=(".info2",)
    ),
    _daily("heraldcorp.com", "article.article-body#articleText", "#articleText", published=(".news_time", ".date")),
    _daily("edaily.co.kr", "div.news_body[itemprop=articleBody]", ".news_body", published=(".dates", ".newsdate")),
    _daily("fnnews.com", "#article_content", published=(".byline em", ".view_info", ".date"), drop=".article_head"),
    _daily("seoul.co.kr", "#articleContent .viewContent", ".viewContent", published=(".writeInfo", ".v_days")),
    _daily("pressian.com", "div.article_body", published=(".date",)),
    _daily("kbs.co.kr", "#cont_newstext", ".body_txt", published=(".input-date", ".date"), captions=".cap, .caption"),
    _daily("hani.co.kr", "div.article-text", ".article-text", published=(".date-time", "[class*=dateList]")),
    _daily("nocutnews.co.kr", "#pnlContent", published=(".bl_b",)),
    _daily("asiae.co.kr", "#txt_area", published=(".user_data", ".date_box", ".dates")),
    _daily("khan.co.kr", "#articleBody", published=(".date", ".byline")),
    _daily(
        "sedaily.com",
        "div.article_view[itemprop=articleBody]",
        ".article_view",
        published=(".url_txt", ".article_info"),
    ),
    _daily("hankyung.com", "#articletxt", ".article-body", published=(".txt-date", ".datetime")),
    _daily("ajunews.com", "#articleBody", ".article_con", published=(".date",)),
    _daily("etnews.com", "#articleBody", ".article_body", published=(".date",)),
    _daily(
        "donga.com",
        "section.news_view",
        ".article_txt",
        published=(".news_info", ".title_foot"),
        drop=".subscribe, .sub_tit",
    ),
    _daily("joongang.co.kr", "#article_body", published=(".time_bx", ".byline")),
    _daily("kmib.co.kr", "#articleBody", published=(".date", ".t11")),
    _daily("segye.com", "#article_txt", published=(".viewInfo", ".data")),
    _daily("ekn.kr", "#news_body_area_contents", published=(".arvdate",)),
    # regional papers outside the ND소프트 family
    _paper("imaeil.com", "#articlebody", ".article_content", published=(".date", ".article_info")),
    _paper("kwnews.co.kr", "#articlebody", published=(".date",)),
    _paper("kyeongin.com", "#article-body", published=(".date", ".article-info")),
    _paper("busan.com", "div.article_content", published=(".byline", ".info")),
    _paper("kookje.co.kr", "div.news_article", published=(".f_news_date", ".news_reporterDate")),
    _paper("idaegu.co.kr", "div.news_text", published=(".date",)),
    _paper("gnnews.co.kr", "div.news_text", published=(".date",)),
    _paper("yeongnam.com", "div.article-news-body", published=(".article-datetime", ".date")),
    _paper("kwangju.co.kr", "#joinskmbox", published=(".read_time",), headline=(".read_title",)),
    _paper("mdilbo.com", "div.article_view", published=(".date",)),
    _paper("kjdaily.com", "div#content", published=(".read_time", ".date"), headline=(".read_title",)),
    _paper("gwangnam.co.kr", "div#content", published=(".read_time", ".date"), headline=(".read_title",)),
    _paper("joongdo.co.kr", "div#font", published=(".date", ".article-date")),
    _paper("kgnews.co.kr", "#news_body_area", published=(".arvdate",)),
    _paper("soraknews.co.kr", "td#ct", published=(".date",)),
    _paper("inews365.com", "div.article", published=(".date",)),
    _paper("jjan.kr", "div.article_txt_container", published=(".date", ".article_info")),
    _paper("sjbnews.com", "span.news_text", published=(".date",)),
    _paper("kbmaeil.com", "div.news_content", published=(".date",)),
    _paper("knnews.co.kr", "div.cont_cont", published=(".date",)),
    _paper("ihalla.com", "div.article_txt", published=(".date",)),
    _paper(
        "daejonilbo.com",
        ".m_cont",
        headline=("h2.sub_tit",),
        published=("#s_main",),
    ),
)
