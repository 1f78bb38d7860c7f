"""Names of firms and of people in Korean news prose, read by their marks: no dictionary of firms is kept."""

import re
from dataclasses import dataclass
from typing import Final

from monitor.model import Span
from monitor.text.particles import split_particle


@dataclass(frozen=True, slots=True)
class Named:
    """A name without its mark or particle; ``sure`` when a legal mark (㈜) stands at it."""

    name: str
    span: Span
    sure: bool = False


_LEGAL = r"(?:㈜|\(주\)|\( ?주 ?\)|（주）|주식회사|유한회사|\(유\)|㈐|농업회사법인)"
_NAME = r"[가-힣A-Za-z0-9&＆+][가-힣A-Za-z0-9&＆+.\-]{0,29}"
_BEFORE = re.compile(rf"(?:{_LEGAL}\s?)+(?P<name>{_NAME})")
_BEHIND = re.compile(
    rf"(?P<name>(?:[A-Z]{{2,5}}\s)?[가-힣A-Za-z0-9&＆+.\-]{{2,30}})(?:\([A-Za-z&. ]{{2,20}}\))?\s?(?:㈜|\(주\)|（주）|\s주식회사(?![가-힣]))"
)
# "전문기업 새빛전자가", "업체인 새빛전자와": what is named by its kind.
_OF_A_KIND = re.compile(
    r"(?:전문\s?기업|전문\s?업체|제조\s?기업|제조\s?업체|제조사|기업|업체|회사|계열사|운영사|개발사|시행사|시공사|투자사|스타트업)(?:인|인\s|\s)\s?[‘'“\"]?"
    rf"(?P<name>{_NAME}(?:\s(?:그룹|코리아|컴퍼니))?)"
)
_HEADED = re.compile(
    rf"(?P<name>{_NAME})(?:\([^)]{{1,20}}\))?\s(?:(?:공동|각자)\s?)?(?:대표(?:이사)?|회장|부회장)(?![가-힣]{{3}})|(?P<group>{_NAME})\(대표(?:이사)?\s"
)
# Endings that firms have and other nouns seldom.
_ENDINGS = (
    "그룹|전자|화학|제약|바이오|바이오텍|바이오로직스|바이오사이언스|에너지솔루션|솔루션|솔루션즈|에너빌리티|에어로스페이스|중공업|건설|산업개발|엔지니어링|이앤씨|이엔씨|E&C"
    "|테크|테크놀로지|테크놀러지|텍|테크윈|로보틱스|로보텍|머티리얼즈|머트리얼즈|머티리얼|모빌리티|모비스|글로비스|하이닉스|이노텍|이노베이션|케미칼|케미컬|첨단소재|퓨처엠|시스템즈|시스템|네트웍스|소프트"
    "|홀딩스|인베스트먼트|벤처스|파트너스|캐피탈|자산운용|리츠운용|증권|은행|금융지주|금융그룹|생명|화재|카드|항공|해운|상선|로지스틱스|로지스|통운|제철|철강|스틸|메탈|금속|정밀|기공|기계|조선|오션|중전기|일렉트릭|전선|타이어|자동차"
    "|백화점|쇼핑|마트|푸드|푸드시스템|식품|제과|유업|음료|주류|맥주|제분|제당|유통|물산|상사|컴퍼니|코퍼레이션|인더스트리|인더스트리즈|코리아|글로벌|파마|팜스|헬스케어|메디칼|메디컬|메디텍|제넥스|랩스|랩|디스플레이|디스플레이즈|반도체"
    "|세라믹스|텔레콤|텔레캅|통신|미디어|엔터테인먼트|리조트|호텔앤리조트|랜드|테마파크|시멘트|레미콘|페이퍼|제지|섬유|텍스타일|어패럴|코스메틱|코스메틱스|화장품|뷰티|풍력|윈드|솔라|쏠라|태양광|수소|퓨얼셀|배터리|셀|큐셀|이차전지|에코프로비엠|비엠"
    "|지엠|넥스원|로템|위아|디앤디|씨앤씨|C&C|AI|SDS|DX|CNS|데이터|클라우드|엔텍|엔시스|테크원|텍스|켐|트로닉스|닉스|메카닉스|메카텍|메카트로닉스|오토텍|오토모티브|모터스|오토|비전|옵틱스|포토닉스|광학|이엔티|이엔지|ENG|개발|산업|발전|전력|가스|에너지|환경|리싸이클링|리사이클링"
)
_FIRM = re.compile(
    rf"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣A-Za-z0-9&＆]{{1,14}}?(?:{_ENDINGS}))(?![A-Za-z0-9])(?P<tail>[가-힣]{{0,4}})"
)
_BRANDS = (
    "삼성|LG|SK|현대차|현대|한화|포스코|POSCO|롯데|GS|HD현대|두산|효성|코오롱|네이버|카카오|쿠팡|KT|CJ|신세계|이마트|한진|LS|DL|HDC|KCC|OCI|금호|기아|한국GM|한국지엠|르노|셀트리온|에코프로|엘앤에프|대우|대상|농심|오뚜기|하림|풀무원"
    "|동원|SPC|BGF|아모레퍼시픽|한샘|KG|KB|NH|BNK|DB|iM|JB|한국타이어|넥센|태광|대한전선|풍산|고려아연|영풍|세아|동국|대한제강|한온|만도|HL|LX|SM|하이트진로|오비맥주|교보|미래에셋|한국투자|메리츠|AWS|엔비디아|구글|아마존|오픈AI|마이크로소프트|테슬라|BMW|도레이|바스프|보잉|에어버스|ASML|코스트코|이케아|스타벅스|머크|사노피|화이자|론자|싸토리우스|싸이티바|앰코"
)
_BRANDED = re.compile(
    rf"(?<![가-힣A-Za-z0-9])(?P<name>(?:{_BRANDS})(?:\s?(?:C&C|C＆C|E&A|E&S|AX|온|하이닉스|이노베이션|바이오사이언스|바이오팜))?[가-힣A-Za-z0-9&＆]{{0,12}})"
)
_TITLE = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣]{2,4})\s(?P<title>(?:전\s)?(?:대통령|국무총리|장관|차관|시장|도지사|지사|군수|구청장|청장|의원|의장|부시장|부지사|부군수|대표이사|대표|회장|부회장|사장|부사장|원장|총장|이사장|본부장|단장|센터장|위원장|국장|실장|과장|교수|총영사|대사|박사|상무|전무|이사|소장))(?![가-힣]{2})"
)
_NOT_A_PERSON = re.compile(
    r"(?:공동|각자|신임|전임|현직|당시|부산|서울|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주|[가-힣]+(?:시|도|군|구|부|처|청|사|원|회|단|소|국|과|실|팀|장|학교|기업|그룹|센터|협회|위원|은행|공사|공단|재단))$"
)
_COMMON: Final = frozenset(
    "신재생에너지 재생에너지 친환경에너지 청정에너지 수소에너지 풍력에너지 에너지 반도체 시스템 솔루션 데이터 클라우드 배터리 이차전지 태양광 풍력 수소 바이오 환경 개발 산업 발전 전력 가스 화학 전자 자동차 조선 항공 은행 증권 건설 식품 유통 화장품 뷰티 "
    "AI 그룹 호텔 기계 금속 철강 통신 미디어 금융그룹 시중은행 생성형AI 온디바이스AI 피지컬AI 글로벌 마트 전기 전통산업 신산업 첨단산업 제조산업 미래산업 지역산업 주력산업 전략산업 핵심산업 기간산업 뿌리산업 연관산업 관련산업 문화산업 관광산업 방위산업 방산 서비스산업 조선산업 농산업 "
    "인재개발 연구개발 기술개발 경제발전 지역발전 균형발전 국가균형발전 지역개발 도시개발 공동개발 제품개발 콘텐츠개발 해상풍력 육상풍력 부유식해상풍력 그린수소 청정수소 액화수소 전기자동차 미래자동차 자율주행자동차 친환경자동차 전력반도체 시스템반도체 AI반도체 인공지능반도체 차세대반도체 화합물반도체 "
    "빅데이터 공공데이터 스마트시스템 운영시스템 관리시스템 생산시스템 물류시스템 지원시스템 대기업그룹 지방은행 인터넷은행 투자은행 중앙은행 천연가스 도시가스 온실가스 수소가스 자연환경 생활환경 정주환경 투자환경 교육환경 경영환경 근로환경 산업환경 대형마트 농업은행 K푸드 K뷰티 K바이오 레드바이오 그린바이오 화이트바이오 "
    "컴퓨터비전 미래비전 정책비전 새비전 비전 스마트모빌리티 미래모빌리티 첨단모빌리티 도심항공모빌리티 모빌리티 로봇모빌리티 헬스케어 디지털헬스케어 스마트헬스케어 우주항공 도심항공 저비용항공 국내항공 디스플레이 차세대디스플레이 핵심소재 첨단소재 신소재 벤처캐피탈 액셀러레이터 스타트업 홀딩스 "
    "화력발전 원자력발전 수력발전 태양광발전 풍력발전 연료전지발전 열병합발전 집단에너지 분산에너지 해상풍력발전 하이테크 핀테크 푸드테크 에듀테크 애그테크 그린테크 클린테크 딥테크 에코테크 팜테크 스마트솔루션 토탈솔루션 테마파크 호텔앤리조트 골프리조트 복합리조트 리조트 냉동식품 가공식품 농식품 건강기능식품 수산식품 전통식품 종합건설 "
    "정부시스템 국산자동차 완성자동차 완성차 소셜미디어 농산물유통 수산물유통 종합식품 지속발전 상생발전 국가발전 사회발전 동반성장산업 항만물류산업 인공지능산업 반도체산업 로봇산업 로봇 콘텐츠산업 게임산업 소재 부품 장비".split()
)
_GENERIC = re.compile(
    r"(?:[가-힣]{0,8}(?:관련|협력|입주|투자|참여|지역|국내|해외|외국|유치|중소|중견|강소|선도|향토|대상|우수|유망|수출|제조|앵커|벤처)?(?:기업|업체|회사|업계|산업|단체|기관|시장|사업|공장|센터|대학교?|연구[원소]|협회|공사|공단|재단|위원회|클러스터|단지|파크|시설|지구|특구))$"
)


