"""How far has it come? Stage words, weighed by where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.deals.passage import Passage, Telling
from monitor.model import Stage

_MOU = re.compile(r"MOU|엠오유|양해\s?각서", re.IGNORECASE)
# A ground-breaking that is ahead, hoped for or late is no ground-breaking.
_NOT_YET = (
    r"(?!(?:을\s시작으로|에\s들어간다)|(?:을|를|은|이|식을?|하고|에|도)?\s?(?:가시권|시동|추진|목표|예정|앞두"
    r"|앞둬|임박|기대"
    r"|할|하겠|하면|되면|될|후|이후|시점|시기|전|지연|연기|제자리|불투명|단계에\s?이르지|이뤄지지|못|계획"
    r"|들어갈|마치|완료할|까지|위해|위한"
    r"|로\s?제시|을\s?거쳐))"
)
_NOT_A_CONTRACT = r"(?!\s?(?:으로\s?이어|상담|추진|지원|학과))"


def _each(words: str, tail: str) -> str:
    """Return the words with a common tail, each spelled out, so that every branch begins with a literal."""
    return "|".join(word + tail for word in words.split())


_MARKS: Final[tuple[tuple[Stage, re.Pattern[str]], ...]] = (
    (
        Stage.CANCELLED,
        re.compile(
            r"무산|백지화|투자\s?철회|철회(?:했|키로|하기로|를\s?(?:통보|결정|선언))|협약\s?(?:해지|파기|취소)"
            r"|계약\s?(?:해지|파기|취소)(?!,|\s?등)|사업\s?포기|좌초(?!되는\s등)"
        ),
    ),
    (
        Stage.CHANGED,
        re.compile(
            r"지연|제자리|표류|답보|재검토|축소(?:하기로|했|키로)|변경\s?(?:협약|계약|체결)|투자\s?증액"
            r"|사업비\s?증액"
            r"|재협약|미뤄|늦어지|제동|소송|승소|패소|차질"
            r"|일시\s?중[단지]|잠정\s?중[단지]|전면\s?중[단지]|중단(?:했다|하기로|됐|키로)"
        ),
    ),
    (
        Stage.BUILD,
        re.compile(
            _each(r"착공 준공 완공 개점 본격\s?가동", _NOT_YET)
            + "|"
            + _each("본격 안정 상업", r"\s?운영(?!\s?(?:될|할|을\s?위))")
            + r"|기공식|착공식|준공식|개장식|개장…|오픈(?:했|\s*$|…|,)|개장(?:했|하고)|개통(?:했|하게|하고|식)"
            r"|첫\s?삽(?!을?\s?뜰)|개소식|개소(?:했|하고|해|\s*$|…)|상업\s?운전(?:\s?시작|\s?개시|에\s?들어갔|\s*$)"
            r"|현판식(?:을|\s*$)|"
            + _each("센터 허브 거점 법인 사무소 캠퍼스", r"[^.,]{0,10}?\s?출범(?!을|\s?(?:예정|준비|추진))")
            + r"|가동에\s?들어갔|가동(?:을\s?시작했|하기\s?시작)|투자(?:를)?\s?개시|공사에\s?(?:들어갔|착수했|돌입했)"
            r"|운영(?:을)?\s?(?:본격화|시작(?!할))|사용\s?승인(?:을|\s?허가)|문을\s?열었|건설(?:하고\s?있|\s?중)"
        ),
    ),
    (
        Stage.CONTRACT,
        re.compile(
            _each("수출 공급 납품 매매 분양 본 구매 입주 임대차? 도급 용역 위탁", rf"\s?계약{_NOT_A_CONTRACT}")
            + r"|첫\s?수출|선적식|계약(?:을|도)?\s?(?:체결|맺|성사|따[내냈])"
            r"|수주(?!\s?(?:방안|지원|확대|경쟁|성과|실적|잔고|경험|전망|기대|물량|를?\s?(?:위|목표)))"
            r"|투자\s?유치(?:에\s?성공|를?\s?완료|했)|인수(?:를\s?(?:완료|마무리)|했다)|매입\s?계약|취득[^.]{0,12}\s계약|양수도?\s?계약"
            r"|계약(?:을|기간을)?\s?연장|금융\s?(?:주선|약정)|낙찰(?:받|됐)|계약\s?달성|주주로\s?합류|지분(?:을)?\s?(?:인수|취득)|출자(?:했|해\s|하고|를\s?단행)"
        ),
    ),
    (
        Stage.AGREEMENT,
        re.compile(
            r"협약(?!\s?(?:\d+\s?개사|기업|병원|규모|업체|학과|학생|대출|보증|대상자|형\s))|협정|MOU|mou|양해\s?각서|의향서(?:를|에|\s)\s?(?:체결|교환|서명|맺)"
            r"|손(?:을|\s)?\s?잡|맞손|손\s?맞|체결|서명(?:했|식|하고|하며|한\s)|합의(?:했|하고|하며|를\s?이)"
        ),
    ),
    (
        Stage.PLAN,
        re.compile(
            _each("최종 사업자 부지 대상지 후보지 입지", r"\s?(?:\d+개\s)?(?:확정|선정)")
            + r"|투자(?:한다|하기로|를\s?(?:결정|확정|추진|단행)|에\s?나선|로\s?화답|할\s?(?:계획|예정)|\s?계획"
            r"|를\s하기로|키로|하는(?!\s?(?:기업|업체|회사|경우|등|것)))|투입(?:한다|하기로|할\s|하는|키로|\s*$)|집행하기로|쏟아붓"
            r"|건립(?:한다|하기로|할|을?\s?추진|\s?사업|\s?프로젝트)"
            r"|들어선다|들어설|조성한다|조성할|조성키로|조성하기로|구축한다|구축할|신설한다|증설한다|짓는다|짓기로|세운다"
            r"|개발\s?사업을\s?추진|공사에\s?(?:들어[간갈]|착수[한할]|돌입[한할])|건축\s?허가|실시계획\s?(?:인가|승인)|예비\s?인가"
            r"|이전한다|이전키로|개장|재탄생|탈바꿈|추진\s?본격화|확장\s?추진|지로\s(?:최종\s)?확정(?:됐|되)"
            r"|조성\s*$|조성…|건립\s*$|건립…|증설\s*$|신설\s*$|구축\s*$"
            r"|유치\s?(?:확정|성공)|유치했|유치를\s?기념|공모에\s(?:최종\s)?선정|사업(?:에|으로|[지자]로)\s(?:최종\s)?선정(?:됐|돼|되)"
            r"|확정됐|확정했|승인(?:을\s?받|\s?결정|…|,|됐)|본궤도|우선협상\s?대상자"
            r"|투자\s?유치\s*$|속도(?:(?<=[조구건개][성축립설발]\s속도)|(?<=[조구건개][성축립설발]에\s속도))"
            r"|유치(?<=[터부장관소원사스설]\s유치)(?:\s*$|…)|통과(?:(?<=[조심]사\s통과)|(?<=[조심]사를\s통과)|(?<=예타\s통과))"
            r"|들여(?:(?<=[원억조]\s들여)|(?<=원을\s들여))|펀드\s\d+호[^.]{0,14}(?:선정|낙점)|공장에\s[^.]{0,14}대출|전용\s?협의[가를]?\s[^.]{0,6}?(?:완료|마무리)"
        ),
    ),
    (
        Stage.TALKS,
        re.compile(
            r"논의|협의|간담회|면담|예방|타진|검토|제안|건의|요청|방문|라운드테이블|상담|설명회|사절단|포럼|공청회|토론회|세미나"
            r"|유치\s?(?:나서|추진|총력|경쟁)|준비\s?중|물밑"
        ),
    ),
)
_MARKS_OF: Final = dict(_MARKS)
_AHEAD = re.compile(
    r"(?:내년|오는(?<![가-힣]오는)|올해|올\s[상하]반기|하반기|상반기|이르면|\d{4}년(?:까지|에)?)[^.,]{0,12}(?:착공|준공|완공"
    r"|가동|개장|첫\s?삽)(?!식)|(?:다음\s?달|\d월)\s(?:착공|준공|완공|가동)(?![가-힣])|(?:다음\s?달|내달)[^.,]{0,24}(?:착공|준공|완공)"
)
# A body that begins to run builds nothing.
_BODY_RUNS = re.compile(
    r"(?:TF|추진단|위원회|협의체|분과|플랫폼|체계|체제|컨트롤타워|상황실|지원단)[^.]{0,20}본격\s?가동"
)
_WEAK_PLAN = re.compile(r"육성|본격화|추진|나선다|협력")  # said of everything; a plan only where nothing else is told
# A title tells the news; the sentences after it explain; the rest is detail.
_TITLE_WEIGHT, _HEAD_WEIGHT, _BODY_WEIGHT, _PAST_WEIGHT = 3.0, 1.5, 0.35, 0.15
# How much one mark of a stage says: a cancellation retells the agreement first (measured on dev: 2.4 times needed).
_SAYS: Final = {
    Stage.CANCELLED: 2.4,
    Stage.CHANGED: 0.9,
    Stage.BUILD: 1.5,
    Stage.CONTRACT: 1.3,
    Stage.AGREEMENT: 1.2,
    Stage.PLAN: 0.55,
    Stage.TALKS: 0.4,
}
_WEAKLY = 0.2
_NEWS: Final = {Stage.CHANGED, Stage.CANCELLED}  # further down they are what happened to something before
_ENOUGH = 0.8  # below it nothing in the text is a step of a deal
_CEREMONY_AHEAD = re.compile(r"(?:오는(?<![가-힣]오는)|다음\s?달)\s[^.]{0,70}(?:착공식|준공식|기공식|개소식|개장식)")
_SIGNED_AHEAD = re.compile(
    r"(?:체결|서명|협약식)[^.]{0,12}(?:예정|할\s?계획|앞두|한다(?!고))|(?:체결|서명)[^.]{0,4}(?:준비|추진|검토)"
)
_SIGNED = re.compile(
    r"(?:체결|서명)(?:했|하고|하며|해(?![가-힣])|한\s?가운데|됐|식(?:을|이)?\s?(?:열|개최|가졌|진행|갖)|…|·|,"
    r"|\s*$|\.\.|\s(?!예정|추진|계획|준비|검토|앞두|목표|지원|전|위해|위한))|맺(?:었|고|으며|어)"
    r"|협약식(?:을|이)\s?(?:열|개최|가졌|진행|갖|했|치렀)|맞손|손(?:을\s)?\s?잡"
)


@dataclass(frozen=True, slots=True)
class StageReading:
    """The stage an article tells, the passage that says so, and how loudly."""

    stage: Stage
    passage: Passage
    score: float
    flags: tuple[str, ...] = ()


def read_stage(telling: Telling) -> StageReading | None:
    """Return the stage of the article's main deal, or None when the text tells no step of a deal."""
    said = [(stage, weight, passage) for passage in telling.passages for stage, weight in _said(passage)]
    scores: dict[Stage, float] = {}
    for stage, weight, _ in said:
        scores[stage] = scores.get(stage, 0.0) + weight
    best = _loudest(telling, scores)
    if best is None or scores.get(best, 0.0) < _ENOUGH:
        return None
    proofs = [(weight, -passage.index, passage) for stage, weight, passage in said if stage == best]
    return _finished(telling, best, max(proofs, key=lambda proof: proof[:2])[2], scores[best])


