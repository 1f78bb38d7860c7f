"""The digest in a channel that is not mail: list messages, each looked for before it is sent again."""

from monitor.model import DeliveryId
from monitor.notify.message import LIST_STORIES, Letter, Message, Notifier


class DigestChannel:
    """Posts letters into a channel; the letter's identity and its page number are the message's."""

    def __init__(self, notifier: Notifier) -> None:
        """``notifier`` is the receiver's own channel."""
        self.name = notifier.name
        self._channel = notifier

    async def post(self, letter: Letter) -> None:
        """Send what of the letter is not in the channel yet; see ``Notifier.send`` for the errors."""
        for page in _pages(letter, self._channel.manners.language):
            shown = await self._channel.find(page.id, letter.date) if self._channel.can_find else None
            if shown is None:
                await self._channel.send(page)


def _pages(letter: Letter, language: str) -> list[Message]:
    """Return one message for each fifteen stories, headed by the letter's subject; one line when there is none."""
    if not letter.stories:
        return [Message(DeliveryId(letter.message_id), "note", text=letter.subject, language=language)]
    starts = range(0, len(letter.stories), LIST_STORIES)
    return [
        Message(
            id=DeliveryId(f"{letter.message_id}/{start // LIST_STORIES}"),
            kind="list",
            stories=letter.stories[start : start + LIST_STORIES],
            text=letter.subject,
            language=language,
        )
        for start in starts
    ]
