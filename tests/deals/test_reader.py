"""Deals read from invented releases in the shapes newspapers print."""

import datetime as dt

import pytest

from monitor.deals import DealReader
from monitor.model import Article, ArticleKey, Facts, Stage
from monitor.text import KST

DAY = dt.datetime(2026, 3, 12, 9, tzinfo=KST)


@pytest.fixture(scope="module")
def read(gazetteer):
    reader = DealReader(gazetteer)

    def read(title: str, text: str, day: dt.datetime | None = DAY) -> Facts:
        return reader.read(Article(ArticleKey("a" * 64), "https://example.com/1", "town", title, text, day))

    return read


BUNDLE = (
    "군산시는 11일 시청 회의실에서 한빛메카텍㈜, ㈜새봄푸드 등 2개 기업과 "
    "총 320억원 규모의 투자협약을 체결했다고 밝혔다. "
    "이번 협약으로 150여 명의 신규 일자리가 생긴다. "
    "한빛메카텍㈜은 200억원을 투자해 군산국가산단에 공장을 신설한다. "
    "㈜새봄푸드는 120억원을 들여 본사를 서울에서 군산으로 이전한다. "
    "시는 민선 8기 들어 누적 9조원의 투자를 유치했다. "
    "협약에 따른 생산유발 효과는 4천억원으로 추산된다."
)


def test_a_bundle_is_one_deal_with_its_total_and_parts(read):
    (deal,) = read("군산시, 2개 기업과 320억원 투자협약", BUNDLE).deals
    assert (deal.stage, deal.amount.value, deal.amount.currency) == (Stage.AGREEMENT, 3.2e10, "KRW")
    assert deal.jobs == 150
    assert deal.companies == ("한빛메카텍", "새봄푸드")
    assert (deal.sido, deal.sigungu) == (("전북특별자치도",), ("군산시",))
    assert deal.date == dt.date(2026, 3, 11)
    assert [(part.company, part.amount.value) for part in deal.parts] == [("한빛메카텍", 2e10), ("새봄푸드", 1.2e10)]


def test_every_fact_has_the_sentence_it_came_from(read):
    (deal,) = read("군산시, 2개 기업과 320억원 투자협약", BUNDLE).deals
    told = {one.fact: one.sentence for one in deal.evidence}
    assert {"stage", "amount", "jobs", "date", "companies"} <= set(told)
    assert "150여 명" in told["jobs"]
    assert "11일" in told["date"]


@pytest.mark.parametrize(
    ("title", "text", "stage"),
    [
        (
            "부산시, 새론바이오와 투자 MOU",
            "부산시는 12일 새론바이오와 500억원 규모 투자양해각서(MOU)를 체결했다.",
            Stage.MOU,
        ),
        ("부산시-새론바이오 맞손", "부산시는 12일 새론바이오와 500억원 규모 투자협약을 체결했다.", Stage.AGREEMENT),
        (
            "새론바이오 부산공장 기공식",
            "새론바이오는 12일 부산 강서구에서 500억원을 들인 공장의 기공식을 열었다.",
            Stage.BUILD,
        ),
        ("새론바이오, 700만달러 수출계약", "울산 새론바이오가 700만 달러 규모 수출계약을 체결했다.", Stage.CONTRACT),
        (
            "새론바이오 부산 투자 무산",
            "부산시와 새론바이오가 추진한 투자가 무산됐다. 협약은 해지됐다.",
            Stage.CANCELLED,
        ),
        ("새론바이오, 부산에 500억 투자", "새론바이오가 부산 강서구에 500억원을 투자한다고 밝혔다.", Stage.PLAN),
        (
            "부산시, 15일 새론바이오와 투자협약",
            "부산시는 오는 15일 새론바이오와 500억원 투자협약을 체결할 예정이다.",
            Stage.PLAN,
        ),
    ],
    ids=["mou", "agreement", "build", "contract", "cancelled", "plan", "announced"],
)
def test_the_stage_is_the_step_the_article_tells(read, title, text, stage):
    assert [deal.stage for deal in read(title, text).deals] == [stage]


