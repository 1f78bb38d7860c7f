"""The whole path at once: a town's day from feed to alert and morning letter."""

import os
import signal
from datetime import UTC, datetime, timedelta, timezone

from tests.acceptance.stage import ask, count_alerts, launch, stage, town, wait_for, write_config

Verdict = tuple[bool, dict[str, object]]
KST = timezone(timedelta(hours=9))

MAIL = """
[receivers.morning]
kind = "email"
smtp = "{smtp}"
sender = "봉수 <bongsu@example.org>"
to = ["desk@example.org"]
tls = "none"
"""
LETTERS = '[[routes]]\nreceiver = "morning"\nwhen = "digest"\n'


def a4(*, seed: int, quick: bool) -> Verdict:
    """Read a town of three sites, alert each relevant story once, and deliver the digest."""
    stories, rate = (100, 20) if quick else (2000, 20)
    # The letter is due at a full minute that is still to come when the daemon starts, so that it has a period to tell.
    due = datetime.now(UTC).astimezone(KST) + timedelta(seconds=66 if quick else 240)
    with stage(seed=seed, smtp=True) as here:
        ask(here.slack + "/__control", {"rate": 0})
        config = write_config(
            here,
            town(here, 3, stories),
            receivers=MAIL.format(smtp=here.smtp),
            routes=LETTERS,
            digest_at=f"{due:%H:%M}",
            digest_days="every",
        )
        ask(f"{here.farm}/town/start?n={stories}&rate={rate}&sites=3")
        daemon = launch(config)
        wait_for(lambda: count_alerts(here)["lost"] == 0, 30 if quick else 400, 1)
        wait_for(lambda: ask(here.mails + "/__report")["kept"] >= 1, 90 if quick else 300, 1)
        os.killpg(daemon.pid, signal.SIGTERM)
        daemon.wait()
        mails = ask(here.mails + "/__report")
        figure = {**count_alerts(here), "stories": stories, "digests": mails["kept"], "mail_defects": mails["defects"]}
    good = (
        figure["lost"] == 0
        and figure["duplicates"] == 0
        and figure["digests"] == 1
        and not any(mails["defects"].values())
    )
    return good, figure


TESTS = {"A4": a4}
