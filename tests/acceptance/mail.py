"""D11–D15, I4: the digest through a real SMTP server that fails on request; days pass on a clock of the test."""

import asyncio
import datetime as dt
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.jobs.digest import Subscription, send_digests
from monitor.jobs.workdays import Timetable, every_day
from monitor.model import When
from monitor.notify import Smtp
from monitor.store import Store
from tests.acceptance.stage import Stage, ask, stage
from tests.jobs.owed import firm, publish
from tests.town import Clock

Figure = dict[str, object]
Verdict = tuple[bool, Figure]
SENDER = "봉수 <bongsu@desk.example>"
DUE = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)  # 09:00 in Korea
DAILY = Timetable(at=dt.time(9, 0), works=every_day)


@dataclass
class Morning:
    """A store, a relay and subscribers; the clock stands at the minute before the digest."""

    here: Stage
    store: Store
    clock: Clock
    one: Subscription
    told: list[str]

    async def tick(self) -> None:
        await send_digests(store=self.store, subscriptions={"morning": self.one}, now=self.clock, tell_ops=self._hear)

    async def _hear(self, text: str) -> None:
        self.told.append(text)

    async def pass_by(self, minutes: int) -> None:
        for _ in range(minutes):
            await self.tick()
            self.clock.passes(minutes=1)

    async def news(self, number: int, **ago: float) -> None:
        at = self.clock() - timedelta(**(ago or {"hours": 5}))
        await publish(self.store, number, at, "morning", when=When.DIGEST)

    def faults(self, **faults: object) -> None:
        ask(self.here.mails + "/__control", faults)

    def report(self) -> dict[str, object]:
        return ask(self.here.mails + "/__report")

    def mails(self) -> list[dict[str, object]]:
        return ask(self.here.mails + "/__mails")


@asynccontextmanager
async def _morning(here: Stage, people: int, path: str = ":memory:", at: datetime = DUE) -> AsyncIterator[Morning]:
    clock = Clock(at)
    host, _, port = here.smtp.partition(":")
    mailer = Smtp("mail", host=host, port=int(port), sender=SENDER, tls="none", now=clock)
    to = tuple(f"p{number}@desk.example" for number in range(people))
    leave = "https://board.example/u/{}".format
    one = Subscription("morning", mailer, SENDER, to, timetable=DAILY, unsubscribe=leave)
    async with await Store.open(f"sqlite+aiosqlite:///{path}") as store:
        yield Morning(here, store, clock, one, [])


def d11(*, seed: int, quick: bool) -> Verdict:
    """A greylisting relay: tried again after its time, the same letter."""
    return asyncio.run(_greylisted(seed, 3 if quick else 300))


async def _greylisted(seed: int, seconds: int) -> Verdict:
    """Real seconds pass at the relay; the daemon's clock makes them five minutes when they are fewer."""
    with stage(seed=seed, smtp=True) as here:
        async with _morning(here, 1) as morning:
            await morning.news(1)
            morning.faults(greylist_s=seconds)
            began = time.monotonic()
            while time.monotonic() - began < seconds + 4:
                await morning.tick()
                await asyncio.sleep(seconds / 60)
                morning.clock.passes(seconds=5)
            await morning.pass_by(10)
            report, mails = morning.report(), morning.mails()
    early = report.get("early_retries", 0)
    figure = {"delivered": len(mails), "early_retries": early, "identities": len({one["message_id"] for one in mails})}
    return figure["delivered"] == 1 and early == 0, figure


def d12(*, seed: int, quick: bool) -> Verdict:
    """Weeks of a relay that refuses half, is down, and cuts one answer: every letter once, a cut one at most twice."""
    return asyncio.run(_weeks(seed, 4 if quick else 30, 5 if quick else 20))


async def _weeks(seed: int, days: int, people: int) -> Verdict:
    cuts = 0
    with stage(seed=seed, smtp=True) as here:
        async with _morning(here, people) as morning:
            for day in range(days):
                await morning.news(day)
                morning.faults(p_temp=0.5, down=day % 3 == 1)
                await morning.pass_by(20)
                is_cut = day % 3 == 2
                cuts += is_cut
                morning.faults(p_temp=0.0 if is_cut else 0.5, down=False, p_accept_drop=1.0 if is_cut else 0.0)
                if is_cut:
                    await _cut_one(morning)
                morning.faults(p_accept_drop=0.0, p_temp=0.5)
                await morning.pass_by(240)
                morning.faults(p_temp=0.0)
                await morning.pass_by(60)
                morning.clock.at = DUE + timedelta(days=day + 1)
            mails = morning.mails()
    times = Counter((one["to"], one["message_id"]) for one in mails)
    missing = days * people - len(times)
    repeats = sum(count - 1 for count in times.values())
    figure = {
        "days": days, "recipients": people, "missing": missing, "repeats": repeats, "cuts": cuts,
        "most": max(times.values()),
    }  # fmt: skip
    return missing == 0 and repeats <= cuts and figure["most"] <= 2, figure


