"""Every store settles alike: all that follows from an article, or nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Deal, Decision, Grade, Neighbour, Past, Stage, StoryId, When
from monitor.store import ALREADY, Store
from tests.store.telling import DESK, NOON, deciding, telling

KEYS = (11, -22, 33, 44)


async def settle(store: Store, *tellings, at=NOON) -> tuple[Decision, ...]:
    return await store.settle_many(tellings, at)


async def test_one_story_with_its_deals_and_what_is_owed(store: Store):
    each = telling("noon", keys=KEYS, deal_keys=(7,))
    decision = await store.settle(
        each.article, each.fingerprint, each.facts, each.decide, NOON, deal_keys=each.deal_keys
    )
    story = await store.story(decision.story)
    assert story is not None
    assert (story.title, story.grade, story.deals, story.revision) == (
        each.article.title,
        Grade.DEAL,
        each.facts.deals,
        0,
    )
    assert [reason.text for reason in story.why] == ["서명했다"]
    (owed,) = await store.owed(NOON)
    assert (owed.receiver, owed.story, owed.kind) == (DESK, decision.story, "new")
    stored = await store.article(each.article.url)
    assert stored is not None
    assert stored.article == each.article
    assert stored.facts == each.facts


async def test_a_stored_article_changes_nothing_and_says_so(store: Store):
    each = telling("noon", keys=KEYS)
    await settle(store, each)
    (again, twice) = await settle(store, each, each, at=NOON + timedelta(days=1))
    assert again.quiet == twice.quiet == ALREADY
    assert (again.is_new_story, again.alerts, again.story) == (False, (), "s-noon")
    counts = await store.counts()
    assert (counts.articles, counts.stories, counts.owed) == (1, 1, 1)


async def test_the_same_article_twice_in_one_batch_is_one(store: Store):
    each = telling("noon", keys=KEYS)
    (first, second) = await settle(store, each, each)
    assert (first.quiet, second.quiet) == ("", ALREADY)
    assert (await store.counts()).articles == 1


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
async def test_a_later_telling_joins_the_story(store: Store, *, together: bool):
    first, second = telling("noon", keys=KEYS), telling("dusk", keys=(*KEYS[:3], 99), grade=Grade.ACTIVITY)
    batches = [(first, second)] if together else [(first,), (second,)]
    for batch in batches:
        await settle(store, *batch)
    story = await store.story(first.decide(Past()).story)
    assert story is not None
    assert [each.url for each in story.tellings] == [first.article.url, second.article.url]
    assert story.revision == 1
    assert story.grade is Grade.DEAL
    assert len(await store.owed(NOON)) == 1


async def test_two_papers_in_the_same_moment_are_one_story(two_stores):
    one, other = two_stores
    papers = [telling(f"paper{number}", keys=KEYS) for number in range(8)]
    await asyncio.gather(
        *(settle(one if number % 2 else other, each) for number, each in enumerate(papers)), return_exceptions=False
    )
    counts = await one.counts()
    assert (counts.articles, counts.stories, counts.owed) == (8, 1, 1)


async def test_when_deciding_fails_nothing_is_stored(store: Store):
    def breaks(_: Past) -> Decision:
        message = "no decision"
        raise ArithmeticError(message)

    with pytest.raises(ArithmeticError):
        await settle(store, telling("dawn"), deciding(telling("noon"), breaks))
    counts = await store.counts()
    assert (counts.articles, counts.stories, counts.owed, counts.seen) == (0, 0, 0, 0)


async def past_of(store: Store, keys: tuple[int, ...], deal_keys: tuple[int, ...] = (), at=NOON) -> Past:
    seen: list[Past] = []
    each = telling("probe", keys=keys, deal_keys=deal_keys)

    def look(past: Past) -> Decision:
        seen.append(past)
        raise LookupError

    with pytest.raises(LookupError):
        await settle(store, deciding(each, look), at=at)
    return seen[-1]


async def test_neighbours_come_with_most_shared_keys_first_and_are_few(store: Store):
    tellings = [telling(f"n{number}", keys=tuple(range(1000 * number, 1000 * number + 2))) for number in range(30)]
    await settle(store, *tellings, telling("near", keys=(0, 1000, 2000)))
    keys = tuple(key for each in tellings for key in each.fingerprint.keys)
    near = (await past_of(store, keys)).neighbours
    assert len(near) == 24
    assert (near[0].article, near[0].shared) == ("https://near.example/1", 3)
    assert near[0].blob == b"near"
    assert {each.shared for each in near[1:]} == {2}


async def test_neighbours_are_of_the_last_three_weeks(store: Store):
    await settle(store, telling("noon", keys=KEYS))
    assert len((await past_of(store, KEYS, at=NOON + timedelta(days=20))).neighbours) == 1
    assert (await past_of(store, KEYS, at=NOON + timedelta(days=22))).neighbours == ()


async def test_a_copy_adds_nothing_to_the_index(store: Store):
    base = telling("noon", keys=KEYS)
    copy = deciding(base, lambda past: replace(base.decide(past), is_copy=True))
    await settle(store, copy)
    assert (await past_of(store, KEYS)).neighbours == ()


async def test_known_deals_are_found_by_a_party_and_move_on(store: Store):
    await settle(store, telling("plan", deal_keys=(7, 8)))
    (known,) = (await past_of(store, (), (8, 9))).deals
    assert known.deal.stage is Stage.MOU
    assert (await past_of(store, (), (9,))).deals == ()
    later = telling("build", deal_keys=(8,), deals=())
    moved = deciding(
        later, lambda past: replace(later.decide(past), stage_of=tuple((each.id, Stage.BUILD) for each in past.deals))
    )
    await settle(store, moved, at=NOON + timedelta(days=400))
    (known,) = (await past_of(store, (), (8,), at=NOON + timedelta(days=900))).deals
    assert [step.stage for step in await store.deal_steps(known.story)] == [Stage.MOU, Stage.BUILD]
    assert (known.deal.stage, known.first_at, known.last_at) == (Stage.BUILD, NOON, NOON + timedelta(days=400))


async def test_each_deal_is_filed_under_its_own_parties(store: Store):
    firms = {"가람": (1,), "나루": (2,)}
    deals = tuple(Deal(Stage.MOU, companies=(firm,)) for firm in firms)
    each = replace(telling("noon", deals=deals, deal_keys=(1, 2)), keys_of=lambda deal: firms[deal.companies[0]])
    await settle(store, each)
    (known,) = (await past_of(store, (), (2,))).deals
    assert known.deal.companies == ("나루",)


async def test_a_story_rises_with_a_later_telling_and_gets_its_deals(store: Store):
    await settle(store, telling("short", keys=KEYS, grade=Grade.MENTION, deals=(), alerted=False))
    await settle(store, telling("long", keys=KEYS))
    story = await store.story(telling("short").decide(Past()).story)
    assert story is not None
    assert story.grade is Grade.DEAL
    assert len(story.deals) == 1


async def test_a_whole_told_later_adopts_its_parts_and_takes_none_from_another(store: Store):
    part, taken, whole = (telling(name) for name in ("part", "taken", "whole"))
    other = StoryId("s-other")
    stories = [each.decide(Past()).story for each in (part, taken, whole)]
    claims = deciding(whole, lambda past: replace(whole.decide(past), parts=tuple(stories[:2])))
    await settle(store, part, deciding(taken, lambda past: replace(taken.decide(past), parent=other)), claims)
    told = [await store.story(each) for each in stories]
    assert [each.parent for each in told if each] == [stories[2], other, None]


async def test_letters_that_no_database_takes_cost_only_themselves(store: Store):
    each = telling("odd", title="공장\x00 착공 \ud83d", text="본문\x00 \udfff")
    await settle(store, each)
    stored = await store.article(each.article.url)
    assert stored is not None
    assert stored.article.title == "공장 착공 ?"


async def test_a_person_told_two_stories_apart(store: Store):
    await settle(store, telling("noon", keys=KEYS), telling("dusk", keys=KEYS))
    dusk = telling("dusk").article.key
    assert await store.split_article(dusk, telling("dusk").decide(Past()).story, "kim", NOON)
    assert not await store.split_article(dusk, telling("dusk").decide(Past()).story, "kim", NOON)
    neighbours = (await past_of(store, KEYS)).neighbours
    assert {each.story for each in neighbours} == {"s-noon", "s-dusk"}
    (verdict,) = await store.verdicts()
    assert (verdict.kind, verdict.subject, verdict.value) == ("other story", dusk, "s-noon")


async def test_a_split_article_is_found_by_its_keys_and_keeps_its_deals(store: Store):
    await settle(store, telling("noon", keys=KEYS), telling("dusk", keys=KEYS))
    new = StoryId("s-apart")
    keys = (71, 72)
    assert await store.split_article(telling("dusk").article.key, new, "kim", NOON, keys=keys, keys_of=lambda _: (73,))
    (near,) = (await past_of(store, keys)).neighbours
    assert near.story == new
    story = await store.story(new)
    assert story is not None
    assert [deal.companies for deal in story.deals] == [("dusk전지",)]


async def test_the_newest_articles_are_read_again_in_their_order(store: Store):
    await settle(store, telling("noon"), telling("dusk"), telling("night"))
    newest = await store.articles_since(NOON - timedelta(days=1), 2)
    assert [each.article.key for each in newest] == [telling(name).article.key for name in ("dusk", "night")]
    assert await store.articles_since(NOON + timedelta(days=1), 2) == ()


async def test_a_pinned_verdict_is_told_to_the_decision(store: Store):
    await settle(store, telling("noon", keys=KEYS))
    await store.add_verdict("other story", telling("probe").article.key, "s-noon", "kim", NOON)
    (near,) = (await past_of(store, KEYS)).neighbours
    assert isinstance(near, Neighbour)
    assert near.told_apart


async def test_joined_stories_are_one_under_either_name(store: Store):
    noon, dusk = await settle(store, telling("noon", keys=KEYS), telling("dusk", keys=(1,)))
    assert await store.join_stories(noon.story, dusk.story, "kim", NOON)
    assert not await store.join_stories(noon.story, dusk.story, "kim", NOON)
    assert await store.story(dusk.story) == await store.story(noon.story)
    story = await store.story(noon.story)
    assert story is not None
    assert len(story.tellings) == 2
    assert {each.story for each in await store.owed(NOON)} == {noon.story}
    assert await store.check() == ()


async def test_a_trace_tells_all_from_article_to_delivery(store: Store):
    each = telling("noon", keys=KEYS)
    await settle(store, each)
    trace = await store.trace(each.article.url)
    assert trace.stored is not None
    assert trace.stored.because == "like none before"
    assert [(owed.receiver, owed.when) for owed in trace.alerts] == [(DESK, When.BOTH.value)]
    assert [delivery.state for delivery in trace.deliveries] == ["owed"]
    unknown = await store.trace("https://nowhere.example/")
    assert (unknown.is_seen, unknown.link, unknown.stored) == (False, None, None)


async def test_what_was_never_searchable_is_pruned_too(store: Store):
    dull = telling("dull", keys=(5,), grade=Grade.UNRELATED, alerted=False, deals=())
    await settle(store, dull)
    assert (await store.prune(NOON + timedelta(days=100), timedelta(days=90))).articles == 1


async def test_pruning_keeps_stories_that_were_told(store: Store):
    deal = telling("noon", keys=KEYS)
    dull = telling("dull", keys=(5,), grade=Grade.UNRELATED, alerted=False, deals=())
    await settle(store, deal, dull)
    await store.index_new()
    pruned = await store.prune(NOON + timedelta(days=100), timedelta(days=90))
    assert (pruned.articles, pruned.fingerprint_keys) == (1, 5)
    assert await store.unseen([dull.article.key]) == frozenset()
    assert (await store.counts()).stories == 1
    assert [story.id for story in (await store.search("배터리")).stories] == ["s-noon"]
    assert await store.check() == ()


async def test_new_facts_of_a_later_telling_are_noted_in_words(store: Store):
    short = Deal(Stage.MOU, companies=("가람전지",))
    await settle(store, telling("noon", keys=KEYS, deals=(short,)))
    for name in ("dusk", "night"):
        await settle(store, telling(name, keys=KEYS, deals=(replace(short, jobs=1200),)))
    story = await store.story(telling("noon").decide(Past()).story)
    assert story is not None
    assert story.deals == (replace(short, jobs=1200),)
    assert story.changes == ("가람전지 고용: 1,200명 (gwangju/noon)",)


async def test_a_note_below_a_message_is_never_edited(store: Store):
    await settle(store, telling("noon", keys=KEYS))
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    assert await store.fail_delivery(claimed.id, "gone")
    await store.owe(DESK, "note", "고용: 1,200명", NOON, subject="1", story=claimed.story)
    note = await store.claim_delivery(DESK, NOON)
    assert note is not None
    await settle(store, telling("dusk", keys=KEYS))
    await store.mark_sent(note.id, "C", "1", NOON)
    await settle(store, telling("night", keys=KEYS))
    assert await store.due_edits(NOON + timedelta(hours=1)) == ()
