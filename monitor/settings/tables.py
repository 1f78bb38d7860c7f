"""The tables of the configuration files; unknown keys are refused, durations and sizes carry a unit."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator

from monitor.model import OutletKind, Render, Stage, WatchKind, When

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def duration(text: object) -> object:
    """Read ``"90s"``, ``"3m"``, ``"1h30m"``; a bare number is refused because its unit would be a guess.

    Raises:
        ValueError: there is no unit, or an unknown one.
    """
    if isinstance(text, timedelta):
        return text
    found = re.fullmatch(r"(?:\d+(?:\.\d+)?(?:ms|[smhd]))+", text) if isinstance(text, str) else None
    if not found:
        raise ValueError('a duration needs a unit, like "90s", "3m" or "1h30m"')
    return timedelta(seconds=sum(float(n) * _UNITS[u] for n, u in re.findall(r"(\d+(?:\.\d+)?)(ms|[smhd])", found[0])))


def spell(value: timedelta) -> str:
    """Write a duration as these files do.

    Example:
        >>> spell(timedelta(minutes=90)), spell(timedelta(seconds=2)), spell(timedelta(milliseconds=200))
        ('90m', '2s', '200ms')
    """
    seconds = value.total_seconds()
    whole = (name for name, unit in reversed(_UNITS.items()) if unit >= 1 and seconds and seconds % unit == 0)
    unit = next(whole, "ms")
    return f"{seconds / _UNITS[unit]:g}{unit}"


def size(text: object) -> object:
    """Read ``"15MiB"`` as bytes.

    Raises:
        ValueError: there is no unit, or an unknown one.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB)", text) if isinstance(text, str) else None
    if not found:
        raise ValueError('a size needs a unit, like "15MiB"')
    return int(float(found[1]) * _SIZES[found[2]])


_DURATION = {"type": "string", "pattern": r"^(\d+(\.\d+)?(ms|[smhd]))+$", "examples": ["90s", "3m", "1h30m"]}
_QUIET = r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$"
_SIZE = {"type": "string", "pattern": r"^\d+(\.\d+)?\s*(B|KiB|MiB|GiB)$", "examples": ["15MiB"]}
Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    PlainSerializer(spell, when_used="json"),
    WithJsonSchema(_DURATION),
]
Size = Annotated[
    int,
    BeforeValidator(size),
    PlainSerializer(lambda count: f"{count / 2**20:g}MiB", when_used="json"),
    WithJsonSchema(_SIZE),
]


class Section(BaseModel):
    """A table of a file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSection(Section):
    """Where what we remember lives; ``""`` is a SQLite file in the user's data folder."""

    url: str = ""


class FetchSection(Section):
    """How pages are asked for."""

    user_agent: str = "bongsu (+https://github.com/bongsu; news monitor that obeys robots.txt)"
    gap: Duration = timedelta(seconds=2)
    deadline: Duration = timedelta(seconds=20)
    max_size: Size = 15 * 2**20
    allow_private: tuple[str, ...] = ()
    robots: bool = True
    browser: str = ""  # a Chromium, for outlets with render; "": found on PATH


class PollSection(Section):
    """How often sources are looked at."""

    tick: Duration = timedelta(seconds=1)
    visits: Annotated[int, Field(ge=1, le=500)] = 96
    links_per_visit: Annotated[int, Field(ge=1, le=1000)] = 40
    lease: Duration = timedelta(seconds=12)  # how long the hosts of a worker that died lie still
    floor: Duration = timedelta(minutes=1)
    ceiling: Duration = timedelta(hours=6)


class FleetSection(Section):
    """How several workers on one PostgreSQL share the visits."""

    executor: Literal["inline", "pgqueuer"] = "inline"
    per_address: Annotated[int, Field(ge=0, le=1000)] = 4  # visits at one server address at a time; 0: no limit


class AlertSection(Section):
    """What is too old to alert."""

    max_age: Duration = timedelta(hours=48)
    first_look: Duration = timedelta(hours=6)


class OpinionSection(Section):
    """A language model that is asked about articles the grader is unsure of; ``url = ""`` asks nobody."""

    url: Annotated[str, Field(pattern=r"^(https?://[^\s/]+.*)?$")] = ""  # of an OpenAI-compatible API, up to /v1
    model: str = ""
    key_file: str = ""
    key_env: str = ""
    above: Annotated[float, Field(ge=0, le=1)] = 0.08  # scores between these two are asked about
    below: Annotated[float, Field(ge=0, le=1)] = 0.5
    a_day: Annotated[int, Field(ge=0)] = 200
    timeout: Duration = timedelta(seconds=10)
    excerpt: Annotated[int, Field(ge=0, le=4000)] = 600

    @model_validator(mode="after")
    def _makes_sense(self) -> "OpinionSection":
        if self.url and not self.model:
            raise ValueError("url needs model, the name that the server knows it by")
        if self.above > self.below:
            raise ValueError("above must not be larger than below")
        return self


class DigestSection(Section):
    """When the mail goes out, in Korea: on working days, or every day."""

    days: Literal["working", "every"] = "working"
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "07:30"


