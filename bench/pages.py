"""Invented papers for the bench: the golden pages' markup, other prose in it, and as much around it as real pages have.

The prose is made of words that no paper printed; the markup is that of ``tests/outlets``, which keeps the shape of the
sites it was taken from.
"""

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

GOLDEN = Path(__file__).parent.parent / "tests" / "outlets"
PRINTED_AT = datetime(2026, 1, 20, 3, tzinfo=UTC)
SMALLEST, LARGEST = 60_000, 180_000  # bytes of a page; Korean regional sites send this much
LETTERS = 1_500  # of a body
PARENT_SHARE = 4  # one article in so many is told again by another paper
_SENTENCE = re.compile(r">([^<>{}]*다\.[^<>{}]*)<")
_SYLLABLES = (
    "가나다라마바사아자차카타하고노도로모보소오조호구누두루무부수우주기니디리미비시이지강남동림문별솔온달빛한울"
)
_TOWNS = ("가람시", "나래군", "두레시", "한결군", "새빛구", "솔뫼시", "온누리군", "미르시")
_DEAL = (
    "{town}는 {day}일 시청에서 {firm}과 {sum}억원 규모의 투자협약을 체결했다고 밝혔다.",
    "{firm}은 {year}년까지 {town} {word}산단 {area}㎡ 부지에 {word} 공장을 새로 짓고 {jobs}명을 고용할 계획이다.",
    "{firm} {name} 대표는 “{word} 사업의 기반을 {town}에서 다지겠다”고 말했다.",
    "{town}는 인허가와 {word} 기반 시설을 지원하기로 했다.",
)
_OTHER = (
    "{town}가 {day}일 {word} 축제를 열고 {jobs}명의 주민과 함께 {word} 거리를 걸었다.",
    "{name} 씨는 “{word} 덕분에 {word}을 다시 찾게 됐다”고 말했다.",
    "{word} 도서관은 {year}년부터 {word} 강좌 {jobs}개를 무료로 운영한다.",
    "주민들은 {word} 하천의 {word} 정비가 늦어지고 있다며 대책을 요구했다.",
    "{town} {word}면에서는 {word} 수확이 한창이며 올해 작황은 지난해보다 나은 것으로 알려졌다.",
    "{name} 교육장은 {word} 학교를 찾아 {word} 수업을 참관하고 교사들의 의견을 들었다.",
)


@dataclass(frozen=True)
class Printed:
    """One article on its page; ``path`` is what the server answers to, with the query."""

    outlet: int
    path: str
    title: str
    html: bytes


@dataclass(frozen=True)
class Mould:
    """A golden page without its prose."""

    path: str
    layout: str
    title: str
    html: str


def moulds() -> tuple[Mould, ...]:
    """The golden pages that carry their body as ordinary markup (not those whose body is in a script)."""
    found = []
    for expected in sorted(GOLDEN.glob("*/*/expected.toml")):
        if expected.parent.name.endswith("-streamed"):  # its body is in a script
            continue
        wanted = tomllib.loads(expected.read_text(encoding="utf-8"))
        html = (expected.parent / "article.html").read_bytes().decode("utf-8", "replace")
        parts = urlsplit(wanted["url"])
        if (
            html.count(wanted["title"])
            and len(_SENTENCE.findall(html)) > 1
            and any(map(str.isdigit, parts.path)) | (parts.query != "")
        ):
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            found.append(Mould(path, wanted["layout"], wanted["title"], html))
    return tuple(found)


def printed(count: int, *, seed: int = 1) -> list[Printed]:
    """Return *count* pages, spread over all moulds; two thirds are no investment news, one in four a retelling."""
    chance, shapes = random.Random(seed), moulds()
    told: list[tuple[str, list[str]]] = []
    pages = []
    for number in range(count):
        if told and number % PARENT_SHARE == PARENT_SHARE - 1:
            title, sentences = told[-2]
            sentences = [sentence for sentence in sentences if chance.random() > 0.15]
        else:
            title, sentences = tell(chance, is_deal=number % 3 == 0)
        told.append((title, sentences))
        which = number % len(shapes)
        pages.append(
            Printed(which, address(shapes[which].path, number), title, press(shapes[which], title, sentences, chance))
        )
    return pages