def _said(passage: Passage) -> Iterator[tuple[Stage, float]]:
    """Yield the stages a passage speaks of, and how loudly; a change or an end counts in the head alone."""
    weight = weight_of(passage)
    for stage, pattern in _MARKS:
        if (passage.is_head or stage not in _NEWS) and pattern.search(passage.text):
            told = _tensed(passage.text) if stage == Stage.BUILD else stage
            if told:
                yield told, weight * _SAYS[told]
    if _WEAK_PLAN.search(passage.text):
        yield Stage.PLAN, weight * _WEAKLY


def _tensed(text: str) -> Stage | None:
    """Return what a word of building tells: a plan when all is to come ("4월 착공"), nothing when only a body runs."""
    building = _MARKS_OF[Stage.BUILD]
    if not building.search(_BODY_RUNS.sub("", text)):
        return None
    return Stage.BUILD if building.search(_AHEAD.sub("", text)) else Stage.PLAN


def _loudest(telling: Telling, scores: dict[Stage, float]) -> Stage | None:
    best = max(scores, key=lambda stage: scores[stage], default=None)
    if best == Stage.AGREEMENT and _MARKS_OF[Stage.CHANGED].search(telling.title.text):
        return Stage.CHANGED
    if best in {Stage.PLAN, Stage.TALKS} and _is_signed(telling):
        return Stage.AGREEMENT
    return best


