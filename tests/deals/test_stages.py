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
    ("㈜새론, 군산 송전선로 수주", "㈜새론은 군산시에서 약 1100억원의 송전선로 건설 공사를 수주했다.", 1.1e11),
]


@pytest.mark.parametrize(("title", "text", "value"), SUMS, ids=[title for title, _, _ in SUMS])
def test_the_deals_own_sum(deals, title, text, value):
    (deal,) = deals(title, text)
    assert deal.amount
    assert deal.amount.value == value


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
    ],
    ids=["those-before", "the-second-partner", "a-list-in-the-head"],
)
def test_the_firms_of_the_deal(deals, title, text, names):
    (deal,) = deals(title, text)
    assert deal.companies == names


def test_the_place_of_a_dateline_is_the_agencys_seat(deals):
    (deal,) = deals("㈜새론, 군산 공장 착공", "(서울=하늘통신) 김하늘 기자 = ㈜새론은 군산시에서 공장을 착공했다.")
    assert deal.sido == ("전북특별자치도",)