def test_a_headline_that_says_more_than_the_body_is_flagged(read):
    (deal,) = read(
        "하늘시 사절단, 900만달러 수출계약 성사",
        "광주시는 사절단이 현지에서 새론바이오 등과 900만 달러 규모 양해각서(MOU)를 체결했다고 12일 밝혔다.",
    ).deals
    assert deal.stage == Stage.MOU
    assert deal.flags == ("headline says contract, body says mou",)


@pytest.mark.parametrize(
    "decoy",
    [
        "지난해 매출은 2조원이다.",
        "생산유발 효과는 3조원으로 추산된다.",
        "시는 민선 8기 누적 5조원의 투자를 유치했다.",
        "정부는 올해 예산 7조원을 편성했다.",
        "회사는 그룹 차원에서 국내에 100조원을 투자한다.",
        "글로벌 시장 규모는 90조원이다.",
    ],
)
def test_other_amounts_are_not_the_deals(read, decoy):
    text = f"아산시는 12일 새론바이오와 240억원 규모의 투자협약을 체결했다. {decoy}"
    (deal,) = read("아산시, 새론바이오 유치", text).deals
    assert deal.amount.value == 2.4e10


def test_an_equivalent_in_brackets_is_not_the_deals_amount(read):
    (deal,) = read(
        "인천경제청, 새론바이오와 협약", "인천시는 새론바이오와 2억 달러(약 2천800억원) 규모의 투자협약을 체결했다."
    ).deals
    assert (deal.amount.text, deal.amount.currency) == ("2억 달러", "USD")


def test_a_delegation_brings_several_deals(read):
    deals = read(
        "하늘시 사절단, 미국 방문 성과",
        "광주시 사절단이 일주일 일정을 마쳤다. 시는 여러 성과를 냈다.\n"
        "특히 ㈜다온은 연간 1000만 달러 공기청정기 수출계약을 체결했다.\n"
        "또 광주시는 반도체 센서 기업 ㈜솔과 업무협약을 맺고 연구소를 세운다.",
    ).deals
    assert [(deal.stage, deal.companies) for deal in deals] == [
        (Stage.CONTRACT, ("다온",)),
        (Stage.AGREEMENT, ("솔",)),
    ]
    assert deals[0].amount.per == "year"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("주말 비 소식", "토요일에는 전국에 비가 내린다."),
        ("광주시, 투자유치 라운드테이블", "광주시는 11일 라운드테이블을 열고 참석자들과 의견을 나눴다."),
        ("", ""),
    ],
)
def test_an_article_without_a_deal_gives_none(read, title, text):
    assert read(title, text).deals == ()


def test_the_venue_and_the_seat_of_a_firm_are_not_where_a_deal_lands(read):
    (deal,) = read(
        "울산시, 새론바이오 유치",
        "울산시는 12일 서울 롯데호텔에서 경남 김해에 본사를 둔 새론바이오와 300억원 투자협약을 체결했다.",
    ).deals
    assert deal.sido == ("울산광역시",)


def test_dirt_of_feeds_does_not_hide_a_deal(read):
    (deal,) = read(
        "아산시&amp;middot;새론바이오 협약",
        "<p>아산시는 &amp;lsquo;새론바이오&amp;rsquo;와 240억원 투자협약을 체결했다.</p>",
    ).deals
    assert deal.amount.value == 2.4e10


def test_a_day_needs_the_day_of_publication(read):
    (deal,) = read("군산시, 2개 기업과 320억원 투자협약", BUNDLE, None).deals
    assert deal.date is None


