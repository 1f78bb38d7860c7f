"""Which lines of a body are the article, and which the paper prints below every article?"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from monitor.extract.prose import Line

# Patterns look only at lines this short: prose that mentions a subscription is no advertisement.
_SHORT = 120

_COPYRIGHT = re.compile(
    r"무단\s?(?:전재|복제|배포|사용|도용)|재배포\s?(?:및|금지)|저작권자\s?[ⓒ©(<:]"
    r"|[<\[]?\s?(?:저작권자|Copyright|COPYRIGHT)\b.{0,40}[ⓒ©]"
    r"|[ⓒ©].{0,40}(?:All rights|ALL RIGHTS|금지)|All [Rr]ights [Rr]eserved|AI\s?학습.{0,12}(?:금지|활용)"
    # the contact block of a press release
    r"|^[^.]{2,40}\s개요$|^웹사이트\s?:|^(?:언론\s?)?연락처$|^이 뉴스는 기업·기관"
)
_HEADING = re.compile(
    r"^[\[<【■◆▶▷●○☞※#*\s]*(?:이 기사와 )?(?:관련\s?(?:기사|뉴스|된 기사|키워드|태그)|"
    r"인기\s?(?:기사|뉴스)|많이\s?(?:본|읽은)|"
    r"주요\s?(?:기사|뉴스)|추천\s?(?:기사|뉴스)|(?:이 )?기자의 다른\s?기사|다른\s?기사\s?보기|"
    r"함께 (?:볼만한|보면)|최신\s?(?:기사|뉴스)|"
    r"이\s?시각|오늘의 (?:주요|핫)|핫\s?(?:뉴스|이슈|클릭)|베스트\s?(?:클릭|뉴스)|"
    r"실시간\s?(?:뉴스|랭킹|인기)|댓글|첨부\s?파일|"
    r"[A-Za-z가-힣.]{0,16}\s?(?:인기\s?뉴스|주요\s?뉴스|핫\s?뉴스|추천\s?뉴스)|"
    r"Related (?:Articles?|Stories|News)|Don't Miss|More [Ii]n|"
    r"이전\s?글|다음\s?글|이전\s?기사|다음\s?기사|공공누리|목록)(?:\s?[\]>】:]|\s|$)"
)
_PLEA = re.compile(
    r"제보를?\s?(?:기다|받|해|하)|기사\s?제보|구독\s?(?:하기|신청|해\s?주|을)|카카오톡|채널\s?추가|"
    r"네이버에서|홈페이지에서 더|후원\s?(?:하기|계좌)|"
    r"좋아요|공유하기|스크랩|글자\s?크기|URL\s?복사|주소\s?복사|기사\s?원문|원문\s?보기|바로\s?가기|본\s?저작물은|"
    r"이 기사를 공유|기사의 본문 내용은|모바일\s?(?:페이지|앱)|영상편집|친구하세요|에 접속해|"
    r"뉴스에서\s?\S{0,6}\s?만나|제보\s?(?:전화|메일|이메일)|후원해\s?주|후원으로 만들|뉴스가 됩니다|이메일\s?:\s?\S+@"
)
_SIGNATURE = re.compile(
    r"^[\s/=|\[(◇<]*(?:[가-힣A-Za-z·,=/>\s]{0,24})(?:기자|특파원|통신원|논설위원|리포터|앵커|에디터|PD)\s?[\])/|:>]*"
    r"(?:[\s,·]?[/|(<]?\s?[\w.+-]+@[\w.-]+\s?[)>\]]?){0,3}\s*$"
)
_MAIL = re.compile(r"^[\s/=|\[(<]*(?:[가-힣·,\s]{0,20})?[\w.+-]+@[\w-]+\.[\w.-]+[\s)\]>]*$")
_TRAILING_SIGNATURE = re.compile(
    r"(?<=[.”\"'’\])])\s*[/(\[]?\s?(?:[가-힣]{1,8}\s?=\s?)?[가-힣]{2,5}\s?(?:선임|수습|인턴)?기자\s*(?:[\w.+-]+@[\w.-]+)?[)\]]?\s*$"
)
_CAPTION = re.compile(
    r"^[*※\s]*[\[(<【]?\s?(?:사진\s?(?:설명|제공|출처|캡[처션]|=|:|\)|\]|있음)|사진\s*[▲△]|이미지\s?(?:제공|출처|=)|그래픽\s?[=:]|자료\s?사진|"
    r"▲\s?사진|photo\s?[:=])",
    re.IGNORECASE,
)
_PHOTO_CREDIT = re.compile(r"^[^.]{0,60}[ⓒ©/=(]\s?[^.()]{0,24}(?:제공|DB|캡처|자료)[)\s]*$")
# A line that ends in whom its picture is from, or has the mark of a caption and whom.
_CREDITED = re.compile(
    r"^(?:[▲△▼◀]\s?.{0,110}(?:[ⓒ©]|사진|제공)|[^.]{0,110}[\[(<]\s?(?:사진|이미지|그래픽|자료)\s?(?:[=:/]|제공|출처))"
    r"[^\])>]{0,30}[\])>]?\.?$"
)
_ANNEX = re.compile(r"^[\s(※*·-]*(?:별\s?첨|붙\s?임|첨\s?부|사진\s?(?:있음|별첨|첨부))\s*(?:[:)]|\d|$|사진|자료)")
_OFFICE = re.compile(r"^[\s(※*<\[]*[^.]{0,70}(?:☎|\d{2,4}[-)]\s?\d{3,4}|\d{3,4}-\d{4})[\d\s,~()-]*[)\]>]?\s*\.?$")
_POINTER = re.compile(r"^[\s\[(]*[☞▶▷→▲►■◀◆]")
_SENTENCE = re.compile(r"[다요죠까음함임됨][.!?]?[”\"'’)\]]*$|[.!?][”\"'’)\]]*$")


_STAMP_ONLY = re.compile(
    r"^(?:[가-힣·,\s]{0,12}(?:기자|특파원)[\s|/]*)?"
    r"(?:[\[(]?\s?(?:(?:기사)?(?:입력|수정|등록|승인|작성|게시|송고|배포|최종\s?수정|업데이트)\s?(?:일시?|시간|일자)?|"
    r"Written|Updated|Published)?[\s:|]*"
    r"(?:19|20)\d\d\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}[\s\d:.,오전후시분초일월화수목금토()\[\]|-]{0,24}){1,3}$"
)
_END_MARK = re.compile(r"\s*[<(\[〈]\s?끝\s?[>)\]〉]\s*\.?$")
_AD_SLOT = re.compile(r"^[\s\[(<·|-]*(?:AD|ADVERTISEMENT|Advertisement|광고|Sponsored)(?:\s?·\s?광고)?[\s\])>·|-]*$")
# What boards print around a text: who wrote it, how often it was read, what hangs on it.
_ENTRY = re.compile(
    r"^(?:작성자|등록자|게시자|글쓴이|조회수?|담당\s?(?:부서|자)|첨부(?:\s?파일)?|파일|태그|키워드|해시태그|TAGS?|Tags?)\s?[:：]"
    r"|^(?:작성자|등록자|담당부서|부서명?|작성일|등록일|연락처|전화번호|조회수?|댓글|추천)\s?\d*$|^(?:#[^\s#,]+[\s,]*)+$"
)
# No letter may be read in two ways here: a long line of such words would be tried in all of them.
_SHARING = re.compile(
    r"^(?:(?:페이스북|트위터|카카오\s?(?:톡|스토리)|네이버|밴드|블로그|라인|텔레그램|엑스|X|이메일|메일|"
    r"(?:URL|링크|주소)\s?복사|프린트|인쇄|스크랩|공유|댓글|가|글[자씨]\s?(?:크기|키우기|줄이기|크게|작게)|"
    r"좋아요|훈훈해요|슬퍼요|화나요|놀라워요|후속\s?기사\s?원해요|응원해요|기뻐요|추천해요|쏠쏠정보|흥미진진|공감백배|분석탁월|후속강추)"
    r"[+-]?(?:[\s(]?\d+\)?)?[\s·|,/]*)+$|^[^.]{0,16}더\s?보기\s?[>+]?$|^[ⓒ©]\s?[\w가-힣.]{2,20}$"
)


class Role(Enum):
    """What a line is for."""

    PROSE = auto()
    CAPTION = auto()
    SIGNATURE = auto()
    CHAFF = auto()
    END = auto()  # nothing of the article follows


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of a body by what they are for."""

    prose: tuple[str, ...]
    captions: tuple[str, ...]
    signatures: tuple[str, ...]


