"""One key for every form of an article's address.

The dangerous direction is a false "same": it loses an article. So a parameter is dropped only where a family of
Korean CMS is known to ignore it, or where it is known to track readers; everything else is kept.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from monitor.model import ArticleKey

_MOBILE = re.compile(r"\A(?:www\d?|m|mobile|amp|mw)\.(?=[^.]+\.)")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#]*", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|igshid|yclid|mc_[ce]id|_ga|_gl|ncid|cmpid|wt_mc|n_media|n_query|n_rank|nclid"
    r"|phpsessid|jsessionid|aspsessionid\w*|sessionid|ref|referer|referrer|sourcetype|source_type|input|amp|outputtype"
    r"|replyall|sc_\w+|view_type|box_idxno|dable\w*|cds|cloc|rss|pwise\w*|hd_loc|kakao_from|from_rss)",
    re.IGNORECASE,
)
# A program's way round caches: a clock reading, in seconds or finer.
_CLOCK = re.compile(r"(?:ts|t|_|time|timestamp|nocache|rnd|rand|cb)=\d{10,20}", re.IGNORECASE)
# Where in a list the reader came from; ignored only where something else names the article.
_PAGING = re.compile(
    r"(?:page|pages?(?:index|no|num|size|unit)|npage|cpage|curpage|currentpage|movepage|startpage|gotopage|p|pg|total"
    r"|recordcnt|listcount|cnt|search\w*|srch\w*|sch\w*|sort\w*|order\w*|start_?date|end_?date|period|keyword|section|site)",
    re.IGNORECASE,
)
# Numbers that name a post in a whole site, and numbers that name one within a board.
_SITE_WIDE = (
    "nttNo",
    "nttId",
    "nttSn",
    "ntatcSeq",
    "dataSid",
    "dataId",
    "articleId",
    "newsId",
    "notAncmtMgtNo",
    "B_NUM",
    "newsid",
)
_IN_BOARD = (
    *("list_no", "seq", "idx", "sno", "bbsSeq", "boardSeq", "postIdx", "wr_id", "bbs_seq", "board_seq", "articleSeq"),
    *("postSeq", "dataSeq", "pst_sn", "b_idx", "bIdx", "num"),
)
_BOARD = (
    "boardId", "bbsNo", "bbsId", "bid", "bsIdx", "bcIdx", "pBoardId", "cbIdx", "BD_CODE", "bCd", "boardUid",
    "bo_table", "pst_id", "boardNo", "bbs_id", "notiType",
)  # fmt: skip
_VIEW = re.compile(
    r"(?:selectbbsnttview|bbsnttview|boardview|boardnormalview|boardread|bbsmsgdetail|board_view|view|read|detail|board|sub)"
    r"\.(?:do|es|jsp|asp|php|web|9is|cs|[a-z]{4,12})\Z",
    re.IGNORECASE,
)
_WIRE_NUMBER = re.compile(r"(?:AKR|PYH|AEN|MYH|NISX|NISI|GYH)[\d_]{10,}|[A-Z]\d{16,}")
_DATED_NUMBER = re.compile(r"/article/(20\d{12,})\Z")
_ONE_NUMBER = re.compile(r"\A/(\d{4,})/?\Z")
_NUMBER_IN_PATH = re.compile(r"\d{4,}")
_UNRESERVED = re.compile(r"%(?:4[1-9A-Fa-f]|5[0-9Aa]|6[1-9A-Fa-f]|7[0-9Aa]|3[0-9]|2[DEde]|5[Ff]|7[Ee])")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    path: str
    pairs: tuple[tuple[str, str], ...]  # as printed, escapes unified
    fragment: str

    def first(self, name: str) -> str:
        return next((value for key, value in self.pairs if key == name), "")


def article_key(url: str) -> ArticleKey:
    """Return the canonical address of the article at *url*: host, path and what names the article.

    Scheme, ``www.``/``m.``, AMP, default port, fragment, session, tracking and, for known families, list context do not
    count; unknown parameters are kept, sorted by name. What cannot be read as an address is its own key.

    Example:
        >>> article_key("http://m.example.kr/news/articleViewAmp.html?idxno=7&page=2&sc_code=S1N4")
        'example.kr/articleView?idxno=7'
    """
    try:
        address = _read(url)
    except ValueError:
        return ArticleKey(url.strip())
    return ArticleKey(_of_family(address) or _plain(address))


def same_article(a: str, b: str) -> bool:
    """Tell whether two addresses are forms of one article's address."""
    return article_key(a) == article_key(b)


def trusted_canonical(page_url: str, candidate: str) -> bool:
    """Tell whether a page's ``canonical`` or ``og:url`` may stand for the address that was asked.

    Boards of public bodies point it at their home page, lists at their first page. It is believed only on the same
    site, and when it names an article as precisely as the asked address does.
    """
    try:
        asked, claimed = _read(page_url), _read(candidate)
    except ValueError:
        return False
    if claimed.host != asked.host or (claimed.path in {"", "/"} and not claimed.pairs):
        return False
    if article_key(page_url) == article_key(candidate):
        return True
    wanted = set(_NUMBER_IN_PATH.findall(_tail(asked)))
    return bool(wanted) and wanted <= set(_NUMBER_IN_PATH.findall(_tail(claimed)))


def _tail(address: _Address) -> str:
    return address.path + "?" + "&".join(value for _, value in address.pairs)


