"""One digest for each subscriber and working day, whatever the relay does."""

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.jobs.digest import LEFT, Outcome, Subscription, send_digests
from monitor.jobs.workdays import Timetable, every_day, is_working_day
from monitor.model import Deal, Money, Stage, When
from monitor.notify import DigestChannel, Smtp
from monitor.store import Store
from tests.jobs.owed import firm, publish
from tests.notify.desk import open_desk, open_slack
from tests.notify.relay import Relay, open_relay
from tests.store.databases import any_store
from tests.town import Clock

SENDER = "bongsu@desk.example"
WEDNESDAY = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)  # 2026-03-04 07:30 in Korea


@pytest.fixture
def clock() -> Clock:
    return Clock(WEDNESDAY)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with any_store() as opened:
        yield opened


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    async with open_relay() as opened:
        yield opened


def subscription(relay: Relay, clock: Clock, *people: str) -> Subscription:
    mailer = Smtp("mail", host="127.0.0.1", port=relay.port, sender=SENDER, tls="none", now=clock)
    return Subscription("morning", mailer, SENDER, people or ("a@desk.example",))


async def tick(store: Store, one: Subscription, clock: Clock) -> Outcome:
    return await send_digests(store=store, subscriptions={"morning": one}, now=clock)


async def run_on(store: Store, one: Subscription, clock: Clock, **span: float) -> None:
    end = clock() + timedelta(**span)
    while clock() < end:
        await tick(store, one, clock)
        clock.passes(minutes=1)


async def news(store: Store, clock: Clock, number: int = 1, **ago: float) -> None:
    await publish(store, number, clock() - timedelta(**(ago or {"hours": 5})), "morning", when=When.DIGEST)


async def test_a_digest_is_posted_once_a_day(store: Store, relay: Relay, clock: Clock) -> None:
    one = subscription(relay, clock)
    await news(store, clock)

    done = [await tick(store, one, clock) for _ in range(3)]

    assert [outcome.sent for outcome in done] == [1, 0, 0]
    assert firm(1) in relay.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "3/4(수)" in relay.mails[0]["Subject"]


async def test_nothing_is_posted_before_the_time(store: Store, relay: Relay, clock: Clock) -> None:
    await news(store, clock)
    clock.passes(seconds=-1)

    assert await tick(store, subscription(relay, clock), clock) == Outcome()


async def test_a_start_after_the_time_catches_up_and_covers_the_whole_period(
    store: Store, relay: Relay, clock: Clock
) -> None:
    one = subscription(relay, clock)
    await news(store, clock, 1)
    await tick(store, one, clock)
    await news(store, clock, 2, minutes=-30)
    clock.passes(days=1, hours=3)
    await tick(store, one, clock)

    text = relay.mails[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert firm(2) in text
    assert firm(1) not in text
    assert "3/4 07:30 ~ 3/5 07:30" in text


async def test_the_days_of_a_holiday_are_told_together_on_the_next_working_day(
    store: Store, relay: Relay, clock: Clock
) -> None:
    one = subscription(relay, clock)
    clock.at = datetime(2026, 9, 22, 22, 30, tzinfo=UTC)  # the Wednesday before Chuseok
    await news(store, clock, 1)
    for number in range(8):
        await tick(store, one, clock)
        await news(store, clock, 10 + number, hours=-1)
        clock.passes(days=1)

    subjects = [mail["Subject"] for mail in relay.mails]
    assert [subject.split(" ")[1] for subject in subjects] == ["9/23(수)", "9/28(월)", "9/29(화)", "9/30(수)"]
    assert "5일 모음" in subjects[1]
    assert "신규 5건" in subjects[1]


async def test_an_empty_day_is_skipped_but_the_first_of_the_week_goes_out(
    store: Store, relay: Relay, clock: Clock
) -> None:
    one = subscription(relay, clock)
    clock.at = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)  # Monday
    done = []
    for _ in range(5):
        done.append(await tick(store, one, clock))
        clock.passes(days=1)

    assert [outcome.sent for outcome in done] == [1, 0, 0, 0, 0]
    assert [outcome.skipped for outcome in done] == [0, 1, 1, 1, 1]
    assert "신규 0건" in relay.mails[0]["Subject"]


async def test_a_greylisting_relay_gets_the_same_letter_later(store: Store, relay: Relay, clock: Clock) -> None:
    one = subscription(relay, clock)
    await news(store, clock)
    relay.grey["a@desk.example"] = 1

    await run_on(store, one, clock, minutes=5)
    early = len(relay.tries)
    await run_on(store, one, clock, minutes=5)

    assert (early, len(relay.tries), len(relay.kept)) == (1, 2, 1)


async def test_one_bad_address_does_not_stop_the_others(store: Store, relay: Relay, clock: Clock) -> None:
    people = [f"p{number}@desk.example" for number in range(20)]
    relay.refused.add("p3@desk.example")
    told: list[str] = []

    async def tell(text: str) -> None:
        told.append(text)

    one = subscription(relay, clock, *people)
    await news(store, clock)
    for _ in range(30):
        await send_digests(store=store, subscriptions={"morning": one}, now=clock, tell_ops=tell)
        clock.passes(minutes=1)

    assert Counter(to for to, _ in relay.kept) == Counter(set(people) - {"p3@desk.example"})
    assert relay.tries.count("p3@desk.example") == 1
    assert len(told) == 1


