"""A story as one Slack message: header, facts, title, context, buttons.

Budgets are far below Slack's own, because its client library checks neither the number of blocks nor the whole size:
at most 8 blocks and 4,000 characters. Facts are rich text, which has no markup to escape and whose bold needs no
asterisks (a Korean particle right after ``*bold*`` prints them).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from monitor.clock import KST
from monitor.model import Deal, Part, Story
from monitor.notify.clean import clean, cut, mrkdwn, mrkdwn_within, names_other_host, web_address
from monitor.notify.lines import Gist, gist, lead_deal, lock_screen
from monitor.notify.message import Message
from monitor.notify.words import GLYPHS, Words, clock_time, words

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

MOST_CHARACTERS = 4_000
HEADER_LENGTH = 60
TITLE_LENGTH = 280
LINE_LENGTH = 150
SHOWN_DEALS = 12
"""Deals and shares named in one message; a release with more names the rest by number."""
ADDRESS_LENGTH = 1_000
LISTED_TITLE = 45
LISTED_ADDRESS = 110
SECTION_LENGTH = 2_900
"""Slack takes 3,000 in a section."""


def story_blocks(message: Message, *, has_buttons: bool = True, earlier: str = "") -> list[Json]:
    """Return the blocks of a message about one story, within the budgets; a webhook's message has no buttons.

    ``earlier`` is the address of the message that told the deal's earlier stage.
    """
    story, say = message.stories[0], words(message.language)
    line = gist(story, say, message.stage)
    head = _header(line)
    shown: list[Json] = [head, _facts(story, message, say), _title(story, say), _context(story, message, say, earlier)]
    if has_buttons:
        shown.append(_buttons(story, say))
    return [block for block in shown if block]


def dismissed_blocks(message: Message) -> list[Json]:
    """Return one grey line and a way back, for a story that a reader has called irrelevant."""
    story, say = message.stories[0], words(message.language)
    shown = f"{say.dismissed} · {cut(clean(story.title), LINE_LENGTH)}"
    line: Json = {"type": "context", "elements": [{"type": "plain_text", "text": shown, "emoji": False}]}
    undo: Json = {
        "type": "actions",
        "block_id": f"verdict|{story.id}"[:255],
        "elements": [button("undo", say.undo, story)],
    }
    return [line, undo]


def joined_blocks(message: Message) -> list[Json]:
    """Return one grey line for a story that is told above already: a reader has joined the two."""
    story, say = message.stories[0], words(message.language)
    shown = f"{say.joined} · {cut(clean(story.title), LINE_LENGTH)}"
    return [{"type": "context", "elements": [{"type": "plain_text", "text": shown, "emoji": False}]}]


def fallback(message: Message) -> str:
    """Return the text of a notification, which also stands alone where blocks are not shown."""
    say = words(message.language)
    if message.kind == "list":
        return mrkdwn(cut(list_head(message) + ": " + ", ".join(_firm(story, say) for story in message.stories), 300))
    if not message.stories:
        return mrkdwn_within(message.text, MOST_CHARACTERS)
    shown = mrkdwn(cut(lock_screen(gist(message.stories[0], say, message.stage)), 300))
    return f"{mrkdwn(say.repeat)} · {shown}" if message.repeat else shown


def plain(message: Message) -> str:
    """Return the whole message as one text, for a channel that refuses or does not know blocks."""
    say = words(message.language)
    if message.kind == "list":
        return fitting([mrkdwn(list_head(message)), *list_lines(message, say, linked=message.brief < 1)])
    if not message.stories:
        return fallback(message)
    story = message.stories[0]
    lines = [fallback(message), *map(mrkdwn, _deal_lines(story, say)), link(story.url, story.title, say)]
    lines.append(mrkdwn(" · ".join(_sources(story, say))))
    return fitting(lines)


def fitting(lines: Sequence[str]) -> str:
    """Return as many whole lines as the budget takes: a link cut in half is no link."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > MOST_CHARACTERS:
            break
        kept.append(line)
    return "\n".join(kept)


def _firm(story: Story, say: Words) -> str:
    line = gist(story, say)
    return line.firm or line.title


def list_head(message: Message) -> str:
    """Return the first line of a list message."""
    say = words(message.language)
    head = say.backlog if message.waiting else say.burst
    shown = message.text or head.format(n=message.waiting or len(message.stories))
    return f"{say.repeat} · {shown}" if message.repeat else shown


