"""뉴스와이어 and other press-release wires: the releasing body signs, a contact block ends the text."""

from monitor.extract.layout import Layout
from monitor.model import OutletKind

LAYOUTS = (
    Layout(
        family="newswire",
        hosts=("newswire.co.kr",),
        body=("section.article_column", ".article_column", "#ct_news_body", ".release_body", "[itemprop=articleBody]"),
        headline=("h1[itemprop=headline]", ".headline h1", ".headline h2", "h1", "h2.headline"),
        published=(".release-time", ".news_date", ".date", "[itemprop=datePublished]", "time"),
        drop=".release-story, .news_tag, .release_tag, .news_relation, .companyinfo, .social",
        kind=OutletKind.RELEASE,
        original=True,
    ),
)
