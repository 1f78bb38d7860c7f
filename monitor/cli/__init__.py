"""What does the user type?

Commands live in one file each and are imported only when they are called, so that ``--help`` and ``--version`` stay
light. Exit codes: 0 ok · 1 unexpected · 2 usage · 3 config · 4 some sources failed · 5 delivery · 6 database ·
7 locked · 8 findings.
"""

import gc
import importlib
import sys
from types import ModuleType

import click

from monitor import __version__
from monitor.errors import BongsuError, ConfigError, FetchError, Locked, NotifyError, ReadError, StoreError

COMMANDS = {
    "demo": ("demo", "네트워크 없이 둘러보기 · a bundled town: board and alerts in seconds"),
    "init": ("init", "설정 폴더 만들기 · write a config folder from the shipped catalogue"),
    "run": ("run", "상주 실행 · the daemon: poll, decide, deliver, digest, web"),
    "worker": ("worker", "여럿이 나눠 하기 · one of several equal workers on PostgreSQL"),
    "once": ("run", "한 번 실행 · one pass over what is due, deliver, exit"),
    "check": ("check", "설정 검사 · every configuration mistake at once"),
    "doctor": ("doctor", "설치 진단 · every dependency of a working install"),
    "config": ("config", "설정 보기 · every value in force and where it comes from; JSON schemas"),
    "outlets": ("outlets", "매체 추가·목록·점검 · add, list and check outlets"),
    "read": ("read", "기사 읽기 · pages to JSONL articles"),
    "links": ("read", "목록 읽기 · a feed, sitemap or list page to JSONL links"),
    "analyze": ("analyze", "기사 분석 · JSONL articles to relevance, story and deals"),
    "replay": ("replay", "기록 재생 · a recorded stream through the whole pipeline"),
    "why": ("ask", "왜 알렸나 · the whole trace of one article"),
    "why-not": ("ask", "왜 안 알렸나 · the same, asked the other way"),
    "search": ("ask", "찾기 · stories and deals, two syllables suffice"),
    "story": ("story", "이야기 나누기·합치기 · split an article off, join two stories"),
    "verdicts": ("verdicts", "의견 · what people said: list, add, export as labelled cases"),
    "train": ("train", "의견에서 배우기 · weights corrected by verdicts: shown, applied, reverted"),
    "digest": ("digest", "요약 메일 · build, preview or send the digest"),
    "slack": ("slack", "Slack 설정 · app manifest and round-trip test"),
    "db": ("db", "데이터베이스 · upgrade and move"),
    "backup": ("db", "백업 · a consistent copy of the database"),
    "healthcheck": ("check", "살아 있나 · exit 0 while the daemon beats"),
}
"""Command → (module below ``monitor.cli``, one line for ``--help``)."""

EXITS: tuple[tuple[type[BongsuError], int], ...] = (
    (ConfigError, 3),
    (Locked, 7),
    (StoreError, 6),
    (NotifyError, 5),
    (FetchError, 4),
    (ReadError, 4),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a user's first day."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of ``cmd_name`` and return its command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = _imported(f"monitor.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        if not isinstance(command, click.Command):
            raise TypeError(f"monitor.cli.{COMMANDS[cmd_name][0]} has no command {cmd_name}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


GARBAGE = (20_000, 20, 50)
"""Thresholds of the collector. At Python's own it took 0.7 ms of the 13 an article cost, mostly walking over modules
that never go away; with these and ``gc.freeze`` 0.02 ms (bench, ``path``)."""


def _imported(name: str) -> ModuleType:
    """Import a module without looking for garbage: nothing that is imported goes away (0.2 s of the daemon's 1.2)."""
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        gc.enable()


_FIRST = """봉수 — 지역 투자·MOU 소식을 한 건에 한 번만 알립니다.
One alert for each new Korean regional investment story.

  bongsu demo                  네트워크 없이 20초 안에 보기
  bongsu init --region 광주     내 지역 설정 만들기
  bongsu run                   시작  (http://127.0.0.1:8787)

bongsu --help 로 모든 명령을 봅니다."""


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bongsu")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """봉수: 지역 투자·MOU 소식 알림 · an alerter for Korean regional investment news."""
    if ctx.invoked_subcommand is None:
        click.echo(_FIRST)


def main() -> None:
    """Run the command; an error raised on purpose is one clear line and its documented exit code."""
    try:
        cli(prog_name="bongsu")
    except BongsuError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(next((code for kind, code in EXITS if isinstance(wrong, kind)), 1))
