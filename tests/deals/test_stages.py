"""The step an article tells, and the sum that is the deal's, in shapes that mislead a reader of words."""

import datetime as dt

import pytest

from monitor.deals import DealReader
from monitor.model import Article, ArticleKey, Deal, Stage
from monitor.text import KST

DAY = dt.datetime(2026, 3, 12, 9, tzinfo=KST)


@pytest.fixture(scope="module")
def deals(gazetteer):
    reader = DealReader(gazetteer)

    def deals(title: str, text: str) -> tuple[Deal, ...]:
        return reader.read(Article(ArticleKey("b" * 64), "https://example.com/2", "town", title, text, DAY)).deals

    return deals


STEPS = [
    ("㈜새론, 군산 공장 착공식", "군산시는 오는 27일 ㈜새론 공장의 착공식을 개최한다.", Stage.PLAN),
    ("㈜새론바이오 군산 공장 착공식", "㈜새론바이오는 군산시에서 공장의 착공식을 열었다.", Stage.BUILD),
    ("㈜새론, 군산에 교육센터 개소", "㈜새론이 군산에 교육 거점을 넓혔다.", Stage.BUILD),
    ("㈜새론, 군산발전소 상업운전", "㈜새론은 군산에서 기념식을 열었다.", Stage.BUILD),
    ("군산 사절단 300만 달러 계약 달성", "군산시 사절단이 다녀왔다.", Stage.CONTRACT),
    ("㈜새론 군산 공장에 2대 주주로 합류", "외국 기업이 군산의 ㈜새론에 들어왔다.", Stage.CONTRACT),
    ("㈜새론, 군산에 물류 거점 조성", "군산시는 ㈜새론이 온다고 밝혔다.", Stage.PLAN),
    ("군산 리조트, 호텔로 재탄생한다", "군산의 ㈜새론리조트가 문을 닫는다.", Stage.PLAN),
    ("새론바이오 군산 호텔 건립 일시 중단", "새론바이오가 군산시와 협약한 호텔 건립을 일시 중단했다.", Stage.CHANGED),
    ("새론바이오, 군산 데이터센터 4월 착공", "새론바이오는 군산시에서 데이터센터를 짓기로 했다.", Stage.PLAN),
    ("새론대로 개통", "㈜새론건설이 군산시 도로를 6년 만에 개통했다고 12일 밝혔다.", Stage.BUILD),
    ("군산 물류센터 문 연다", "군산시는 10일 물류센터 개장식을 열고 ㈜새론이 운영을 시작한다고 했다.", Stage.BUILD),
    ("㈜새론, 군산 경기장 계약 연장", "㈜새론이 군산시와 운영 계약을 4년 연장했다.", Stage.CONTRACT),
    ("㈜새론, 군산 풍력에 출자", "㈜새론은 군산 풍력 사업에 961억원을 출자했다고 밝혔다.", Stage.CONTRACT),
    ("해운사 ㈜새론 군산으로", "군산시와 ㈜새론은 본사 이전에 합의했다고 12일 밝혔다.", Stage.AGREEMENT),
    ("군산시장 유럽 방문", "300만 달러 수출 협약 체결 군산시장이 유럽을 찾아 ㈜새론과 만났다.", Stage.AGREEMENT),
    ("㈜새론 군산에 공장", "㈜새론은 군산 공장에 900억원을 투자하기로 했다.", Stage.PLAN),
    (
        "군산 컨벤션센터 본격 시동",
        "협약 대상자인 ㈜새론은 다음 달 군산시 컨벤션센터 공사에 돌입할 계획이다.",
        Stage.PLAN,
    ),
    ("새론은행, 군산 금융허브 출범", "새론은행은 군산시에서 사무소를 열었다고 밝혔다.", Stage.BUILD),
    ("군산 창업센터 현판식", "군산시와 ㈜새론이 창업센터를 열었다.", Stage.BUILD),
    ("2조 군산 투자하는 ㈜새론", "대통령은 ㈜새론이 군산에 투자를 하기로 한 것을 반겼다.", Stage.PLAN),
    ("군산 저장장치 사업자 3개 선정", "정부는 ㈜새론 등을 군산시 사업의 우선협상 대상자로 뽑았다.", Stage.PLAN),
    ("군산 연구시설 구축 속도", "군산시 옥산면이 연구시설의 부지로 확정되면서 준비가 한창이다.", Stage.PLAN),
    ("군산, 국제표준센터 유치…내년 입주", "군산시가 국제표준센터를 유치했다.", Stage.PLAN),
    ("군산 도로 적격성 조사 통과", "군산시의 도로 건설 사업이 적격성 조사를 통과했다.", Stage.PLAN),
    ("㈜새론, 군산에 368억 들여 공장 설립", "㈜새론이 군산시청에서 투자협약식을 했다.", Stage.AGREEMENT),
    ("군산시, 1조 들여 데이터 도시로", "군산시장은 도시의 앞날을 말했다.", Stage.PLAN),
    ("새론펀드 2호 선정", "정책 펀드 2호로 ㈜새론의 군산 공장이 선정됐다.", Stage.PLAN),
    ("㈜새론, 군산 공장에 추가 투자", "㈜새론은 군산 공장 완공을 위해 21조원 추가 투자를 확정했다.", Stage.PLAN),
    ("㈜새론 군산 시설 생긴다", "㈜새론은 다음 달 군산시에서 시설을 착공한다.", Stage.PLAN),
]


