"""How do we tell people?

One file a channel. A notifier shows one message and says by its error how to react; nothing here retries or remembers.
"""

from monitor.notify.apprise_channel import AppriseChannel
from monitor.notify.clean import clean as one_line
from monitor.notify.clean import names_other_host, web_address
from monitor.notify.console import Console
from monitor.notify.digest_channel import DigestChannel
from monitor.notify.digest_mail import Briefing, RenderedDigest, render_digest
from monitor.notify.digest_radar import Lapsed, Lookback
from monitor.notify.email import Email, Smtp, message_id
from monitor.notify.lines import Gist, advanced, gist, lead_deal
from monitor.notify.message import (
    LIST_STORIES,
    MESSAGE_INTERVAL,
    Letter,
    Mailer,
    Manners,
    Message,
    Notifier,
    Quiet,
    Receipt,
)
from monitor.notify.signed import Pen, SignedFeedback, SignedLeave
from monitor.notify.slack import Posted, Slack
from monitor.notify.slack_actions import (
    Command,
    Gatekeeper,
    Press,
    Report,
    read_command,
    read_press,
    read_report,
    read_request,
)
from monitor.notify.slack_blocks import listing
from monitor.notify.slack_manifest import manifest
from monitor.notify.slack_questions import WhyNot, why_not_label
from monitor.notify.slack_socket import SlackSocket
from monitor.notify.slack_webhook import SlackWebhook
from monitor.notify.webhook import Webhook
from monitor.notify.words import GLYPHS, Words
from monitor.notify.words import words as words_of

__all__ = [
    "GLYPHS",
    "LIST_STORIES",
    "MESSAGE_INTERVAL",
    "AppriseChannel",
    "Briefing",
    "Command",
    "Console",
    "DigestChannel",
    "Email",
    "Gatekeeper",
    "Gist",
    "Lapsed",
    "Letter",
    "Lookback",
    "Mailer",
    "Manners",
    "Message",
    "Notifier",
    "Pen",
    "Posted",
    "Press",
    "Quiet",
    "Receipt",
    "RenderedDigest",
    "Report",
    "SignedFeedback",
    "SignedLeave",
    "Slack",
    "SlackSocket",
    "SlackWebhook",
    "Smtp",
    "Webhook",
    "WhyNot",
    "Words",
    "advanced",
    "gist",
    "lead_deal",
    "listing",
    "manifest",
    "message_id",
    "names_other_host",
    "one_line",
    "read_command",
    "read_press",
    "read_report",
    "read_request",
    "render_digest",
    "web_address",
    "why_not_label",
    "words_of",
]
