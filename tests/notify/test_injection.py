"""Hostile titles through every form of message; the sinks judge them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from monitor.model import DeliveryId, Story
from monitor.notify import Briefing, Email, Letter, Manners, Message, Slack, Smtp, message_id, render_digest
from tests.notify.sinks import injection_titles, needs_shared, slack_sink, smtp_sink
from tests.notify.stories import DEAL, NOON, alert, story, telling

pytestmark = [pytest.mark.shared, needs_shared]


def hostile(number: int, title: str) -> Story:
    """A story that says ``title`` wherever a stranger's text is shown."""
    lead = telling(number, title, outlet_name=title, outlet=title)
    deal = replace(DEAL, companies=(title,), site=(title,), authorities=(title,), sigungu=(title,))
    return story(number, title, lead=lead, tellings=(lead, telling(number + 1)), deals=(deal, deal), changes=(title,))


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_slack_shows_every_hostile_title_harmlessly(language: str) -> None:
    titles = injection_titles()
    async with slack_sink("--rate", "0", "--reject-invalid") as sink, aiohttp.ClientSession() as session:
        base = f"http://127.0.0.1:{sink.port}/api/"
        slack = Slack("desk", token="xoxb-test", channel="C1", session=session, base_url=base, manners=Manners())
        for number, title in enumerate(titles):
            for brief in range(3):
                told = alert(hostile(number, title), brief=brief, language=language, id=DeliveryId(f"d{number}{brief}"))
                receipt = await slack.send(told)
            await slack.edit(receipt, told)
            await slack.reply(receipt, title)
            await slack.send(Message(DeliveryId(f"o{number}"), "ops", text=title or "-"))
            both = (hostile(number, title), story(2))
            for brief in range(2):
                await slack.send(Message(DeliveryId(f"l{number}{brief}"), "list", both, brief=brief))
        report = await sink.ask("/__report")
        calls = await sink.ask("/__calls")

    assert report["lint"] == {}
    assert report["delivered"] == report["calls"] == len(titles) * 8
    assert all(call["payload"]["unfurl_links"] is False for call in calls if call["method"] == "chat.postMessage")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_mail_carries_every_hostile_title_harmlessly(tmp_path: Path, language: str) -> None:
    titles = injection_titles()
    async with smtp_sink(tmp_path) as sink:
        smtp = Smtp("mail", host="127.0.0.1", port=sink.port, sender="봉수 <b@desk.example>", tls="none")
        alerts = Email("mail", smtp=smtp, to=("a@desk.example",), unsubscribe="https://b.example/u/1")
        for number, title in enumerate(titles):
            told = hostile(number, title)
            await alerts.send(alert(told, language=language, id=DeliveryId(f"d{number}")))
            await smtp.post(digest_letter(f"{number}", told, language=language))
        await smtp.post(digest_letter("all", *(hostile(number, title) for number, title in enumerate(titles))))
        report = await sink.ask("/__report")

    assert report["defects"] == {}
    assert report["kept"] == report["unique"] == 2 * len(titles) + 1


@pytest.mark.parametrize("count", [0, 1, 200])
async def test_mails_of_any_size_are_well_formed(tmp_path: Path, count: int) -> None:
    async with smtp_sink(tmp_path) as sink:
        smtp = Smtp("mail", host="127.0.0.1", port=sink.port, sender="b@desk.example", tls="none")
        made = digest_letter("x", *(story(number, "공장 " * 150) for number in range(count)))
        await smtp.post(replace(made, subject="제목" * 150))
        (mail,) = await sink.ask("/__mails")

    assert mail["defects"] == []


def digest_letter(number: str, *stories: Story, language: str = "ko") -> Letter:
    page = render_digest(
        Briefing(date(2026, 3, 4), NOON, NOON, stories, language=language, unsubscribe="https://b.example/u/1")
    )
    to, identity = "a@desk.example", message_id("digest", number, "a@desk.example", "b@desk.example")
    return Letter(to, page.subject, page.text, page.html, identity, NOON, "https://b.example/u/1")
