"""From a post's number to its address: how boards of public bodies build the links their scripts open.

A list of such a board prints ``onclick="fn_view('123')"``; the address of the post follows from the address of the
list, by family. Shapes: egov's NTT boards, ``boardList.do``, ``board.es``, ``list.<city>``, portal boards.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from monitor.sources.addresses import parameters, with_parameters

# Paging and search context of the list says nothing about the post.
_CONTEXT = re.compile(
    r"(?:page\w*|cpage|npage|movepage|recordcnt|start\w*page|search\w*|srch\w*|sch\w*|sort\w*|order\w*|listcount)",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?:javascript:)?\s*(?:return\s+)?([A-Za-z_$][\w$.]{0,60})\s*\(([^()]{0,300})\)", re.IGNORECASE)
_ARGUMENT = re.compile(r"""['"]([^'"]{0,200})['"]|(\d{1,20})|\bthis\b""")
_OPENED = re.compile(
    r"""(?:(?:window|document|self|top|parent)\.)?(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\(|open\()\s*['"]([^'"]{1,500})['"]""",
    re.IGNORECASE,
)


def opened(script: str) -> str:
    """Return the address an ``onclick`` opens by itself (``location.href='…'``); ``""`` when it calls a function."""
    found = _OPENED.search(script)
    return found.group(1) if found else ""


def called(script: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the function a link's script calls and its arguments, in order; None when it calls none."""
    found = _CALL.search(script)
    if not found:
        return None
    return found.group(1), tuple(text or number for text, number in _ARGUMENT.findall(found.group(2)))


def view_address(list_url: str, arguments: tuple[str, ...]) -> str | None:
    """Return the address of the post that *arguments* name on the board at *list_url*; None for an unknown family."""
    number = next((text for text in arguments if re.fullmatch(r"\d{1,20}|[0-9a-f]{16,40}", text)), "")
    if not number:
        return None
    url = _without_context(list_url)
    return next((made for made in (rule(url, number) for rule in _RULES) if made), None)


def _without_context(url: str) -> str:
    return with_parameters(url.partition("#")[0], **{name: "" for name in parameters(url) if _CONTEXT.fullmatch(name)})


def _swap(listing: str, view: str, post: str) -> Callable[[str, str], str | None]:
    """A rule: where the path ends in *listing* the post is at *view* with the parameter *post*."""
    pattern = re.compile(listing + r"(?=\?|\Z)", re.IGNORECASE)

    def rule(url: str, number: str) -> str | None:
        if not pattern.search(url):
            return None
        return with_parameters(pattern.sub(view, url, count=1), **{post: number})

    return rule


def _es_board(url: str, number: str) -> str | None:
    if not re.search(r"/board\.es\?", url):
        return None
    return with_parameters(url, act="view", list_no=number)


def _city_board(url: str, number: str) -> str | None:
    """``board/list.jeonbuk?boardId=…`` → ``view.jeonbuk?…&dataSid=N``; Ulsan's ``bbs/list.ulsan`` says ``dataId``."""
    found = re.search(r"/list\.([a-z0-9]{3,12})\?", url)
    if not found or found.group(1) in {"do", "jsp", "asp", "php", "htm", "html", "web"}:
        return None
    post = "dataId" if "bbsId=" in url else "dataSid"
    return with_parameters(url.replace(found.group(), f"/view.{found.group(1)}?"), **{post: number})


def _numbered(url: str, number: str) -> str | None:
    """Busan: ``/nbtnewsBU`` → ``/nbtnewsBU/N``; ``/nbgosi`` → ``/nbgosi/view?sno=N``."""
    if re.search(r"/nbgosi(?:/list)?(?=\?|\Z)", url):
        return with_parameters(re.sub(r"/nbgosi(?:/list)?(?=\?|\Z)", "/nbgosi/view", url), sno=number)
    if found := re.search(r"/nbt\w{2,20}(?=\?|\Z)", url):
        return url.replace(found.group(), f"{found.group()}/{quote(number)}")
    return None


_RULES: tuple[Callable[[str, str], str | None], ...] = (
    _swap(r"selectBbsNttList\.do", "selectBbsNttView.do", "nttNo"),
    _swap(r"boardNormalList\.do", "boardNormalView.do", "ntatcSeq"),
    _swap(r"selectBoardList\.do", "selectBoardArticle.do", "nttId"),
    _swap(r"/boardList\.do", "/boardView.do", "seq"),
    _es_board,
    _city_board,
    _numbered,
    _swap(r"/bbs/content/list\.do", "/bbs/content/view.do", "bIdx"),
    _swap(r"/post/list\.do", "/post/view.do", "postIdx"),
    _swap(r"/list\.do", "/view.do", "nttId"),
    _swap(r"/articleList\.html", "/articleView.html", "idxno"),
)
