"""One story, many tellings: what joins and what stays apart. All prose is invented."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.dedup import fingerprint, parts, same_story, story_id
from monitor.model import ArticleKey, Facts, Neighbour

LEAD = (
    "해솔시는 2일 시청 대회의실에서 가람첨단소재와 이차전지 분리막 공장 신설을 위한 투자협약을 체결했다고 밝혔다. "
    "가람첨단소재는 2029년까지 해솔 북부산단 6만6천㎡에 1,840억 원을 들여 생산라인 네 기를 갖춘 공장을 짓고 "
    "지역 인재를 중심으로 230명을 새로 고용한다. 시는 전담 공무원을 두어 인허가를 돕고 진입도로를 넓히기로 했다. "
    "윤가람 대표는 남해안 물류와 가까운 입지를 높이 샀다고 말했다. 시장은 협력사 유치에도 힘쓰겠다고 답했다."
)
TITLE = "해솔시, 가람첨단소재와 1840억 투자협약"

RETOLD = {
    "copy": (TITLE, LEAD),
    "edited title": ("[종합] 가람첨단소재, 해솔 북부산단에 1840억 투자…230명 고용", LEAD),
    "flash": ("[속보] 해솔시-가람첨단소재 1,840억원 투자협약", ""),
    "photo": ("[포토] 해솔시·가람첨단소재 투자협약식", "2일 해솔시청에서 열린 가람첨단소재 투자협약식 참석자들."),
    "cut": (TITLE, LEAD[:160]),
    "rewrite": (
        "가람첨단소재, 해솔에 분리막 공장 짓는다…230명 채용",
        ("이차전지 분리막을 만드는 가람첨단소재가 해솔 북부산단에 1천840억원을 투자한다. 이 회사는 2일 해솔시와 협약을 "
        "맺고 2029년까지 공장을 세워 230명을 뽑겠다고 약속했다."),
    ),
    "appended": (TITLE, LEAD + " 시는 올해 기업 열한 곳과 협약했다. 김나래 기자 narae@paper.test 무단전재 금지"),
}  # fmt: skip

OTHERS = {
    "other firm, one form": (
        TITLE.replace("가람첨단소재", "두레모터스").replace("1840", "960"),
        LEAD.replace("가람첨단소재", "두레모터스").replace("1,840", "960").replace("230", "75").replace("윤", "차"),
    ),
    "second deal of the firm": (
        "해솔시, 가람첨단소재와 3200억 투자협약",
        LEAD.replace("1,840", "3,200").replace("230", "410").replace("북부산단 6만6천", "남부산단 9만1천"),
    ),
    "same mayor, same hall": (
        "해솔시, 아동 놀이터 안전점검 결과 공개",
        "해솔시는 3일 시청 대회의실에서 놀이터 안전점검 결과를 내놓았다. 시장은 낡은 기구 스무 개를 바꾸겠다고 말했다.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", RETOLD)
@pytest.mark.parametrize("hours", [0, 5, 30])
def test_a_retelling_joins_its_story(memory, tells, how, hours):
    first, _ = memory.tell(tells(TITLE, LEAD, key="first"))
    title, text = RETOLD[how]
    again = tells(title, text, key="again")
    story, match = memory.tell(tells(title, text, key="again", at=again.published_at + timedelta(hours=hours)))
    assert story == first
    assert match.because.endswith(TITLE)


@pytest.mark.parametrize("how", RETOLD)
def test_order_of_telling_does_not_matter(memory, tells, how):
    title, text = RETOLD[how]
    first, _ = memory.tell(tells(title, text, key="first"))
    story, _ = memory.tell(tells(TITLE, LEAD, key="again"))
    assert story == first


@pytest.mark.parametrize("how", OTHERS)
def test_a_look_alike_is_a_story_of_its_own(memory, tells, how):
    first, _ = memory.tell(tells(TITLE, LEAD, key="first"))
    title, text = OTHERS[how]
    story, match = memory.tell(tells(title, text, key="other"))
    assert story != first
    assert match is None


def test_a_copy_after_four_days_joins_and_adds_nothing(memory, tells):
    first, _ = memory.tell(tells(TITLE, LEAD, key="first"))
    late = tells(TITLE, LEAD, key="late")
    story, match = memory.tell(tells(TITLE, LEAD, key="late", at=late.published_at + timedelta(days=4)))
    assert (story, match.is_copy) == (first, True)


def test_a_notice_and_the_event_are_one_story(memory, tells):
    before = tells(
        "해솔시, 19일 가람첨단소재와 투자협약 맺는다",
        "해솔시는 오는 19일 가람첨단소재와 1,840억 원 규모의 분리막 공장 투자협약을 맺는다고 예고했다.",
    )
    first, _ = memory.tell(before)
    event = LEAD.replace("2일", "19일")
    story, _ = memory.tell(tells(TITLE, event, at=before.published_at + timedelta(days=17)))
    assert story == first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("해솔시 제12차 투자유치위원회 개최", "해솔시 제13차 투자유치위원회 개최"),
        ("[특징주] 가람첨단소재, 해솔 투자에 강세", "가람첨단소재, 해솔 투자에 강세"),
        ("[오늘의 해솔] 3월 2일 행사 안내", "[오늘의 해솔] 3월 3일 행사 안내"),
        ("해솔 한빛소재 3공장 투자협약", "해솔 한빛소재 4공장 투자협약"),
    ],
)
def test_series_part_by_their_turn(memory, tells, one, other):
    text = (
        "해솔시가 시청에서 연 자리에서 참석자들은 지역 산업의 앞날을 이야기했다. 자세한 내용은 누리집에서 볼 수 있다."
    )
    first, _ = memory.tell(tells(one, text))
    assert memory.tell(tells(other, text))[0] != first


def test_next_days_market_report_is_another_story(memory, tells):
    first, _ = memory.tell(
        tells("해솔 원유 선물 71.32달러 마감…0.4% 올라", "해솔거래소 원유 선물이 71.32달러에 장을 마쳤다.")
    )
    noon = tells("x").published_at + timedelta(hours=24)
    report = tells(
        "해솔 원유 선물 72.05달러 마감…1.1% 올라", "해솔거래소 원유 선물이 72.05달러에 장을 마쳤다.", at=noon
    )
    assert memory.tell(report)[0] != first


@pytest.mark.parametrize("printed", ["52억5000만 달러", "52억5천만불", "52.5억弗"])
def test_a_sum_is_one_sum_however_printed(memory, tells, printed):
    text = (
        "빛고을조명은 2일 미국 유통사와 {} 규모의 조명 수출 양해각서를 맺었다고 밝혔다. 물량은 다섯 해에 걸쳐 나간다."
    )
    first, _ = memory.tell(tells("빛고을조명, 美에 52억5000만 달러 수출 MOU", text.format("52억5000만 달러"), key="a"))
    story, _ = memory.tell(tells(f"빛고을조명 LED {printed} 수출 성사", text.format(printed), key="b"))
    assert story == first


def test_a_town_s_share_is_a_part_of_its_province_s_announcement(memory, tells):
    whole, _ = memory.tell(
        tells(
            "경남도, 19개 기업과 3조3천억 투자협약",
            "경남도는 2일 도청에서 19개 기업, 8개 시군과 3조3천억 원 규모의 투자협약을 체결했다. 원전과 방산이 많다.",
        )
    )
    story, match = memory.tell(
        tells(
            "들샘군, 410억 원 투자유치…두레정밀 공장 신설",
            "들샘군은 2일 경남도청에서 열린 협약식에서 두레정밀과 410억 원의 투자협약을 맺고 부지를 내주기로 했다.",
        )
    )
    assert (match.is_part, match.story) == (True, whole)
    assert story != whole


def test_a_share_told_before_its_whole_is_found_as_its_part(memory, tells):
    share = tells(
        "들샘군, 410억 원 투자유치…두레정밀 공장 신설",
        "들샘군은 2일 경남도청에서 열린 협약식에서 두레정밀과 410억 원의 투자협약을 맺고 부지를 내주기로 했다.",
    )
    elsewhere = tells(
        "솔내군, 두레식품과 120억 원 투자협약",
        "솔내군은 2일 전북도청에서 열린 협약식에서 두레식품과 120억 원의 투자협약을 맺고 부지를 내주기로 했다.",
    )
    told, _ = memory.tell(share)
    memory.tell(elsewhere)
    whole = tells(
        "경남도, 19개 기업과 3조3천억 투자협약",
        "경남도는 2일 도청에서 19개 기업, 8개 시군과 3조3천억 원 규모의 투자협약을 체결했다. 원전과 방산이 많다.",
    )
    near = memory.neighbours(fingerprint(share, Facts()).keys + fingerprint(elsewhere, Facts()).keys)
    assert parts(whole, near) == (told,)
    assert parts(share, near) == ()


def test_an_event_joins_its_notice_though_more_firms_came(memory, tells):
    notice = tells(
        "경남도, 새해 첫 대규모 투자협약식 연다",
        "경남도는 오는 9일 도청에서 기업 18곳과 약 2조 원 규모의 투자협약을 맺을 예정이다. 원전과 방산이 중심이다.",
    )
    first, _ = memory.tell(notice)
    day = notice.published_at + timedelta(days=7)
    event = tells(
        "경남도, 3조3천억 원 투자협약…19개 기업 모였다",
        "경남도가 9일 도청에서 연 협약식에 두레정밀 등 19개 기업이 모여 3조3천억 원을 들이기로 서명했다.",
        at=day,
    )
    assert memory.tell(event)[0] == first
    other = tells(
        "솔내군, 두레식품과 120억 원 투자협약",
        "솔내군은 9일 군청에서 두레식품과 120억 원의 투자협약을 맺었다. 공장은 농공단지에 들어선다.",
        at=day,
    )
    assert memory.tell(other)[0] != first


@pytest.mark.parametrize("body", ["", "{}은 2일 설 명절을 앞두고 협력사 납품 대금을 예정보다 일찍 지급한다고 밝혔다."])
def test_two_parties_that_do_the_same_are_two_stories(memory, tells, body):
    first, _ = memory.tell(tells("가람그룹, 설 앞두고 협력사 대금 조기 지급", body.format("가람그룹")))
    assert memory.tell(tells("두레모터스, 설 앞두고 협력사 대금 조기 지급", body.format("두레모터스")))[0] != first


def test_what_a_person_parted_stays_parted(memory, tells):
    first, _ = memory.tell(tells(TITLE, LEAD, key="first"))
    memory.told_apart.add(first)
    assert memory.tell(tells(TITLE, LEAD, key="again"))[0] != first


def test_a_blob_of_another_version_is_passed_over(memory, tells):
    article = tells(TITLE, LEAD, key="first")
    memory.tell(article)
    kept = fingerprint(article, Facts())
    old = [type(one)(*(getattr(one, name) for name in one.__slots__)) for one in memory.neighbours(kept.keys)]
    assert same_story(article, Facts(), kept, old) is not None
    aged = [type(one)(one.story, one.article, "", "", one.seen_at, None, b"\xff" + one.blob[1:], 9) for one in old]
    assert same_story(article, Facts(), kept, aged) is None


def test_a_story_s_name_is_of_its_key_alone():
    assert story_id(ArticleKey("a")) == story_id(ArticleKey("a")) != story_id(ArticleKey("b"))
    assert story_id(ArticleKey("a")).startswith("s")


@pytest.mark.parametrize("how", ["edited title", "rewrite"])
def test_tellings_that_only_look_alike_speak_against_their_story(tells, how):
    first, again = tells(TITLE, LEAD, key="first"), tells(*RETOLD[how], key="again")
    kept, mark = fingerprint(first, Facts()), fingerprint(again, Facts())
    told = Neighbour(story_id(first.key), first.key, "b", TITLE, first.published_at, first.published_at, kept.blob, 9)
    alone = same_story(again, Facts(), mark, [told, told])
    doubted = same_story(again, Facts(), mark, [told, replace(told, told_apart=True)])
    assert doubted.score < alone.score


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("copy", "본문이 거의 같음 (100%): "),
        ("edited title", "본문이 거의 같음 (100%): "),
        ("flash", "본문 0% · 같은 금액 일치: "),
        ("photo", "% · 같은 날짜 일치: "),
        ("rewrite", "% · 같은 금액 · 같은 수치 1개 · 같은 날짜 일치: "),
    ],
)
def test_the_reason_says_what_is_shared(memory, tells, how, reason):
    memory.tell(tells(TITLE, LEAD, key="first"))
    _, match = memory.tell(tells(*RETOLD[how], key="again"))
    assert match.because.endswith(reason + TITLE)
    assert match.is_copy is reason.startswith("본문이")
    assert not match.is_part
    assert 0.5 < match.score <= 1
