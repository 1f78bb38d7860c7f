"""브레이크뉴스 and the papers of its publisher: tables, EUC-KR, the body in ``div#CLtag``."""

from datetime import date

from monitor.extract.layout import Layout

LAYOUTS = (
    Layout(
        family="breaknews",
        version="2",
        marks=('id="CLtag"', "og:title"),
        body=("#CLtag",),
        headline=("h1.read_title", ".read_title", "h1"),
        published=(".writer_time", ".read_option_top", ".writer", ".date", ".read_time"),
        byline=(".writer_time .writer", ".writer"),
    ),
    Layout(
        family="breaknews",
        version="1",  # the slogan is the <title> of every page and there is no Open Graph
        hosts=("breaknews.com",),
        marks=("CLtag",),
        until=date(2014, 12, 31),
        body=("#CLtag",),
        headline=(".read_title",),
        published=(".writer_time", ".read_option_top"),
        byline=("div.writer", ".writer"),
    ),
)
