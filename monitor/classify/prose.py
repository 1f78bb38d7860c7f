"""The part of an article that is judged: title, lead and body without mark-up, by-lines and boilerplate."""

import html
import re
from dataclasses import dataclass

from monitor.model import Article

# Feeds escape once or twice ("&amp;middot;"), and some carry a table of mark-up before the first sentence.
_TAG = re.compile(r"<[^>]{0,600}>?")
_SPACE = re.compile(r"\s+")
# By-lines: a paper, a town and a reporter in square, lenticular or round brackets before the first sentence.
_BYLINE = re.compile(
    r"^(?:\s*(?:\[[^\]]{2,40}\]|【[^】]{2,40}】|\([^)]{1,12}=[^)]{2,12}\))\s*(?:[가-힣]{2,4}\s?(?:선임|수습)?기자\s?=?)?)+"
)
# Picture credits stand where the first sentence should: "[사진=경남도]", "▲ …".
_CREDIT = re.compile(r"\[(?:사진|그래픽|제공)[^\]]{0,40}\]|/\s?[가-힣]{2,8}\s?제공|보도자료프린트|페이지 공유하기")
_READ_AT_MOST = 6_000  # characters looked at before mark-up is dropped; a hostile body costs no more than this


@dataclass(frozen=True, slots=True)
class Prose:
    """What is read of an article, each part plain text on one line."""

    title: str
    lead: str
    body: str  # what follows the lead, up to the topic's length

    @property
    def opening(self) -> str:
        """Lead and body as one text, for patterns that cross the border between them."""
        return self.lead + self.body


def read_prose(article: Article, *, lead: int, body: int) -> Prose:
    """Return the judged part of *article*.

    Args:
        article: as extracted or as its feed gave it.
        lead: characters of the lead, counted after mark-up is dropped.
        body: characters read after the lead.
    """
    text = _plain(article.text)
    text = _BYLINE.sub("", _CREDIT.sub(" ", text)).lstrip()
    return Prose(_plain(article.title), text[:lead], text[lead : lead + body])


def _plain(text: str) -> str:
    text = text[:_READ_AT_MOST]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return _SPACE.sub(" ", text).strip()
