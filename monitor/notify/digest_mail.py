"""The morning digest: one page that is read in a minute on a phone.

Titles, links and extracted facts; no body text of any paper. One table, styles inlined, no images: bars are cells.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import css_inline
import jinja2

from monitor.model import Stage, Story, StoryId
from monitor.notify.clean import clean, cut, names_other_host, web_address
from monitor.notify.digest_radar import Lookback, RadarPart, radar_part
from monitor.notify.digest_words import DigestWords, digest_words
from monitor.notify.lines import gist, lead_deal, printed, size
from monitor.notify.words import GLYPHS, Words, clock_time, short_place, words

MOST_BYTES = 90_000
"""Gmail clips a mail near 102 kB; the rest is for the envelope."""
MOST_STORIES = 40
SHOWN_WHEN_MORE = 25
TITLE_LENGTH = 120
URL_LENGTH = 400
BAR_WIDTH = 144
"""Pixels of the longest bar: with its label it fits a phone of 390."""
BARS = 8

PALETTE = {
    "page": "#f4f5f7", "paper": "#ffffff", "ink": "#1f2328", "dim": "#57606a", "link": "#0b57d0", "line": "#d0d7de",
    "dark_paper": "#161b22", "dark_page": "#0d1117", "dark_ink": "#e6edf3", "dark_dim": "#aab4bf",
    "dark_link": "#79b8ff", "dark_line": "#30363d", "chip_ink": "#ffffff",
}  # fmt: skip
"""Every pair that stands on each other has a contrast of 4.5:1 or more, light and dark (tests/notify)."""
CHIPS = {
    Stage.TALKS: "#57606a", Stage.PLAN: "#6639ba", Stage.MOU: "#7d4e00", Stage.AGREEMENT: "#7d4e00",
    Stage.CONTRACT: "#116329", Stage.BUILD: "#0550ae", Stage.CHANGED: "#953800", Stage.CANCELLED: "#24292f",
    None: "#57606a",
}  # fmt: skip

_FIRM = (Stage.CONTRACT, Stage.BUILD)
_SIGNED = (Stage.MOU, Stage.AGREEMENT)
_ENDED = (Stage.CHANGED, Stage.CANCELLED)
_FALLEN = 3
_ACTIVE = re.compile(r"(?i)(\bon\w+\s*)=|(javascript)\s*:")
_TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True, slots=True)
class Briefing:
    """What one digest tells: the stories of a period, and how well the sources were watched.

    ``moved`` are known deals that came to another stage; ``days`` is how many days a digest after a break covers.
    ``detail`` and ``dislike`` give the address of a story's page and of its one-press feedback, ``""`` for none.
    """

    day: dt.date
    since: datetime
    until: datetime
    stories: tuple[Story, ...]
    moved: tuple[Story, ...] = ()
    checked: int = 0
    failing: int = 0
    language: str = "ko"
    unsubscribe: str = ""
    settings: str = ""
    lookback: Lookback | None = None
    detail: Callable[[StoryId], str] | None = None
    dislike: Callable[[StoryId], str] | None = None

    @property
    def days(self) -> int:
        """Whole days that the period spans, at least one."""
        return max(1, round((self.until - self.since).total_seconds() / 86_400))


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest ready to be put into a letter."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Row:
    chip: str
    colour: str
    glyph: str
    place: str
    amount: str
    title: str
    url: str
    link: str  # "" when the title is the link, else the label beside it
    fact: str
    source: str
    detail: str
    dislike: str


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    rows: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class _Bar:
    place: str
    count: int
    width: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The digest as the templates see it."""

    subject: str
    preheader: str
    period: str
    sections: tuple[_Section, ...]
    bars: tuple[_Bar, ...]
    radar: RadarPart | None
    rest: str
    watched: str