async def _cut_one(morning: Morning) -> None:
    """Let the relay keep one letter and cut the answer."""
    kept = len(morning.mails())
    alone = morning.one
    for address in alone.to:
        morning.one = replace(alone, to=(address,))
        for _ in range(30):
            await morning.tick()
            if len(morning.mails()) > kept:
                break
            morning.clock.passes(minutes=1)
        if len(morning.mails()) > kept:
            break
    morning.one = alone


def d13(*, seed: int, quick: bool) -> Verdict:
    """One address of twenty is refused: the others get theirs, the bad one is told once and not tried for ever."""
    return asyncio.run(_one_bad(seed))


async def _one_bad(seed: int) -> Verdict:
    bad = f"p{seed % 20}@desk.example"
    with stage(seed=seed, smtp=True) as here:
        async with _morning(here, 20) as morning:
            await morning.news(1)
            morning.faults(reject_rcpt=[bad])
            await morning.pass_by(120)
            mails, report = morning.mails(), morning.report()
    figure = {
        "served": len({one["to"] for one in mails}), "mails": len(mails), "told": len(morning.told),
        "refused_tries": report.get("rcpt_rejected"),
    }  # fmt: skip
    good = figure["served"] == figure["mails"] == 19 and figure["told"] == 1 and bad in morning.told[0]
    return good, figure


def d14(*, seed: int, quick: bool) -> Verdict:
    """Off from 08:55 to 09:20 with the digest due at 09:00: sent at the start, once, for the whole period."""
    return asyncio.run(_late(seed))


async def _late(seed: int) -> Verdict:
    with tempfile.TemporaryDirectory() as folder, stage(seed=seed, smtp=True) as here:
        path = str(Path(folder) / "a.db")
        async with _morning(here, 1, path, DUE - timedelta(days=1)) as before:
            await before.news(0)
            await before.pass_by(3)
            for number in range(1, 6):
                before.clock.passes(hours=4)
                await publish(before.store, number, before.clock(), "morning", when=When.DIGEST)
        async with _morning(here, 1, path, DUE + timedelta(minutes=20)) as after:
            await after.pass_by(30)
            mails = after.mails()
        async with _morning(here, 1, path, DUE + timedelta(minutes=60)) as again:
            await again.pass_by(3)
            mails = again.mails()
    late = mails[1:]
    told = sum(firm(number) in str(one["text"]) for one in late for number in range(1, 6))
    figure = {"digests": len(late), "stories": told, "subject": late[0]["subject"] if late else ""}
    return len(late) == 1 and told == 5 and "3/4" in str(figure["subject"]), figure


def d15(*, seed: int, quick: bool) -> Verdict:
    """A loop that is busy at the due second: 100 of 100 digests go out all the same."""
    return asyncio.run(_busy(seed, 100))


async def _busy(seed: int, days: int) -> Verdict:
    """Each day the first tick after the due time comes some seconds or minutes late."""
    with stage(seed=seed, smtp=True) as here:
        async with _morning(here, 1) as morning:
            for day in range(days):
                due = DUE + timedelta(days=day)
                morning.clock.at = due - timedelta(seconds=1 + (seed * 7 + day * 13) % 20)
                await morning.news(day)
                await morning.tick()
                morning.clock.at = due + timedelta(seconds=(seed * 31 + day * 97) % 3600)
                await morning.tick()
            mails = morning.mails()
    figure = {"due": days, "sent": len({one["message_id"] for one in mails}), "mails": len(mails)}
    return figure["sent"] == figure["mails"] == days, figure


def i4(*, seed: int, quick: bool) -> Verdict:
    """Digests of 200 stories, of one with a title of 300 letters, of none: no defect, one identity a person and day."""
    return asyncio.run(_shapes(seed))


async def _shapes(seed: int) -> Verdict:
    figure: Figure = {}
    good = True
    with stage(seed=seed, smtp=True) as here:
        async with _morning(here, 2) as morning:
            morning.one = replace(morning.one, skips_empty=False)
            number = 0
            for name, count in (("200", 200), ("one", 1), ("none", 0)):
                for _ in range(count):
                    number += 1
                    at = morning.clock() - timedelta(hours=5)
                    title = "가온소재 새 공장 " * 34 if count == 1 else ""
                    await publish(morning.store, number, at, "morning", when=When.DIGEST, title=title)
                ask(morning.here.mails + "/__reset", {})
                await morning.pass_by(3)
                mails = morning.mails()
                figure[name] = {
                    "mails": len(mails), "defects": sorted({each for one in mails for each in one["defects"]}),
                    "kB": round(max(one["size"] for one in mails) / 1024),
                    "html_kB": round(max(len(one["html"].encode()) for one in mails) / 1024),
                }  # fmt: skip
                identities = {one["message_id"] for one in mails}
                good &= len(mails) == len(identities) == 2 and not figure[name]["defects"]
                morning.clock.at += timedelta(days=1) - timedelta(minutes=3)
    return good, figure


TESTS = {"D11": d11, "D12": d12, "D13": d13, "D14": d14, "D15": d15, "I4": i4}
