"""Whatever happens between claiming and noting, a channel that can be asked hears each message exactly once."""

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from monitor.model import Delivery
from monitor.store import Store
from tests.store.telling import DESK, NOON, telling


class Ledger(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite+aiosqlite:///{Path(self.folder.name) / 'ledger.db'}"
        self.now: datetime = NOON
        self.heard: list[str] = []  # what the channel shows, by delivery id
        self.owed: set[str] = set()
        self.hand: Delivery | None = None
        self.was_posted = False
        self.stories = 0
        self.store = self.run(Store.open(self.url, lock=True))

    def run(self, work):
        return self.runner.run(work) if asyncio.iscoroutine(work) else work

    @rule(seconds=st.integers(1, 60))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def a_story_is_settled(self) -> None:
        name = f"n{self.stories}"
        self.stories += 1
        self.run(self.store.settle_many([telling(name, keys=(self.stories * 10,))], self.now))
        self.owed.add(f"s-{name}")

    @precondition(lambda self: self.stories)
    @rule(number=st.integers(0, 100))
    def a_story_is_settled_again(self, number: int) -> None:
        self.run(self.store.settle_many([telling(f"n{number % self.stories}", keys=(1,))], self.now))

    @precondition(lambda self: self.hand is None)
    @rule(is_posted=st.booleans())
    def a_message_is_claimed(self, *, is_posted: bool) -> None:
        self.hand = self.run(self.store.claim_delivery(DESK, self.now))
        self.was_posted = bool(self.hand and is_posted)
        if self.hand and is_posted:
            self.heard.append(str(self.hand.story))

    @precondition(lambda self: self.hand is not None)
    @rule()
    def the_answer_is_noted(self) -> None:
        if self.was_posted:
            self.run(self.store.mark_sent(self.hand.id, "C", f"{self.hand.id}", self.now))
        else:
            self.run(self.store.retry_delivery(self.hand.id, "429", self.now + timedelta(seconds=20)))
        self.hand = None

    @precondition(lambda self: self.hand is not None)
    @rule()
    def no_answer_comes(self) -> None:
        self.run(self.store.mark_uncertain(self.hand.id, "no answer", self.now + timedelta(seconds=5)))
        self.hand = None

    @rule()
    def the_daemon_is_killed_and_comes_back(self) -> None:
        self.run(self.store.close())  # the file's state is that of a kill: nothing is written on closing
        self.hand = None
        self.store = self.run(Store.open(self.url, lock=True))

    @precondition(lambda self: self.hand is None)
    @rule()
    def the_channel_is_asked(self) -> None:
        for each in self.run(self.store.uncertain(self.now)):
            if str(each.story) in self.heard:
                self.run(self.store.mark_sent(each.id, "C", f"{each.id}", self.now))
            else:
                self.run(self.store.retry_delivery(each.id, "not there", self.now))

    @invariant()
    def nobody_hears_twice(self) -> None:
        assert len(self.heard) == len(set(self.heard))

    def teardown(self) -> None:
        if self.hand is not None:
            self.no_answer_comes()
        for _ in range(3 * self.stories + 3):
            self.now += timedelta(seconds=60)
            self.the_channel_is_asked()
            self.a_message_is_claimed(is_posted=True)
            if self.hand is not None:
                self.the_answer_is_noted()
        self.nobody_hears_twice()
        assert set(self.heard) == self.owed
        self.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
