"""U8–U10: what a user's, or a stranger's, configuration may not do: hang us, be evaluated, reach out of its box."""

import json
import os
import random
import re
import sqlite3
import subprocess
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.classify import Grader
from monitor.model import Article, ArticleKey, Facts
from tests.acceptance.field import outlet, running
from tests.acceptance.paper import Paper, feed, page
from tests.acceptance.stage import BONGSU, ROOT, ask, stage

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
TOPIC = ROOT / "config/topics/investment.toml"
WEIGHTS = ROOT / "config/models/relevance.npz"
_REGEX = re.compile(r"^regex = '.*'$", re.MULTILINE)


def _bongsu(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BONGSU__")}
    return subprocess.run([BONGSU, *words], capture_output=True, text=True, timeout=60, cwd=cwd, env=clean, check=False)


# ---- U8 ------------------------------------------------------------------------------------------


def _hostile_patterns(draw: random.Random) -> list[str]:
    letter, times = draw.choice("ab가나"), draw.randint(20, 40)
    return [
        "(a+)+$", "(a|aa)+$", "(a|a)*$", "(a*)*b", "([a-zA-Z]+)*$", "(.*a){20}$", "^(a?){30}a{30}$", ".*.*.*=.*",
        f"({letter}+)+!", f"({letter}|{letter}{letter})+$", f"^({letter}?){{{times}}}{letter}{{{times}}}$",
        f"(?:{letter}+\\s?)+=", "(\\w+\\s?)+$", "(x+x+)+y", "((a+)+)+$", "(?:a+){10}b", "a*a*a*a*a*c",
    ]  # fmt: skip


def _cost_ms(pattern: str, text: str) -> float:
    """Milliseconds of CPU to grade a title of 100 kB when every pattern of the topic is *pattern*, a pattern each."""
    topic = tomllib.loads(TOPIC.read_text(encoding="utf-8"))
    needed = " ".join(word for row in topic["pattern"] for word in row["needs"])
    for row in topic["pattern"]:
        row["regex"] = pattern
    grader = Grader.load(WEIGHTS.read_bytes(), topic)
    title = (text * (100_000 // len(text) + 1))[:100_000]
    at = datetime(2026, 3, 4, tzinfo=UTC)
    article = Article(ArticleKey("a"), "https://paper.example/1?" + title[:3000], "o", title, f"{needed} {title}", at)
    began = time.process_time()
    grader.grade(article, Facts())
    return (time.process_time() - began) * 1000 / len(topic["pattern"])


def _switched_off(folder: Path) -> tuple[dict[str, int], str]:
    """Exit codes of ``check`` and ``doctor`` for a topic with patterns that RE2 does not run, and what they said."""
    text = TOPIC.read_text(encoding="utf-8")
    bad = iter([r"regex = '(?=공장)착공'", r"regex = '(공장)\1'", "regex = '(.*a){1000}'"])
    (folder / "topics").mkdir(parents=True)
    (folder / "monitor.toml").write_text(f'[store]\nurl = "sqlite+aiosqlite:///{folder}/bongsu.db"\n')
    shown = _REGEX.sub(lambda found: next(bad, found[0]), text)
    (folder / "topics" / "investment.toml").write_text(shown, encoding="utf-8")
    runs = {
        "check": _bongsu("check", "--config", str(folder)),
        "doctor": _bongsu("doctor", "--offline", "--config", str(folder)),
    }
    return {name: run.returncode for name, run in runs.items()}, "".join(run.stdout for run in runs.values())


def u8(*, seed: int, quick: bool) -> Verdict:
    """Patterns that make other engines hang, over titles of 100 kB; what cannot be run is switched off and said."""
    patterns = _hostile_patterns(random.Random(seed))
    texts = ("a", "aaaa ", "가", "x") if not quick else ("a", "가 ")
    slowest = {pattern: round(max(_cost_ms(pattern, text) for text in texts), 2) for pattern in patterns}
    with stage(seed=seed) as here:
        codes, said = _switched_off(here.folder / "odd")
    notices = said.count("; rule switched off")
    worst = max(slowest, key=lambda pattern: slowest[pattern])
    figure = {
        "patterns": len(patterns), "worst_ms": slowest[worst], "worst": worst, "notices": notices, "exits": codes
    }  # fmt: skip
    return slowest[worst] <= 100 and notices == 6 and codes == {"check": 0, "doctor": 8}, figure


# ---- U9 ------------------------------------------------------------------------------------------

PAGES = (
    "/", "/deals", "/search", "/regions", "/outlets", "/feedback", "/settings", "/radar", "/completeness",
    "/today.json", "/today.csv", "/today.atom", "/deals.json", "/outlets.json", "/settings.json", "/settings.csv",
    "/calendar.ics", "/metrics", "/api/v1/stories", "/outlets/town/site0",
)  # fmt: skip


def _expressions(draw: random.Random) -> tuple[str, list[str]]:
    """A product that no page holds by chance, and ways to have it worked out."""
    left, right = draw.randint(7001, 9999), draw.randint(7001, 9999)
    sum_ = f"{left}*{right}"
    made = [
        "{{ %s }}", "{{%s}}", "${%s}", "#{%s}", "<%%= %s %%>", "{%% if 1 %%}{{ %s }}{%% endif %%}", "%%{%s}",
        "[[${%s}]]",        "@(%s)", "{php}echo %s;{/php}", "$(( %s ))", "{%s!r}",
    ]  # fmt: skip
    extra = ["{0.__class__}", "%(message)s", "{story.__init__.__globals__}", "{{ config.__class__.__mro__ }}"]
    return str(left * right), [form % sum_ for form in made] + extra


def _read(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
            return answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        return refused.read().decode(errors="replace")


def u9(*, seed: int, quick: bool) -> Verdict:
    """Template expressions in every text of the configuration: shown as they are written, never worked out."""
    product, forms = _expressions(random.Random(seed))
    all_ = json.dumps(" ".join(forms), ensure_ascii=False)
    with stage(seed=seed) as here:
        ask(f"{here.farm}/town/start?n=12&rate=6&sites=1")
        towns = {"site0": f'name = {all_}\nnote = {all_}\nfeeds = ["{here.farm}/town/0/feed?last=40"]\nevery = "2s"\n'}
        folder = here.folder / "run"
        (folder / "topics").mkdir(parents=True)
        labels = re.sub(r'^label = ".*"$', lambda _: f"label = {all_}", TOPIC.read_text("utf-8"), flags=re.MULTILINE)
        (folder / "topics" / "investment.toml").write_text(labels, encoding="utf-8")
        (folder / "watch.toml").write_text(f'[[watch]]\nname = {all_}\nkind = "sector"\naliases = ["공장"]\n')
        with running(here, towns, board=True) as run:
            run.until(lambda: run.one("SELECT count(*) FROM delivery WHERE state = 'sent'") > 2, 45)
            told = [_read(run.web + path) for path in PAGES]
            told += [_read(f"{run.web}/stories/{each[0]}") for each in run.rows("SELECT id FROM story LIMIT 5")]
            told += [_read(f"{run.web}/digest/{_tomorrow()}/mail")]
            sent = run.one("SELECT count(*) FROM delivery WHERE state = 'sent'")
            told += [run.log]
        told += [json.dumps(ask(here.slack + "/__calls"), ensure_ascii=False)]
        told += [_bongsu("config", "show", "--config", str(folder)).stdout]
        told += [_bongsu("outlets", "list", "--config", str(folder)).stdout]
    evaluated = sum(product in text or "&lt;class" in text or "<class '" in text for text in told)
    literal = sum(forms[1] in text for text in told)
    figure = {
        "evaluated": evaluated,
        "forms": len(forms),
        "outputs": len(told),
        "shown_as_written": literal,
        "sent": sent,
    }
    return evaluated == 0 and literal >= 5 and sent > 2, figure


def _tomorrow() -> str:
    return f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"


# ---- U10 -----------------------------------------------------------------------------------------

SELECTORS = (
    "document('file:///etc/passwd')", "//a[unparsed-text('file:///etc/passwd')]", "@import url(http://127.0.0.1:1/x)",
    "a{background:url(http://127.0.0.1:1/x)}", "xpath:/html", "../../secret", "file:///etc/passwd", "a[", "p:has(",
)  # fmt: skip
HEADERS = ("/etc/passwd", "../outside.headers", "../../etc/shadow", "/proc/self/environ", "desk.token", "link.headers")


def _refusals(folder: Path, files: dict[str, str]) -> Iterator[str]:
    """Yield each outlet file that ``check`` and ``run`` both take."""
    if _bongsu("check", "--config", str(folder)).returncode != 0:
        yield "nothing: the folder itself has a mistake"
    for number, (what, text) in enumerate(files.items()):
        path = folder / "outlets" / "town" / f"odd{number}.toml"
        path.write_text(text, encoding="utf-8")
        if _bongsu("check", "--config", str(folder)).returncode != 3:
            ran = _bongsu("once", "--config", str(folder))
            if ran.returncode != 3:
                yield what
        path.unlink()


def _hostile_copies(folder: Path) -> dict[str, Path]:
    """Copies of a sound database that would act when they are opened."""
    made = {}
    for name, statement in {
        "trigger": "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM article; END",
        "view": "CREATE VIEW told AS SELECT * FROM article",
        "newer": "UPDATE alembic_version SET version_num = '9999'",
    }.items():
        made[name] = folder / f"{name}.db"
        made[name].write_bytes((folder / "sound.db").read_bytes())
        with sqlite3.connect(made[name]) as link:
            link.execute(statement)
        link.close()
    made["no database"] = folder / "text.db"
    made["no database"].write_text("root:x:0:0\n" * 500)
    return made


def u10(*, seed: int, quick: bool) -> Verdict:
    """Selectors, outlet files handed on, copies of a database: what reaches out of its box is refused."""
    with stage(seed=seed) as here, Paper() as paper, Paper() as canary:
        paper.pages["/news/1"] = page("나주시 투자협약", "나주시는 협약을 맺었다. " * 20)
        paper.pages["/rss"] = feed([(f"{paper.url}/news/1", "나주시 투자협약", None)])
        outside = here.folder / "outside.headers"
        outside.write_text("X-Outside: planted-secret-4711\n")
        outside.chmod(0o600)
        with running(here, {"good": outlet("새벽신문", feed=f"{paper.url}/rss")}, allow=(paper.place,)) as run:
            run.until(lambda: run.one("SELECT count(*) FROM article") > 0, 30)
        folder = run.config
        (folder / "link.headers").symlink_to(outside)
        (folder / "desk.token").write_text("X-Token: planted-secret-4711\n")
        (folder / "desk.token").chmod(0o600)
        base = f'name = "이상한신문"\nfeeds = ["{paper.url}/rss?odd"]\nevery = "1s"\n'
        files = {
            f"selector {text}": f"{base}[selectors]\nitem = {json.dumps(text)}\n"
            for text in SELECTORS[: 3 if quick else 9]
        }
        files |= {f"headers {name}": f"{base}headers_file = {json.dumps(name)}\n" for name in HEADERS}
        taken = list(_refusals(folder, files))
        adds = [
            ("--region", "../../out"),
            ("--region", "/var"),
            ("--id", "../../monitor"),
            ("--id", "a/b"),
            ("--id", ".x"),
        ]
        for option, text in adds:
            run_ = _bongsu("outlets", "add", paper.url, option, text, "--yes", "--config", str(folder))
            taken += [f"add {option} {text}"] if run_.returncode != 2 else []
        taken += _restored(here.folder, folder, run.database)
        secrets = [each.path for each in (*paper.asked, *canary.asked) if "planted-secret" in json.dumps(each.headers)]
    tries = len(files) + len(adds) + 4
    return not taken and not secrets, {"tries": tries, "taken": taken, "secrets_sent": secrets}


def _restored(folder: Path, config: Path, database: Path) -> list[str]:
    """Try to put hostile copies in the database's place; return those that were taken."""
    done = _bongsu("backup", str(folder / "sound.db"), "--config", str(config))
    before, taken = database.read_bytes(), [] if done.returncode == 0 else ["no sound copy"]
    restore = ["sh", str(ROOT / "deploy/backup/restore.sh")]
    for name, copy in _hostile_copies(folder).items():
        run = subprocess.run(
            [*restore, str(copy), str(database)], capture_output=True, timeout=60, check=False,
            env=os.environ | {"BONGSU": BONGSU},
        )  # fmt: skip
        if run.returncode == 0 or database.read_bytes() != before:
            taken.append(f"copy {name}")
    sound = subprocess.run(
        [*restore, str(folder / "sound.db"), str(database)], capture_output=True, timeout=60, check=False,
        env=os.environ | {"BONGSU": BONGSU},
    )  # fmt: skip
    return taken if sound.returncode == 0 else [*taken, "the sound copy was refused"]


TESTS = {"U8": u8, "U9": u9, "U10": u10}