@pytest.mark.parametrize(("title", "text", "stage"), STEPS, ids=[title for title, _, _ in STEPS])
def test_the_step(deals, title, text, stage):
    assert [deal.stage for deal in deals(title, text)] == [stage]


NO_STEP = [
    ("군산 발전소 유치 시민 서명운동", "군산시는 위원회 출범식을 열고 시민 서명을 받는다."),
    (
        "군산 의회, 발전소 동의안 가결",
        "군산 의회가 동의안을 통과시켰다. 의원이 물었다. 군수가 답했다. 군산은 백지화를 겪었다.",
    ),
    ("군산시, 수소산업 포럼 개최", "군산시는 포럼을 열고 수소도시가 들어설 부지를 이야기했다."),
    ("군산시, 참가 기업 모집", "군산시는 계약 파기, 판매 정지 등의 문제를 미리 살핀다. 수주 방안 등을 듣는다."),
    ("군산시, 산업용지 개발 공모", "군산시는 민간 투자의향서를 5월까지 받는다."),
    ("군산 산단 협의 분과 출범", "정부는 군산시에서 산단을 돕는 민관 플랫폼을 본격 가동한다."),
    ("군산시, 바이오 육성지구에 최종 선정", "군산시가 정부의 바이오 육성 지구로 선정됐다고 밝혔다."),
    ("지난해 민간투자 5404억 유치…시설 구축 속도", "정부는 민간투자 5404억원을 유치했다."),
    ("군산 새론지구, 경마공원 유치", "군산시장이 경마공원 유치 공식화에 나서 건의서를 낸다."),
    ("군산 연구시설 건립, 시민이 나섰다", "총사업비 1조 2천억 원의 연구시설 군산 유치 추진위원회가 출범했다."),
    ("군산 발전소 유치에 한뜻", "군산시와 의원들이 결의문 서명에 참여했다."),
]


@pytest.mark.parametrize(("title", "text"), NO_STEP, ids=[title for title, _ in NO_STEP])
def test_words_of_a_step_without_one(deals, title, text):
    assert deals(title, text) == ()


SUMS = [
    (
        "㈜새론, 군산 공장에 투자",
        "㈜새론은 군산에 총 31조원을 투자한다. 이사회는 군산 공장에 21조6000억원을 신규 투자하기로 결정했다.",
        21.6e12,
    ),
    (
        "㈜새론, 군산 풍력에 961억 출자",
        "㈜새론은 군산 풍력에 961억원을 출자했다. 이 풍력 사업은 총사업비 약 3조4000억원이 투입되는 대형 프로젝트다.",
        96.1e9,
    ),
    (
        "군산시 거리 조성 사업 선정",
        "국비 20억 원 등 총 32억 원이 투입되는 군산시 거리 조성사업이 공모에 최종 선정됐다.",
        3.2e9,
    ),
    (
        "㈜새론, 군산 공장 짓는다",
        "㈜새론이 내년 완공을 목표로 준비 중인 군산 공장에 300억원을 투자하기로 했다.",
        3e10,
    ),
    ("㈜새론, 군산 호텔 인수", "㈜새론은 군산시 호텔의 매매 계약을 체결했다. 매매가격은 500억원대로 알려졌다.", 5e10),
    ("㈜새론, 군산에 1.6조 자금 공급", "㈜새론이 군산시를 돕기로 했다.", 1.6e12),
    ("2조 군산 투자하는 ㈜새론", "㈜새론이 군산에 오기로 했다.", 2e12),
    ("외국 기업 군산에 13조원 투자", "㈜새론은 군산에 90억달러(약 12조8000억원) 규모의 투자를 발표했다.", 9e9),
    ("㈜새론, 군산에 공장", "㈜새론은 군산시에 공장을 짓기 위해 60조원을 투자한다고 밝혔다.", 6e13),
    ("㈜새론, 군산 송전선로 수주", "㈜새론은 군산시에서 약 1100억원의 송전선로 건설 공사를 수주했다.", 1.1e11),
]


@pytest.mark.parametrize(("title", "text", "value"), SUMS, ids=[title for title, _, _ in SUMS])
def test_the_deals_own_sum(deals, title, text, value):
    (deal,) = deals(title, text)
    assert deal.amount
    assert deal.amount.value == value


def test_a_campaign_that_has_won_is_a_plan(deals):
    (deal,) = deals("군산 연구시설 유치 확정", "군산시는 범시민 유치 열기에 힘입어 연구시설을 유치했다.")
    assert deal.stage == Stage.PLAN


