"""Who listens to Slack over a line of its own: one for each app token, beside the lanes."""

import asyncio
from functools import partial

import structlog

from monitor.daemon.wiring import Running
from monitor.errors import ConfigError
from monitor.jobs.command import answer
from monitor.jobs.press import hear
from monitor.jobs.report import take
from monitor.notify import Command, Press, Report, SlackSocket
from monitor.settings import ReceiverTable

SLACK_API = "https://slack.com/api/"
log = structlog.get_logger()


def sockets_of(running: Running) -> tuple[SlackSocket, ...]:
    """Return one listener for each app whose token the receivers name; two channels of one app share it.

    Raises:
        ConfigError: a token is named but cannot be read.
    """
    tokens: dict[str, ReceiverTable] = {}
    for name, table in running.settings.receivers.items():
        try:
            token = running.settings.secret(table, "app_token") if table.kind == "slack" else None
        except ConfigError as wrong:
            raise ConfigError(tuple(f"receivers.{name}: {mistake}" for mistake in wrong.mistakes)) from wrong
        if token:
            tokens.setdefault(token.reveal(), table)
    return tuple(
        SlackSocket(
            app_token=token,
            on_press=partial(_press, running),
            on_report=partial(_report, running),
            on_command=partial(_command, running),
            base_url=(table.api or SLACK_API).rstrip("/") + "/",
        )
        for token, table in tokens.items()
    )


async def listen(socket: SlackSocket, stop: asyncio.Event) -> None:
    """Listen until ``stop``; a line that cannot be opened costs the buttons, never the alerts."""
    try:
        await socket.listen(stop)
    except Exception:
        log.exception("slack.line")


async def _press(running: Running, press: Press) -> None:
    await hear(press, store=running.store, notifiers=running.notifiers, now=running.room.now)


async def _report(running: Running, report: Report) -> None:
    await take(report, room=running.room)


async def _command(running: Running, command: Command) -> str:
    return await answer(command, store=running.store, now=running.room.now)