def sort_lines(lines: Sequence[Line], title: str) -> Sorted:
    """Keep the article's own lines; a first line that repeats *title* is left out."""
    lines = lines[:_MOST_LINES]
    times = Counter(line.text for line in lines)
    shown = [line for line in lines if times[line.text] < _REPEATED or len(line.text) > _HEADLINE]
    roles = list(_roles(shown, title))
    prose: list[str] = []
    captions: list[str] = []
    signatures: list[str] = []
    for at, (line, role) in enumerate(roles):
        if role is Role.PROSE and not (at > 1 and at + 1 < len(roles) and _labels(line, *roles[at + 1])):
            prose.append(_unsigned(line.text, signatures))
        elif role is Role.CAPTION:
            captions.append(line.text)
        elif role is Role.SIGNATURE:
            signatures.append(line.text)
    if prose and _squash(prose[0]) == _squash(title):
        del prose[0]
    return Sorted(tuple(one for one in prose if one), tuple(captions), tuple(signatures))


def _roles(lines: Sequence[Line], title: str) -> Iterator[tuple[Line, Role]]:
    """Every line with its role, up to the end of the article."""
    total = sum(len(line.text) for line in lines)
    read = 0
    below = False  # a heading of other stories was met
    labelled = False  # the line above only said "picture:"
    first = True
    for line in lines:
        read += len(line.text)
        late = read * 2 > total
        role = _role(line, late=late, below=below, first=first)
        if labelled and role is Role.PROSE:
            role = Role.CAPTION
        labelled = role is Role.CAPTION and _LABEL.match(line.text) is not None
        if role is Role.END and late:
            return
        below = below or (late and _is_heading(line))
        first = first and (role is not Role.PROSE or line.text == title)
        yield line, role


