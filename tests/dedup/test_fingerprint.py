"""What is kept of an article: small, the same everywhere, shared by its copies."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup import fingerprint, same_story
from monitor.dedup.blob import readable
from monitor.dedup.slots import Kind, numbers
from monitor.model import Article, ArticleKey, Facts, Neighbour, StoryId

WORDS = st.lists(
    st.text(alphabet="가나다라마바사아자차카타파하 0123456789억원,.·[]()", min_size=1, max_size=9), max_size=300
)


def article(title: str, text: str) -> Article:
    return Article(ArticleKey("k"), "https://paper.test/1", "test/paper", title, text, None)


@given(st.text(max_size=80), WORDS)
def test_any_text_gives_a_small_fingerprint(title, words):
    kept = fingerprint(article(title, " ".join(words)), Facts())
    assert len(kept.keys) <= 30
    assert len(kept.blob) <= 330
    assert all(-(2**63) <= key < 2**63 for key in kept.keys)
    assert readable(kept.blob)


@given(st.text(max_size=80), WORDS)
def test_an_article_is_its_own_copy_or_says_nothing(title, words):
    told = article(title, " ".join(words))
    kept = fingerprint(told, Facts())
    match = same_story(told, Facts(), kept, [_known(kept, title)])
    if len(title) > 12 and title.strip().isalpha():
        assert match is not None
    assert match is None or match.story == "story"


def _known(kept, title):
    return Neighbour(
        StoryId("story"), ArticleKey("k2"), "", title, datetime(2027, 1, 1, tzinfo=UTC), None, kept.blob, 9
    )


def test_keys_do_not_depend_on_the_process():
    kept = fingerprint(article("해솔시, 가람첨단소재와 1840억 투자협약", "해솔시는 2일 협약을 맺었다."), Facts())
    assert kept == fingerprint(
        article("해솔시, 가람첨단소재와 1840억 투자협약", "해솔시는 2일 협약을 맺었다."), Facts()
    )


def test_numbers_are_read_with_their_kinds():
    told = numbers("12차 회의, 5조7천억원과 14개사, 230명, 3월 2일, 7.5%, 한빛7")
    kinds = [slot.kind for slot in told if slot.kind is not Kind.SMALL]
    assert kinds == [Kind.ORDINAL, Kind.MONEY, Kind.COUNT, Kind.COUNT, Kind.DAY, Kind.PERCENT, Kind.NAMED]


def test_a_town_s_name_after_a_number_is_no_thousand():
    assert [slot.value for slot in numbers("다온580, 천안에 1960억")] == [580, 1960e8]
