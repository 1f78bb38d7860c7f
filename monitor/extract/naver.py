"""Portals that carry other outlets' articles: Naver and Daum."""

from monitor.extract.layout import Layout
from monitor.model import OutletKind

LAYOUTS = (
    Layout(
        family="naver",
        version="2",
        hosts=("n.news.naver.com", "m.news.naver.com", "news.naver.com"),
        marks=("dic_area", "media_end_head"),
        body=("#dic_area", ".go_trans._article_content", "#newsct_article"),
        headline=(".media_end_head_headline", "#title_area"),
        published=("._ARTICLE_DATE_TIME", ".media_end_head_info_datestamp_time"),
        byline=(".byline_s", ".media_end_head_journalist_name"),
        captions=".img_desc",
        drop=".vod_player_wrap, .end_photo_org .mask",
        kind=OutletKind.OTHER,
    ),
    Layout(
        family="naver",
        version="1",
        marks=("articleBodyContents", "articleTitle"),
        body=("#articleBodyContents",),
        headline=("#articleTitle",),
        published=(".t11", ".article_info"),
        captions=".img_desc",
        kind=OutletKind.OTHER,
    ),
    Layout(
        family="daum",
        hosts=("v.daum.net", "news.v.daum.net"),
        body=(".article_view section", ".article_view"),
        headline=("h3.tit_view", ".tit_view"),
        published=(".num_date", ".txt_info"),
        byline=(".info_view .txt_info:first-child",),
        captions=".txt_caption, figcaption",
        kind=OutletKind.OTHER,
    ),
)
