"""How do we tell people?

One file a channel. A notifier shows one message and says by its error how to react; nothing here retries or remembers.
"""

from monitor.notify.console import Console
from monitor.notify.message import LIST_STORIES, MESSAGE_INTERVAL, Letter, Mailer, Manners, Message, Notifier, Receipt
from monitor.notify.slack import Slack

__all__ = [
    "LIST_STORIES",
    "MESSAGE_INTERVAL",
    "Console",
    "Letter",
    "Mailer",
    "Manners",
    "Message",
    "Notifier",
    "Receipt",
    "Slack",
]
