"""Letters: what a relay is handed, and what its answers mean."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import formataddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import NotifyError, Rejected, TryLater, Uncertain
from monitor.notify import Email, Letter, Smtp
from monitor.notify.email import compose_mail, header
from tests.notify.relay import Relay, open_relay
from tests.notify.stories import NOON, alert

SENDER = "봉수 <bongsu@desk.example>"


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    async with open_relay() as opened:
        yield opened


def smtp(relay: Relay) -> Smtp:
    return Smtp("mail", host="127.0.0.1", port=relay.port, sender=SENDER, tls="none", now=lambda: NOON)


def letter(**fields: str) -> Letter:
    filled = {"to": "a@desk.example", "subject": "제목", "text": "본문", "html": "<p>본문</p>", **fields}
    return Letter(**filled, message_id="digest.x@desk.example", date=NOON, unsubscribe="https://desk.example/u/1")


async def test_a_letter_is_complete(relay: Relay) -> None:
    await smtp(relay).post(letter())

    (mail,) = relay.mails
    assert mail["Message-ID"] == "<digest.x@desk.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "https://desk.example/u/1" in mail["List-Unsubscribe"]
    assert mail["To"] == "a@desk.example"
    assert mail["From"] == SENDER
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("451 4.3.0 later", TryLater), ("550 5.7.1 refused", Rejected), ("cut", Uncertain), ("keep and cut", Uncertain)],
)
async def test_an_answer_becomes_the_reaction(relay: Relay, fault: str, expected: type[NotifyError]) -> None:
    relay.faults.append(fault)

    with pytest.raises(expected):
        await smtp(relay).post(letter())


async def test_a_greylisting_relay_is_left_alone_for_five_minutes(relay: Relay) -> None:
    relay.grey["a@desk.example"] = 1

    with pytest.raises(TryLater) as caught:
        await smtp(relay).post(letter())

    assert caught.value.retry_at == NOON + timedelta(minutes=5)


async def test_no_relay_is_certainly_not_sent() -> None:
    with pytest.raises(TryLater):
        await Smtp("mail", host="127.0.0.1", port=9, sender=SENDER, tls="none").post(letter())


async def test_a_relay_that_is_down_is_tried_later(relay: Relay) -> None:
    relay.is_down = True

    with pytest.raises(TryLater):
        await smtp(relay).post(letter())


async def test_an_alert_goes_to_each_address_although_one_is_refused(relay: Relay) -> None:
    relay.refused.add("bad@desk.example")
    people = ("a@desk.example", "bad@desk.example", "b@desk.example")

    await Email("mail", smtp=smtp(relay), to=people, now=lambda: NOON).send(alert())

    assert [to for to, _ in relay.kept] == ["a@desk.example", "b@desk.example"]
    assert "가온소재" in relay.mails[0]["Subject"]
    assert relay.mails[0]["Message-ID"] != relay.mails[1]["Message-ID"]


async def test_a_second_try_of_an_alert_posts_to_nobody_twice(relay: Relay) -> None:
    people = ("a@desk.example", "b@desk.example")
    channel = Email("mail", smtp=smtp(relay), to=people, now=lambda: NOON)
    relay.faults.extend(["", "451 later"])
    with pytest.raises(TryLater):
        await channel.send(alert())

    await channel.send(alert())

    assert [to for to, _ in relay.kept] == ["a@desk.example", "b@desk.example"]


@pytest.mark.parametrize("to", ["", "a@b@c", "a\r\nBcc: x@y.example", "nobody"])
def test_an_unusable_address_is_refused(to: str) -> None:
    with pytest.raises(Rejected):
        compose_mail(letter(to=to), SENDER)


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_breaks_out_of_its_header(subject: str, name: str) -> None:
    raw = compose_mail(letter(subject=subject, text=subject or "-"), formataddr((header(name), "b@desk.example")))
    head = raw.partition(b"\r\n\r\n")[0]

    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(byte < 128 for byte in raw)
    assert head.lower().count(b"\r\nsubject:") == 1
    assert b"\r\nbcc:" not in head.lower()
