"""Is it an article at all, or an error, a login, a challenge, a list?"""

import re

from monitor.errors import NotAnArticle
from monitor.extract.document import Document
from monitor.extract.prose import Prose

_MISSING = re.compile(
    r"(?:존재하지\s?않는|삭제(?:된|되었거나)|없는|찾을 수 없는|잘못된|만료된|비공개)\s?(?:된\s?)?"
    r"(?:기사|페이지|게시물|게시글|글|문서|주소|경로|접근|요청)|"
    r"페이지를 찾을 수 없|기사를 찾을 수 없|게시물이 (?:없|존재하지|삭제)|"
    r"기사가 (?:없|존재하지|삭제)|요청하신 페이지|잘못된 (?:접근|경로|요청)|"
    r"서비스 (?:점검|이용에 불편)|시스템 점검|Page Not Found|404 Not Found|Not Found|페이지 없음|오류가 발생",
    re.IGNORECASE,
)
# Plain strings: a pattern that ignores case takes longer over 40 kB than parsing them.
_CHALLENGES = (
    "cf-chl",
    "/challenge-platform/",
    "Just a moment...",
    "Attention Required! |",
    "Checking your browser",
    "_Incapsula_Resource",
    "<title>Access Denied",
    "captcha-delivery",
    "자동입력 방지",
    "자동입력방지",
    "접근이 차단",
    "비정상적인 접근",
    "비정상적인 트래픽",
    "로봇이 아닙니다",
)
_LOGIN = re.compile(r"로그인|회원\s?전용|Sign in|Log ?in", re.IGNORECASE)
_MEMBERS = re.compile(
    r"(?:유료\s?(?:회원|구독|기사|콘텐츠)|구독자|회원|프리미엄 회원)\s?(?:전용|에게만|만 (?:볼|읽|이용)|을 위한)|"
    r"로그인\s?(?:후|하시면|하면|이 필요)|"
    r"(?:전문|전체 기사|기사 전문)[은는을를]? (?:구독|유료|로그인|회원)|남은 기사를? (?:보|읽)"
)
_ALERT = re.compile(r"alert\s*\(\s*[\"']([^\"']{2,120})[\"']\s*\)")
_BACK = re.compile(r"history\.(?:back|go)\s*\(|location(?:\.href|\.replace)?\s*[=(]")

# An error page has a sentence or two; an article that quotes "삭제된 게시물" has more.
_ERROR_LETTERS = 400
# A page whose whole source is shorter holds a script that says a word and goes back.
_SCRIPT_PAGE = 3000


def refuse_interruption(url: str, html: str) -> None:
    """Raise for what stands in the way of a page: a challenge, a script that says "gone" and leads away.

    Raises:
        NotAnArticle: with what it is.
    """
    if len(html) <= _SCRIPT_PAGE and "<p" not in html:
        said = _ALERT.search(html)
        if said is not None and _BACK.search(html):
            raise NotAnArticle(url, f"the page only says {said[1]!r}")
    if len(html) <= _CHALLENGE_PAGE and any(mark in html for mark in _CHALLENGES):
        raise NotAnArticle(url, "a challenge page")


# Challenge pages have 5 to 40 kB; newspapers mention captcha scripts in pages of any size.
_CHALLENGE_PAGE = 40_000


def refuse_other(document: Document, title: str, prose: Prose) -> None:
    """Raise when what was found is an error, a login or a list of links.

    Raises:
        NotAnArticle: with what it is.
    """
    text = " ".join(line.text for line in prose.lines)
    if prose.length <= _ERROR_LETTERS and (_MISSING.search(title) or _MISSING.search(text)):
        raise NotAnArticle(document.url, "a soft 404")
    if (
        _LOGIN.search(title) or (prose.length < _ERROR_LETTERS // 4 and _LOGIN.search(document.head.title))
    ) and document.tree.css_first("input[type=password]") is not None:
        raise NotAnArticle(document.url, "a login page")
    if prose.length <= _ERROR_LETTERS and _MEMBERS.search(text):
        raise NotAnArticle(document.url, "the body is cut: members only")
    if _is_list(prose):
        raise NotAnArticle(document.url, "a list of links")


def _is_list(prose: Prose) -> bool:
    """Whether most letters are inside links, or every few lines there is a link: titles with their leads.

    One run of prose that outweighs all other text is an article, however many titles follow it.
    """
    linked = sum(line.linked for line in prose.lines)
    titles = sum(line.link_share > _ROW_SHARE and line.linked > _MENU_ENTRY for line in prose.lines)
    if linked <= prose.length * _LIST_SHARE and (titles < _TITLES or titles * _ROW_LINES < len(prose.lines)):
        return False
    longest = _longest_run(prose)
    return longest < _RUN or longest * 2 < prose.length - linked


def _longest_run(prose: Prose) -> int:
    """Letters of the longest run of lines without a title among them."""
    longest = run = 0
    for line in prose.lines:
        run = 0 if line.link_share > _ROW_SHARE else run + len(line.text)
        longest = max(longest, run)
    return longest


# The shortest article met has 250 letters where it stands among titles; a board's legend has 130.
_RUN = 200
# Links were at most 0.31 of the letters in the bodies of 21 real articles, and at least 0.7 in lists.
_LIST_SHARE = 0.6
# A list page shows ten titles or more; related stories left in a body were at most six.
_TITLES = 10
_MENU_ENTRY = 8
# Lines to a row of a list: title, number, office, day, count, and one to spare.
_ROW_LINES = 6
# A row of a board also has a number, an office, a day and a count.
_ROW_SHARE = 0.35
