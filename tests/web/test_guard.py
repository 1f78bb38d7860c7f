"""Nobody writes without the token, no other site writes for a reader, and no route is forgotten."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from monitor.model import Stage, StoryId
from monitor.notify import Pen, SignedFeedback, SignedLeave
from monitor.web.acts import ACTS
from monitor.web.app import own_path, signing_key
from monitor.web.guard import OPEN_READS, OPEN_WRITES
from monitor.web.session import COOKIE
from tests.web.boards import TOKEN, Board, board, some_news

KNOWN = {
    "story": "s1",
    "deal": "d1",
    "region": "gwangju",
    "outlet": "noon",
    "day": "2026-03-04",
    "token": "x",
    "name": "board.css",
}


def routes(opened: Board) -> list[tuple[str, str, str]]:
    found = []
    for route in opened.client.app.router.routes():
        path = route.resource.canonical
        for name, value in KNOWN.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, "a new parameter: give it a value here"
        found.append((route.method, route.resource.canonical, path))
    return found


async def test_where_reading_needs_the_token_only_the_listed_routes_are_open(tmp_path):
    async with board(tmp_path, told=some_news(), reading="token") as opened:
        for method, canonical, path in routes(opened):
            answer = await opened.client.request(method, path, allow_redirects=False)
            is_open = canonical in (OPEN_READS if method in {"GET", "HEAD"} else OPEN_WRITES)
            if canonical == "/slack/events":
                assert answer.status == 401
            else:
                assert (answer.status != 401) == is_open or canonical == "/login", (method, path, answer.status)


async def test_the_board_reads_openly_on_this_machine_and_not_from_elsewhere(tmp_path):
    async with board(tmp_path, host="0.0.0.0") as opened:
        assert (await opened.client.get("/")).status == 401
        assert (await opened.client.get("/healthz")).status == 200
        assert (await opened.client.get("/", headers={"Authorization": f"Bearer {TOKEN}"})).status == 200


async def test_nothing_is_written_without_the_token(open_board: Board):
    for method, canonical, path in routes(open_board):
        if method == "POST" and canonical not in OPEN_WRITES:
            answer = await open_board.client.post(path, data={"form_token": "x"}, allow_redirects=False)
            assert answer.status == 401, path


async def test_nothing_is_written_without_the_token_when_there_is_none(tmp_path):
    async with board(tmp_path, token="", told=some_news()) as opened:
        for given in ("", "None", "x"):
            assert (await opened.client.post("/login", data={"token": given})).status in {401, 429}
        answer = await opened.client.post("/stories/s1/verdict", data={"value": "useful"})
        assert answer.status == 401


async def test_a_form_from_another_site_or_without_its_mark_is_refused(open_board: Board):
    mark = await open_board.sign_in()
    before = await open_board.store.verdicts()
    for method, canonical, path in routes(open_board):
        if method != "POST":
            continue
        data = {"form_token": mark, "value": "useful"}
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example"):
            answer = await open_board.client.post(path, data=data, headers={"Origin": origin}, allow_redirects=False)
            assert answer.status == 403, (path, origin, answer.status)
        cross = {"Sec-Fetch-Site": "cross-site"}
        assert (await open_board.client.post(path, data=data, headers=cross, allow_redirects=False)).status == 403
        if canonical not in OPEN_WRITES:
            for wrong in ({}, {"form_token": ""}, {"form_token": mark[:-1] + "0x"}, {"form_token": "가"}):
                answer = await open_board.client.post(path, data={"value": "useful", **wrong}, allow_redirects=False)
                assert answer.status == 403, path
    assert await open_board.store.verdicts() == before


async def test_looking_changes_nothing(open_board: Board):
    pen = Pen(await signing_key(open_board.store))
    told = pen.feedback(SignedFeedback(StoryId("s1"), "useful", "a@b"))
    await open_board.sign_in()
    before = (await open_board.store.counts(), await open_board.store.verdicts())
    paths = [path for method, _, path in routes(open_board) if method == "GET"]
    paths += [f"/f/{told}", f"/u/{pen.leave(SignedLeave('desk', 'a@b'))}"]
    for path in paths:
        await open_board.client.get(path, allow_redirects=False)
    assert (await open_board.store.counts(), await open_board.store.verdicts()) == before


async def test_who_signed_in_corrects_and_takes_back(open_board: Board):
    mark = await open_board.sign_in()
    store, post = open_board.store, open_board.client.post
    deal = (await store.deals_of(StoryId("s2")))[0].id

    async def pressed(path: str, **fields: str) -> int:
        return (await post(path, data={"form_token": mark, **fields})).status

    assert await pressed("/stories/s1/verdict", value="irrelevant") == 200
    assert await pressed("/stories/s1/verdict", value="useful") == 200
    assert [each.kind for each in await store.verdicts(subject="s1")] == ["relevant"]
    assert await pressed("/feedback/undo", kind="relevant", subject="s1", who="web") == 200
    assert await store.verdicts(subject="s1") == ()
    assert await pressed(f"/deals/{deal}/stage", stage="contract") == 200
    assert (await store.deals_of(StoryId("s2")))[0].deal.stage is Stage.CONTRACT
    assert await pressed("/stories/s1/split", article="noon.example/news/21") == 200
    assert len((await store.story(StoryId("s1"))).tellings) == 2
    assert await pressed("/stories/s1/join", other=f"{open_board.base}/stories/s3") == 200
    assert (await store.story(StoryId("s3"))).id == "s1"
    assert await pressed("/firms/mute", firm="누리소재4", days="7") == 200
    assert [(each.subject, each.value) for each in await store.verdicts("mute firm")] == [("누리소재4", "2026-03-11")]
    assert await pressed("/outlets/gwangju/noon/look") == 200
    assert "되돌리기" in await (await open_board.client.get("/feedback")).text()


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/stories/s1/verdict", {"value": "perhaps"}, 400),
        ("/stories/none/verdict", {"value": "useful"}, 404),
        ("/stories/s1/join", {"other": "s1"}, 409),
        ("/stories/s1/join", {"other": "https://unknown.example/1"}, 404),
        ("/stories/s1/split", {"article": "https://unknown.example/1"}, 409),
        ("/stories/s1/split", {}, 400),
        ("/deals/none/stage", {"stage": "mou"}, 404),
        ("/deals/none/stage", {"stage": "x"}, 400),
        ("/firms/mute", {"firm": "가", "days": "٣"}, 400),
        ("/firms/mute", {"firm": "가", "days": "999"}, 400),
        ("/feedback/undo", {"kind": "same story", "subject": "x", "who": "web"}, 400),
        ("/feedback/undo", {"kind": "relevant", "subject": "x", "who": "web"}, 404),
        ("/outlets/a/b/look", {}, 404),
    ],
)
async def test_a_correction_that_makes_no_sense_is_told_so(open_board: Board, path: str, fields: dict, status: int):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert (await open_board.client.post(path, data=fields, headers=headers)).status == status


async def test_five_wrong_tokens_a_minute_are_enough(open_board: Board):
    statuses = [(await open_board.client.post("/login", data={"token": f"t{n}"})).status for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    assert (await open_board.client.post("/login", data={"token": TOKEN})).status == 429
    open_board.clock.at += timedelta(seconds=61)
    assert (await open_board.client.post("/login", data={"token": TOKEN})).status == 200


async def test_sixty_corrections_a_minute_are_enough(open_board: Board):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    post = open_board.client.post
    statuses = [
        (await post("/stories/s1/verdict", data={"value": "useful"}, headers=headers, allow_redirects=False)).status
        for _ in range(62)
    ]
    assert statuses == [303] * 60 + [429] * 2


async def test_the_cookie_cannot_be_read_by_scripts_sent_by_other_sites_or_kept_for_ever(open_board: Board):
    answer = await open_board.client.post("/login", data={"token": TOKEN}, allow_redirects=False)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert TOKEN not in cookie.value
    open_board.clock.at += timedelta(days=31)
    text = await (await open_board.client.get("/")).text()
    assert "로그아웃" not in text


async def test_a_cookie_of_another_board_or_another_token_opens_nothing(open_board: Board, tmp_path):
    answer = await open_board.client.post("/login", data={"token": TOKEN}, allow_redirects=False)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value
    (tmp_path / "other").mkdir()
    async with board(tmp_path / "other") as other:
        for stolen in (cookie, cookie[:-2], "", "a.b", "가"):
            text = await (
                await other.client.get("/", cookies={COOKIE: stolen.encode().hex() if stolen == "가" else stolen})
            ).text()
            assert "로그아웃" not in text


@pytest.mark.parametrize(
    "goal", ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
             "/\t/evil.example", " //evil.example", "http:evil.example", "/\r\nSet-Cookie: a=b"],
)  # fmt: skip
async def test_signing_in_leads_to_a_page_of_this_board(open_board: Board, goal: str):
    assert own_path(goal) == "/"
    answer = await open_board.client.post("/login", data={"token": TOKEN, "next": goal}, allow_redirects=False)
    assert answer.headers["Location"] == "/"


async def test_a_name_that_was_pointed_at_this_machine_is_not_answered(open_board: Board):
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"):
        assert (await open_board.client.get("/", headers={"Host": host})).status in {400, 421}


async def test_every_answer_forbids_scripts_frames_and_guessing_of_types(open_board: Board):
    for path in ("/", "/today.json", "/nope", "/static/board.css", "/search?stage=x", "/digest/2026-03-04/mail"):
        headers = (await open_board.client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy
        assert "unsafe-inline" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


async def test_a_link_in_a_mail_shows_first_and_acts_when_pressed(open_board: Board):
    pen = Pen(await signing_key(open_board.store))
    path = f"/f/{pen.feedback(SignedFeedback(StoryId('s1'), 'irrelevant', 'reader@desk.example'))}"
    assert 'form method="post"' in await (await open_board.client.get(path)).text()
    assert await open_board.store.verdicts() == ()
    assert (await open_board.client.post(path)).status == 200
    (said,) = await open_board.store.verdicts()
    assert (said.kind, said.subject, said.who) == ("not relevant", "s1", "reader@desk.example")


async def test_one_click_unsubscribes_without_a_login_and_a_damaged_link_does_not(open_board: Board):
    pen = Pen(await signing_key(open_board.store))
    token = pen.leave(SignedLeave("desk", "reader@desk.example"))
    press = {"List-Unsubscribe": "One-Click"}
    for wrong in (token[:-1], token + "x", Pen("other").leave(SignedLeave("desk", "reader@desk.example")), "a" * 2000):
        assert (await open_board.client.post(f"/u/{wrong}", data=press)).status == 404
    assert (await open_board.client.get(f"/u/{token}")).status == 200
    assert await open_board.store.verdicts() == ()
    assert (await open_board.client.post(f"/u/{token}", data=press)).status == 200
    (said,) = await open_board.store.verdicts("unsubscribed")
    assert (said.subject, said.value) == ("reader@desk.example", "desk")


async def test_a_form_that_is_too_large_is_refused(open_board: Board):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = await open_board.client.post("/firms/mute", data={"firm": "가" * 70_000, "days": "1"}, headers=headers)
    assert answer.status == 413


def test_every_act_is_behind_the_guard():
    assert not set(ACTS) & OPEN_WRITES
