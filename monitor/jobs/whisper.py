"""A word that only one reader of a channel sees: the answer to what they pressed. Nothing is lost with it."""

import asyncio
from dataclasses import dataclass

import structlog

from monitor.errors import NotifyError
from monitor.model import Story
from monitor.notify import Slack

SECONDS = 2.0
"""Slack wants an answer within three seconds; what is whispered is a courtesy."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What a press did, in the words of both languages.

    ``asks`` names what one more press may answer: "stage" or "why not".
    """

    ko: str = ""
    en: str = ""
    asks: str = ""


async def whisper(speaker: Slack, said: Said, who: str, *, channel: str, about: Story | None = None) -> None:
    """Say it to one reader in the speaker's language; a channel that does not take it is only noted."""
    text = said.ko if speaker.manners.language == "ko" else said.en
    try:
        async with asyncio.timeout(SECONDS):
            await speaker.whisper(who, text, channel=channel, about=about, asks=said.asks)
    except (NotifyError, TimeoutError) as error:
        _log.warning("whisper.failed", receiver=speaker.name, error=type(error).__name__)