def _is_signed(telling: Telling) -> bool:
    """Return whether the head tells a signature: then the plans around it are what was signed."""
    return any(
        _SIGNED.search(one.text) and _MARKS_OF[Stage.AGREEMENT].search(one.text)
        for one in telling.passages
        if one.is_head and not one.past
    )


def weight_of(passage: Passage) -> float:
    """Return how much a passage counts in deciding what the article is about."""
    if passage.index == 0:
        return _TITLE_WEIGHT
    if passage.past:
        return _PAST_WEIGHT
    return _HEAD_WEIGHT if passage.is_head else _BODY_WEIGHT


def _finished(telling: Telling, stage: Stage, proof: Passage, score: float) -> StageReading:
    """Settle what a signature is: 협약 with the word MOU, one that is still ahead, a headline that says more."""
    flags: tuple[str, ...] = ()
    told = [one for one in telling.passages if not one.past]
    mou = next((one for one in told if _MOU.search(one.text) and (one.is_head or _SIGNED.search(one.text))), None)
    if stage == Stage.CONTRACT and proof.index == 0 and mou and not _binding(told):
        return StageReading(Stage.MOU, mou, score, ("headline says contract, body says mou",))
    head = [one for one in told if one.is_head]
    if stage == Stage.BUILD and any(_CEREMONY_AHEAD.search(one.text) for one in head[:3]):
        return StageReading(Stage.PLAN, proof, score, ("ceremony is announced",))
    if stage != Stage.AGREEMENT:
        return StageReading(stage, proof, score)
    if any(_SIGNED_AHEAD.search(one.text) for one in head) and not any(_SIGNED.search(one.text) for one in head):
        return StageReading(Stage.PLAN, proof, score, ("signing is announced",))
    return StageReading(Stage.MOU, mou, score, flags) if mou else StageReading(Stage.AGREEMENT, proof, score, flags)


def _binding(told: list[Passage]) -> bool:
    return any(
        one.index and re.search(r"계약(?:을|도)?\s?(?:체결|맺|성사)|본계약|공급계약|수출계약", one.text) for one in told
    )
