"""What people press in Slack: who asks is checked, what they ask is read into a value."""

import hashlib
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from monitor.model import StoryId
from monitor.notify.clean import clean, cut, web_address

FRESH = timedelta(minutes=5)
"""Slack's own window: an older request is a replay."""
REMEMBERED = 10_000
LONGEST_BODY = 1 << 20
LONGEST_TEXT = 40_000
"""Letters of a message that Slack itself allows."""
REPORT = "report_article"
"""The shortcut's callback id in the manifest."""
_ADDRESS = re.compile(r"https?://[^\s<>|]{4,2000}")
_UNFURLED = ("from_url", "original_url", "title_link")
VERDICTS = frozenset({"useful", "irrelevant", "same", "stage", "mute", "undo"})


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an alert was pressed.

    ``verdict`` is one of ``useful irrelevant same stage mute undo``. The payload's ``response_url`` is left out on
    purpose: an address from outside is never called, messages are edited by channel and time stamp. ``choice`` is what
    was chosen of several (``stage``: the stage; ``mute``: nothing).
    """

    verdict: str
    story: StoryId
    who: str
    channel: str
    message_id: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, ``/mou 광주 배터리``."""

    text: str
    who: str
    channel: str


@dataclass(frozen=True, slots=True)
class Report:
    """A reader showed us a message of any channel that tells an article: the shortcut "이 기사 제보".

    ``url`` is the first web address in the message, ``""`` when it holds none.
    """

    url: str
    who: str
    channel: str


class Gatekeeper:
    """Checks that a request comes from Slack, once: a signature is remembered while it is fresh."""

    def __init__(self, secret: str) -> None:
        """An empty secret lets nobody in."""
        self._secret = secret.encode()
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    def admits(self, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """Return whether ``body`` was signed by Slack less than five minutes ago and is seen for the first time.

        Any malformed header is a refusal, never an error. ``headers`` may be of any case.
        """
        found = {name.lower(): text for name, text in headers.items()}
        stamp, signature = found.get("x-slack-request-timestamp", ""), found.get("x-slack-signature", "")
        if not self._secret or len(body) > LONGEST_BODY or not self._is_fresh(stamp, now):
            return False
        expected = sign(self._secret, stamp, body)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape")):
            return False
        return self._is_first(signature, now)

    @staticmethod
    def _is_fresh(stamp: str, now: datetime) -> bool:
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= len("1700000000")):
            return False
        return abs(now.timestamp() - int(stamp)) <= FRESH.total_seconds()

    def _is_first(self, signature: str, now: datetime) -> bool:
        while self._seen and (len(self._seen) >= REMEMBERED or next(iter(self._seen.values())) < now - 2 * FRESH):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now
        return True


def sign(secret: bytes, stamp: str, body: bytes) -> str:
    """Return Slack's signature, version 0, of a body sent at ``stamp``."""
    return "v0=" + hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def read_request(body: bytes) -> Press | Report | Command | None:
    """Return what a form that Slack posted asks for, ``None`` when it is nothing of ours."""
    try:
        form = parse_qs(body.decode(), max_num_fields=100)
    except ValueError:
        return None
    if "command" in form:
        return Command(_first(form, "text"), _first(form, "user_id"), _first(form, "channel_id"))
    try:
        told = json.loads(form.get("payload", ["null"])[0])
        return read_press(told) or read_report(told)
    except (ValueError, RecursionError):
        return None


def read_press(payload: object) -> Press | None:
    """Return the press that an interaction payload tells (by HTTP or Socket Mode), ``None`` for any other."""
    told = _table(payload)
    actions = told.get("actions")
    if told.get("type") != "block_actions" or not isinstance(actions, list) or not actions:
        return None
    action = _table(actions[0])
    value = action.get("value") or _table(action.get("selected_option")).get("value")
    said, mark, story = str(value or "").partition("|")
    verdict, _, choice = said.partition(":")
    if verdict not in VERDICTS or not mark or not story:
        return None
    place = _table(told.get("container"))
    channel = _table(told.get("channel")).get("id") or place.get("channel_id")
    return Press(
        verdict=verdict,
        story=StoryId(cut(clean(story), 100)),
        who=_short(_table(told.get("user")).get("id")),
        channel=_short(channel),
        message_id=_short(place.get("message_ts") or _table(told.get("message")).get("ts")),
        choice=_short(choice),
    )


def read_report(payload: object) -> Report | None:
    """Return the article that a message shortcut of ours points at, ``None`` for any other payload."""
    told = _table(payload)
    if told.get("type") != "message_action" or told.get("callback_id") != REPORT:
        return None
    return Report(
        url=_shown_address(_table(told.get("message"))),
        who=_short(_table(told.get("user")).get("id")),
        channel=_short(_table(told.get("channel")).get("id")),
    )


def _shown_address(message: Mapping[str, object]) -> str:
    """Return the first web address of a message: in its text, else of a page that Slack unfurled below it."""
    found = _ADDRESS.search(str(message.get("text") or "")[:LONGEST_TEXT])
    if found:
        return web_address(found[0].replace("&amp;", "&"))
    shown = message.get("attachments")
    named = [_table(one).get(key) for one in shown for key in _UNFURLED] if isinstance(shown, list) else []
    return next((web_address(url) for url in named if isinstance(url, str) and len(url) <= LONGEST_TEXT), "")


def read_command(payload: object) -> Command | None:
    """Return the slash command that a Socket Mode payload tells, ``None`` for any other."""
    told = _table(payload)
    if not isinstance(told.get("command"), str):
        return None
    return Command(
        cut(clean(str(told.get("text") or "")), 200), _short(told.get("user_id")), _short(told.get("channel_id"))
    )


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _short(value: object) -> str:
    return cut(clean(value), 100) if isinstance(value, str) else ""


def _first(form: Mapping[str, list[str]], name: str) -> str:
    return cut(clean(form.get(name, [""])[0]), 200)
