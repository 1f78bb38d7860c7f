"""A reader pressed a button: their word is kept and acted upon, the message shows that it was heard.

Messages are redrawn by their lanes, from a row of the store: a crash forgets no press, and the channel's pace is kept.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import KST, Now
from monitor.jobs.compose import IRRELEVANT, RELEVANT
from monitor.jobs.whisper import Said, whisper
from monitor.model import Stage, Story
from monitor.notify import Notifier, Press, Slack, WhyNot, lead_deal, why_not_label
from monitor.store import MUTED, Store, StoryFilter

MUTED_FOR = timedelta(days=30)
SAME_WITHIN = timedelta(days=21)
"""How far back a repeated story is looked for: as long as articles are compared with known ones."""
LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class _Heard:
    press: Press
    story: Story
    store: Store
    at: datetime

    @property
    def who(self) -> str:
        return f"slack:{self.press.who}"


async def hear(press: Press, *, store: Store, notifiers: Mapping[str, Notifier], now: Now) -> bool:
    """Act on one press; return whether its story is known (a verdict of a story that we do not know is dropped).

    ``useful`` and ``irrelevant`` replace each other, ``undo`` takes both back. ``same`` joins the story with the one
    told before it about the same firm, ``stage`` asks for the right stage and sets it, ``mute`` silences the firm.
    ``irrelevant`` asks how far it reaches; the answer is the verdict's value, and ``firm`` silences the firm, too.
    """
    story = await store.story(press.story)
    if story is None:
        return False
    said = await _ACTS[press.verdict](_Heard(press, story, store, now()))
    told = await store.story(press.story)
    await store.edit_now(told.id if told else story.id)
    speaker = await _channel(press, store, notifiers) if said.ko else None
    if speaker:
        await whisper(speaker, said, press.who, channel=press.channel, about=story)
    return True


async def _judge(heard: _Heard, kind: str, opposite: str, value: str = "") -> None:
    for said in (kind, opposite):
        await heard.store.take_back(said, heard.story.id, heard.who)
    await heard.store.add_verdict(kind, heard.story.id, value, heard.who, heard.at)


async def _useful(heard: _Heard) -> Said:
    await _judge(heard, RELEVANT, IRRELEVANT)
    return Said()


async def _irrelevant(heard: _Heard) -> Said:
    if heard.press.choice not in set(WhyNot):
        await _judge(heard, IRRELEVANT, RELEVANT)
        return Said("왜 관련이 없습니까?", "Why is it not relevant?", asks="why not")
    choice = WhyNot(heard.press.choice)
    await _unmute(heard)
    await _judge(heard, IRRELEVANT, RELEVANT, choice)
    if choice is WhyNot.FIRM:
        return await _mute(heard)
    ko, en = (why_not_label(choice, language) for language in ("ko", "en"))
    return Said(f"적었습니다: {ko}. 되돌리기로 무를 수 있습니다.", f"Noted: {en}. Undo takes it back.")


async def _undo(heard: _Heard) -> Said:
    await _unmute(heard)
    for kind in (RELEVANT, IRRELEVANT):
        await heard.store.take_back(kind, heard.story.id, heard.who)
    return Said()


async def _unmute(heard: _Heard) -> None:
    """Hear a firm again that the same reader silenced as the reason of this verdict."""
    said = await heard.store.verdicts(IRRELEVANT, heard.story.id)
    firm = _firm(heard.story)
    if firm and any(one.who == heard.who and one.value == WhyNot.FIRM for one in said):
        await heard.store.take_back(MUTED, firm, heard.who)


async def _same(heard: _Heard) -> Said:
    earlier = await _earlier(heard)
    if earlier is None:
        return Said(
            "같은 기업의 앞선 소식이 없습니다. 게시판에서 합쳐 주세요.", "No earlier story: join them on the board."
        )
    await heard.store.join_stories(earlier.id, heard.story.id, heard.who, heard.at)
    return Said(f"같은 소식으로 합쳤습니다: {earlier.title}", f"Joined with: {earlier.title}")


async def _earlier(heard: _Heard) -> Story | None:
    """Return the newest story told before about a firm of this one."""
    for firm in dict.fromkeys(firm for deal in heard.story.deals for firm in deal.companies):
        wanted = StoryFilter(firm=firm, since=heard.story.first_at - SAME_WITHIN, limit=LOOKED_AT)
        found = (await heard.store.stories(wanted)).stories
        before = [one for one in found if one.id != heard.story.id and one.first_at <= heard.story.first_at]
        if before:
            return max(before, key=lambda one: one.first_at)
    return None


async def _stage(heard: _Heard) -> Said:
    if heard.press.choice not in set(Stage):
        return Said("어느 단계가 맞습니까?", "Which stage is right?", asks="stage")
    shown, stage = lead_deal(heard.story), Stage(heard.press.choice)
    for known in await heard.store.deals_of(heard.story.id):
        if known.deal == shown:
            await heard.store.correct_stage(known.id, stage, heard.who, heard.at)
            return Said("단계를 고쳤습니다.", "The stage is corrected.")
    return Said("이 소식에는 고칠 건이 없습니다.", "This story has no deal to correct.")


async def _mute(heard: _Heard) -> Said:
    firm = _firm(heard.story)
    if not firm:
        return Said("이 소식에는 기업 이름이 없습니다.", "This story names no company.")
    until = await mute(firm, MUTED_FOR, store=heard.store, who=heard.who, now=heard.at)
    return Said(f"{firm}: {until}까지 알리지 않습니다.", f"{firm} is muted until {until}.")


def _firm(story: Story) -> str:
    deal = lead_deal(story)
    return deal.companies[0] if deal and deal.companies else ""


async def mute(firm: str, lasts: timedelta, *, store: Store, who: str, now: datetime) -> str:
    """Let no alert of a firm be owed for a while; return the first Korean day on which it is heard again (ISO)."""
    until = (now + lasts).astimezone(KST).date().isoformat()
    await store.take_back(MUTED, firm, who)
    await store.add_verdict(MUTED, firm, until, who, now)
    return until


_ACTS: Mapping[str, Callable[[_Heard], Awaitable[Said]]] = {
    "useful": _useful,
    "irrelevant": _irrelevant,
    "undo": _undo,
    "same": _same,
    "stage": _stage,
    "mute": _mute,
}


async def _channel(press: Press, store: Store, notifiers: Mapping[str, Notifier]) -> Slack | None:
    """Return the channel in which a press was made; a whisper's buttons stand in no message of ours."""
    row = await store.find_message(press.channel, press.message_id)
    found = notifiers.get(row.receiver) if row else None
    there = [one for one in (found, *notifiers.values()) if isinstance(one, Slack) and one.channel == press.channel]
    return next(iter(there), None)