def list_lines(message: Message, say: Words, *, linked: bool = True) -> list[str]:
    """Return one escaped line for each story: stage, place, firm, amount, title."""
    return [_list_line(story, say, linked=linked) for story in message.stories]


def _list_line(story: Story, say: Words, *, linked: bool) -> str:
    line = gist(story, say)
    named = (line.word, cut(line.place, 20), cut(line.firm, 40), line.amount)
    head = f"{line.glyph} " + " · ".join(part for part in named if part)
    title = cut(line.title, LISTED_TITLE)
    is_short = len(web_address(story.url)) <= LISTED_ADDRESS
    return f"{mrkdwn(head)} — " + (link(story.url, title, say) if linked and is_short else mrkdwn(title))


def listing(stories: Sequence[Story], language: str, head: str) -> str:
    """Return stories as linked lines of Slack text below a first line, as many as one message holds."""
    say = words(language)
    return fitting([mrkdwn(head), *(_list_line(story, say, linked=True) for story in stories)])


def list_blocks(message: Message) -> list[Json]:
    """Return a header and as few sections as the lines need (a section holds 3,000 characters)."""
    say = words(message.language)
    blocks: list[Json] = [{"type": "header", "text": _plain_text(cut(clean(list_head(message)), HEADER_LENGTH))}]
    page: list[str] = []
    for line in list_lines(message, say):
        if sum(map(len, page)) + len(page) + len(line) > SECTION_LENGTH:
            blocks.append(section("\n".join(page)))
            page = []
        page.append(line)
    return [*blocks, section("\n".join(page))]


