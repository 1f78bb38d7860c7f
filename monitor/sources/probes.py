"""Where might a site list its articles? For ``outlets add``, which is given an address and nothing else."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.model import Page, Source, SourceKind
from monitor.sources.addresses import absolute
from monitor.sources.targets import base_address

# Ordered by how many outlets of the catalogue use them.
_FEEDS = (
    "/rss/allArticle.xml",
    "/rss",
    "/feed",
    "/rss.xml",
    "/feed.xml",
    "/rss/all.xml",
    "/rss/rss.php",
    "/rss.php",
    "/atom.xml",
)
_LISTS = ("/news/articleList.html?view_type=sm",)
_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")

_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)|application/rdf\+xml|text/xml", re.IGNORECASE)
_FEED_NAME = re.compile(r"(?:/rss(?:/|\.|$)|/feed/?$|\.rss$|rss\.xml|atom\.xml|allArticle\.xml)", re.IGNORECASE)
_FAMILIES = (
    ("ndsoft", re.compile(r"/news/article(?:View|List)\.html")),
    ("breaknews", re.compile(r"/sub_read\.html\?uid=")),
    ("newswire", re.compile(r"/newsRead\.php\?no=")),
    ("yonhap", re.compile(r"/view/AKR\d{17}")),
    ("naver", re.compile(r"news\.naver\.com/(?:mnews/)?article/")),
    (
        "board",
        re.compile(
            r"(?:selectBbsNtt(?:List|View)|board(?:Normal)?(?:List|View))\.do|/board\.es\?|/(?:list|view)\.(?:do|[a-z]{4,10})\?"
            r"|/bbs/(?:BBSMSTR_\d+|[BR]\d+)/|[?&](?:nttNo|nttId|list_no|ntatcSeq|dataSid)=",
        ),
    ),
)


def probe_urls(home: str) -> tuple[Source, ...]:
    """Return addresses worth asking on the site of *home*, the likeliest first; *home* itself as a list comes last."""
    parts = urlsplit(home if "://" in home else f"https://{home}")
    root = f"{parts.scheme}://{parts.netloc}"
    found = [Source(root + path, SourceKind.FEED) for path in _FEEDS]
    found += [Source(root + path, SourceKind.LIST) for path in _LISTS]
    found += [Source(root + path, SourceKind.SITEMAP) for path in _SITEMAPS]
    return (*found, Source(f"{root}{parts.path or '/'}{'?' + parts.query if parts.query else ''}", SourceKind.LIST))


def advertised(page: Page) -> tuple[Source, ...]:
    """Return the feeds *page* names: ``link rel=alternate`` first, then links whose address looks like a feed."""
    tree = LexborHTMLParser(page.text)
    base = base_address(tree, page)
    named = [
        node.attributes.get("href") or ""
        for node in tree.css("link[rel~=alternate][href]")
        if _FEED_TYPE.search(node.attributes.get("type") or "")
    ]
    linked = [href for node in tree.css("a[href]") if _FEED_NAME.search(href := node.attributes.get("href") or "")]
    urls = dict.fromkeys(url for href in named + linked if (url := absolute(base, href)))
    return tuple(Source(url, SourceKind.FEED) for url in urls)


def list_family(page: Page) -> str:
    """Return the family of CMS whose addresses *page* links to most, or its own address shows; ``""`` if none."""
    own = next((name for name, shape in _FAMILIES if shape.search(page.url)), "")
    counts = {name: len(shape.findall(page.text)) for name, shape in _FAMILIES}
    best = max(counts, key=lambda name: counts[name])
    return own or (best if counts[best] >= _LEAST_LINKS else "")


_LEAST_LINKS = 3  # one link to a partner's site is no family
