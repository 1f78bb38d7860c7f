"""The words of our messages in Korean and English; English is put together from facts, never translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.clock import KST
from monitor.model import Money, Stage

GLYPHS: Mapping[Stage | None, str] = {
    Stage.TALKS: "⚪",
    Stage.PLAN: "🟣",
    Stage.MOU: "🟡",
    Stage.AGREEMENT: "🟡",
    Stage.CONTRACT: "🟢",
    Stage.BUILD: "🔵",
    Stage.CHANGED: "🟠",
    Stage.CANCELLED: "⚫",
    None: "🔎",
}
"""A glyph never stands without its word: colour alone tells some readers nothing."""

_KO_STAGES: Mapping[Stage | None, str] = {
    Stage.TALKS: "협의",
    Stage.PLAN: "계획",
    Stage.MOU: "MOU",
    Stage.AGREEMENT: "협약",
    Stage.CONTRACT: "계약",
    Stage.BUILD: "착공·가동",
    Stage.CHANGED: "변경",
    Stage.CANCELLED: "무산",
    None: "유치 활동",
}
_EN_STAGES: Mapping[Stage | None, str] = {
    Stage.TALKS: "Talks",
    Stage.PLAN: "Plan",
    Stage.MOU: "MOU",
    Stage.AGREEMENT: "Agreement",
    Stage.CONTRACT: "Contract",
    Stage.BUILD: "Construction/operation",
    Stage.CHANGED: "Changed",
    Stage.CANCELLED: "Cancelled",
    None: "Activity",
}
_EN_PLACES: Mapping[str, str] = {
    "서울": "Seoul",
    "부산": "Busan",
    "대구": "Daegu",
    "인천": "Incheon",
    "광주": "Gwangju",
    "대전": "Daejeon",
    "울산": "Ulsan",
    "세종": "Sejong",
    "경기": "Gyeonggi",
    "강원": "Gangwon",
    "충북": "Chungbuk",
    "충남": "Chungnam",
    "전북": "Jeonbuk",
    "전남": "Jeonnam",
    "경북": "Gyeongbuk",
    "경남": "Gyeongnam",
    "제주": "Jeju",
}
_RANKS = ("특별자치도", "특별자치시", "통합특별시", "광역시", "특별시", "도")
_KO_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_EN_UNITS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_SIGNS = {"USD": "US$", "EUR": "€", "JPY": "¥", "CNY": "CN¥", "GBP": "£", "KRW": "KRW "}
_KO_CURRENCIES = {"KRW": "원", "USD": "달러", "EUR": "유로", "JPY": "엔", "CNY": "위안", "GBP": "파운드"}


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of one language."""

    language: str
    stages: Mapping[Stage | None, str]
    firm: str
    place: str
    amount: str
    jobs: str
    site: str
    partner: str
    undisclosed: str
    people: str
    others: str
    more: str
    release: str
    repeat: str
    earlier: str
    advanced: str
    burst: str
    backlog: str
    useful: str
    useless: str
    dismissed: str
    undo: str
    read: str
    firms: str
    estimate: str
    joined: str
    which_stage: str
    outlets: str
    official: str
    why_not: str

    def stage(self, stage: Stage | None) -> str:
        """Return the stage's word."""
        return self.stages[stage]

    def spot(self, sido: str) -> str:
        """Return the short name of a province or a metropolitan city."""
        short = short_place(sido)
        return short if self.language == "ko" else _EN_PLACES.get(short, sido)

    def money(self, money: Money) -> str:
        """Return an amount: as printed in Korean, in words of the language in English."""
        return money.text or amount_ko(money) if self.language == "ko" else amount_en(money)


KO = Words(
    language="ko",
    stages=_KO_STAGES,
    firm="기업",
    place="지역",
    amount="금액",
    jobs="고용",
    site="부지",
    partner="상대",
    undisclosed="금액 미공개",
    people="{n}명",
    others="외 {n}곳",
    more="외 {n}개 매체",
    release="공식 보도자료 있음",
    repeat="(repeat) 다시 보낸 알림일 수 있음",
    earlier="앞 단계 알림",
    advanced="→ {stage} 단계로 진행",
    burst="묶음 알림 {n}건",
    backlog="밀린 알림 {n}건",
    useful="👍 유용함",
    useless="👎 관련 없음",
    dismissed="관련 없음으로 표시",
    undo="되돌리기",
    read="원문 보기",
    firms="기업 {n}곳",
    estimate="약",
    joined="위 알림과 같은 소식으로 합침",
    which_stage="어느 단계가 맞습니까?",
    outlets="전한 매체 {n}곳",
    official="공식 보도자료",
    why_not="왜 관련이 없습니까? 고르지 않아도 됩니다.",
)
EN = Words(
    language="en",
    stages=_EN_STAGES,
    firm="Company",
    place="Region",
    amount="Amount",
    jobs="Jobs",
    site="Site",
    partner="Partner",
    undisclosed="amount undisclosed",
    people="{n} jobs",
    others="and {n} more",
    more="and {n} more outlets",
    release="official release",
    repeat="(repeat) this may have been sent before",
    earlier="Earlier alert",
    advanced="→ moved on to {stage}",
    burst="{n} alerts",
    backlog="{n} alerts that waited",
    useful="👍 Useful",
    useless="👎 Not relevant",
    dismissed="Marked as not relevant",
    undo="Undo",
    read="Read the article",
    firms="{n} companies",
    estimate="about",
    joined="Joined with the same story above",
    which_stage="Which stage is right?",
    outlets="Told by {n} outlets",
    official="official release",
    why_not="Why is it not relevant? You need not say.",
)


def words(language: str) -> Words:
    """Return the words of ``language`` ("ko" or "en"); Korean for any other."""
    return EN if language == "en" else KO


def short_place(sido: str) -> str:
    """Return the everyday name of a 시도 by the rule of its rank, so that a renamed region needs no new entry.

    Example:
        >>> [short_place(name) for name in ("전라남도", "광주광역시", "강원특별자치도", "광주시")]
        ['전남', '광주', '강원', '광주시']
    """
    for rank in _RANKS:
        name = sido.removesuffix(rank)
        if name and name != sido:
            return name[0] + name[2] if rank == "도" and len(name) == len("전라남") else name
    return sido


def amount_ko(money: Money) -> str:
    """Return an amount the way a Korean paper prints it, foreign money in its own unit.

    Example:
        >>> amount_ko(Money(1_200_000_000_000, "KRW", "")), amount_ko(Money(5.2e9, "USD", ""))
        ('1조 2,000억원', '52억달러')
    """
    left, parts = round(money.value), []
    for size, unit in _KO_UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,}{unit}")
    if left or not parts:
        parts.append(f"{left:,}")
    about = "약 " if money.approx else ""
    return about + " ".join(parts) + _KO_CURRENCIES.get(money.currency, " " + money.currency)


def amount_en(money: Money) -> str:
    """Return an amount in English figures.

    Example:
        >>> amount_en(Money(320e8, "KRW", "320억원")), amount_en(Money(5.2e9, "USD", "52억 달러"))
        ('KRW 32 billion', 'US$5.2 billion')
    """
    sign = _SIGNS.get(money.currency, money.currency + " ")
    about = "about " if money.approx else ""
    for size, unit in _EN_UNITS:
        if money.value >= size:
            return f"{about}{sign}{money.value / size:,.4g} {unit}"
    return f"{about}{sign}{money.value:,.0f}"


def clock_time(at: datetime) -> str:
    """Return an instant as Korean readers see it: ``11/23 14:02``."""
    local = at.astimezone(KST)
    return f"{local.month}/{local.day} {local:%H:%M}"
