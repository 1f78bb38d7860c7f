"""The morning digest: one for each subscriber and day, through crashes and restarts.

The ledger's row is claimed before a letter is posted. A digest tells the stories since the one before it, so that one
that is late, or merged after holidays, leaves nothing out.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from monitor.clock import Now
from monitor.errors import ChannelDown, NotifyError, Rejected, TryLater, Uncertain
from monitor.jobs.radar import lookback
from monitor.jobs.workdays import Timetable
from monitor.model import DeliveryState, StoryId
from monitor.notify import Briefing, Letter, Mailer, message_id, render_digest
from monitor.store import Digest, Store

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
DOWN_WAIT = timedelta(minutes=15)
LOOK_WAIT = timedelta(minutes=1)
GREY_MARGIN = timedelta(seconds=5)
"""A greylisting relay counts from its own clock: a little later is never too early."""
FAILING = 3
"""Failed polls in a row after which the digest counts a source as failing."""
KOREAN_MORNING = Timetable()
MOST_WAITING = 3
"""Letters in a row that the relay does not take; the others then wait for the next round with it."""
REPEATED = "repeated after a lost answer"
LEFT = "unsubscribed"
"""Kind of the verdict of an address (subject) that wants no more digests of a receiver (value)."""
_UNTIL = re.compile(r"digest\.(\d{8}T\d{4})Z\.")
_STAMP = "%Y%m%dT%H%M"
_log = structlog.get_logger(__name__)

Linker = Callable[[StoryId], str]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A receiver's digest: to whom, by which relay, when.

    ``unsubscribe`` makes the one-click address of a subscriber, ``detail`` that of a story, ``dislike`` that where a
    subscriber calls a story irrelevant.
    """

    receiver: str
    mailer: Mailer
    sender: str
    to: tuple[str, ...]
    timetable: Timetable = KOREAN_MORNING
    language: str = "ko"
    skips_empty: bool = True
    unsubscribe: Callable[[str], str] | None = None
    detail: Linker | None = None
    dislike: Callable[[str, StoryId], str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one round did, counted by subscriber."""

    sent: int = 0
    skipped: int = 0
    waiting: int = 0
    failed: int = 0


_FIELDS = ("sent", "skipped", "waiting", "failed")


async def send_digests(
    *,
    store: Store,
    subscriptions: Mapping[str, Subscription],
    now: Now,
    tell_ops: Callable[[str], Awaitable[None]] | None = None,
) -> Outcome:
    """Post every digest that is due by now and not yet posted; to be called each minute and at the start.

    One bad address stops nobody else; a relay without an answer is asked again later.
    """
    done = Outcome()
    for subscription in subscriptions.values():
        day = subscription.timetable.day_due(now())
        if day is None:
            continue
        fields = await _Round(store, subscription, day, now, tell_ops).serve_all()
        done = Outcome(*(getattr(done, name) + fields[name] for name in _FIELDS))
    return done


async def brief(
    *, store: Store, subscription: Subscription, day: dt.date, since: datetime, until: datetime, address: str = ""
) -> Briefing:
    """Return what the digest of a period tells, for sending and for a preview."""
    stories = await store.digest_stories(subscription.receiver, since, until)
    sources = await store.health(with_requests=False)
    return Briefing(
        day=day,
        since=since,
        until=until,
        stories=stories,
        checked=len({source.state.outlet_id for source in sources}),
        failing=len({source.state.outlet_id for source in sources if source.state.failures >= FAILING}),
        language=subscription.language,
        unsubscribe=subscription.unsubscribe(address) if subscription.unsubscribe and address else "",
        lookback=await lookback(subscription.receiver, day, subscription.timetable.before(day), store, until),
        detail=subscription.detail,
        dislike=partial(subscription.dislike, address) if subscription.dislike and address else None,
    )


class _Round:
    """One day's digest of one receiver."""

    def __init__(
        self,
        store: Store,
        subscription: Subscription,
        day: dt.date,
        now: Now,
        tell_ops: Callable[[str], Awaitable[None]] | None,
    ) -> None:
        self._store = store
        self._to = subscription
        self._day = day
        self._now = now
        self._tell_ops = tell_ops

    async def serve_all(self) -> Counter[str]:
        """Post to every subscriber that is owed a letter; stop when the relay takes none."""
        fields: Counter[str] = Counter()
        waiting = 0
        gone = {one.subject for one in await self._store.verdicts(LEFT) if one.value == self._to.receiver}
        for address in self._to.to:
            if address in gone:
                continue
            field = await self._serve(address)
            fields[field] += 1
            waiting = waiting + 1 if field == "waiting" else 0
            if waiting >= MOST_WAITING:
                break
        return fields

    async def _serve(self, address: str) -> str:
        """Post to one subscriber; return the field of ``Outcome`` it counts for, "" when nothing was due."""
        row = await self._store.claim_digest(self._to.receiver, address, self._day, self._now())
        if row is None:
            return ""
        until = self._to.timetable.due(self._day)
        identity = message_id("digest", f"{until.astimezone(UTC):{_STAMP}}Z", address, self._to.sender)
        if row.state == DeliveryState.UNCERTAIN.value and row.error.startswith(REPEATED):
            await self._store.mark_digest_sent(row, identity, self._now())
            return "sent"
        letter = await self._letter(address, identity, until)
        if letter is None:
            await self._store.mark_digest_sent(row, identity, self._now())
            return "skipped"
        return await self._post(row, letter)

    async def _letter(self, address: str, identity: str, until: datetime) -> Letter | None:
        """Return the letter, ``None`` when it would say nothing and may be left out."""
        since = await self._since(address)
        briefing = await brief(
            store=self._store, subscription=self._to, day=self._day, since=since, until=until, address=address
        )
        is_empty = not briefing.stories and not briefing.lookback
        if is_empty and self._to.skips_empty and not self._to.timetable.begins_week(self._day):
            return None
        page = render_digest(briefing)
        return Letter(
            to=address,
            subject=page.subject,
            text=page.text,
            html=page.html,
            message_id=identity,
            date=until,
            unsubscribe=briefing.unsubscribe,
            stories=briefing.stories,
            language=briefing.language,
        )

    async def _since(self, address: str) -> datetime:
        """Return the end of the last digest's period; for the first one, the time the one before was due."""
        last = await self._store.last_digest(self._to.receiver, address)
        found = _UNTIL.match(last.message_id) if last else None
        if found:
            return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
        return self._to.timetable.due(self._to.timetable.before(self._day))

    async def _post(self, row: Digest, letter: Letter) -> str:
        try:
            await self._to.mailer.post(letter)
        except NotifyError as error:
            _log.warning("digest.failed", receiver=row.receiver, day=str(row.day), reason=error.reason)
            return await self._react(row, error, letter)
        await self._store.mark_digest_sent(row, letter.message_id, self._now())
        _log.info("digest.sent", receiver=row.receiver, day=str(row.day))
        return "sent"

    async def _react(self, row: Digest, error: NotifyError, letter: Letter) -> str:
        if isinstance(error, Rejected):
            await self._store.fail_digest(row, error.reason)
            await self._tell(
                f"{row.receiver} 요약 메일을 받지 못하는 주소 (digest refused): {letter.to}: {error.reason}"
            )
            return "failed"
        if isinstance(error, Uncertain):
            return await self._unsure(row, error, letter)
        await self._store.retry_digest(row, _kept(row, error.reason), self._again_at(row, error))
        if isinstance(error, ChannelDown) and not row.error:
            await self._tell(f"{row.receiver} 요약 메일 중단 (digest stopped): {error.reason} → {error.remedy}")
        return "waiting"

    async def _unsure(self, row: Digest, error: Uncertain, letter: Letter) -> str:
        """Repeat a letter whose answer was lost, once, with the same identity; then take it as sent."""
        if row.error.startswith(REPEATED):
            await self._store.mark_digest_sent(row, letter.message_id, self._now())
            return "sent"
        reason = f"{REPEATED}: {error.reason}" if row.state == DeliveryState.UNCERTAIN.value else error.reason
        await self._store.mark_digest_uncertain(row, reason, self._now() + LOOK_WAIT)
        return "waiting"

    def _again_at(self, row: Digest, error: NotifyError) -> datetime:
        if isinstance(error, ChannelDown):
            return self._now() + DOWN_WAIT
        wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(row.tries, 8)))
        asked = error.retry_at - self._now() + GREY_MARGIN if isinstance(error, TryLater) else wait
        return self._now() + (asked if asked > GREY_MARGIN else wait)

    async def _tell(self, text: str) -> None:
        _log.warning("ops", text=text)
        if self._tell_ops:
            await self._tell_ops(text)


def _kept(row: Digest, reason: str) -> str:
    """Return a reason that keeps the mark of a letter that was repeated."""
    return f"{REPEATED}: {reason}" if row.state == DeliveryState.UNCERTAIN.value else reason
