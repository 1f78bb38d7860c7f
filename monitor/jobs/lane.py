"""One receiver's deliveries, in order: look up what is uncertain, send what is owed, edit what has changed.

Claim, send, mark: a crash after the claim leaves a row that says so, and the channel is asked before it is repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from monitor.clock import Now
from monitor.errors import ChannelDown, NotifyError, Rejected, StoreError, TryLater, Uncertain
from monitor.jobs.compose import BELOW, NEVER_EDITED, answered, compose, kept, retell, unsure
from monitor.jobs.duty import Duty
from monitor.jobs.health import FORGIVEN, Health
from monitor.jobs.pace import HOUR, Pace
from monitor.model import Delivery, Story
from monitor.notify import Message, Notifier, Receipt, advanced
from monitor.store import EDIT_AFTER, OUTLETS, Store

PATIENCE = 0.5
"""Seconds after which the next message may start while one still hangs: a hanging call costs only itself."""
MOST_IN_FLIGHT = 8
SEND_WITHIN = timedelta(seconds=10)
"""From claiming to sending; with a call of at most 30 s it ends before another worker may look for it (45 s)."""
EDIT_AGAIN = timedelta(seconds=10)
SHORTEST = 2
FAILURES_LOOKED_UP = 4
"""After so many failures in a row the channel is not asked at once for each of them: it is probably out."""
UNREADABLE = {"missing_scope", "not_in_channel"}
"""Refusals of the history alone: posting may still be allowed."""

TellOps = Callable[[str], Awaitable[None]]
Answer = TypeVar("Answer")
_log = structlog.get_logger(__name__)


class Lane:
    """The ordered sender of one receiver."""

    def __init__(self, receiver: str, notifier: Notifier, *, store: Store, now: Now, tell_ops: TellOps) -> None:
        """Nothing is sent before ``drain``."""
        self.health = Health()
        self.shown = 0
        self._receiver = receiver
        self._channel = notifier
        self._manners = notifier.manners
        self._store = store
        self._now = now
        self._tell_ops = tell_ops
        self._pace = Pace(self._manners, now)
        self._knows_past = False  # what others, or we before a restart, have shown in the last hour
        self._flying: set[str] = set()
        self._looked: dict[str, datetime] = {}  # when an uncertain message was first looked for
        self._duty = Duty(f"post {receiver}", store, now)

    async def leave(self) -> None:
        """Let another worker send to this receiver at once."""
        await self._duty.drop()

    async def drain(self, group: asyncio.TaskGroup, stop: asyncio.Event | None = None) -> None:
        """Do all that is due now; nothing new is begun after ``stop``. Calls that hang end in ``group``."""
        while not (stop and stop.is_set()) and await self._is_ours() and await self._turn(group):
            pass

    async def _is_ours(self) -> bool:
        """Take or keep the lane; who takes it over learns what was shown in the last hour, so that budgets hold."""
        is_ours = await self._duty.is_ours()
        if is_ours and not self._knows_past:
            self._pace.recall(await self._store.shown_since(self._receiver, self._now() - HOUR))
        self._knows_past = is_ours
        return is_ours

    async def _turn(self, group: asyncio.TaskGroup) -> bool:
        """Do one thing that is due; return whether there may be more."""
        if self._now() < self.health.ready_at or len(self._flying) >= MOST_IN_FLIGHT:
            return False
        if await self._look_up_one():
            return True
        batch = await self._claim()
        if batch:
            await self._start(group, batch)
            return True
        return await self._edit_one()

    # ---- what is uncertain ---------------------------------------------------------------------

    async def _look_up_one(self) -> bool:
        rows = await self._store.uncertain(self._now(), 1, receiver=self._receiver)
        for row in rows:
            if self._channel.can_find:
                await self._settle(row, row.error or "no answer")
            else:
                await self._store.retry_delivery(row.id, unsure(row.error or "no answer"), self._now())
        return bool(rows)

    async def _settle(self, row: Delivery, reason: str) -> None:
        """Ask the channel for a message that may be shown; send it again only when it had time to appear."""
        look_at = self._looked.setdefault(row.id, self._now()) + self._manners.settle
        try:
            below = await answered(row, self._store) if row.kind in BELOW else None
            receipt = await self._channel.find(row.id, row.created_at, below=below)
        except ChannelDown as error:
            await self._cannot_look(row, error)
        except NotifyError as error:
            retry_at = error.retry_at if isinstance(error, TryLater) else None
            self.health.fails(self._now(), error.reason, retry_at)
            await self._store.mark_uncertain(row.id, reason, max(look_at, self.health.ready_at))
        else:
            if receipt:
                await self._mark((row,), receipt)
            elif self._now() < look_at:
                await self._store.mark_uncertain(row.id, reason, look_at)
            else:
                del self._looked[row.id]
                await self._store.retry_delivery(row.id, reason, self._now())

    async def _cannot_look(self, row: Delivery, error: ChannelDown) -> None:
        if error.reason in UNREADABLE:
            await self._store.retry_delivery(row.id, unsure(error.reason), self._now())
            return
        await self._is_down(error)
        await self._store.mark_uncertain(row.id, error.reason, self.health.ready_at)

    # ---- what is owed --------------------------------------------------------------------------

    async def _claim(self) -> tuple[Delivery, ...]:
        """Claim the next delivery, or several that become one list, after the pace allows a call."""
        waiting = await self._store.owed(self._now(), receiver=self._receiver, limit=max(self._manners.fold + 1, 25))
        count = self._pace.together(waiting, is_well=self.health.is_well)
        if count:
            await self._pace.wait()
        claimed = []
        for _ in range(count):
            row = await self._store.claim_delivery(self._receiver, self._now())
            if row:
                claimed.append(row)
        return tuple(claimed)

    async def _start(self, group: asyncio.TaskGroup, batch: tuple[Delivery, ...]) -> None:
        """Begin a message and wait for it a little; messages start in order, one that hangs holds nobody up."""
        ids = {row.id for row in batch}
        self._flying |= ids
        sending = group.create_task(self._send(batch))
        sending.add_done_callback(lambda _: self._flying.difference_update(ids))
        await asyncio.wait({sending}, timeout=PATIENCE if self.health.failures <= FORGIVEN else None)

    async def _send(self, batch: tuple[Delivery, ...]) -> None:
        try:
            await self._tell(batch)
        except StoreError as error:  # the rows stay claimed and are looked up when the store is back
            _log.error("delivery.store", receiver=self._receiver, error=str(error))

    async def _tell(self, batch: tuple[Delivery, ...]) -> None:
        if batch[0].kind == OUTLETS and not self._channel.can_edit:  # the receiver's channel is another one now
            await self._store.fail_delivery(batch[0].id, "this channel has no threads")
            return
        message = await compose(
            batch, store=self._store, language=self._manners.language, is_backlog=self._pace.is_folding
        )
        if message is None:
            return
        try:
            self._is_in_time(batch)
            receipt = await self._show(message)
        except NotifyError as error:
            await self._react(batch, error)
        else:
            shown = tuple(row for row in batch if row.id in message.members)
            await self._mark(shown, receipt, message.revision)
            await self._point_on(message)

    def _is_in_time(self, batch: Sequence[Delivery]) -> None:
        """Refuse to begin a message that others may already believe abandoned: this process was frozen for a while."""
        if any(row.claimed_at and self._now() - row.claimed_at > SEND_WITHIN for row in batch):
            raise TryLater(self._receiver, "this process was frozen", self._now())

    async def _point_on(self, message: Message) -> None:
        """Say below the message of the earlier stage that the deal went on; a lost word is not repeated."""
        if message.kind != "stage" or message.earlier is None or self._manners.edits is None:
            return
        await self._pace.wait()
        try:
            await self._channel.reply(message.earlier, advanced(message))
        except NotifyError as error:
            _log.warning("stage.pointer", receiver=self._receiver, reason=error.reason)

    async def _show(self, message: Message) -> Receipt:
        """Send the message, in a shorter form each time the channel, or a fault of ours, refuses it as it is."""
        while True:
            try:
                return await self._channel.send(message)
            except Rejected as error:
                refused = error
            except NotifyError:
                raise
            except Exception as error:  # one message that we cannot draw must not stop the others
                _log.exception("delivery.fault", receiver=self._receiver, id=message.id)
                refused = Rejected(self._receiver, f"fault of ours: {type(error).__name__}")
            _log.warning("delivery.refused", receiver=self._receiver, id=message.id, reason=refused.reason)
            if message.brief >= (1 if message.kind == "list" else SHORTEST):
                raise refused
            await self._pace.wait()
            message = replace(message, brief=message.brief + 1)

    async def _mark(self, batch: tuple[Delivery, ...], receipt: Receipt, revision: int | None = None) -> None:
        now = self._now()
        shows = revision if len(batch) == 1 and not receipt.is_list else NEVER_EDITED
        for row in batch:
            await self._store.mark_sent(row.id, receipt.channel, receipt.message_id, now, revision=shows)
            self._pace.alone.discard(row.id)
            self._looked.pop(row.id, None)
        self.shown += 1
        if batch[0].kind != OUTLETS:  # nobody is notified of a list below
            self._pace.note(now)
        _log.info("delivery.sent", receiver=self._receiver, ids=[row.id for row in batch])
        await self._works()

    # ---- what went wrong -----------------------------------------------------------------------

    async def _react(self, batch: tuple[Delivery, ...], error: NotifyError) -> None:
        if isinstance(error, Uncertain):
            await self._is_unsure(batch, error)
        elif isinstance(error, Rejected):
            await self._is_refused(batch, error)
        else:
            await self._note(error)
            for row in batch:
                await self._store.retry_delivery(row.id, kept(row, error.reason), self.health.ready_at)

    async def _note(self, error: NotifyError) -> None:
        """Note an error of the channel, and tell a person when one is needed."""
        if isinstance(error, ChannelDown):
            await self._is_down(error)
        else:
            self.health.fails(self._now(), error.reason, error.retry_at if isinstance(error, TryLater) else None)
            _log.warning("channel.failed", receiver=self._receiver, reason=error.reason)

    async def _is_unsure(self, batch: tuple[Delivery, ...], error: Uncertain) -> None:
        """Look at once, because most lost answers are to messages that are shown; else look again when it settled."""
        await self._note(error)
        for row in batch:
            if self._channel.can_find and self.health.failures <= FAILURES_LOOKED_UP:
                await self._settle(row, error.reason)
            elif self._channel.can_find:
                await self._store.mark_uncertain(row.id, error.reason, self._now() + self._manners.settle)
            else:
                await self._store.retry_delivery(row.id, unsure(error.reason), self.health.ready_at)

    async def _is_refused(self, batch: tuple[Delivery, ...], error: Rejected) -> None:
        if len(batch) > 1:
            self._pace.alone |= {row.id for row in batch}
            for row in batch:
                await self._store.retry_delivery(row.id, kept(row, error.reason), self._now())
            return
        await self._store.fail_delivery(batch[0].id, error.reason)
        await self._tell_ops(f"{self._receiver}: 알림 하나를 보낼 수 없음 (one alert was refused): {error.reason}")

    async def _is_down(self, error: ChannelDown) -> None:
        if self.health.refuses(self._now(), error.reason, error.remedy):
            _log.error("channel.down", receiver=self._receiver, reason=error.reason, remedy=error.remedy)
            await self._tell_ops(f"{self._receiver} 전달 중단 (delivery stopped): {error.reason} → {error.remedy}")

    async def _works(self) -> None:
        if self.health.works():
            _log.info("channel.up", receiver=self._receiver)
            await self._tell_ops(f"{self._receiver} 전달 재개 (delivery resumed)")

    # ---- what has changed ----------------------------------------------------------------------

    async def _edit_one(self) -> bool:
        """Edit the message of one story that has changed; a channel that cannot edit keeps what it showed."""
        if self._manners.edits is None or not self._channel.can_edit:
            return False
        rows = await self._store.due_edits(self._now() + self._sooner(), 1, receiver=self._receiver)
        for row in rows:
            story = await self._store.story(row.story) if row.story and row.revision < NEVER_EDITED else None
            if story is None:
                await self._store.retry_edit(row.id, None)
            else:
                await self._edit(row, story)
        return bool(rows) and self._now() >= self.health.ready_at

    def _sooner(self) -> timedelta:
        """Return by how much this receiver collects news for less time than the store lets it wait."""
        return EDIT_AFTER - (self._manners.edits or EDIT_AFTER)

    async def _edit(self, row: Delivery, story: Story) -> None:
        """Edit one message, and owe what is new below it."""
        message = await retell(row, story, store=self._store, language=self._manners.language)
        await self._pace.wait()
        try:
            await self._channel.edit(Receipt(row.channel, row.message_id), message)
        except Rejected as error:
            _log.warning("edit.refused", receiver=self._receiver, id=row.id, reason=error.reason)
        except NotifyError as error:
            await self._note(error)
            again_at = max(self.health.ready_at, self._now() + EDIT_AGAIN)
            await self._store.retry_edit(row.id, again_at + self._sooner())
            return
        if row.kind != OUTLETS:
            await self._owe_below(row, story)
        await self._store.mark_edited(row.id, story.revision, self._now())

    async def _owe_below(self, row: Delivery, story: Story) -> None:
        """Owe what stands below an edited message: each new fact, and the list of outlets once there are several."""
        for number, change in enumerate(story.changes):
            subject = f"{story.id}/{number}"
            await self._store.owe(row.receiver, "note", change, self._now(), subject=subject, story=story.id)
        if len({telling.outlet_name or telling.outlet for telling in story.tellings}) > 1:
            await self._store.owe(row.receiver, OUTLETS, row.id, self._now(), subject=story.id, story=story.id)
