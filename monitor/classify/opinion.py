"""What a model's opinion makes of a grade."""

from dataclasses import replace

from monitor.model import Grade, Opinion, Reason, Relevance


def heeded(relevance: Relevance, opinion: Opinion | None) -> Relevance:
    """Return *relevance* as *opinion* makes it, with the reason in words.

    An opinion may raise a grade; it may take an alert down to the digest, and nothing out of it: a model never
    silences. Without a usable answer the grade stands, and the reasons say so.
    """
    if opinion is None:
        return relevance
    if opinion.grade is None:
        reason = f"모형 {opinion.who}의 답 없음: {opinion.because}; 규칙의 판단을 따름 (no opinion, the rules decide)"
        return replace(relevance, why=(Reason(reason, 0.0), *relevance.why))
    grade = max(opinion.grade, min(relevance.grade, Grade.ACTIVITY))
    reason = f"모형 {opinion.who}의 의견 (a model's opinion): 등급 {int(opinion.grade)}, {opinion.because}"
    return replace(relevance, grade=grade, why=(Reason(reason, 0.0), *relevance.why))
