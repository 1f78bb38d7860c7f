"""What a reader is asked after a press, for their eyes only: which stage is right, why the news is not relevant."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from monitor.model import Stage, Story
from monitor.notify.clean import clean, cut, mrkdwn
from monitor.notify.slack_blocks import LINE_LENGTH, Json, button, section
from monitor.notify.words import GLYPHS, Words, words


class WhyNot(StrEnum):
    """How far "not relevant" reaches: this article, its firm, its kind of news; or what was wrong with it."""

    ARTICLE = "article"
    FIRM = "firm"
    KIND = "kind"
    REGION = "region"
    SECTOR = "sector"
    KNOWN = "known"


_WHY_NOT: Final[Mapping[str, Mapping[WhyNot, str]]] = {
    "ko": {
        WhyNot.ARTICLE: "이 기사만",
        WhyNot.FIRM: "이 회사 (30일 음소거)",
        WhyNot.KIND: "이 유형",
        WhyNot.REGION: "지역이 아님",
        WhyNot.SECTOR: "업종이 아님",
        WhyNot.KNOWN: "이미 아는 소식",
    },
    "en": {
        WhyNot.ARTICLE: "This article only",
        WhyNot.FIRM: "This company (mute 30 days)",
        WhyNot.KIND: "This kind of news",
        WhyNot.REGION: "Wrong region",
        WhyNot.SECTOR: "Wrong sector",
        WhyNot.KNOWN: "Already known",
    },
}


def why_not_label(choice: WhyNot, language: str) -> str:
    """Return what a choice is called; Korean for any language but English."""
    return _WHY_NOT["en" if language == "en" else "ko"][choice]


def question(asks: str, story: Story, language: str) -> list[Json]:
    """Return the blocks that ask ``"stage"`` or ``"why not"`` of a story, one button for each answer."""
    say = words(language)
    head, buttons = _QUESTIONS[asks](story, say)
    shown = section(f"{head}\n{mrkdwn(cut(clean(story.title), LINE_LENGTH))}")
    return [shown, {"type": "actions", "block_id": f"{asks}|{story.id}"[:255], "elements": list(buttons)}]


def _stages(story: Story, say: Words) -> tuple[str, list[Json]]:
    labels = {stage: f"{GLYPHS[stage]} {say.stage(stage)}" for stage in Stage}
    return say.which_stage, [_answer("stage", stage, label, story) for stage, label in labels.items()]


def _why_not(story: Story, say: Words) -> tuple[str, list[Json]]:
    return say.why_not, [_answer("irrelevant", each, why_not_label(each, say.language), story) for each in WhyNot]


def _answer(verdict: str, choice: str, label: str, story: Story) -> Json:
    return button(f"{verdict}:{choice}", label, story) | {"action_id": f"verdict:{verdict}:{choice}"}


_QUESTIONS: Final[Mapping[str, Callable[[Story, Words], tuple[str, list[Json]]]]] = {
    "stage": _stages,
    "why not": _why_not,
}