class WebSection(Section):
    """The board."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8787
    token_file: str = ""
    token_env: str = ""
    public_url: str = ""
    reading: Literal["auto", "open", "token"] = "auto"  # auto: open on this machine, with the token from elsewhere


class KeepSection(Section):
    """How long things are remembered."""

    bodies: Duration = timedelta(days=90)
    requests: Annotated[int, Field(ge=1, le=1000)] = 20


class HeartbeatSection(Section):
    """Who outside is told that the daemon lives (a dead man's switch); the address is a secret, so it has a file."""

    ping_file: str = ""
    ping_env: str = ""
    every: Duration = timedelta(minutes=1)
    away: Duration = timedelta(minutes=5)


class MonitorFile(Section):
    """``monitor.toml``."""

    language: Literal["ko", "en"] = "ko"
    store: StoreSection = StoreSection()
    fetch: FetchSection = FetchSection()
    poll: PollSection = PollSection()
    fleet: FleetSection = FleetSection()
    alerts: AlertSection = AlertSection()
    opinion: OpinionSection = OpinionSection()
    digest: DigestSection = DigestSection()
    web: WebSection = WebSection()
    keep: KeepSection = KeepSection()
    heartbeat: HeartbeatSection = HeartbeatSection()


class ReceiverTable(Section):
    """One table of ``receivers.toml``: somebody who is told."""

    kind: Literal["slack", "slack-webhook", "email", "console", "webhook", "apprise"]
    language: Literal["ko", "en"] = "ko"
    pace: Duration = timedelta(milliseconds=1020)  # Slack takes one message a second and channel
    edits: Duration | Literal[False] = timedelta(seconds=45)
    burst: Annotated[int, Field(ge=0)] = 5
    fold: Annotated[int, Field(ge=0)] = 30
    settle: Duration = timedelta(seconds=10)
    quiet: Annotated[str, Field(pattern=_QUIET)] = ""  # "22:00-07:00", Korean time: alerts wait, then come together
    budget: Annotated[int, Field(ge=0)] = 0  # most messages an hour, the rest comes together; 0: no limit
    digest_at: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] = ""  # own time of the digest
    skip_empty: bool = True  # no digest on a day without news, but always one a week
    ops: bool = False
    channel: str = ""
    api: str = ""
    token_file: str = ""
    token_env: str = ""
    signing_file: str = ""
    signing_env: str = ""
    app_token_file: str = ""
    app_token_env: str = ""
    url_file: str = ""
    url_env: str = ""
    to: tuple[str, ...] = ()
    sender: str = ""
    smtp: str = ""
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password_file: str = ""
    password_env: str = ""
    unsubscribe: str = ""

    @model_validator(mode="after")
    def _needs(self) -> "ReceiverTable":
        needs = {
            "slack": ("channel", "token"),
            "slack-webhook": ("url",),
            "email": ("to", "sender", "smtp"),
            "webhook": ("url",),
            "apprise": ("url",),
        }
        for key in needs.get(self.kind, ()):
            if not any(getattr(self, form, "") for form in (key, f"{key}_file", f"{key}_env")):
                raise ValueError(
                    f'kind "{self.kind}" needs {key if hasattr(self, key) else key + "_file or " + key + "_env"}'
                )
        return self


class ReceiversFile(Section):
    """``receivers.toml``."""

    receivers: dict[str, ReceiverTable] = {}


class RouteTable(Section):
    """One ``[[routes]]`` of ``routes.toml``."""

    receiver: str
    when: When = When.NOW
    min_grade: Literal[1, 2, 3] = 3
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    min_stage: Stage | None = None
    min_amount_krw: Annotated[float, Field(ge=0)] = 0.0
    language: Literal["ko", "en"] = "ko"


class RoutesFile(Section):
    """``routes.toml``."""

    routes: tuple[RouteTable, ...] = ()


class WatchTable(Section):
    """One ``[[watch]]`` of ``watch.toml``: a name to hear of always, or never."""

    name: Annotated[str, Field(min_length=1)]
    kind: WatchKind
    aliases: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    effect: Literal["raise", "silence"] = "raise"
    grade: Literal[2, 3] = 2  # an article that names it is at least this: 2 in the digest, 3 an alert

    @model_validator(mode="after")
    def _makes_sense(self) -> "WatchTable":
        if self.effect == "silence" and "grade" in self.model_fields_set:
            raise ValueError('effect "silence" takes no grade')
        if self.kind is WatchKind.REGION and self.aliases:
            raise ValueError("the other names of a region stand in regions.toml, not in aliases")
        short = [name for name in (self.name, *self.aliases) if len(name.strip()) < 2]  # noqa: PLR2004 syllables
        if short and self.kind is not WatchKind.FIRM:
            raise ValueError(f"{short[0]!r} stands in every other word; write a longer name")
        return self


class WatchFile(Section):
    """``watch.toml``."""

    watch: tuple[WatchTable, ...] = ()


class SelectorTable(Section):
    """``[selectors]`` of an outlet file."""

    item: str = ""
    link: str = ""
    title: str = ""
    date: str = ""
    next_page: str = ""
    body: str = ""
    headline: str = ""
    published: str = ""


class OutletFile(Section):
    """``outlets/<region>/<outlet>.toml``."""

    name: str
    kind: OutletKind = OutletKind.PAPER
    home: str = ""
    feeds: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    layout: str = ""
    every: Duration | None = None
    checked: object = "never from here"
    contact: str = ""
    robots: str = ""
    enabled: bool = True
    note: str = ""
    fact: str = ""
    headers_file: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+\.headers)?$")] = ""  # beside monitor.toml
    render: Render = Render.NEVER
    selectors: SelectorTable = SelectorTable()

    @model_validator(mode="after")
    def _has_source(self) -> "OutletFile":
        addresses = (*self.feeds, *self.lists, *self.sitemaps)
        if self.enabled and not addresses:
            raise ValueError("an enabled outlet needs one of feeds, lists, sitemaps")
        for address in addresses:
            if not re.match(r"https?://[^\s/]+", address):
                raise ValueError(f"{address!r} is not an http(s) address")
        return self