def render_digest(briefing: Briefing) -> RenderedDigest:
    """Return the digest as subject, text and HTML; at most 40 stories and 90 kB.

    More than 40, or too large a mail: the 25 that matter most by stage and amount, the rest counted by region.
    """
    say, fixed = words(briefing.language), digest_words(briefing.language)
    shown = _most_important(briefing.stories, MOST_STORIES)
    while True:
        sheet = _sheet(briefing, shown, say, fixed)
        html = _html(sheet, briefing, fixed)
        if len(html.encode()) <= MOST_BYTES or len(shown) <= 1:
            break
        shown = _most_important(shown, len(shown) * 3 // 4)
    text = _TEMPLATES.get_template("digest.txt.j2").render(sheet=sheet, briefing=briefing, say=fixed)
    return RenderedDigest(sheet.subject, text, html)


def _most_important(stories: Sequence[Story], most: int) -> tuple[Story, ...]:
    if len(stories) <= most:
        return tuple(stories)
    best = sorted(stories, key=_weight, reverse=True)[: min(most, SHOWN_WHEN_MORE)]
    return tuple(story for story in stories if story in best)


def _weight(story: Story) -> tuple[int, float]:
    deal = lead_deal(story)
    return (_group(story) in {0, 1}) * 2 + (deal is not None), size(story)


def _group(story: Story) -> int:
    """Return the section of a story: 0 contracts, 1 signed, 2 talks and plans, 3 changes."""
    deal = lead_deal(story)
    stage = deal.stage if deal else None
    return 0 if stage in _FIRM else 1 if stage in _SIGNED else 3 if stage in _ENDED else 2


def _sheet(briefing: Briefing, shown: Sequence[Story], say: Words, fixed: DigestWords) -> _Sheet:
    counts = Counter(map(_group, briefing.stories))
    preheader = fixed.numbers.format(
        firm=counts[0], signed=counts[1], talks=counts[2], moved=counts[3] + len(briefing.moved)
    )
    groups = [[story for story in shown if _group(story) == group] for group in range(4)]
    groups[3] += [story for story in briefing.moved[:SHOWN_WHEN_MORE] if story not in groups[3]]
    ordered = [sorted(group, key=size, reverse=True) for group in groups]
    sections = tuple(
        _Section(f"{title} {fixed.count.format(n=len(group))}", tuple(_row(one, briefing, say) for one in group))
        for title, group in zip(fixed.sections, ordered, strict=True)
        if group
    )
    return _Sheet(
        subject=subject(briefing, say, fixed),
        preheader=preheader,
        period=fixed.period.format(since=clock_time(briefing.since), until=clock_time(briefing.until)),
        sections=sections,
        bars=_bars(briefing.stories, say),
        radar=radar_part(briefing.lookback, briefing.detail, say, fixed) if briefing.lookback else None,
        rest=_rest(briefing.stories, shown, say, fixed),
        watched=fixed.watched.format(checked=briefing.checked, failing=briefing.failing),
    )


def subject(briefing: Briefing, say: Words, fixed: DigestWords) -> str:
    """Return the subject, different each day: ``[투자·MOU] 11/23(월) 신규 12건 · 최대 광주 1조 2,000억원``."""
    day = f"{briefing.day.month}/{briefing.day.day}({fixed.weekdays[briefing.day.weekday()]})"
    merged = fixed.merged.format(n=briefing.days) if briefing.days > 1 else ""
    new = fixed.new.format(n=len(briefing.stories))
    head = " ".join(part for part in (fixed.mark, day, merged, new) if part)
    if not briefing.stories:
        return f"{head} · {fixed.seen.format(n=briefing.checked)}"
    largest = max(briefing.stories, key=lambda story: (_group(story) != _FALLEN, size(story)))
    deal = lead_deal(largest)
    if deal is None or deal.amount is None:
        return head
    amount = printed(deal.amount) if say.language == "ko" else say.money(deal.amount)
    return f"{head} · {fixed.largest} {cut(gist(largest, say).place.split(' ')[0], 12)} {cut(clean(amount), 24)}"


def _row(story: Story, briefing: Briefing, say: Words) -> _Row:
    line, deal = gist(story, say), lead_deal(story)
    title, url = cut(clean(story.title), TITLE_LENGTH) or "·", web_address(story.url)
    url = url if len(url) <= URL_LENGTH else ""
    amount = line.amount
    if deal and deal.amount:
        amount = cut(clean(printed(deal.amount) if say.language == "ko" else say.money(deal.amount)), 40)
    return _Row(
        chip=line.word,
        colour=CHIPS[line.stage],
        glyph=GLYPHS[line.stage],
        place=cut(line.place, 30),
        amount=amount,
        title=title,
        url=url,
        link=say.read if url and names_other_host(title, url) else "",
        fact=_fact(story, say),
        source=_source(story, say),
        detail=briefing.detail(story.id) if briefing.detail else "",
        dislike=briefing.dislike(story.id) if briefing.dislike else "",
    )


def _fact(story: Story, say: Words) -> str:
    """Return one line of extracted facts; words are set beside each other, so no particle can be wrong."""
    line, deal = gist(story, say), lead_deal(story)
    pieces = [line.firm]
    if deal:
        pieces += [clean(site) for site in deal.site[:1]]
        pieces += [f"{say.jobs} {say.people.format(n=f'{deal.jobs:,}')}"] if deal.jobs else []
        pieces += [f"{say.partner} {cut(clean(name), 30)}" for name in deal.authorities[:2]]
    return cut(" · ".join(piece for piece in pieces if piece), 140)


def _source(story: Story, say: Words) -> str:
    outlets = {telling.outlet for telling in story.tellings}
    at = clock_time(story.lead.published_at or story.first_at)
    pieces = [cut(clean(story.lead.outlet_name or story.lead.outlet), 30), at]
    pieces += [say.more.format(n=len(outlets) - 1)] if len(outlets) > 1 else []
    pieces += [say.release] if any(telling.is_release for telling in story.tellings) else []
    return " · ".join(piece for piece in pieces if piece)


def _by_place(stories: Sequence[Story], say: Words) -> list[tuple[str, int]]:
    counts = Counter(
        say.spot(sido) for story in stories for sido in dict.fromkeys(one for deal in story.deals for one in deal.sido)
    )
    return [(cut(clean(short_place(place)), 12), count) for place, count in counts.most_common()]


def _bars(stories: Sequence[Story], say: Words) -> tuple[_Bar, ...]:
    counts = _by_place(stories, say)[:BARS]
    most = counts[0][1] if counts else 1
    return tuple(_Bar(place, count, max(4, BAR_WIDTH * count // most)) for place, count in counts)


def _rest(stories: Sequence[Story], shown: Sequence[Story], say: Words, fixed: DigestWords) -> str:
    left = [story for story in stories if story not in shown]
    if not left:
        return ""
    places = " · ".join(f"{place} {count}" for place, count in _by_place(left, say)[:BARS])
    return " ".join(part for part in (fixed.rest.format(n=len(left)), places) if part)


def _html(sheet: _Sheet, briefing: Briefing, fixed: DigestWords) -> str:
    template = _TEMPLATES.get_template("digest.html.j2")
    page = template.render(sheet=sheet, briefing=briefing, say=fixed, colours=PALETTE)
    return _defused(_INLINER.inline(page))


def _defused(html: str) -> str:
    """Return HTML whose text holds nothing that looks like a script, for filters that do not parse.

    ``onload=`` in a title is harmless text, but a mail filter that only searches refuses the whole letter.
    """
    pieces = _TAG.split(html)
    for at in range(0, len(pieces), 2):
        pieces[at] = _ACTIVE.sub(lambda found: f"{found[1]}&#61;" if found[1] else f"{found[2]}&#58;", pieces[at])
    return "".join(pieces)


_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_INLINER = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