# The longest article met has 96 lines; what has more than this is a dump.
_MOST_LINES = 5000
# A short line that comes three times is the label of a gallery or of a player.
_REPEATED = 3
_HEADLINE = 60
# Alone on its line: the next one is the caption.
_LABEL = re.compile(r"^\W*(?:사진|이미지)\s?(?:설명|캡션|제공|출처)?\W*$")


def _labels(line: Line, following: Line, role: Role) -> bool:
    """Whether *line* only names the links below it, which are left out."""
    linked = role is Role.CHAFF and following.link_share > _LINKED
    return linked and len(line.text) <= _HEADING_LENGTH and _SENTENCE.search(line.text) is None


def _role(line: Line, *, late: bool, below: bool, first: bool) -> Role:
    text = line.text
    if not line.linked and _is_plain(text):
        return Role.PROSE
    if len(text) > _SHORT:
        return Role.CHAFF if below and line.link_share > _LINKED else Role.PROSE
    if _COPYRIGHT.search(text):
        return Role.END
    if _CAPTION.match(text):
        return Role.CHAFF if _ANNEX.match(text) else Role.CAPTION
    if _is_chaff(line, late=late, below=below, first=first):
        return Role.CHAFF
    if _SIGNATURE.match(text) or _MAIL.match(text):
        return Role.SIGNATURE
    if _CREDITED.match(text) or (_PHOTO_CREDIT.match(text) and not _SENTENCE.search(text)):
        return Role.CAPTION
    return Role.PROSE


# Words of which every pattern above needs one, where a line is a whole sentence that begins with a letter.
_TELLTALE = (
    "제보", "구독", "카카오", "채널", "네이버", "홈페이지", "후원", "좋아요", "공유", "스크랩", "크기", "복사",
    "원문", "바로", "저작", "무단", "재배포", "사진", "이미지", "그래픽", "자료", "photo", "Photo", "AI",
    "기자", "특파원", "친구", "접속", "모바일", "영상", "본문", "Related", "개요", "웹사이트", "제공", "DB",
    "캡처", "ⓒ", "©", "@", "☎",
)  # fmt: skip


def _is_plain(text: str) -> bool:
    """Whether a line is prose at first sight: most are, and a dozen patterns a line took a third of all reading."""
    return text.endswith("다.") and text[0].isalpha() and not any(word in text for word in _TELLTALE)


# Share of a line's letters inside links above which it points elsewhere.
_LINKED = 0.6


def _is_chaff(line: Line, *, late: bool, below: bool, first: bool) -> bool:
    text = line.text
    if _is_heading(line) or any(pattern.search(text) for pattern in _ALWAYS):
        return True
    if (late or first) and _OFFICE.match(text):
        return True
    if line.link_share > _LINKED and (below or late or first or _POINTER.match(text)):
        return True
    if below and not _SENTENCE.search(text):
        return True
    return _PLEA.search(text) is not None and (late or line.link_share > 0) and not _is_news(text)


_ALWAYS = (_ANNEX, _STAMP_ONLY, _AD_SLOT, _ENTRY, _SHARING)


def _is_heading(line: Line) -> bool:
    return len(line.text) <= _HEADING_LENGTH and _HEADING.match(line.text) is not None


# "이 기사와 관련된 기사 더 보기" and the like; a longer line is a sentence.
_HEADING_LENGTH = 30


def _is_news(text: str) -> bool:
    """Whether a line with a plea's words still tells news: a quotation, or a sentence of some length."""
    return len(text) > 60 and text.rstrip(".").endswith("다") and "제보" not in text  # noqa: PLR2004 - a full sentence


def _unsigned(text: str, signatures: list[str]) -> str:
    text = _END_MARK.sub("", text[-20:]) if len(text) <= 20 else text[:-20] + _END_MARK.sub("", text[-20:])  # noqa: PLR2004
    found = _TRAILING_SIGNATURE.search(text[-60:])
    if found is None:
        return text
    signatures.append(found.group().strip())
    return text[: len(text) - len(found.group())].rstrip()


def _squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