@pytest.mark.parametrize("sign", ["협약 ", "1억원 투자 ", "군산시 ", "㈜가 ", "가", "투자협약을 체결했다. "])
def test_a_hostile_length_costs_one_pass(read, sign):
    """The pytest time-out is the budget."""
    read("제목", sign * (100_000 // len(sign)))


def places_of(facts: Facts) -> list[tuple[str, ...]]:
    return [deal.sido for deal in facts.deals]


def test_the_hall_where_it_was_signed_is_not_where_it_lands(read):
    facts = read("누리전자·한빛제약 맞손", "누리전자는 12일 서울 한강빌딩에서 한빛제약과 업무협약(MOU)을 체결했다.")
    assert places_of(facts) == [()]


def test_the_town_hall_where_it_was_signed_is(read):
    facts = read("누리전자, 투자협약", "누리전자는 12일 군산시청에서 500억원 투자협약을 체결했다.")
    assert places_of(facts) == [("전북특별자치도",)]


def test_a_region_that_looks_on_gives_way_to_the_one_that_takes_the_plant(read):
    text = "누리전자가 전남 함평에 500억원을 들여 공장을 짓는다. 광주 노동계는 걱정한다. 광주 공장은 그대로 둔다."
    assert places_of(read("누리전자, 함평에 새 공장", text)) == [("전라남도",)]


def test_universities_of_a_nationwide_list_are_no_region(read):
    text = "한국창업진흥원은 15개 지역대학과 업무협약을 체결했다. 충남대, 부산대 등이 참여한다."
    assert places_of(read("창업진흥원, 충남대와 창업 협약", text)) == [()]


def test_a_bank_in_the_headline_tells_the_region_its_partners_do_not(read):
    text = "광주은행은 제주은행, 부산은행과 지역 기업을 돕는 업무협약을 체결했다."
    assert places_of(read("광주은행, 지방은행들과 업무협약", text)) == [("광주광역시",)]


def test_a_sum_for_another_region_is_another_deal(read):
    text = (
        "누리백화점이 광주 북구에 새 점포를 연다. 광주시는 허가를 서두른다. 점포는 2027년 광주에서 개장할 계획이다. "
        "건물은 지하 6층이다. 주변 상인은 반겼다. 기존 점포인 부산 해운대구 매장에는 1900억원을 투자해 새로 꾸민다."
    )
    deals = read("누리백화점, 2027년 광주에 새 점포 개장", text).deals
    assert [(deal.sido, deal.amount and deal.amount.value) for deal in deals] == [
        (("광주광역시",), None),
        (("부산광역시",), 1.9e11),
    ]


def test_firms_that_hold_an_agreement_are_not_an_agreement(read):
    text = "강원도가 국방 협약기업 모집에 나선다. 협약 60개사에 개발비를 지원한다."
    assert read("강원도, 국방벤처 협약 60개사로 확대", text).deals == ()


def test_jobs_of_all_parts_add_up_where_no_total_is_told(read):
    text = (
        "고성군은 12일 한빛메카텍㈜(450억 원), ㈜새봄푸드(100억 원)와 550억 원 규모의 투자협약을 체결했다. "
        "한빛메카텍㈜은 450억 원을 투자해 120여 명을 신규 채용한다. "
        "㈜새봄푸드는 100억 원을 투자해 30명을 신규 채용한다."
    )
    (deal,) = read("고성군, 550억 원 투자유치", text).deals
    assert deal.jobs == 150


def test_a_delegation_signs_a_plant_and_joins_a_project(read):
    text = (
        "광주시 사절단은 첫날 52억달러 수출 MOU를 체결했고, "
        "이틀 뒤 1억달러 규모의 ‘청정도시 사업’에 광주시가 참여하게 됐다. "
        "사절단은 연료전지를 만드는 하늘파워사와 만났다. "
        "당초에는 연구소를 세우려 했으나 한발 더 나아가 광주공장 설립을 추진키로 MOU를 체결한 것이다. "
        "하늘파워사는 연료전지를 만드는 기업으로 빠르게 크고 있다."
    )
    deals = read("광주시 통상사절단 성과 발표", text).deals
    assert [(deal.stage, deal.amount and deal.amount.value, deal.companies) for deal in deals] == [
        (Stage.MOU, 5.2e9, ()),
        (Stage.AGREEMENT, 1e8, ()),
        (Stage.MOU, None, ("하늘파워",)),
    ]


def test_public_bodies_are_told_by_their_own_names(read):
    text = "코트라는 12일 인천상의, 새만금개발청 등과 투자유치 업무협약을 체결했다."
    (deal,) = read("코트라, 투자유치 협약", text).deals
    assert deal.authorities == ("대한무역투자진흥공사", "인천상의", "새만금개발청")


def test_a_headline_may_write_a_car_maker_with_a_hanja(read):
    text = "누리차는 군산시 새만금에 9000억원을 들여 공장을 짓기로 했다고 4일 밝혔다."
    assert read("누리車, 새만금에 9000억 투자", text) == read("누리차, 새만금에 9000억 투자", text)
