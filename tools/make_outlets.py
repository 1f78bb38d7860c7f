"""Write one outlet file for each outlet of a table of facts: run once, then the files are kept by hand.

    python tools/make_outlets.py ../shared/data/outlets.csv [--feeds SPECS.csv PUBLISHERS.csv] [--into config/outlets]

A file that exists is never touched: people own it. Nothing here asks the network, so every file says
``checked = "never from here"``.
"""

import argparse
import csv
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

REGIONS = {
    "서울": "seoul", "부산": "busan", "대구": "daegu", "인천": "incheon", "광주": "gwangju", "대전": "daejeon",
    "울산": "ulsan", "세종": "sejong", "경기": "gyeonggi", "강원": "gangwon", "충북": "chungbuk", "충남": "chungnam",
    "전북": "jeonbuk", "전남": "jeonnam", "경북": "gyeongbuk", "경남": "gyeongnam", "제주": "jeju",
    "전국": "national", "전국(정부)": "government",
}  # fmt: skip
SECTION = re.compile(r"\s+(?:지역|전체|경제|속보|산업|사업확장|보도자료|RSS|보도자료 RSS)$")
WIRES = {"yna.co.kr", "newsis.com"}
RELEASES = {"newswire.co.kr"}
LAYOUTS = {"breaknews.com": "breaknews", "newswire.co.kr": "newswire", "yna.co.kr": "yonhap"}
SUFFIXES = {"시": "city", "도": "province", "구": "gu", "군": "gun", "청": ""}

# Bodies whose rows stand under another host (briefing service, office of information) belong to one outlet.
SAME_BODY = {
    "dept_busan": "busan.go.kr", "dept_daegu": "info.daegu.go.kr", "dept_chungnam": "chungnam.go.kr",
    "dept_jeonbuk": "jeonbuk.go.kr", "dept_jeonnam": "jeonnam.go.kr", "dept_gyeongnam": "gyeongnam.go.kr",
    "dept_motir": "motir.go.kr", "dept_mss": "mss.go.kr",
}  # fmt: skip
SLUGS = {
    "opengov.seoul.go.kr": "seoul-city", "info.daegu.go.kr": "daegu-city", "state.gwd.go.kr": "gangwon-province",
    "gnews.gg.go.kr": "gyeonggi-province", "gb.go.kr": "gyeongbuk-province", "motir.go.kr": "motir", "mss.go.kr": "mss",
    "korea.kr": "korea-briefing", "dream.kotra.or.kr": "kotra", "investkorea.org": "invest-korea",
    "bukgu.gwangju.kr": "gwangju-bukgu", "seogu.gwangju.kr": "gwangju-seogu", "seo.incheon.kr": "incheon-seogu",
    "icbp.go.kr": "incheon-bupyeonggu", "yeonsu.go.kr": "incheon-yeonsugu", "busanjin.go.kr": "busan-busanjingu",
    "gwangsan.go.kr": "gwangju-gwangsangu", "idaegu.co.kr": "daegu-shinmun", "ggfez.gg.go.kr": "ggfez",
    "hscity.go.kr": "hwaseong-city",
}  # fmt: skip
# Second addresses of the provinces' press boards, from other collectors; and what the seed outlets need.
MORE_LISTS = {
    "busan.go.kr": ["https://www.busan.go.kr/nbgosi"],
    "info.daegu.go.kr": ["https://www.daegu.go.kr/index.do?menu_id=00000052"],
    "daejeon.go.kr": [
        "https://www.daejeon.go.kr/drh/board/boardNormalList.do?boardId=normal_0189&menuSeq=1632",
        "https://www.daejeon.go.kr/drh/MediaList.do?pageIndex=1&notiType=NOTI_06&menuSeq=2564",
    ],
    "ulsan.go.kr": ["https://www.ulsan.go.kr/u/rep/bbs/list.ulsan?bbsId=BBS_0000000000000027"],
    "sejong.go.kr": ["https://www.sejong.go.kr/bbs/R0071/list.do"],
    "gnews.gg.go.kr": ["https://www.gg.go.kr/bbs/board.do?bsIdx=469"],
    "state.gwd.go.kr": ["https://www.provin.gangwon.kr/gw/portal/sub03_01_01"],
    "chungbuk.go.kr": ["https://www.chungbuk.go.kr/www/selectBbsNttList.do?bbsNo=3271&key=1552"],
    "jeonbuk.go.kr": ["https://www.jeonbuk.go.kr/board/list.jeonbuk?boardId=BODO_DATA"],
    "jeonnam.go.kr": ["https://www.jeonnam.go.kr/M7124/boardList.do?menuId=jeonnam0201000000"],
    "gyeongnam.go.kr": ["https://www.gyeongnam.go.kr/board/list.gyeongnam?boardId=BBS_0000057"],
    "jeju.go.kr": ["https://www.jeju.go.kr/news/bodo.htm"],
    "breaknews.com": ["https://www.breaknews.com/", "https://gj.breaknews.com/"],
}  # fmt: skip
# Not asked until a person has looked, with the reason.
DISABLED = {
    "headlinejeju.co.kr": "robots.txt disallows /rss/",
    "gsfez.go.kr": "robots.txt blocks everything",
    "gjfez.go.kr": "no answer when a collector's author asked, and no list address known",
    "ggfez.gg.go.kr": "no list address known; robots.txt answers with a web page",
    "dream.kotra.or.kr": "a page made by scripts; no feed found",
    "investkorea.org": "the address of the list is not known",
}
# Publishers of the feed lists that are foreign or have no business pages.
PASSED_OVER = {
    "aljazeera", "bbc", "cnn", "nyt", "reuters", "ddanzi", "ildaro", "ablenews", "womennews", "tongilnews",
}  # fmt: skip
# What only the compiler of the table can read: numbers of its own files, letters for its own sources.
PRIVATE = (
    (re.compile(r"\s*\((?:file )?ids? [\d, ]+\)"), ""),
    (re.compile(r"(?:\bfrom )?\bid \d{6,}"), "one collector"),
    (re.compile(r"(?:^|;\s*)seed outlet \d+(?: is [^;]*)?"), ""),
    (re.compile(r"\bA(?=: | found| listed)"), "one survey"),
    (re.compile(r"\s*\((?:AM|P|R handles it explicitly)\)"), ""),
    (re.compile(r" in any stored source| only in AI \(looks guessed\)| -> ship disabled"), ""),
)
BODIES = {
    "imbc.com": "div.news_txt[itemprop=articleBody]", "ytn.co.kr": "div#CmAdContent",
    "mt.co.kr": "div#textBody[itemprop=articleBody]", "heraldcorp.com": "article.article-body#articleText",
    "hankookilbo.com": "div.col-main[itemprop=articleBody]", "edaily.co.kr": "div.news_body[itemprop=articleBody]",
    "fnnews.com": "div#article_content", "seoul.co.kr": "div#articleContent .viewContent",
    "pressian.com": "div.article_body", "kbs.co.kr": "div#cont_newstext", "hani.co.kr": "div.article-text",
    "nocutnews.co.kr": "div#pnlContent", "asiae.co.kr": "#txt_area", "khan.co.kr": "div#articleBody",
    "sedaily.com": "div.article_view[itemprop=articleBody]", "imaeil.com": "div#articlebody[itemprop=articleBody]",
    "kyeongin.com": "div#article-body", "ekn.kr": "div#news_body_area_contents",
}  # fmt: skip


