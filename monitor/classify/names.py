"""The names of the dense features, in order: what a model was trained with and what a pair in a topic may name."""

from collections.abc import Iterable

from monitor.classify import dealings

OTHER_NAMES = (
    "title:place", "title:body_first", "title:sum", "title:quote", "title:length", "title:firm_mark",
    "lead:places", "body:places", "lead:sum", "body:sums", "lead:firm_marks", "capital_only",
    "outlet:board", "outlet:release", "outlet:wire", "outlet:regional", "section:for", "section:against",
    "length", "empty",
)  # fmt: skip


def single_names(cues: Iterable[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the features that are not pairs."""
    names = [f"{part}:{cue}" for cue in cues for part in ("title", "lead", "body")]
    names += [f"{part}:{pattern}" for pattern in patterns for part in ("first", "all")]
    return (*names, *OTHER_NAMES, *dealings.NAMES)
