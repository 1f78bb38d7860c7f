"""Every page says what it promises, in each of its forms."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from monitor.model import Stage, StoryId
from monitor.web.serve import ADDRESSES
from monitor.web.sheet import Table, as_csv
from tests.web.boards import NOW, Board, board, telling

PARTS = {"story": "s1", "region": "gwangju", "outlet": "noon", "day": "2026-03-04"}


def filled(path: str) -> str:
    for name, value in PARTS.items():
        path = path.replace(f"{{{name}:[^/.]+}}", value)
    return path


PAGES = [filled(each.path) for each in ADDRESSES]
FORMS = [f"{filled(each.stem)}.{form}" for each in ADDRESSES for form in each.forms]


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_every_page_answers_in_both_languages(open_board: Board, language: str):
    for page in PAGES:
        answer = await open_board.client.get(page, params={"lang": language})
        text = await answer.text()
        assert answer.status == 200, (page, text)
        assert f'<html lang="{language}">' in text
        assert "<script" not in text
        assert " style=" not in text


async def test_every_page_has_its_other_forms(open_board: Board):
    for page in FORMS:
        answer = await open_board.client.get(page)
        body = await answer.read()
        assert answer.status == 200, (page, body)
        if page.endswith(".json"):
            assert json.loads(body)["schema_version"] == 1
        elif page.endswith(".csv"):
            assert body.startswith("\ufeff".encode())
            assert len(list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))) >= 1
        else:
            assert fromstring(body).tag.endswith("feed")


async def test_a_story_shows_each_fact_with_its_sentence_and_why_articles_were_joined(open_board: Board):
    text = await (await open_board.client.get("/stories/s1")).text()
    for said in ("320억원", "누리소재1는 320억원을 들인다.", "본문이 거의 같음", "첨단3지구", "서명했다", "console"):
        assert said in text


async def test_the_board_counts_every_stage(open_board: Board):
    told = await (await open_board.client.get("/deals.json")).json()
    assert {each["stage"]: each["count"] for each in told["stages"]} == dict.fromkeys(Stage, 1)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=누리", 8),
        ("q=소재1", 1),
        ("q=묵은전지", 1),
        ("q=없는말", 0),
        ("stage=build", 1),
        ("region=전남", 1),
        ("region=광주&stage=mou", 1),
        ("firm=누리소재3", 1),
        ("amount=321", 0),
        ("amount=320&grade=3", 9),
        ("official=1", 1),
        ("from=2026-03-01&q=광주시", 8),
        ("to=2025-01-01", 1),
    ],
)
async def test_search_finds_by_words_place_stage_amount_firm_and_time(open_board: Board, asked: str, found: int):
    told = await (await open_board.client.get(f"/search.json?{asked}")).json()
    assert len(told["stories"]) == found


async def test_a_search_counts_its_result_and_each_count_leads_to_as_many_stories(open_board: Board):
    counts = (await (await open_board.client.get("/search.json?q=누리&limit=1")).json())["counts"]
    assert (counts["stories"], counts["whole"], sum(counts["years"].values())) == (8, True, 8)
    narrowed = [({"region": name}, count) for name, count in counts["regions"].items()]
    narrowed += [({"stage": stage}, count) for stage, count in counts["stages"].items()]
    narrowed += [({"from": f"{year}-01-01", "to": f"{year}-12-31"}, count) for year, count in counts["years"].items()]
    assert len(narrowed) > len(counts["stages"]) > 1
    for asks, count in narrowed:
        told = await (await open_board.client.get("/search.json", params={"q": "누리"} | asks)).json()
        assert len(told["stories"]) == told["counts"]["stories"] == count, asks


async def test_a_count_narrows_the_search_and_a_chosen_one_opens_it_again(open_board: Board):
    page = await (await open_board.client.get("/search?q=누리")).text()
    assert re.search(
        r'href="/search\?q=%EB%88%84%EB%A6%AC&amp;stage=build">[^<]+</a> <span class="count">1</span>', page
    )
    chosen = await (await open_board.client.get("/search?q=누리&stage=build&cursor=")).text()
    assert re.search(r'aria-current="true" href="/search\?q=%EB%88%84%EB%A6%AC">', chosen)


async def test_found_words_are_marked_and_nothing_else_becomes_markup(tmp_path: Path):
    title = "<b>누리</b> 투자 협약 & 'amp'"
    async with board(tmp_path, told=[telling(1, title=title)]) as opened:
        pages = {
            words: await (await opened.client.get("/search", params={"q": words})).text()
            for words in ("투자협약", "누리", "b", "amp", "<b>누리</b>")
        }
    rows = {words: re.findall(r'class="headline"[^>]*>(.*?)</(?:a|span)>', page) for words, page in pages.items()}
    assert rows == {
        "투자협약": ["&lt;b&gt;누리&lt;/b&gt; <mark>투자 협약</mark> &amp; &#39;amp&#39;"],
        "누리": ["&lt;b&gt;<mark>누리</mark>&lt;/b&gt; 투자 협약 &amp; &#39;amp&#39;"],
        "b": ["&lt;<mark>b</mark>&gt;누리&lt;/<mark>b</mark>&gt; 투자 협약 &amp; &#39;amp&#39;"],
        "amp": ["&lt;b&gt;누리&lt;/b&gt; 투자 협약 &amp; &#39;<mark>amp</mark>&#39;"],
        "<b>누리</b>": ["<mark>&lt;b&gt;누리&lt;/b&gt;</mark> 투자 협약 &amp; &#39;amp&#39;"],
    }


async def test_pages_of_a_list_follow_each_other_without_a_gap(open_board: Board):
    for words in ("", "q=광주시&"):
        seen: list[str] = []
        cursor = ""
        for _ in range(20):
            params = {"limit": "3", "cursor": cursor} | ({"q": "광주시"} if words else {})
            told = await (await open_board.client.get("/api/v1/stories", params=params)).json()
            seen += [story["id"] for story in told["stories"]]
            cursor = told["cursor"]
            if not cursor:
                break
        assert len(seen) == len(set(seen)) >= 9


@pytest.mark.parametrize(
    "asked",
    ["stage=x", "limit=0", "limit=9999", "amount=nan", "amount=-1", "from=tomorrow", "to=0001-01-01", "cursor=x",
     "cursor=2026-13-01T00:00:00%2B00:00 a", "grade=7", "official=maybe", "q=" + "가" * 101, "limit=%D9%A3"],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_is_told_so(open_board: Board, asked: str):
    answer = await open_board.client.get(f"/search.json?{asked}")
    assert answer.status == 400
    assert (await answer.json())["error"]["status"] == 400


async def test_odd_letters_in_a_question_find_nothing_and_break_nothing(open_board: Board):
    for asked in (
        "%00",
        "%ff%fe",
        '"',
        "' OR 1=1",
        "*",
        "NEAR(",
        "%F0%9F%92%A9",
        "AND",
        "<b>",
        "\u202e".encode().hex(),
    ):
        assert (await open_board.client.get(f"/search?q={asked}")).status == 200


async def test_the_radar_names_promises_that_nothing_followed_for_a_year(open_board: Board):
    told = await (await open_board.client.get("/radar.json")).json()
    silent = [each for each in told["promises"] if each["silent"]]
    assert [(each["firms"], each["months"] > 12) for each in silent] == [("묵은전지", True)]
    south = next(each for each in told["regions"] if each["name"] == "전라남도")
    assert (south["promised"], south["confirmed"], south["promised_krw"]) == (1, 0, 3.2e10)


async def test_two_tellings_of_one_promise_are_one_and_the_furthest_stage_counts(tmp_path):
    promised = telling(1, firm="두번전지", at=NOW - timedelta(days=400))
    again = telling(2, firm="두번전지", at=NOW - timedelta(days=390), stage=Stage.AGREEMENT)
    async with board(tmp_path, told=[promised, again]) as opened:
        told = await (await opened.client.get("/radar.json")).json()
    assert [(each["firms"], each["stage"]) for each in told["promises"]] == [("두번전지", "agreement")]


async def test_the_calendar_holds_each_dated_deal_in_lines_of_75_octets(open_board: Board):
    answer = await open_board.client.get("/calendar.ics")
    text = await answer.text()
    assert answer.content_type == "text/calendar"
    assert text.count("BEGIN:VEVENT") == 4
    assert "DTSTART;VALUE=DATE:20260313" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


async def test_a_day_of_digest_is_the_mail_itself_under_a_policy_of_its_own(open_board: Board):
    page = await (await open_board.client.get("/digest/2026-03-05")).text()
    mail = await open_board.client.get("/digest/2026-03-05/mail")
    text = await mail.text()
    assert "누리소재" in text
    assert '<iframe class="mail"' in page
    assert "unsafe-inline" not in mail.headers["Content-Security-Policy"]
    assert "'unsafe-hashes' 'sha256-" in mail.headers["Content-Security-Policy"]


async def test_settings_name_the_origin_of_each_value_and_show_no_secret(open_board: Board):
    told = await (await open_board.client.get("/settings.json")).json()
    values = {each["name"]: each for each in told["values"]}
    assert values["language"]["value"] == "ko"
    assert values["web.host"]["origin"] in {"default"} | {str(open_board.settings.folder / "monitor.toml")}
    assert "sesame" not in json.dumps(told)


async def test_an_outlet_shows_its_requests_and_what_was_read(open_board: Board):
    told = await (await open_board.client.get("/outlets/gwangju/noon.json")).json()
    assert told["state"] == "ok"
    assert told["sources"][0]["requests"][0]["size"] == 900
    assert len(told["sample"]) == 5


async def test_machines_are_told_in_prometheus_words(open_board: Board):
    text = await (await open_board.client.get("/metrics")).text()
    for line in (
        "bongsu_stories 10.0",
        'bongsu_source_states{state="ok"} 1.0',
        'bongsu_outbox_depth{receiver="console"}',
        "# TYPE bongsu_alert_lag_seconds histogram",
    ):
        assert line in text
    assert (await open_board.client.get("/readyz")).status == 200
    await open_board.store.heartbeat(NOW - timedelta(minutes=2))
    assert (await open_board.client.get("/readyz")).status == 503


async def test_completeness_estimates_from_the_overlap_of_two_channels(open_board: Board):
    told = await (await open_board.client.get("/completeness.json")).json()
    assert told["regions"] == [
        {"region": "광주광역시", "official": 1, "press": 8, "both": 1, "seen": 8, "estimate": 8.0, "share": 1.0}
    ]


async def test_a_deal_leads_to_its_story_and_what_is_unknown_is_not_found(open_board: Board):
    deal = (await open_board.store.deals_of(StoryId("s1")))[0]
    answer = await open_board.client.get(f"/deals/{deal.id}", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/stories/s1")
    for path in ("/deals/none", "/stories/none", "/outlets/a/b", "/static/none", "/static/..%2fapp.py", "/f/none"):
        assert (await open_board.client.get(path)).status == 404, path


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "|calc", "%0A"])
def test_no_cell_runs_as_a_formula(cell: str):
    (_, row) = list(csv.reader(io.StringIO(as_csv(Table(("a",), ((cell,),))))))
    assert row[0].startswith("'")
