"""The fixed words of the digest in Korean and English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestWords:
    """The digest's own words; braces are filled in."""

    language: str
    mark: str
    weekdays: tuple[str, ...]
    new: str
    merged: str
    seen: str
    largest: str
    numbers: str
    count: str
    sections: tuple[str, str, str, str]
    regions: str
    rest: str
    period: str
    watched: str
    nothing: str
    lapsed: str
    silent: str
    promised: str
    detail: str
    dislike: str
    leave: str
    settings: str


KO = DigestWords(
    language="ko",
    mark="[투자·MOU]",
    weekdays=("월", "화", "수", "목", "금", "토", "일"),
    new="신규 {n}건",
    merged="{n}일 모음 ·",
    seen="매체 {n}곳 확인",
    largest="최대",
    numbers="계약·착공 {firm} · MOU {signed} · 협의·활동 {talks} · 변화 {moved}",
    count="{n}건",
    sections=("계약·착공", "MOU·협약", "협의·계획·활동", "진행 변화"),
    regions="지역별 건수",
    rest="그 밖에 {n}건:",
    period="대상 기간 {since} ~ {until}",
    watched="수집 상태: 매체 {checked}곳 확인, 실패 {failing}곳",
    nothing="새로 들어온 소식이 없습니다.",
    lapsed="후속 확인: 지난달로 1년 동안 소식이 없는 약속 {n}건",
    silent="마지막 {day}",
    promised="지난 1년의 약속 {promised}건 {amount} · 그 가운데 계약·착공 {confirmed}건 {kept}",
    detail="상세",
    dislike="관련 없음",
    leave="수신 거부",
    settings="설정",
)
EN = DigestWords(
    language="en",
    mark="[Investment·MOU]",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    new="{n} new",
    merged="{n} days ·",
    seen="{n} outlets checked",
    largest="largest",
    numbers="Contracts {firm} · MOU {signed} · Talks, activity {talks} · Changes {moved}",
    count="({n})",
    sections=("Contracts, construction", "MOU, agreements", "Talks, plans, activity", "Changes"),
    regions="By region",
    rest="And {n} more:",
    period="Period {since} – {until} KST",
    watched="Collection: {checked} outlets checked, {failing} failing",
    nothing="Nothing new.",
    lapsed="Follow-up: {n} promises without news for a year as of last month",
    silent="last {day}",
    promised="Promised in the last year: {promised}, {amount} · of these contracted or begun: {confirmed}, {kept}",
    detail="Details",
    dislike="Not relevant",
    leave="Unsubscribe",
    settings="Settings",
)


def digest_words(language: str) -> DigestWords:
    """Return the words of ``language`` ("ko" or "en"); Korean for any other."""
    return EN if language == "en" else KO