def companies(text: str) -> tuple[Named, ...]:
    """Return the firms that *text* (normalized) names, in reading order, repeats included, without ㈜ and (주).

    Read by legal marks, by "전문기업 X", by "X 대표", by the endings that firms have and by well-known houses.
    """
    found: dict[int, Named] = {}
    for match in _BEFORE.finditer(text):
        _add(found, match, sure=True)
    for match in _BEHIND.finditer(text):
        _add(found, match, sure=True)
    for pattern in (_BRANDED, _FIRM, _OF_A_KIND, _HEADED):
        for match in pattern.finditer(text):
            _add(found, match, sure=False)
    return tuple(found[start] for start in sorted(found))


def _add(found: dict[int, Named], match: re.Match[str], *, sure: bool) -> None:
    group = "name" if match["name"] else "group"
    start = match.start(group)
    printed = match[group].rstrip(".-")
    tail = match.groupdict().get("tail") or ""
    name = printed if tail else split_particle(printed)[0]
    if tail and split_particle("가" * 2 + printed[-1] + tail)[1] != tail:
        name = split_particle(printed + tail)[0]
    if start in found or len(name) < 2 or (not sure and not _firm_like(name)):  # noqa: PLR2004 one syllable is no name
        return
    found[start] = Named(name, Span(start, start + len(name)), sure)


def _firm_like(name: str) -> bool:
    return name not in _COMMON and not _GENERIC.search(name) and not name.isdigit()


def people(text: str) -> tuple[Named, ...]:
    """Return the people whom *text* (normalized) names with a title, in reading order, repeats included."""
    return tuple(
        Named(match["name"], Span(match.start(), match.end("name")))
        for match in _TITLE.finditer(text)
        if not _NOT_A_PERSON.match(match["name"])
    )