async def test_a_lost_answer_is_repeated_at_most_once_with_the_same_identity(
    store: Store, relay: Relay, clock: Clock
) -> None:
    one = subscription(relay, clock)
    await news(store, clock)
    relay.faults.extend(["keep and cut", "keep and cut", "keep and cut"])

    await run_on(store, one, clock, hours=2)

    assert len(relay.kept) == 2
    assert len({mail["Message-ID"] for mail in relay.mails}) == 1


async def test_a_month_with_a_bad_relay_misses_and_doubles_nothing(store: Store, relay: Relay, clock: Clock) -> None:
    people = [f"p{number}@desk.example" for number in range(4)]
    one = replace(subscription(relay, clock, *people), timetable=Timetable(works=every_day))
    for day in range(15):
        await news(store, clock, day)
        relay.faults.extend(["451 4.3.0 later", "", "451 4.3.0 later", "cut" if day % 5 == 0 else ""])
        relay.is_down = day % 7 == 3
        await run_on(store, one, clock, minutes=12)
        relay.is_down = False
        await run_on(store, one, clock, minutes=48)
        clock.passes(hours=23)

    assert Counter(to for to, _ in relay.kept) == dict.fromkeys(people, 15)
    assert len({mail["Message-ID"] for mail in relay.mails}) == 60


async def test_a_restart_posts_nothing_twice(tmp_path: Path, relay: Relay, clock: Clock) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    people = ("a@desk.example", "b@desk.example")
    for _ in range(3):
        async with await Store.open(url, lock=True) as store:
            await news(store, clock)
            await tick(store, subscription(relay, clock, *people), clock)
        clock.passes(minutes=10)

    assert Counter(to for to, _ in relay.kept) == dict.fromkeys(people, 1)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Seoul", "Europe/Berlin"])
def test_two_years_have_one_due_time_a_day(zone: str) -> None:
    timetable = Timetable(at=dt.time(2, 30), zone=ZoneInfo(zone), works=every_day)
    days = [dt.date(2026, 1, 1) + timedelta(days=number) for number in range(730)]

    due = [timetable.due(day) for day in days]

    assert due == sorted(set(due))
    assert [timetable.day_due(at) for at in due] == days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 5, 4), True),
        (dt.date(2026, 5, 5), False),
        (dt.date(2026, 6, 3), False),  # an election
        (dt.date(2026, 3, 2), False),  # a substitute holiday
        (dt.date(2026, 3, 7), False),
    ],
)
def test_working_days(day: dt.date, works: bool) -> None:
    assert is_working_day(day) is works


async def test_a_channel_that_is_not_mail_gets_its_digest_once(store: Store, clock: Clock) -> None:
    for number in range(20):
        await news(store, clock, number)
    async with open_desk() as desk, open_slack(desk, now=clock) as slack:
        one = Subscription("morning", DigestChannel(slack), SENDER, ("morning",))
        desk.faults.extend(["", "drop"])
        await run_on(store, one, clock, minutes=10)

    assert len(desk.posts) == 2
    assert [str(desk.posts).count(f"{firm(number)} ") for number in range(20)] == [1] * 20
    assert "신규 20건" in desk.posts[0]["text"]


async def test_an_address_that_has_left_gets_no_more_digests(store: Store, relay: Relay, clock: Clock) -> None:
    await news(store, clock)
    await store.add_verdict(LEFT, "a@desk.example", "morning", "a@desk.example", clock())
    await store.add_verdict(LEFT, "b@desk.example", "another", "b@desk.example", clock())

    await tick(store, subscription(relay, clock, "a@desk.example", "b@desk.example"), clock)

    assert [to for to, _ in relay.kept] == ["b@desk.example"]


async def test_the_first_digest_of_a_month_looks_back_at_promises(store: Store, relay: Relay, clock: Clock) -> None:
    one = subscription(relay, clock)
    won = Money(900e8, "KRW", "900억원")

    def deal(number: int, stage: Stage) -> tuple[Deal, ...]:
        return (Deal(stage, won, companies=(firm(number),), sido=("광주광역시",)),)

    when = {
        1: datetime(2025, 3, 10, 3, tzinfo=UTC),  # a year was over in March
        2: datetime(2025, 2, 10, 3, tzinfo=UTC),  # … in February: told a month ago
        3: datetime(2025, 4, 2, 3, tzinfo=UTC),  # … in April: told in a month
        4: datetime(2025, 3, 11, 3, tzinfo=UTC),  # told to others
        5: datetime(2025, 3, 12, 3, tzinfo=UTC),  # kept
    }
    for number, at in when.items():
        stage = Stage.BUILD if number == 5 else Stage.MOU
        await publish(
            store, number, at, "others" if number == 4 else "morning", when=When.DIGEST, deals=deal(number, stage)
        )
    for day in (31, 32, 33):
        clock.at = datetime(2026, 3, 1, 22, 30, tzinfo=UTC) + timedelta(days=day - 2)
        await tick(store, one, clock)

    (mail,) = relay.mails  # 2026-04-01: nothing is new on any of these days
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "4/1(수)" in mail["Subject"]
    for shown in (text, page):
        assert "소식이 없는 약속 1건" in shown
        assert [number for number in when if firm(number) in shown] == [1]
        assert "마지막 2025-03-10" in shown
        assert "지난 1년의 약속 1건" in shown  # the third: later than a year ago
