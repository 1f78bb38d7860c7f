"""A reader typed ``/mou …``: an answer from the store, for their eyes only."""

import re
from datetime import datetime, timedelta

from monitor.clock import Now
from monitor.jobs.digest import FAILING
from monitor.jobs.press import MUTED_FOR, mute
from monitor.model import Grade, Stage
from monitor.notify import Command, listing, words_of
from monitor.store import Store, StoryFilter

LISTED = 8
LONGEST_MUTE = timedelta(days=365)
HELP = """/mou 광주 배터리 — 찾기 (두 글자부터)
/mou 단계 계약 — 그 단계의 최근 소식 (협의 계획 MOU 협약 계약 착공 변경 무산)
/mou 음소거 ㈜회사 7d — 그 기업의 알림 멈추기
/mou 매체 — 매체 상태
/mou 도움 — 이 안내"""
_DAYS = re.compile(r"(\d{1,3})\s*(?:d|일)")
_HELP = {"", "도움", "도움말", "help", "?"}


async def answer(command: Command, *, store: Store, now: Now) -> str:
    """Return the answer as Slack text, at most one message long; what is no command of ours is searched for."""
    verb, _, rest = command.text.strip().partition(" ")
    if verb.lower() in _HELP:
        return HELP
    if verb in {"매체", "outlets"}:
        return await _outlets(store)
    if verb in {"단계", "stage"}:
        return await _stage(rest.strip(), store)
    if verb in {"음소거", "mute"}:
        return await _mute(rest.strip(), command.who, store, now())
    return await _found(command.text.strip(), store)


async def _found(words: str, store: Store) -> str:
    page = await store.search(words, StoryFilter(limit=LISTED))
    if not page.stories:
        return listing((), "ko", f"찾지 못했습니다: {words}  (/mou 도움)")
    return listing(page.stories, "ko", f"{words} · {len(page.stories)}{'건 이상' if page.cursor else '건'}")


def stage_named(word: str) -> Stage | None:
    """Return the stage that a word names in Korean, in English or by its own name.

    Example:
        >>> stage_named("계약"), stage_named("mou"), stage_named("점심")
        (<Stage.CONTRACT: 'contract'>, <Stage.MOU: 'mou'>, None)
    """
    asked = word.strip().lower()
    for stage in Stage:
        names = {stage.value, *(words_of(language).stage(stage).lower() for language in ("ko", "en"))}
        if asked in names:
            return stage
    near = [stage for stage in Stage if asked and asked in words_of("ko").stage(stage).lower()]
    return next(iter(near), None)


async def _stage(word: str, store: Store) -> str:
    stage = stage_named(word)
    if stage is None:
        return listing((), "ko", f"모르는 단계입니다: {word}  (/mou 도움)")
    page = await store.stories(StoryFilter(stage=stage, grade_min=Grade.ACTIVITY, limit=LISTED))
    name = words_of("ko").stage(stage)
    return listing(page.stories, "ko", f"{name} · 최근 {len(page.stories)}건") if page.stories else f"{name}: 없습니다."


async def _mute(asked: str, who: str, store: Store, now: datetime) -> str:
    found = _DAYS.search(asked)
    firm = _DAYS.sub("", asked).strip()
    lasts = timedelta(days=int(found[1])) if found else MUTED_FOR
    if not firm or not timedelta(0) < lasts <= LONGEST_MUTE:
        return "이렇게 적으세요: /mou 음소거 ㈜회사 7d  (1–365일)"
    until = await mute(firm, lasts, store=store, who=f"slack:{who}", now=now)
    return listing((), "ko", f"{firm}: {until}까지 알리지 않습니다.")


async def _outlets(store: Store) -> str:
    sources = await store.health(with_requests=False)
    failing = sorted({one.outlet_name for one in sources if one.state.failures >= FAILING})
    outlets = len({one.state.outlet_id for one in sources})
    head = f"매체 {outlets}곳을 봅니다 · 실패 {len(failing)}곳"
    shown = ", ".join(failing[:LISTED])
    return listing((), "ko", f"{head}: {shown}" if shown else head)
