"""What is handed to a channel, and what a channel promises."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from monitor.clock import KST
from monitor.model import DeliveryId, Stage, Story

MESSAGE_INTERVAL = timedelta(milliseconds=1020)
"""Slack allows one message a second and channel; 20 ms more, so that jitter never makes two within one second."""

LIST_STORIES = 15
"""Stories named in one list message: with their links they stay below 4,000 characters."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of each Korean day in which a receiver is not disturbed; they may go past midnight."""

    begins: time
    ends: time

    def covers(self, at: datetime) -> bool:
        """Return whether an instant falls into these hours.

        Example:
            >>> night = Quiet(time(22), time(7))
            >>> [night.covers(datetime(2026, 3, 4, hour, tzinfo=KST)) for hour in (6, 7, 21, 22)]
            [True, False, False, True]
        """
        clock = at.astimezone(KST).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


@dataclass(frozen=True, slots=True)
class Manners:
    """How a receiver wants to be spoken to; its table in ``receivers.toml`` says it.

    ``pace`` is the least time between two calls (zero: none). ``edits`` is how long news about a message already sent
    is collected before it is edited (``None``: messages are never edited). More than ``burst`` alerts within a minute,
    or more than ``fold`` waiting ones, become list messages that name each story once (zero: never).
    ``settle`` is how long a channel may take to show a message whose answer was lost. Alerts of ``quiet`` hours, and
    those beyond ``budget`` messages an hour (zero: no limit), wait and then come as lists.
    """

    language: str = "ko"
    pace: timedelta = MESSAGE_INTERVAL
    edits: timedelta | None = timedelta(seconds=45)
    burst: int = 5
    fold: int = 30
    settle: timedelta = timedelta(seconds=10)
    quiet: Quiet | None = None
    budget: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a channel keeps a message, so that it can be edited and answered."""

    channel: str
    message_id: str
    is_list: bool = False  # it shows several stories, so none of them may replace it


@dataclass(frozen=True, slots=True)
class Message:
    """One message to show; ``id`` travels with it where the channel keeps metadata.

    Attributes:
        kind: ``new`` or ``stage`` (one story), ``dismissed`` (one story that a reader called irrelevant), ``list``
            (several, each named once, headed by ``text``), ``outlets`` (who told one story, below its message),
            ``ops`` or ``note`` (``text``).
        members: deliveries that this message shows, in the order of ``stories``.
        waiting: how many alerts waited when a backlog was folded; 0 for a burst.
        earlier: the message that told the deal's earlier stage, or that a ``note`` or the ``outlets`` stand below.
        repeat: it may have been shown before and the channel cannot be asked.
        brief: 0 as designed, 1 without blocks, 2 one short line: for a channel that refused the fuller form.
    """

    id: DeliveryId
    kind: str
    stories: tuple[Story, ...] = ()
    text: str = ""
    language: str = "ko"
    stage: Stage | None = None
    revision: int = 0
    members: tuple[DeliveryId, ...] = ()
    waiting: int = 0
    earlier: Receipt | None = None
    repeat: bool = False
    brief: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, complete: ``message_id`` without angle brackets is its identity, the same at every try."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    unsubscribe: str = ""  # https address that takes the one-click POST
    stories: tuple[Story, ...] = ()  # what it tells, for a channel that is not mail
    language: str = "ko"


class Notifier(Protocol):
    """A channel to one receiver. Nothing here retries: errors say how to react, the outbox remembers."""

    name: str
    manners: Manners
    can_edit: bool
    can_find: bool

    async def send(self, message: Message) -> Receipt:
        """Show the message.

        Raises:
            TryLater: certainly not shown; ``retry_at`` says when to try.
            Uncertain: it may have been shown.
            Rejected: this message is refused in this form.
            ChannelDown: nothing can be shown until a person acts.
        """
        ...

    async def edit(self, receipt: Receipt, message: Message) -> None:
        """Replace a message; harmless to repeat. Errors as ``send``."""
        ...

    async def reply(self, receipt: Receipt, text: str) -> None:
        """Answer below a message. Errors as ``send``."""
        ...

    async def find(self, delivery: DeliveryId, since: datetime, *, below: Receipt | None = None) -> Receipt | None:
        """Look for a message by its identity, or for an answer ``below`` another message.

        ``None`` means that it is certainly not shown at this moment.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...


class Mailer(Protocol):
    """A way for letters."""

    name: str

    async def post(self, letter: Letter) -> None:
        """Hand one letter to the relay. Errors as ``Notifier.send``."""
        ...
