"""A recorded stream through the whole pipeline, on its own clock."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from click.testing import CliRunner

from monitor.cli.changes import change_told, print_change
from monitor.jobs.replay import Change, Replay, compare
from monitor.model import Article, ArticleKey, StoryId

KST = timezone(timedelta(hours=9))
BODY = (
    "광주광역시는 배터리 소재 기업 ㈜누리셀과 첨단3지구에 공장을 짓는 투자협약을 체결했다고 4일 밝혔다. "
    "협약에 따라 ㈜누리셀은 2028년까지 1200억원을 들여 첨단3지구 터에 공장을 세우고 180명을 새로 고용한다."
)


def line(number: int, title: str, text: str, at: datetime, outlet: str) -> str:
    return json.dumps(
        {
            "url": f"http://{outlet}.example/news/articleView.html?idxno={number}",
            "title": title,
            "text": text,
            "published_at": at.isoformat(),
            "outlet": outlet,
        },
        ensure_ascii=False,
    )


def replay(stream: Path, *words: str) -> dict[str, object]:
    command = [sys.executable, "-m", "monitor", "replay", str(stream), "--json", *words]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def stream(folder: Path) -> Path:
    start = datetime(2026, 3, 4, 9, tzinfo=KST)
    lines = [
        line(n, "광주시, ㈜누리셀과 1200억원 투자협약", BODY, start + timedelta(hours=n), f"paper{n}") for n in range(5)
    ]
    lines.append(line(9, "도서관 휴관 안내", "시립도서관은 6일 문을 닫는다.", start + timedelta(days=1), "paper1"))
    file = folder / "stream.jsonl"
    file.write_text("\n".join(reversed(lines)))
    return file


def test_five_copies_are_one_alert_on_the_streams_own_day(tmp_path: Path) -> None:
    report = replay(stream(tmp_path))
    assert report["articles"] == 6
    assert report["stories"] == 2
    assert report["days"] == {"2026-03-04": 1, "2026-03-05": 0}
    assert [each["outlet"] for each in report["told"]] == ["paper0"]


PLAN = (
    "㈜누리셀이 광주 첨단3지구에 배터리 소재 공장을 짓는 방안을 추진한다. "
    "1200억원을 들여 2028년까지 공장을 세우고 180명을 새로 고용할 계획이다. 광주시는 터를 마련하는 방안을 살피고 있다."
)


def test_a_deal_that_was_announced_is_told_again_when_it_is_signed_and_then_no_more(tmp_path: Path) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=KST)
    plan, signed = "㈜누리셀, 광주에 1200억원 공장 추진", "광주시, ㈜누리셀과 1200억원 투자협약"
    told = [(1, plan, PLAN, 0), (2, plan, PLAN, 1), (3, signed, BODY, 70), (4, signed, BODY, 71), (5, plan, PLAN, 80)]
    file = tmp_path / "stream.jsonl"
    file.write_text(
        "\n".join(line(n, title, text, start + timedelta(hours=h), f"paper{n}") for n, title, text, h in told)
    )
    assert [each["outlet"] for each in replay(file)["told"]] == ["paper1", "paper3"]


def test_a_change_of_rules_is_told_by_what_it_adds_and_drops(tmp_path: Path) -> None:
    mild = tmp_path / "mild"
    mild.mkdir()
    (mild / "monitor.toml").write_text("")
    (mild / "receivers.toml").write_text('[receivers.console]\nkind = "console"\n')
    (mild / "routes.toml").write_text('[[routes]]\nreceiver = "console"\nregions = ["부산"]\n')
    change = replay(stream(tmp_path), "--against", str(mild))["change"]
    (dropped,) = change["dropped"]
    assert dropped["text"].startswith("광주광역시는 배터리 소재 기업")
    assert dropped["before"] == dropped["after"]
    assert change["added"] == []
    assert change["merged"] == change["split"] == []


def folder(at: Path, watch: str) -> str:
    at.mkdir()
    (at / "monitor.toml").write_text("")
    (at / "receivers.toml").write_text('[receivers.console]\nkind = "console"\n')
    (at / "routes.toml").write_text('[[routes]]\nreceiver = "console"\n')
    (at / "watch.toml").write_text(watch)
    return str(at)


def test_a_watch_list_is_tried_on_the_same_stream(tmp_path: Path) -> None:
    watch = """
        [[watch]]
        name = "누리셀"
        kind = "firm"
        effect = "silence"
        [[watch]]
        name = "시립도서관"
        kind = "sector"
        grade = 3
    """
    recorded = stream(tmp_path)
    change = replay(recorded, "--against", folder(tmp_path / "watching", watch))["change"]
    assert [each["title"] for each in change["dropped"]] == ["광주시, ㈜누리셀과 1200억원 투자협약"]
    (added,) = change["added"]
    assert added["title"] == "도서관 휴관 안내"
    assert added["why"][0] == "지켜보는 산업 (watched sector): 시립도서관 (등급 0→3)"


def test_stories_that_a_change_joins_are_shown_side_by_side(tmp_path: Path) -> None:
    one, two = (Article(ArticleKey(name), f"http://{name}", name, f"{name} 소식", "가 " * 200, None) for name in "ab")
    apart = Replay(
        stories={one.key: StoryId("s1"), two.key: StoryId("s2")}, firsts={StoryId("s1"): one, StoryId("s2"): two}
    )
    together = Replay(stories={one.key: StoryId("s1"), two.key: StoryId("s1")}, firsts={StoryId("s1"): one})

    change = compare(apart, together)
    assert change == Change((), (), ((one, two),), ())
    assert compare(together, apart).split == ((one, two),)
    (group,) = change_told(change)["merged"]
    assert [each["title"] for each in group] == ["a 소식", "b 소식"]
    assert all(each["text"].endswith("…") for each in group)
    with CliRunner().isolation() as (out, *_):
        print_change(change)
        shown = out.getvalue().decode()
    assert any("a 소식" in each and "b 소식" in each for each in shown.splitlines())