def _plain_text(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def section(text: str) -> Json:
    """Return a block of mrkdwn whose links and names Slack does not guess."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _header(line: Gist) -> Json:
    named = [part for part in (line.word, line.place, line.firm or line.title) if part]
    text = f"{line.glyph} " + " · ".join(named)
    if line.amount:
        text = cut(text, HEADER_LENGTH - len(line.amount) - 3) + f" — {line.amount}"
    return {"type": "header", "text": _plain_text(cut(text, HEADER_LENGTH))}


def _facts(story: Story, message: Message, say: Words) -> Json:
    """Return labelled facts of the deal, one line for each share of a bundle, and what has changed."""
    deal = lead_deal(story, message.stage)
    pairs = list(_labelled(deal, say)) if deal else []
    lines = _deal_lines(story, say)
    elements: list[Json] = []
    for label, value in pairs:
        elements += [_run(label, bold=True), _run(f"  {value}\n")]
    elements += [_run(f"• {line}\n") for line in lines]
    if message.repeat:
        elements.append(_run(f"{say.repeat}\n"))
    if not elements:
        return None
    _strip_last(elements)
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _strip_last(elements: list[Json]) -> None:
    last = elements[-1]
    if isinstance(last, dict):
        last["text"] = str(last["text"]).rstrip("\n")


def _run(text: str, *, bold: bool = False) -> dict[str, Json]:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _labelled(deal: Deal, say: Words) -> Iterator[tuple[str, str]]:
    if firms := _names(deal.companies, 8):
        yield say.firm, firms
    if where := " ".join(dict.fromkeys(filter(None, map(clean, (*deal.sido, *deal.sigungu))))):
        yield say.place, cut(where, LINE_LENGTH)
    yield say.amount, cut(clean(say.money(deal.amount)), 60) if deal.amount else say.undisclosed
    if deal.jobs:
        yield say.jobs, say.people.format(n=f"{deal.jobs:,}")
    if site := _names(deal.site, 3):
        yield say.site, site
    if partners := _names(deal.authorities, 5):
        yield say.partner, partners


def _names(names: tuple[str, ...], most: int) -> str:
    shown = [cut(name, 40) for name in map(clean, names[:most]) if name]
    return cut(" · ".join(shown), LINE_LENGTH)


def _deal_lines(story: Story, say: Words) -> list[str]:
    """Return a line for each deal of a story with several, and for each share of a bundle."""
    parts = [part for deal in story.deals for part in deal.parts]
    lines = [_part_line(part, say) for part in parts]
    if not lines and len(story.deals) > 1:
        lines = [_deal_line(deal, say) for deal in story.deals]
    shown = lines[:SHOWN_DEALS]
    if len(lines) > SHOWN_DEALS:
        shown.append(say.others.format(n=len(lines) - SHOWN_DEALS))
    return shown


def _part_line(part: Part, say: Words) -> str:
    amount = clean(say.money(part.amount)) if part.amount else ""
    jobs = say.people.format(n=f"{part.jobs:,}") if part.jobs else ""
    named = (clean(part.company), amount, jobs, clean(part.sigungu))
    return cut(" · ".join(piece for piece in named if piece), LINE_LENGTH)


def _deal_line(deal: Deal, say: Words) -> str:
    amount = clean(say.money(deal.amount)) if deal.amount else say.undisclosed
    named = (f"{GLYPHS[deal.stage]} {say.stage(deal.stage)}", _names(deal.companies, 3), amount)
    return cut(" · ".join(piece for piece in named if piece), LINE_LENGTH)


def link(url: str, title: str, say: Words) -> str:
    """Return a link whose label never names another host, or the bare title when the address is unusable."""
    address, label = web_address(url), mrkdwn(cut(clean(title), TITLE_LENGTH))
    if not address or len(address) > ADDRESS_LENGTH:
        return label
    shown = address.replace("&", "&amp;")
    if not label or names_other_host(clean(title), address):
        return f"{label} (<{shown}|{say.read}>)".strip()
    return f"<{shown}|{label.replace('|', '∣')}>"


def _title(story: Story, say: Words) -> Json:
    text = link(story.url, story.title, say)
    return section(text) if text else None


def _sources(story: Story, say: Words) -> list[str]:
    """Return who told it, when, how many others, and whether a public body released it."""
    outlets = dict.fromkeys(telling.outlet_name or telling.outlet for telling in story.tellings)
    pieces = [cut(clean(story.lead.outlet_name or story.lead.outlet), 40)]
    pieces.append(_when(story.lead.published_at or story.first_at))
    if len(outlets) > 1:
        pieces.append(say.more.format(n=len(outlets) - 1))
    if any(telling.is_release for telling in story.tellings):
        pieces.append(say.release)
    return [piece for piece in pieces if piece]


def _when(at: datetime) -> str:
    return clock_time(at)


def _context(story: Story, message: Message, say: Words, earlier: str) -> Json:
    """Return the small print; the time is shown in the reader's own zone, with Korean time as its fallback."""
    at = story.lead.published_at or story.first_at
    stamp = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at.astimezone(KST):%Y-%m-%d %H:%M} KST>"
    pieces = [stamp if piece == _when(at) else mrkdwn(piece) for piece in _sources(story, say)]
    pieces += [mrkdwn(cut(clean(change), LINE_LENGTH)) for change in story.changes[-3:]]
    if message.earlier:
        address = web_address(earlier).replace("&", "&amp;")
        pieces.append(f"<{address}|{say.earlier}>" if address else say.earlier)
    element: Json = {"type": "mrkdwn", "text": " · ".join(pieces), "verbatim": True}
    return {"type": "context", "elements": [element]}


_ACTIONS = {
    "ko": ("같은 소식이 또 왔음", "단계가 틀림", "이 기업 음소거"),
    "en": ("Same story again", "Wrong stage", "Mute this company"),
}


def _buttons(story: Story, say: Words) -> Json:
    """Return what a reader may press; each value is ``verdict|story``."""
    same, stage, mute = _ACTIONS[say.language]
    options: list[Json] = [
        {"text": _plain_text(label), "value": f"{verdict}|{story.id}"[:150]}
        for verdict, label in (("same", same), ("stage", stage), ("mute", mute))
    ]
    pressed: list[Json] = [button("useful", say.useful, story), button("irrelevant", say.useless, story)]
    overflow: Json = {"type": "overflow", "action_id": "verdict:more", "options": options}
    return {"type": "actions", "block_id": f"verdict|{story.id}"[:255], "elements": [*pressed, overflow]}


def button(verdict: str, label: str, story: Story) -> dict[str, Json]:
    """Return a button that says ``verdict`` of a story; its value is ``verdict|story``."""
    text: Json = {"type": "plain_text", "text": label, "emoji": True}
    return {"type": "button", "action_id": f"verdict:{verdict}", "text": text, "value": f"{verdict}|{story.id}"[:2000]}