# ---- reading -----------------------------------------------------------------------------------


def _read(url: str) -> _Address:
    text = re.sub(r"[\t\r\n]", "", url.strip()).replace("&amp;", "&").replace("&amp;", "&").replace("\\", "/")
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        msg = "no web address"
        raise ValueError(msg)
    path, loose, query = _split_loose(parts.path, parts.query)
    pairs = tuple(
        (name, value)
        for name, value in (_pair(piece) for piece in f"{loose}&{query}".split("&") if piece)
        if not _TRACKING.fullmatch(name) and not _CLOCK.fullmatch(f"{name}={value}")
    )
    fragment = parts.fragment if parts.fragment.startswith("guid=") else ""
    return _Address(_host(parts.hostname, parts.port, parts.scheme), _path(path), pairs, fragment)


def _split_loose(path: str, query: str) -> tuple[str, str, str]:
    """``/articles/1&ref=rss``: some feeds put parameters behind a path without a question mark."""
    head, ampersand, loose = path.partition("&")
    return (head, loose, query) if ampersand and "=" in loose else (path, "", query)


def _pair(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    return _unified(name), _unified(value)


def _host(name: str, port: int | None, scheme: str) -> str:
    name = name.rstrip(".")
    with suppress(UnicodeError):  # a name that cannot be written in letters of the wire stays as printed
        name = name if name.isascii() else name.encode("idna").decode()
    usual = {"http": 80, "https": 443}[scheme]
    return _MOBILE.sub("", name.lower()) + (f":{port}" if port and port != usual else "")


def _path(path: str) -> str:
    kept: list[str] = []
    for segment in _unified(_SESSION.sub("", path)).split("/"):
        if segment == "..":
            kept = kept[:-1] or [""]
        elif segment != ".":
            kept.append(segment)
    if kept and kept[-1].lower() == "amp":
        kept.pop()
    return "/".join(kept).rstrip("/") or "/"


def _unified(text: str) -> str:
    """Escapes of plain letters are undone, others in capitals, other letters escaped as UTF-8."""
    text = _UNRESERVED.sub(lambda found: unquote(found.group()), text)
    text = _ESCAPE.sub(lambda found: found.group().upper(), text)
    return quote(text, safe="%/:@!$&'()*+,;=~-._[]|\"<>^`{}")


# ---- families ----------------------------------------------------------------------------------


def _of_family(address: _Address) -> str:
    """The id alone, where a family is known to name its articles by it; ``""`` elsewhere."""
    last = address.path.rpartition("/")[2].lower()
    if re.fullmatch(r"articleview(?:amp)?\.html?", last) and address.first("idxno"):
        return f"{address.host}/articleView?idxno={address.first('idxno')}"
    if last == "sub_read.html" and address.first("uid"):
        return f"{address.host}/{address.first('uid')}"
    if (found := _ONE_NUMBER.match(address.path)) and not _named(address):
        return f"{address.host}/{found.group(1)}"
    if last == "newsread.php" and address.first("no"):
        return f"{address.host}/newsRead.php?no={address.first('no')}"
    return _naver(address) or _wire(address) or _board(address, last)


def _named(address: _Address) -> bool:
    """Tell whether parameters that may name the article are left."""
    return any(not _PAGING.fullmatch(name) for name, _ in address.pairs)


def _naver(address: _Address) -> str:
    if not address.host.endswith("news.naver.com"):
        return ""
    if found := re.search(r"/article/(?:comment/)?(\d{3})/(\d{10})\Z", address.path):
        return f"news.naver.com/{found.group(1)}/{found.group(2)}"
    if address.first("oid") and address.first("aid"):
        return f"news.naver.com/{address.first('oid')}/{address.first('aid')}"
    return ""


def _wire(address: _Address) -> str:
    """Agency numbers (AKR…, NISX…) and stamps with a counter name an article in the whole site, under any section."""
    if dated := _DATED_NUMBER.search(address.path):
        return f"{address.host}/article/{dated.group(1)}"
    found = _WIRE_NUMBER.search(address.path) or _WIRE_NUMBER.fullmatch(address.first("id"))
    return f"{address.host}/{found.group()}" if found else ""


def _board(address: _Address, last: str) -> str:
    """A board of a public body names a post by board and number; menu and search context change with the road taken."""
    boards = [name for name in _BOARD if address.first(name)]
    numbers = _SITE_WIDE + (_IN_BOARD if boards else ())
    posts = [name for name in numbers if address.first(name).strip("0")]
    if not posts or not (_VIEW.search(last) or {"B_NUM", "newsid"} & set(posts)):
        return ""
    pairs = "&".join(f"{name}={address.first(name)}" for name in boards + posts)
    return f"{address.host}{address.path}?{pairs}"


def _plain(address: _Address) -> str:
    """Unknown sites keep every parameter, but for paging beside a number that names the article."""
    strong = bool(_NUMBER_IN_PATH.search(address.path)) or any(
        _NUMBER_IN_PATH.fullmatch(value) and not _PAGING.fullmatch(name) for name, value in address.pairs
    )
    kept = [(n, v) for n, v in address.pairs if not (strong and _PAGING.fullmatch(n))]
    query = "&".join(f"{name}={value}" for name, value in sorted(kept, key=lambda pair: pair[0]))
    return (
        address.host
        + address.path
        + (f"?{query}" if query else "")
        + (f"#{address.fragment}" if address.fragment else "")
    )
