"""Hostile titles through every form of message; the sinks judge them."""

from dataclasses import replace

import aiohttp
import pytest

from monitor.model import DeliveryId, Story
from monitor.notify import Manners, Message, Slack
from tests.notify.sinks import injection_titles, needs_shared, slack_sink
from tests.notify.stories import DEAL, alert, story, telling

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
