"""Receivers → channels: who shows messages one by one."""

from dataclasses import replace
from datetime import time, timedelta
from urllib.parse import urlsplit

from monitor.clock import Now, utc_now
from monitor.errors import ConfigError
from monitor.fetch import Fetcher
from monitor.notify import AppriseChannel, Console, Email, Manners, Notifier, Quiet, Slack, SlackWebhook, Smtp, Webhook
from monitor.settings import ReceiverTable, Settings

_SLACK_API = "https://slack.com/api/"


def notifiers_of(settings: Settings, fetcher: Fetcher, *, now: Now = utc_now) -> dict[str, Notifier]:
    """Open a channel for each receiver; all of them speak through the fetcher's guarded session.

    Raises:
        ConfigError: with every secret that is missing or open to others.
    """
    opened: dict[str, Notifier] = {}
    mistakes: list[str] = []
    for name, table in settings.receivers.items():
        try:
            opened[name] = _Opening(name, table, settings, fetcher, now).notifier()
        except ConfigError as wrong:
            mistakes += [f"receivers.{name}: {mistake}" for mistake in wrong.mistakes]
    if mistakes:
        raise ConfigError(tuple(mistakes))
    return opened


class _Opening:
    """One receiver's channel being opened."""

    def __init__(self, name: str, table: ReceiverTable, settings: Settings, fetcher: Fetcher, now: Now) -> None:
        self._name = name
        self._table = table
        self._settings = settings
        self._fetcher = fetcher
        self._now = now

    def notifier(self) -> Notifier:
        """Open it by its kind."""
        kinds = {
            "console": self._console,
            "slack": self._slack,
            "slack-webhook": self._slack_webhook,
            "webhook": self._webhook,
            "email": self._email,
            "apprise": self._apprise,
        }
        return kinds[self._table.kind]()

    def _console(self) -> Notifier:
        manners = replace(self._manners(), pace=timedelta(0), edits=None, burst=0, fold=0)
        return Console(self._name, manners=manners, now=self._now)

    def _slack(self) -> Notifier:
        return Slack(
            self._name,
            token=self._secret("token"),
            channel=self._table.channel,
            session=self._fetcher.session,
            base_url=self._table.api or _SLACK_API,
            manners=self._manners(),
            now=self._now,
        )

    def _slack_webhook(self) -> Notifier:
        return SlackWebhook(
            self._name,
            url=self._secret("url"),
            session=self._fetcher.session,
            manners=replace(self._manners(), edits=None),
            now=self._now,
        )

    def _webhook(self) -> Notifier:
        return Webhook(
            self._name,
            url=self._secret("url"),
            secret=self._secret("signing"),
            session=self._fetcher.session,
            manners=replace(self._manners(), edits=None, burst=0, fold=0),
            now=self._now,
        )

    def _email(self) -> Notifier:
        relay = urlsplit(f"//{self._table.smtp}")
        smtp = Smtp(
            self._name,
            host=relay.hostname or "",
            port=relay.port or 587,
            sender=self._table.sender,
            user=self._table.user,
            password=self._secret("password") if self._table.user else "",
            tls=self._table.tls,
            now=self._now,
        )
        manners = replace(self._manners(), edits=None, pace=timedelta(0))
        return Email(
            self._name,
            smtp=smtp,
            to=self._table.to,
            unsubscribe=self._table.unsubscribe,
            manners=manners,
            now=self._now,
        )

    def _apprise(self) -> Notifier:
        manners = replace(self._manners(), edits=None)
        return AppriseChannel(self._name, url=self._secret("url"), manners=manners, now=self._now)

    def _secret(self, key: str) -> str:
        secret = self._settings.secret(self._table, key)
        if secret is None:
            raise ConfigError((f'kind "{self._table.kind}" needs {key}_file or {key}_env',))
        return secret.reveal()

    def _manners(self) -> Manners:
        return Manners(
            language=self._table.language,
            pace=self._table.pace,
            edits=self._table.edits or None,
            burst=self._table.burst,
            fold=self._table.fold,
            settle=self._table.settle,
            quiet=_quiet(self._table.quiet),
            budget=self._table.budget,
        )


def _quiet(hours: str) -> Quiet | None:
    begins, _, ends = hours.partition("-")
    return Quiet(time.fromisoformat(begins), time.fromisoformat(ends)) if ends else None