def tell(chance: random.Random, *, is_deal: bool, letters: int = LETTERS) -> tuple[str, list[str]]:
    """Return an invented headline and sentences."""
    town, firm = chance.choice(_TOWNS), word(chance) + chance.choice(("정밀", "소재", "바이오", "에너지"))
    forms, sentences, length = [*_DEAL] if is_deal else [], list[str](), 0
    while length < letters:
        form = forms.pop(0) if forms else chance.choice(_OTHER)
        while "{word}" in form:
            form = form.replace("{word}", word(chance), 1)
        filled = {"town": town, "firm": firm, "name": word(chance), "day": chance.randrange(1, 29)}
        filled |= {"year": chance.randrange(2026, 2031), "jobs": chance.randrange(15, 640)}
        filled |= {"sum": f"{chance.randrange(60, 4900):,}", "area": f"{chance.randrange(8, 90)},000"}
        sentences.append(form.format(**filled))
        length += len(sentences[-1]) + 1
    head = (
        f"{town}, {firm}과 투자협약 체결…{word(chance)} 공장 유치"
        if is_deal
        else f"{town} {word(chance)} {word(chance)} 소식"
    )
    return head, sentences


def word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3))))


def address(path: str, number: int) -> str:
    """Count the last number of *path* on."""
    runs = list(re.finditer(r"\d+", path))
    start, end = runs[-1].span() if runs else (len(path), len(path))
    return f"{path[:start]}{int(path[start:end] or 0) + number + 1:0{end - start}d}{path[end:]}"


def press(mould: Mould, title: str, sentences: list[str], chance: random.Random) -> bytes:
    """Put the prose into the mould and lay menus, lists, styles and scripts around it."""
    html = mould.html.replace(mould.title, title)
    places = len(_SENTENCE.findall(html))
    share = max(1, len(sentences) // places + 1)
    parts = iter([" ".join(sentences[at : at + share]) for at in range(0, len(sentences), share)])
    html = _SENTENCE.sub(lambda found: f">{next(parts, found.group(1))}<", html)
    size = chance.randrange(SMALLEST, LARGEST)
    surround = _surroundings(size - len(html.encode()), chance)
    close = html.rfind("</body>")
    close = close if close >= 0 else len(html)
    return (html[:close] + surround + html[close:]).encode()


def _surroundings(size: int, chance: random.Random) -> str:
    return "".join(_blocks(size, chance))


def _blocks(size: int, chance: random.Random) -> Iterator[str]:
    """Two fifths styles and scripts, the rest menus and teaser lists, as on the sites that were measured."""
    while size > 0:
        kind = chance.randrange(5)
        if kind == 0:
            block = (
                "<style>"
                + "".join(f".w{n}-{chance.randrange(999)}{{margin:{n}px 0 auto;color:#333}}" for n in range(60))
                + "</style>"
            )
        elif kind == 1:
            block = (
                "<script>var q=["
                + ",".join(f'{{"i":{n},"k":"{chance.getrandbits(64):x}","v":true}}' for n in range(60))
                + "];</script>"
            )
        else:
            block = (
                '<div class="side-box"><ul class="side-list">'
                + "".join(_teaser(chance) for _ in range(12))
                + "</ul></div>"
            )
        size -= len(block.encode())
        yield block


def _teaser(chance: random.Random) -> str:
    number = chance.randrange(10**6)
    head = " ".join(word(chance) for _ in range(6))
    return (
        f'<li class="side-item" data-n="{number}"><a href="/side/{number}" class="side-link"><span class="thumb">'
        f'<img src="/thumb/{number}.jpg" alt="" width="120" height="80"></span><strong>{head}</strong></a></li>'
    )


def feed(base: str, pages: list[Printed], *, size: int = 0, seed: int = 1) -> bytes:
    """An RSS feed of *pages*; with *size* the entries carry descriptions until the feed has about so many bytes."""
    chance = random.Random(seed)
    each = max(0, size // max(1, len(pages)) - 420)
    entries = []
    for number, page in enumerate(pages):
        told = " ".join(tell(chance, is_deal=False, letters=each // 3)[1]) if each else ""
        entries.append(
            f"<item><title><![CDATA[{page.title}]]></title><link>{base}{page.path.replace('&', '&amp;')}</link>"
            f'<guid isPermaLink="false">{number}</guid><author>기자 {word(chance)}</author>'
            f"<category>{word(chance)}</category>"
            f"<description><![CDATA[<p>{told}</p>]]></description><pubDate>{format_datetime(PRINTED_AT)}</pubDate></item>"
        )
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>새벽신문</title>'
    return (head + f"<link>{base}/</link><description>-</description>" + "".join(entries) + "</channel></rss>").encode()
