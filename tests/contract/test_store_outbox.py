"""Every store keeps the same ledger of what is owed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from monitor.model import DeliveryState, When
from monitor.store import LAG_EDGES, Store
from tests.store.telling import DESK, NOON, deciding, telling

SECOND = timedelta(seconds=1)


async def owe(store: Store, *names: str, when: When = When.NOW) -> None:
    for place, name in enumerate(names):
        await store.settle_many([telling(name, keys=(place, 100 + place, 200 + place), when=when)], NOON)


async def test_messages_leave_in_order_and_once(store: Store):
    await owe(store, "a", "b")
    first = await store.claim_delivery(DESK, NOON)
    second = await store.claim_delivery(DESK, NOON)
    assert first is not None
    assert second is not None
    assert (first.story, second.story) == ("s-a", "s-b")
    assert (first.state, first.tries) == (DeliveryState.SENDING, 1)
    assert await store.claim_delivery(DESK, NOON) is None
    assert await store.mark_sent(first.id, "C1", "1.1", NOON)
    assert not await store.mark_sent(first.id, "C1", "1.2", NOON)
    sent = await store.find_message("C1", "1.1")
    assert sent is not None
    assert (sent.id, sent.message_id) == (first.id, "1.1")


async def test_two_daemons_never_claim_one_message(two_stores):
    one, other = two_stores
    await owe(one, *(f"n{number}" for number in range(12)))
    claims = await asyncio.gather(*((one, other)[number % 2].claim_delivery(DESK, NOON) for number in range(16)))
    claimed = [each.id for each in claims if each]
    assert len(claimed) == len(set(claimed))
    rest = [each async for each in _drain(one)]
    assert len(claimed) + len(rest) == 12


async def _drain(store: Store):
    while claimed := await store.claim_delivery(DESK, NOON):
        yield claimed


async def test_a_message_that_must_wait_holds_up_those_behind_it(store: Store):
    await owe(store, "a", "b")
    first = await store.claim_delivery(DESK, NOON)
    assert first is not None
    assert await store.retry_delivery(first.id, "429", NOON + 30 * SECOND)
    assert await store.claim_delivery(DESK, NOON + 29 * SECOND) is None
    again = await store.claim_delivery(DESK, NOON + 30 * SECOND)
    assert again is not None
    assert (again.id, again.tries) == (first.id, 2)


async def test_a_message_put_off_too_often_lets_others_pass(store: Store):
    await owe(store, "a", "b")
    for minute in range(8):
        head = await store.claim_delivery(DESK, NOON + minute * 60 * SECOND)
        assert head is not None
        assert head.story == "s-a"
        await store.retry_delivery(head.id, "500", NOON + (minute + 1) * 60 * SECOND)
    passed = await store.claim_delivery(DESK, NOON + 450 * SECOND)
    assert passed is not None
    assert passed.story == "s-b"


async def test_what_a_dead_process_left_is_looked_for_by_one_only(two_stores):
    one, other = two_stores
    await owe(one, "a")
    left = await one.claim_delivery(DESK, NOON)
    assert left is not None
    assert await other.uncertain(NOON + 44 * SECOND) == ()
    found = await other.uncertain(NOON + 45 * SECOND)
    assert [each.id for each in found] == [left.id]
    assert await one.uncertain(NOON + 46 * SECOND) == ()
    assert not await one.retry_delivery(left.id, "not mine", NOON)
    assert await other.retry_delivery(left.id, "not there", NOON + 46 * SECOND)
    again = await one.claim_delivery(DESK, NOON + 46 * SECOND)
    assert again is not None
    assert again.id == left.id


async def test_an_uncertain_message_waits_for_its_look(store: Store):
    await owe(store, "a")
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    assert await store.mark_uncertain(claimed.id, "no answer", NOON + 5 * SECOND)
    assert await store.uncertain(NOON + 4 * SECOND) == ()
    (looked,) = await store.uncertain(NOON + 5 * SECOND)
    assert looked.error == "no answer"
    assert await store.uncertain(NOON + 6 * SECOND) == ()
    assert await store.mark_sent(looked.id, "C1", "found", NOON + 7 * SECOND)
    assert await store.uncertain(NOON + 999 * SECOND) == ()


async def test_a_refused_message_fails_and_can_be_revived(store: Store):
    await owe(store, "a")
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    assert await store.fail_delivery(claimed.id, "too long")
    (depth,) = await store.outbox_depth()
    assert (depth.receiver, depth.owed, depth.failed) == (DESK, 0, 1)
    assert await store.revive_failed(DESK, NOON) == 1
    assert await store.claim_delivery(DESK, NOON) is not None


async def test_later_tellings_edit_the_message_together(store: Store):
    keys = (1, 2, 3)
    await store.settle_many([telling("a", keys=keys)], NOON)
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    await store.mark_sent(claimed.id, "C1", "1", NOON)
    await store.settle_many([telling("b", keys=keys)], NOON + 10 * SECOND)
    await store.settle_many([telling("c", keys=keys)], NOON + 40 * SECOND)
    assert await store.due_edits(NOON + 54 * SECOND) == ()
    (edit,) = await store.due_edits(NOON + 55 * SECOND)
    story = await store.story(claimed.story)
    assert story is not None
    assert (edit.id, edit.revision, story.revision) == (claimed.id, 0, 2)
    await store.mark_edited(edit.id, 2, NOON + 55 * SECOND)
    assert await store.due_edits(NOON + 999 * SECOND) == ()


async def test_a_story_that_grew_while_it_was_sent_is_edited(store: Store):
    keys = (1, 2, 3)
    await store.settle_many([telling("a", keys=keys)], NOON)
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    await store.settle_many([telling("b", keys=keys)], NOON + SECOND)
    await store.mark_sent(claimed.id, "C1", "1", NOON + 2 * SECOND)
    assert await store.due_edits(NOON + 46 * SECOND) == ()
    (edit,) = await store.due_edits(NOON + 47 * SECOND)
    await store.retry_edit(edit.id, None)
    assert await store.due_edits(NOON + 999 * SECOND) == ()


async def test_a_note_with_a_subject_is_owed_once(store: Store):
    for _ in range(2):
        await store.owe("ops", "ops", "noon.example is silent", NOON, subject="silent noon 2026-03-02")
    (note,) = await store.owed(NOON, "ops")
    assert (note.payload, note.kind, note.story) == ("noon.example is silent", "ops", None)
    assert await store.owed_receivers(NOON) == ("ops",)


async def test_a_digest_is_sent_once_a_day_to_each(two_stores):
    one, other = two_stores
    day = NOON.date()
    claims = await asyncio.gather(*(each.claim_digest("mail", "kim", day, NOON) for each in (one, other)))
    (mine,) = [each for each in claims if each]
    holder = one if claims[0] else other
    assert mine.state == "owed"
    assert await holder.retry_digest(mine, "no connection", NOON + 60 * SECOND)
    assert await one.claim_digest("mail", "kim", day, NOON + 59 * SECOND) is None
    again = await one.claim_digest("mail", "kim", day, NOON + 60 * SECOND)
    assert again is not None
    assert await one.mark_digest_sent(again, "m1", NOON + 61 * SECOND)
    assert await other.claim_digest("mail", "kim", day, NOON + 9999 * SECOND) is None
    last = await other.last_digest("mail", "kim")
    assert last is not None
    assert (last.day, last.message_id) == (day, "m1")


async def test_a_digest_left_by_a_dead_process_is_uncertain(two_stores):
    one, other = two_stores
    await one.claim_digest("mail", "kim", NOON.date(), NOON)
    left = await other.claim_digest("mail", "kim", NOON.date(), NOON + 45 * SECOND)
    assert left is not None
    assert left.state == "uncertain"


async def test_the_digest_tells_what_the_ledger_owed(store: Store):
    await owe(store, "a", when=When.DIGEST)
    await owe(store, "b", when=When.BOTH)
    told = await store.digest_stories(DESK, NOON, NOON + SECOND)
    assert {story.id for story in told} >= {"s-a"}
    assert await store.digest_stories(DESK, NOON + SECOND, NOON + 9 * SECOND) == ()
    assert await store.digest_stories("else", NOON, NOON + SECOND) == ()


async def test_the_heartbeat_is_remembered(store: Store):
    assert await store.last_heartbeat() is None
    for _ in range(2):
        await store.heartbeat(NOON)
    assert await store.last_heartbeat() == NOON


async def test_how_long_readers_waited_is_counted_once_by_receiver(store: Store):
    await owe(store, "a", "b", "c")
    for minutes in (4, 5, 24 * 60):
        claimed = await store.claim_delivery(DESK, NOON + timedelta(minutes=minutes))
        assert claimed is not None
        for _ in range(2):
            await store.mark_sent(claimed.id, "C1", f"{minutes}", NOON + timedelta(minutes=minutes))
    (lags,) = await store.lags()
    assert lags.receiver == DESK
    assert dict(zip([*LAG_EDGES, None], lags.counts, strict=True)) == {
        **dict.fromkeys([*LAG_EDGES, None], 0), timedelta(minutes=5): 2, None: 1,
    }  # fmt: skip
    assert lags.seconds == 60 * (4 + 5 + 24 * 60)


async def test_a_day_without_a_time_counts_from_its_discovery_and_notes_are_not_counted(store: Store):
    told = telling("a", keys=(1, 2, 3), when=When.NOW)
    dated = replace(told.article, date_only=True, published_at=NOON - timedelta(hours=12))
    await store.settle_many([deciding(told, lambda past: replace(told.decide(past), article=dated))], NOON)
    note = await store.owe(DESK, "ops", "text", NOON)
    for _ in range(2):
        claimed = await store.claim_delivery(DESK, NOON + SECOND)
        assert claimed is not None
        await store.mark_sent(claimed.id, "C1", claimed.id, NOON + SECOND)
    assert (await store.delivery(note)).state is DeliveryState.SENT
    (lags,) = await store.lags()
    assert (sum(lags.counts), lags.seconds) == (1, 1.0)


async def test_what_is_owed_is_told_to_each_receiver_when_it_is_due(store: Store):
    for receiver in ("ops", "mail"):
        for number in range(3):
            await store.owe(receiver, "note", f"{number}", NOON + number * SECOND)
    assert await store.owed(NOON - SECOND) == ()
    assert await store.owed_receivers(NOON - SECOND) == ()
    assert [each.payload for each in await store.owed(NOON + SECOND, "ops")] == ["0", "1"]
    assert [each.receiver for each in await store.owed(NOON + SECOND)] == ["ops", "ops", "mail", "mail"]
    assert len(await store.owed(NOON + 2 * SECOND, "ops", limit=2)) == 2
    assert await store.owed_receivers(NOON) == ("mail", "ops")


async def test_a_note_is_owed_again_when_its_text_or_its_time_is_another(store: Store):
    for text, at in (("a", NOON), ("a", NOON), ("b", NOON), ("a", NOON + SECOND)):
        await store.owe("ops", "note", text, at)
    assert [each.payload for each in await store.owed(NOON + SECOND)] == ["a", "b", "a"]
    (first, *_) = await store.owed(NOON)
    assert (first.state, first.tries, first.revision, first.created_at) == (DeliveryState.OWED, 0, 0, NOON)


async def test_a_claim_says_who_holds_the_message_and_since_when(store: Store):
    await owe(store, "a")
    claimed = await store.claim_delivery(DESK, NOON + SECOND)
    assert claimed is not None
    assert (claimed.claimed_at, claimed.tries, claimed.revision) == (NOON + SECOND, 1, 0)
    assert await store.owed(NOON + SECOND) == ()
    assert await store.retry_delivery(claimed.id, "429", NOON + 2 * SECOND)
    (waiting,) = await store.owed(NOON + 2 * SECOND)
    assert (waiting.claimed_at, waiting.error, waiting.state) == (None, "429", DeliveryState.OWED)


async def test_a_sent_message_is_decided(store: Store):
    await owe(store, "a")
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    assert await store.mark_uncertain(claimed.id, "no answer", NOON)
    assert await store.mark_sent(claimed.id, "C1", "1.1", NOON)
    assert not await store.retry_delivery(claimed.id, "late", NOON)
    assert not await store.mark_uncertain(claimed.id, "late", NOON)
    assert not await store.fail_delivery(claimed.id, "late")
    sent = await store.delivery(claimed.id)
    assert sent is not None
    assert (sent.state, sent.error, sent.channel, sent.message_id) == (DeliveryState.SENT, "", "C1", "1.1")
    assert await store.find_message("C2", "1.1") is None
    assert await store.find_message("C1", "1.2") is None


async def test_revived_messages_of_one_receiver_begin_anew(store: Store):
    for receiver in ("ops", "mail"):
        await store.owe(receiver, "note", "text", NOON)
        claimed = await store.claim_delivery(receiver, NOON)
        assert claimed is not None
        await store.fail_delivery(claimed.id, "too long")
    await store.owe("ops", "note", "waits", NOON)
    assert await store.revive_failed("ops", NOON + SECOND) == 1
    revived = await store.claim_delivery("ops", NOON + SECOND)
    assert revived is not None
    assert (revived.payload, revived.tries) == ("text", 1)
    assert await store.claim_delivery("mail", NOON + SECOND) is None


async def test_the_depth_tells_states_and_the_oldest_that_waits(store: Store):
    for number, word in enumerate(("sent", "failed", "uncertain", "sending", "owed", "owed too")):
        await store.owe("ops", "note", word, NOON + number * SECOND)
    now = NOON + 9 * SECOND
    sent, failed, uncertain, _ = [await store.claim_delivery("ops", now) for _ in range(4)]
    await store.mark_sent(sent.id, "C1", "1", now)
    await store.fail_delivery(failed.id, "too long")
    await store.mark_uncertain(uncertain.id, "no answer", now)
    (depth,) = await store.outbox_depth()
    assert (depth.receiver, depth.owed, depth.sending, depth.uncertain, depth.failed) == ("ops", 2, 1, 1, 1)
    assert depth.oldest == NOON + 4 * SECOND


async def test_a_receiver_who_has_everything_has_no_depth(store: Store):
    await owe(store, "a")
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    await store.mark_sent(claimed.id, "C1", "1", NOON)
    assert await store.outbox_depth() == ()


async def test_what_nobody_knows_is_taken_by_receiver_and_not_all_at_once(store: Store):
    await store.owe("mail", "note", "text", NOON)
    for number in range(4):
        await store.owe("ops", "note", f"{number}", NOON + number * SECOND)
    for receiver in ("ops",) * 4 + ("mail",):
        claimed = await store.claim_delivery(receiver, NOON + 3 * SECOND)
        assert claimed is not None
        await store.mark_uncertain(claimed.id, "no answer", NOON + 4 * SECOND)
    (mail,) = await store.uncertain(NOON + 4 * SECOND, receiver="mail")
    assert (mail.receiver, mail.state, mail.claimed_at) == ("mail", DeliveryState.UNCERTAIN, NOON + 4 * SECOND)
    assert [each.payload for each in await store.uncertain(NOON + 4 * SECOND, 3)] == ["0", "1", "2"]
    assert [each.payload for each in await store.uncertain(NOON + 4 * SECOND)] == ["3"]
    assert len(await store.uncertain(NOON + 49 * SECOND)) == 5


async def test_an_edit_shows_the_revision_that_was_drawn(store: Store):
    keys = (1, 2, 3)
    await store.settle_many([telling("a", keys=keys)], NOON)
    claimed = await store.claim_delivery(DESK, NOON)
    assert claimed is not None
    await store.settle_many([telling("b", keys=keys)], NOON)
    await store.mark_sent(claimed.id, "C1", "1", NOON, revision=1)
    assert await store.due_edits(NOON + 999 * SECOND) == (), "it was drawn with the second telling"
    await store.settle_many([telling("c", keys=keys)], NOON)
    await store.settle_many([telling("d", keys=keys)], NOON)
    assert await store.due_edits(NOON + 45 * SECOND, receiver="mail") == ()
    (edit,) = await store.due_edits(NOON + 45 * SECOND, receiver=DESK)
    await store.mark_edited(edit.id, 2, NOON + 50 * SECOND)
    assert await store.due_edits(NOON + 94 * SECOND) == ()
    (again,) = await store.due_edits(NOON + 95 * SECOND)
    assert again.revision == 2


async def test_a_press_draws_the_sent_messages_of_a_story_anew_at_once(store: Store):
    await owe(store, "a", "b", "c")
    for number in range(2):
        claimed = await store.claim_delivery(DESK, NOON)
        assert claimed is not None
        await store.mark_sent(claimed.id, "C1", f"{number}", NOON)
    await store.owe("ops", "note", "beside it", NOON, story="s-a")
    note = await store.claim_delivery("ops", NOON)
    await store.mark_sent(note.id, "C2", "9", NOON)
    assert await store.edit_now("s-a") == 1
    assert await store.edit_now("s-c") == 0, "it is not sent yet"
    assert [each.story for each in await store.due_edits(NOON)] == ["s-a"]
    (edit,) = await store.due_edits(NOON)
    await store.retry_edit(edit.id, NOON + 9 * SECOND)
    assert await store.due_edits(NOON + 8 * SECOND) == ()
    assert await store.edit_now("s-b") == 1
    due = await store.due_edits(NOON + 9 * SECOND)
    assert [each.story for each in due] == ["s-b", "s-a"]
    assert len(await store.due_edits(NOON + 9 * SECOND, 1)) == 1


async def test_messages_that_a_backup_forgot_are_noted_once(store: Store):
    await owe(store, "a", "b", "c")
    first, owed, last = sorted(await store.owed(NOON), key=lambda each: each.id)
    known = replace(owed, channel="C1", message_id="1", created_at=NOON - SECOND)
    lost = replace(known, id="dlost", message_id="2", revision=3)
    assert await store.restore_sent([known, lost]) == 2
    assert await store.restore_sent([known, lost]) == 0
    assert {each.id for each in await store.owed(NOON)} == {first.id, last.id}
    found = await store.find_message("C1", "2")
    assert found is not None
    assert (found.id, found.tries, found.revision, found.state) == ("dlost", 1, 3, DeliveryState.SENT)
    assert found.story == owed.story
    assert await store.shown_since(DESK, NOON - 2 * SECOND) == (NOON - SECOND, NOON - SECOND)


async def test_a_list_is_one_message_and_messages_without_names_are_one_each(store: Store):
    await owe(store, "a", "b", "c", "d", "e")
    shown = (("C1", "1", 2), ("C1", "1", 1), ("C2", "1", 3), ("hook", "", 5), ("hook", "", 4))
    for channel, name, second in shown:
        claimed = await store.claim_delivery(DESK, NOON)
        assert claimed is not None
        await store.mark_sent(claimed.id, channel, name, NOON + second * SECOND)
    assert await store.shown_since(DESK, NOON) == tuple(NOON + second * SECOND for second in (1, 3, 4, 5))
    assert await store.shown_since(DESK, NOON + 3 * SECOND) == (NOON + 4 * SECOND, NOON + 5 * SECOND)
    assert await store.shown_since("mail", NOON) == ()


async def test_the_ledger_of_a_story_is_told_in_order(store: Store):
    await owe(store, "a", "b")
    await store.owe("ops", "note", "about it", NOON, story="s-a")
    assert [each.receiver for each in await store.deliveries("s-a")] == [DESK, "ops"]
    (row,) = await store.deliveries("s-b")
    assert await store.delivery(row.id) == row
    assert await store.delivery("dnone") is None