@dataclass
class Sheet:
    """One outlet file in the making."""

    region: str
    slug: str
    name: str
    kind: str
    home: str
    layout: str = ""
    feeds: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    robots: str = ""
    facts: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    body: str = ""
    disabled: str = ""


def main() -> None:
    """Write the files that do not exist yet and say how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--feeds", nargs=2, type=Path, action="append", default=[], metavar=("SPECS", "PUBLISHERS"))
    parser.add_argument("--into", type=Path, default=Path("config/outlets"))
    given = parser.parse_args()
    sheets = from_table(rows(given.table))
    for specs, publishers in given.feeds:
        sheets += from_feed_lists(rows(specs), rows(publishers), {domain(sheet.home) for sheet in sheets})
    written = sum(write(sheet, given.into) for sheet in sheets)
    print(f"{written} written, {len(sheets) - written} already there", file=sys.stderr)


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def public(text: str) -> str:
    for pattern, plain in PRIVATE:
        text = pattern.sub(plain, text)
    return text.strip(" ;")


def domain(url: str) -> str:
    return re.sub(r"^(?:www|m|news|biz|view|rss|cdn|api)\.", "", urlsplit(url).hostname or "")


# ---- the table of outlets ----------------------------------------------------------------------


def from_table(table: list[dict[str, str]]) -> list[Sheet]:
    outlets: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table:
        outlets[owner(row)].append(row)
    return [sheet_of(site, lines) for site, lines in outlets.items()]


def owner(row: dict[str, str]) -> str:
    department = re.search(r"/rss/(dept_\w+)\.xml", row["feed_url"])
    return SAME_BODY.get(department.group(1), row["domain"]) if department else row["domain"]


def sheet_of(site: str, lines: list[dict[str, str]]) -> Sheet:
    own = next((row for row in lines if row["domain"] == site), lines[0])
    region = REGIONS[own["region"].partition("·")[0]]
    name = re.sub(r"\(정책브리핑\)$", "", SECTION.sub("", SECTION.sub("", own["outlet"]))).strip()
    kind = kind_of(own, region)
    sheet = Sheet(region, slug_of(site, name, kind), name, kind, home_of(site, own), layout_of(site, own, kind))
    for row in lines:
        (sheet.feeds if row["kind"] == "rss" else sheet.lists).append(row["feed_url"])
        sheet.notes.append(public(row["note"]))
        sheet.facts.append(public(row["source_of_fact"]))
        sheet.verified.append(row["verification_in_source"])
    sheet.feeds, sheet.lists = [u for u in sheet.feeds if u], [u for u in sheet.lists if u] + MORE_LISTS.get(site, [])
    sheet.disabled = DISABLED.get(site, "")
    if not sheet.feeds and not sheet.lists:
        sheet.lists = [sheet.home + "news/articleList.html?view_type=sm" if sheet.layout == "ndsoft" else sheet.home]
    sheet.robots = "; ".join(note for note in sheet.notes if "robots" in note.lower())
    sheet.body = BODIES.get(site) or selector_of(own)
    return sheet


def kind_of(row: dict[str, str], region: str) -> str:
    if row["cms"].startswith("gov") or region == "government":
        return "board"
    if row["domain"] in WIRES:
        return "wire"
    if row["domain"] in RELEASES:
        return "release"
    if row["cms"] == "wordpress":
        return "other"
    return "daily" if region == "national" else "paper"


def layout_of(site: str, row: dict[str, str], kind: str) -> str:
    if row["cms"].startswith("ndsoft"):
        return "ndsoft"
    return LAYOUTS.get(site, "board" if kind == "board" and row["domain"] == site else "")


def selector_of(row: dict[str, str]) -> str:
    found = re.fullmatch(r"(?:own|unknown)\(((?:div|span|td|article)[.#][\w-]+)\)", row["cms"])
    return found.group(1) if found else ""


def slug_of(site: str, name: str, kind: str) -> str:
    if site in SLUGS:
        return SLUGS[site]
    label = re.sub(r"\.(?:co|go|or)?\.?(?:kr|com|net|org)$", "", site).replace(".", "-")
    suffix = SUFFIXES.get(name[-1:], "") if kind == "board" and not label.endswith("fez") else ""
    return f"{label}-{suffix}" if suffix else label


def home_of(site: str, row: dict[str, str]) -> str:
    parts = urlsplit(row["feed_url"])
    same = parts.hostname and domain(row["feed_url"]) == domain(f"//{site}")
    if same and not re.match(r"(?:cdn|rss|api|view|biz)\.", parts.hostname or ""):
        return f"{parts.scheme}://{parts.hostname}/"
    return f"https://{site}/" if site.count(".") > 2 else f"https://www.{site}/"


# ---- lists of feeds of national dailies --------------------------------------------------------


def from_feed_lists(specs: list[dict[str, str]], publishers: list[dict[str, str]], known: set[str]) -> list[Sheet]:
    sheets = []
    for publisher in publishers:
        site = domain(publisher["url"])
        feeds = [row for row in specs if row["publisher"] == publisher["name"]]
        chosen = [row["url"] for row in feeds if row["categories"] == "_all_"][:1] or [
            row["url"] for row in feeds if "economy" in row["categories"]
        ]
        if site in known or not chosen or publisher["id"] in PASSED_OVER:
            continue
        known.add(site)
        sheet = Sheet("national", publisher["id"], publisher["name"], "daily", publisher["url"].rstrip("/") + "/")
        sheet.feeds = chosen
        sheet.facts, sheet.verified = ["akngs/knews-rss: data/*.csv"], ["in use until 2022-07"]
        sheet.body = BODIES.get(site, "")
        sheets.append(sheet)
    return sheets


# ---- writing -----------------------------------------------------------------------------------


def write(sheet: Sheet, into: Path) -> bool:
    path = into / sheet.region / f"{sheet.slug}.toml"
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_toml(sheet), encoding="utf-8")
    return True


def as_toml(sheet: Sheet) -> str:
    fact = "; ".join(dict.fromkeys(sheet.facts))
    lines = {
        "name": sheet.name,
        "kind": sheet.kind,
        "home": sheet.home,
        "feeds": list(dict.fromkeys(sheet.feeds)),
        "lists": list(dict.fromkeys(sheet.lists)),
        "sitemaps": [],
        "layout": sheet.layout,
        "enabled": not sheet.disabled,
        "checked": "never from here",
        "robots": sheet.robots,
        "note": "; ".join(dict.fromkeys(note for note in [sheet.disabled, *sheet.notes] if note)),
        "fact": f"{fact} ({'; '.join(dict.fromkeys(sheet.verified))})",
    }
    text = "".join(f"{name} = {as_value(value)}\n" for name, value in lines.items() if value not in ("", []))
    return text + (f"\n[selectors]\nbody = {as_value(sheet.body)}\n" if sheet.body else "")


def as_value(value: object) -> str:
    if isinstance(value, list) and len(value) > 1:
        return "[\n" + "".join(f"  {as_value(one)},\n" for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
