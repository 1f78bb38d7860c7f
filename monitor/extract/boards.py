"""Press boards of public bodies: one file of shapes, because a few vendors built them all.

``=제목`` is no CSS: it is the cell after the one that holds exactly this label, ``=등록일|작성일`` after either.
"""

from monitor.extract.layout import Layout
from monitor.model import OutletKind

_DATES = ("=등록일|작성일|등록일자|작성일자|게시일|보도일|배포일|날짜|일시",)


def _board(
    family: str,
    *,
    body: tuple[str, ...],
    headline: tuple[str, ...] = (),
    published: tuple[str, ...] = (),
    hosts: tuple[str, ...] = (),
    marks: tuple[str, ...] = (),
    captions: str = "",
    drop: str = "",
    join: bool = False,
) -> Layout:
    return Layout(
        family=family,
        body=body,
        headline=(*headline, "=제목"),
        published=(*published, *_DATES),
        byline=(),
        hosts=hosts,
        marks=marks,
        captions=captions,
        drop=drop + (", " if drop else "") + ".file, .add_file, .file_area, .board_btn, .btn_area, .koglSeView",
        join=join,
        kind=OutletKind.BOARD,
        original=True,
    )


LAYOUTS = (
    _board(  # 광주, 광산구: boardView.do?boardId=…&seq=N; canonical is the site's root on every page
        "board-siiru",
        marks=("board_view_body", "board_view_head"),
        body=(".board_view_body",),
        headline=(".board_view_head h6", ".board_view_head h5", ".board_view_head h4", ".board_view_head h3"),
        published=(".board_view_info",),
        captions=".view_image, .viewimg_comment",
    ),
    _board(  # 강진, 목포 and other 전남 counties: og:url is the home page, previous and next below the body
        "board-module",
        marks=("module_view_box", "text_viewbox"),
        body=(".module_view_box .text_viewbox",),
        headline=(".view_titlebox h3", ".view_titlebox h4"),
        published=(".view_titlebox dl",),
    ),
    _board(  # 나주: og:title carries the city's keywords
        "board-basic",
        marks=("board_basic_view", "view_box"),
        body=("#board_basic_view > .view_box:not(.file_area)",),
        headline=("#board_basic_view .view_title .title",),
        published=("#board_basic_view .view_title .info",),
        join=True,
    ),
    _board(  # 신안: a table whose first column names the second; the page's title has no headline
        "board-table",
        marks=("show_form", 'class="content"'),
        body=("table.show_form td.content",),
    ),
    _board(  # 담양: filled by script ids; the title is a menu path
        "board-dev",
        marks=("dev-contents", "dev-title"),
        body=(".tbl-dtlCon-area .txtItem", ".tbl-dtlCon-area"),
        headline=("#dev-title",),
        published=("#dev-regDate",),
    ),
    _board(  # 전남: the class is misspelt, <title> and og:title name the province
        "board-jeonnam",
        marks=("bbs_view_contnet",),
        body=(".bbs_view_contnet",),
        headline=(".bbs_view .view_title",),
        published=(".bbs_view .data",),
    ),
    _board(  # 경북: the title is a menu path of another page
        "board-gb",
        marks=("reportview_cont", "cont_view"),
        body=(".report_view .cont_view",),
        headline=(".reportview_cont .subject",),
        published=(".reportview_cont .classify_list",),
        drop=".nav",
    ),
    _board(  # 서울: WordPress behind one design; the printed date is of the last change
        "board-seoul",
        hosts=("news.seoul.go.kr",),
        marks=("view_ctWrap", "post_content"),
        body=("#post_content", "#view_ct"),
        headline=("#view_top h3",),
        drop="#sns_elem, .mail_box, #content_manager_info, #ratingWrapper, .preview_button, .prelisten_button",
    ),
    _board(  # 서울's archive of releases
        "board-opengov",
        hosts=("opengov.seoul.go.kr",),
        body=(".view-content-article", ".view-content"),
    ),
    _board(  # 대전: boardNormalView.do?boardId=…&ntatcSeq=N
        "board-daejeon",
        marks=("boardNormal", "board_txt"),
        body=(".board_txt",),
    ),
    _board(  # egov: selectBbsNttView.do?bbsNo=…&nttNo=N
        "board-egov",
        marks=("p-table__content",),
        body=(".p-table__content",),
        headline=(".p-table__subject_text",),
        published=(".p-author__info", ".p-split"),
    ),
    _board(  # egov: bbs/BBSMSTR_…/view.do?nttId=N
        "board-egov",
        marks=("bbs--view--content",),
        body=(".bbs--view--content", ".bbs--view--cont"),
        headline=(".bbs--view--title",),
        published=(".bbs--view--head .date", ".bbs--view--head"),
        drop=".bbs-thumb-photo",
    ),
    _board(  # 김해
        "board-substance",
        hosts=("gimhae.go.kr",),
        body=(".substance",),
        captions=".photo_area",
    ),
    _board(  # board.es?mid=…&bid=…&act=view&list_no=N
        "board-es",
        marks=("board.es", "list_no"),
        body=("table td.content", ".view_content", "table.view_table td", ".contenttext"),
    ),
    _board(  # Korea's policy briefing
        "board-korea",
        hosts=("korea.kr",),
        body=(".article_body .view_cont", ".article_body", ".view_cont"),
        headline=(".article_head h1", ".article_head h2"),
        published=(".article_head .info", ".article_head"),
    ),
)
