"""One message a story: what it says, and what it never does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Deal, DeliveryId, Money, Part, Stage
from monitor.notify import LIST_STORIES, Message
from monitor.notify.slack_blocks import fallback, list_blocks, plain, story_blocks
from monitor.notify.slack_thread import outlets_text
from tests.notify.stories import DEAL, NOON, alert, story, telling


def shown(message: Message) -> str:
    """All text of a message, as one."""

    def walk(node: Any) -> str:
        if isinstance(node, dict):
            return "".join(f"{node[key]}\n" if isinstance(node[key], str) else walk(node[key]) for key in node)
        return "".join(map(walk, node)) if isinstance(node, list) else ""

    blocks = list_blocks(message) if message.kind == "list" else story_blocks(message)
    return fallback(message) + walk(blocks)


def test_a_lock_screen_says_stage_place_firm_amount_and_title() -> None:
    assert fallback(alert()) == "MOU 광주 광산구 가온소재 · 320억원 · 가온소재, 광주에 배터리 소재 공장"


def test_an_unnamed_amount_is_said_to_be_undisclosed() -> None:
    assert "금액 미공개" in fallback(alert(story(deals=(replace(DEAL, amount=None),))))


def test_amounts_stand_as_printed() -> None:
    dollars = replace(DEAL, amount=Money(5.2e9, "USD", "52억 달러"))

    assert "52억 달러" in shown(alert(story(deals=(dollars,))))


def test_a_story_says_its_facts_outlets_and_time() -> None:
    several = (telling(1), telling(2), telling(3, is_release=True))

    text = shown(alert(story(tellings=several, lead=several[0])))

    assert all(word in text for word in ("가온소재", "광주광역시 광산구", "320억원", "120명", "첨단3지구"))
    assert all(word in text for word in ("광주소식1", "외 2개 매체", "공식 보도자료 있음"))
    assert f"<!date^{int(NOON.timestamp())}^" in text


def test_english_is_put_together_from_facts() -> None:
    text = shown(alert(language="en"))

    assert all(word in text for word in ("MOU", "Gwangju", "KRW 32 billion", "120 jobs", "Company"))


def test_a_bundle_names_each_share() -> None:
    parts = tuple(Part(f"회사{number}", Money(number * 1e8, "KRW", f"{number}억원")) for number in range(1, 10))
    bundle = Deal(Stage.MOU, Money(45e8, "KRW", "45억원"), parts=parts, sido=("광주광역시",))

    text = shown(alert(story(deals=(bundle,))))

    assert all(f"회사{number} · {number}억원" in text for number in range(1, 10))
    assert "외 6곳" in fallback(alert(story(deals=(bundle,))))


def test_a_story_without_deals_still_has_its_title() -> None:
    assert "유치 활동" in fallback(alert(story(deals=())))
    assert "가온소재" in shown(alert(story(deals=())))


def test_nothing_is_bold_by_asterisks() -> None:
    assert "*" not in shown(alert())


def test_a_title_that_names_another_host_is_not_a_label() -> None:
    lying = story(title="https://www.gwangju.go.kr 공지")

    text = shown(alert(lying))

    assert "|원문 보기>" in text
    assert "|https" not in text


def test_a_repeat_says_so() -> None:
    assert fallback(alert(repeat=True)).startswith("(repeat)")


NASTY = st.text(alphabet=st.one_of(st.sampled_from("<>&|*_~`!@:.\n가나다 \u202e"), st.characters()), max_size=400)


@settings(deadline=None)
@given(NASTY, NASTY)
def test_every_message_stays_within_the_budgets(title: str, name: str) -> None:
    lead = telling(1, title, outlet_name=name)
    deal = replace(DEAL, companies=(name, name + "2"), site=(name,), sigungu=(name[:50],))
    message = alert(story(1, title, lead=lead, tellings=(lead,), deals=(deal, deal)))

    text = shown(message)

    assert len(story_blocks(message)) <= 8
    assert len(text) <= 4_000
    assert "\u202e" not in text
    assert "<!channel" not in text
    assert text.count("<http") <= 1
    assert fallback(message).strip()


@pytest.mark.parametrize("count", [2, LIST_STORIES])
def test_a_list_stays_within_the_budgets(count: int) -> None:
    stories = tuple(story(number, "새 공장 투자협약 체결 " * 20) for number in range(count))
    message = Message(DeliveryId("d"), "list", stories, waiting=count)

    assert len(list_blocks(message)) <= 8
    assert len(shown(message)) <= 4_000
    assert len(plain(message)) <= 3_900


def test_outlets_are_named_once_with_their_first_article() -> None:
    several = (telling(1), telling(2, is_release=True), telling(1), telling(3))

    said = outlets_text(Message(DeliveryId("d"), "outlets", (story(tellings=several, lead=several[0]),)))

    assert said.splitlines()[0] == "전한 매체 3곳"
    assert [said.count(f"|광주소식{number}>") for number in (1, 2, 3)] == [1, 1, 1]
    assert said.count("공식 보도자료") == 1


def test_a_list_of_outlets_in_english_without_links() -> None:
    several = (telling(1), telling(2))

    told = Message(DeliveryId("d"), "outlets", (story(tellings=several, lead=several[0]),), language="en", brief=1)

    assert outlets_text(told).startswith("Told by 2 outlets\n• ")
    assert "http" not in outlets_text(told)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=60))
def test_a_list_of_outlets_stays_within_the_budget_and_says_how_many_more(names: list[str]) -> None:
    several = tuple(
        replace(telling(number), outlet=f"o/{number}", outlet_name=name) for number, name in enumerate(names)
    )
    count = len({each.outlet_name or each.outlet for each in several})
    said = outlets_text(Message(DeliveryId("d"), "outlets", (story(tellings=several, lead=several[0]),)))

    assert len(said) <= 4_000
    assert said.splitlines()[0] == f"전한 매체 {count}곳"
    assert said.splitlines()[-1].startswith("외 ") == (count > 20)