@pytest.mark.parametrize(
    "sentence",
    [
        "군산시 기업은 853만 달러(약 125억원) 규모의 수출 상담을 했다.",
        "군산시는 25조원 규모의 발전소 수주 성과를 발판 삼는다.",
    ],
)
def test_sums_of_counselling_and_of_what_was_achieved_are_no_deals(deals, sentence):
    assert [
        deal.amount for deal in deals("㈜새론, 군산에 공장 건립", f"㈜새론은 군산시에 공장을 짓는다. {sentence}")
    ] == [None]


def test_what_a_project_costs_in_the_head_tells_a_plan(deals):
    (deal,) = deals("군산 연구시설의 꿈", "군산시는 총사업비 1조 2천억 원이 드는 연구시설의 장점을 포럼에서 설명했다.")
    assert (deal.stage, deal.amount and deal.amount.value) == (Stage.PLAN, 1.2e12)


def test_a_plan_for_a_region_told_loudly_needs_neither_firm_nor_sum(deals):
    (deal,) = deals("군산 과학관 유치 확정", "군산시가 과학관을 유치했다. 부지에는 과학관이 들어선다.")
    assert (deal.stage, deal.sigungu) == (Stage.PLAN, ("군산시",))


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        (
            "새론금융, 군산에 거점",
            "한빛금융그룹과 다온금융그룹에 이어 새론금융그룹도 군산시에 투자한다.",
            ("새론금융그룹",),
        ),
        (
            "㈜새론, 군산에 발전소",
            "㈜새론과 다보선이 군산시 발전소 사업자로 공동 선정돼 공장을 짓는다.",
            ("새론", "다보선"),
        ),
        (
            "새론모빌리티, 군산 하늘길 업무협약 체결",
            "새론모빌리티와 군산시, 한빛항공, 다온건설, 샛별전자 등 9개 기관은 군산의 하늘을.",
            ("새론모빌리티", "한빛항공", "다온건설", "샛별전자"),
        ),
        (
            "군산 단지 우선협상대상자 선정",
            "군산시 단지는 컨소시엄의 새론건설(55%), 다온토건(40%), 샛별아이(5%)가 짓는다.",
            ("새론건설", "다온토건", "샛별아이"),
        ),
        (
            "군산 단지 우선협상대상자 선정",
            "군산시는 단지의 사업자로 새론디벨 컨소시엄을 뽑았다.",
            ("새론디벨",),
        ),
        (
            "㈜새론, 군산 데이터센터 준공",
            "㈜새론은 군산시에 데이터센터를 준공했다. 다온운용이 발주하고 ㈜새론이 지었다.",
            ("새론", "다온운용"),
        ),
    ],
    ids=["those-before", "the-second-partner", "a-list-in-the-head", "shares", "a-consortium", "who-orders"],
)
def test_the_firms_of_the_deal(deals, title, text, names):
    (deal,) = deals(title, text)
    assert deal.companies == names


def test_a_share_of_votes_makes_no_firm(deals):
    (deal,) = deals(
        "㈜새론, 군산 공장 선정", "㈜새론이 군산시 사업자로 선정됐다. 2차 심사(70%)와 대국민 투표(30%)가 있었다."
    )
    assert deal.companies == ("새론",)


def test_an_efforts_consortium_is_no_firm(deals):
    (deal,) = deals("㈜새론, 군산 하늘길 협약", "㈜새론은 하늘길 상용화 컨소시엄과 군산시와 협약을 맺었다.")
    assert deal.companies == ("새론",)


@pytest.mark.parametrize(
    ("text", "sigungu"),
    [
        ("㈜새론은 군산 옥서면에 공장을 짓는다. 새 공장은 서울부터 제주까지 물건을 보낸다.", ("군산시",)),
        ("㈜새론은 군산 공장을 짓는다. 전남 나주 다솜홀에서 열린 행사에서 밝혔다.", ("군산시",)),
        ("㈜새론은 군산 공장을 짓는다. 나주·목포·여수·순천·광양 등 도내 전역으로 넓힌다.", ("군산시",)),
    ],
    ids=["a-range", "a-venue", "everywhere"],
)
def test_places_that_are_told_for_something_else(deals, text, sigungu):
    (deal,) = deals("㈜새론, 군산 공장 건립", text)
    assert (deal.sido, deal.sigungu) == (("전북특별자치도",), sigungu)


def test_the_office_of_a_zone_in_two_provinces_leaves_the_province_to_who_signs_besides(deals):
    (deal,) = deals(
        "㈜새론과 투자협약",
        "부산진해경제자유구역청은 경상남도, 창원시와 ㈜새론이 500억원 규모 투자협약을 체결했다고 밝혔다.",
    )
    assert deal.sido == ("경상남도",)


def test_the_place_of_a_dateline_is_the_agencys_seat(deals):
    (deal,) = deals("㈜새론, 군산 공장 착공", "(서울=하늘통신) 김하늘 기자 = ㈜새론은 군산시에서 공장을 착공했다.")
    assert deal.sido == ("전북특별자치도",)
